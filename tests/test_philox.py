"""Philox4x32-10 against the published vectors, in NumPy and in the linked kernel."""

import numpy as np
import pytest

from errsurf.engine.random_lanes import Order, fill_order
from errsurf.sampling.philox import Draw, Stream, philox, words
from helpers.engine_cases import plain_philox

# Random123, kat_vectors, philox4x32 10: counter, key, result.
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def hexadecimal(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_published_vectors(counter: str, key: str, result: str) -> None:
    assert list(plain_philox(hexadecimal(counter), hexadecimal(key))) == hexadecimal(result)
    arguments = [np.array([word, 0, word], np.uint64) for word in hexadecimal(counter) + hexadecimal(key)]
    four = philox(*arguments)
    assert [int(word[0]) for word in four] == hexadecimal(result)
    assert [int(word[2]) for word in four] == hexadecimal(result)


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_published_vectors_in_the_linked_kernel(counter: str, key: str, result: str) -> None:
    from errsurf.engine.link import Sources, linked

    parts = Sources()
    parts.add_formula(philox, "philox", "uint64")
    parts.add("entry", "@njit\ndef entry(a, b, c, d, k, m):\n    return philox(a, b, c, d, k, m)\n")
    entry = linked("philox", "uint64", tuple(parts.values())).entry
    four = entry(*(np.uint64(word) for word in hexadecimal(counter) + hexadecimal(key)))
    assert [int(word) for word in four] == hexadecimal(result)


def test_words_of_an_array_are_those_of_each_counter() -> None:
    seed, quads = 0x0123_4567_89AB_CDEF, np.array([0, 1, 2**32 - 1])
    for stream in Stream:
        got = words(seed, stream, 2**31, np.array([[0], [5]]), quads)
        assert got.shape == (2, 3, 4)
        for e, epoch in enumerate((0, 5)):
            for q, quad in enumerate(quads):
                expected = plain_philox((int(quad), epoch, 2**31, int(stream)), (0x89AB_CDEF, 0x0123_4567))
                assert [int(word) for word in got[e, q]] == list(expected)


@pytest.mark.parametrize("seed", [0, 1, 2**32, 2**63 - 1])
@pytest.mark.parametrize("particle", [0, 5, 2**31 - 8])
@pytest.mark.parametrize("epoch", [0, 1, 2**31])
def test_words_of_the_kernel_seen_through_indices_with_replacement(seed: int, particle: int, epoch: int) -> None:
    count, lanes = 2**31 - 1, 4
    index = np.empty((6, lanes), np.uint32)
    fill_order(Order("replacement", count, seed), index, particle, epoch * count)
    for lane in range(lanes):
        found = [
            word
            for quad in range(2)
            for word in plain_philox((quad, epoch, particle + lane, 0), (seed & 0xFFFFFFFF, seed >> 32))
        ]
        assert index[:, lane].tolist() == [word * count >> 32 for word in found[:6]]
    if seed == particle == epoch == 0:
        zeros = hexadecimal(KNOWN[0][2])
        assert index[:4, 0].tolist() == [word * count >> 32 for word in zeros]


def test_a_number_of_a_draw_has_53_bits_of_the_first_two_words_of_its_own_counter() -> None:
    drawn = Draw(0x0123_4567_89AB_CDEF, Stream.TRAIN).uniform(9)
    for k, number in enumerate(drawn.tolist()):
        high, low, *_ = plain_philox((k, 0, 0, int(Stream.TRAIN)), (0x89AB_CDEF, 0x0123_4567))
        assert number * 2**53 == high * 2**21 + low % 2**21


def test_a_draw_goes_on_where_it_stopped() -> None:
    whole = Draw(7, Stream.TRAIN).uniform(1000)
    draw = Draw(7, Stream.TRAIN)
    assert np.array_equal(np.concatenate([draw.uniform(1), draw.uniform(10, 9).ravel(), draw.uniform(909)]), whole)
    assert not np.intersect1d(whole, Draw(7, Stream.TEST).uniform(1000)).size
    assert not np.intersect1d(whole, Draw(8, Stream.TRAIN).uniform(1000)).size


def test_draws_have_the_moments_of_their_distributions() -> None:
    """Each within 5.5 standard errors, a false alarm in 2.6e7."""
    count = 200_000
    uniform = Draw(3, Stream.START).uniform(count)
    assert uniform.min() >= 0
    assert uniform.max() < 1
    assert abs(uniform.mean() - 1 / 2) < 5.5 * (1 / 12 / count) ** 0.5
    assert abs(uniform.var() - 1 / 12) < 5.5 * (1 / 180 / count) ** 0.5
    normal = Draw(3, Stream.START).normal(count)
    assert np.isfinite(normal).all()
    for power, mean, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        assert abs((normal**power).mean() - mean) < 5.5 * (variance / count) ** 0.5


def test_each_bit_of_a_uniform_number_is_set_half_the_time_whatever_the_others_are() -> None:
    whole = (Draw(5, Stream.TRAIN).uniform(4000) * 2.0**53).astype(np.int64)
    bits = (whole[:, None] >> np.arange(53)) & 1
    together = np.corrcoef(bits.T)
    assert np.abs(bits.mean(axis=0) - 0.5).max() < 0.05
    assert np.abs(together - np.eye(53)).max() < 0.1
