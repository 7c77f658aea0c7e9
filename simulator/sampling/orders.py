"""Which example each particle sees in each slot of each epoch.

An index is a pure function of (seed, particle, epoch, slot).  ``word(k)`` is word ``k % 4`` of Philox at
the counter (k // 4, epoch, particle, ORDER).  With ``replacement`` the index is ``word(slot) N / 2^32``.
``reshuffle`` permutes the examples anew in each epoch, ``once`` keeps epoch 0's permutation:

* up to SMALL examples by a Lehmer code (Knuth, The Art of Computer Programming, volume 2, section 3.3.2,
  algorithm P's factorial digits): slot i takes, of the examples left in ascending order, number
  ``digit(i)``.  Word k gives two digits: the whole part of ``word N' / 2^32`` with ``N' = N - 2 k`` examples
  left, and that of what remains of the fraction, times ``N' - 1``.  All orders are equally likely, to
  ``N^2 / 2^32``;
* beyond by a Feistel network on pairs (left, right) in [0, a) x [0, b), with ``a b >= N``; indices
  from N on walk the cycle until they fall below N.

The formulas are written for uint64 numbers; a word has 32 bits, what the network computes has 16.
"""

from math import ceil, isqrt, log
from typing import Any

from errsurf.sampling.philox import LOW

SMALL = 128
MAX_DOUBLE_ROUNDS = 7
MIX_1, MIX_2 = 0x6A6D, 0xB5B9
HALF = 0xFFFF
KINDS = ("reshuffle", "once", "replacement")


def sides(count: int) -> tuple[int, int]:
    """The a x b >= count of a Feistel network: nearly square, at most 2^15, with the least waste."""
    root = isqrt(count - 1) + 1
    least = max(1, 3 * root // 4, -(-count >> 15))
    return min(((a, -(-count // a)) for a in range(least, root + 1)), key=lambda s: (s[0] * s[1], -s[0]))


# Four double rounds at N = 129 put example i + 1 right behind example i 1.4% too often: 14 standard errors in 2
# million permutations.
def double_rounds(a: int) -> int:
    """Double rounds after which no pair of neighbours is more than 1e-4 too frequent, relatively.

    A double round leaves the distance of two slots of one row with probability 1 / a, so t of them make it about
    ``2 a^(2 - t)`` too frequent among the examples, as was measured for t of 3 and 4.
    """
    return min(MAX_DOUBLE_ROUNDS, 2 + ceil(log(2e4) / log(max(a, 2))))


def below(word: Any, count: Any) -> Any:
    """A random word as an index below ``count``."""
    return (word * count) >> 32


def digits(word: Any, left: Any) -> tuple[Any, Any]:
    """Two digits of a Lehmer code: the first below ``left``, the second below ``left - 1``."""
    first = word * left
    return first >> 32, ((first & LOW) * (left - 1)) >> 32


def ranked(number: Any, digit: Any) -> Any:
    """The number of an example, counted from 1, once that of an earlier slot with this digit is put back.

    It is one more if it is greater than the digit; written for packed numbers without comparison.
    """
    return number + min(max(number, digit) - digit, 1)


def hashed(half: Any, key_1: Any, key_2: Any, side: Any) -> Any:
    """The round function: 16 mixed bits of half and two keys, scaled to [0, side)."""
    h = ((half + key_1) * MIX_1) & HALF
    h = ((h ^ (h >> 7) ^ key_2) * MIX_2) & HALF
    return (h * side) >> 16


def added(half: Any, step: Any, side: Any) -> Any:
    """``(half + step) mod side`` for two numbers below ``side``."""
    total = half + step
    return min(total, (total - side) & HALF)


def turned(left: Any, right: Any, a: Any, b: Any, keys: Any) -> tuple[Any, Any]:
    """One double round of the network changes both halves by two keys each."""
    left = added(left, hashed(right, keys[0], keys[1], a), a)
    right = added(right, hashed(left, keys[2], keys[3], b), b)
    return left, right
