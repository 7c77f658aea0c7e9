"""Which example each particle sees in each slot of each epoch.

An index is a pure function of (seed, particle, epoch, slot).  ``word(slot)`` is word ``slot % 4`` of
Philox at the counter (slot // 4, epoch, particle, ORDER).  With ``replacement`` the index is
``word(slot) N / 2^32``.  ``reshuffle`` permutes the examples anew in each epoch, ``once`` keeps epoch
0's permutation:

* up to SMALL examples by Fisher and Yates: slot i takes the example at ``i + word(i) (N - i) / 2^32``
  of those left, which makes all orders equally likely;
* beyond by a Feistel network on pairs (left, right) in [0, a) x [0, b), with ``a b >= N``; indices
  from N on walk the cycle until they fall below N.

The formulas are written for uint64 numbers that hold 32-bit words.
"""

from math import isqrt
from typing import Any

from simulator.philox import LOW

SMALL = 64
ROUND_KEYS = 8
MIX_1, MIX_2 = 0x7FEB352D, 0x846CA68B
KINDS = ("reshuffle", "once", "replacement")


def sides(count: int) -> tuple[int, int]:
    """The a x b >= count of a Feistel network: nearly square, with the least waste."""
    root = isqrt(count - 1) + 1
    return min(
        ((a, -(-count // a)) for a in range(max(1, 3 * root // 4), root + 1)), key=lambda s: (s[0] * s[1], -s[0])
    )


def below(word: Any, count: Any) -> Any:
    """A random word as an index below ``count``."""
    return (word * count) >> 32


def hashed(half: Any, key: Any, side: Any) -> Any:
    """The round function: 16 mixed bits of half and key, scaled to [0, side)."""
    h = ((half + key) * MIX_1) & LOW
    h = ((h ^ (h >> 15)) * MIX_2) & LOW
    return ((h >> 16) * side) >> 16


def added(half: Any, step: Any, side: Any) -> Any:
    """``(half + step) mod side`` for two numbers below ``side``."""
    total = half + step
    return min(total, (total - side) & LOW)


def feistel(left: Any, right: Any, a: Any, b: Any, keys: Any) -> tuple[Any, Any]:
    """One pass of the network over eight round keys."""
    left = added(left, hashed(right, keys[0], a), a)
    right = added(right, hashed(left, keys[1], b), b)
    left = added(left, hashed(right, keys[2], a), a)
    right = added(right, hashed(left, keys[3], b), b)
    left = added(left, hashed(right, keys[4], a), a)
    right = added(right, hashed(left, keys[5], b), b)
    left = added(left, hashed(right, keys[6], a), a)
    right = added(right, hashed(left, keys[7], b), b)
    return left, right
