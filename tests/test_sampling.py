"""The order of examples: every epoch complete, orders equally likely, and nothing but seed, particle and slot decides.

Chi-square tests pass a fair sampler with probability 1 - 1e-7 each; seeds are fixed.
"""

from itertools import permutations
from math import isqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2

from errsurf.engine.random_lanes import LANES, Order, fill_order, index_type
from errsurf.sampling.orders import KINDS, SMALL, double_rounds, sides
from errsurf.sampling.particles import evenly, measured_particles, watched_particles
from helpers.engine_cases import SEED, plain_epoch

COUNTS = [*range(1, 201), 255, 256, 257, 331, 499, 500, 512, 729, 999, 1000, 1024, 1025, 1361, 1800, 1999, 2000]
SLOTS_OF_CUTS = (0, 1, 2, 3, 4, 5, 11, 64, 66, 130, 131, 199, 200, 333)


def indices(
    kind: str, count: int, slots: int, *, lanes: int = 16, particle: int = 0, first: int = 0, seed: int = SEED
) -> NDArray[Any]:
    index = np.full((slots, lanes), 2**32 - 1, np.uint32)
    for lane in range(0, lanes, LANES):
        part = np.empty((slots, min(LANES, lanes - lane)), index_type(count))
        fill_order(Order(kind, count, seed), part, particle + lane, first)
        index[:, lane : lane + LANES] = part
    return index.astype(np.int64)


def assert_uniform(observed: NDArray[Any]) -> None:
    """Counts of cells that should be equally likely."""
    expected = observed.sum() / observed.size
    assert expected > 10
    assert ((observed - expected) ** 2 / expected).sum() < chi2.isf(1e-7, observed.size - 1)


@pytest.mark.parametrize("kind", ["reshuffle", "once"])
def test_each_epoch_uses_every_example_once(kind: str) -> None:
    for count in COUNTS:
        epochs, lanes = 3, 16
        index = indices(kind, count, epochs * count, particle=5)
        ordered = np.sort(index.reshape(epochs, count, lanes), axis=1)
        assert (ordered == np.arange(count)[None, :, None]).all(), count


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 20, 63, 64, 127, 128, 129, 130, 144, 200, 257, 1000])
@pytest.mark.parametrize("kind", KINDS)
def test_plain_python_gives_the_same_indices(kind: str, count: int) -> None:
    index = indices(kind, count, 3 * count, particle=6)
    for lane in (0, 1, 15):
        expected = [i for epoch in range(3) for i in plain_epoch(kind, count, 6 + lane, epoch)]
        assert index[:, lane].tolist() == expected


@pytest.mark.parametrize("count", [1, 3, 20, 64, 128, 129, 150, 333])
@pytest.mark.parametrize("kind", KINDS)
def test_indices_do_not_depend_on_cuts_lanes_or_the_first_particle(kind: str, count: int) -> None:
    whole = indices(kind, count, 400, lanes=256)
    for first, last in zip(SLOTS_OF_CUTS, (*SLOTS_OF_CUTS[1:], 400), strict=True):
        for lanes, particle in ((16, 0), (48, 4), (256, 0), (16, 240), (4, 7)):
            part = indices(kind, count, last - first, lanes=lanes, particle=particle, first=first)
            assert np.array_equal(part, whole[first:last, particle : particle + lanes])


def test_late_epochs_are_epochs_like_any_other() -> None:
    for count in (20, 200):
        epoch = 3_000_000_000
        late = indices("reshuffle", count, count, first=epoch * count)
        assert late[:, 2].tolist() == plain_epoch("reshuffle", count, 2, epoch)


@pytest.mark.parametrize("count", [7, 128, 129, 500])
def test_once_repeats_the_first_epoch_of_reshuffle(count: int) -> None:
    once = indices("once", count, 4 * count).reshape(4, count, 16)
    assert (once == once[0]).all()
    assert np.array_equal(once[0], indices("reshuffle", count, count))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [20, 128, 129, 1000])
def test_seeds_particles_and_epochs_have_orders_of_their_own(kind: str, count: int) -> None:
    orders = [
        indices(kind, count, 2 * count, lanes=64, seed=seed)[part * count : (part + 1) * count]
        for seed in (0, 1, 1 << 32, SEED)
        for part in range(1 if kind == "once" else 2)
    ]
    columns = np.concatenate(orders, axis=1)
    assert len(np.unique(columns, axis=1).T) == columns.shape[1]


def test_all_orders_of_four_examples_come_equally_often() -> None:
    epochs, lanes = 2000, 256
    index = indices("reshuffle", 4, 4 * epochs, lanes=lanes).reshape(epochs, 4, lanes)
    place = {order: k for k, order in enumerate(permutations(range(4)))}
    codes = (index * np.array([64, 16, 4, 1])[None, :, None]).sum(axis=1)
    found = np.array([(codes == np.dot(order, (64, 16, 4, 1))).sum() for order in place])
    assert found.sum() == epochs * lanes
    assert_uniform(found)


def test_orders_of_one_particle_follow_each_other_independently() -> None:
    """All 36 pairs of successive orders of three examples come equally often."""
    epochs, lanes = 1000, 256
    index = indices("reshuffle", 3, 3 * epochs, lanes=lanes).reshape(epochs, 3, lanes)
    codes = index[:, 0] * 2 + (index[:, 1] > index[:, 2])
    pairs = codes[0::2] * 6 + codes[1::2]
    assert_uniform(np.bincount(pairs.ravel(), minlength=36))


@pytest.mark.parametrize("count", [5, 64, 100, 128, 129, 150, 1000])
def test_examples_are_equally_likely_at_every_place(count: int) -> None:
    lanes, epochs = 256, max(4, 16 * count // 64)
    seen = np.zeros((count, count), np.int64)
    for epoch in range(epochs):
        index = indices("reshuffle", count, count, lanes=lanes, first=epoch * count)
        np.add.at(seen, (np.arange(count)[:, None], index), 1)
    statistic = ((seen - seen.mean()) ** 2 / seen.mean()).sum()
    assert seen.mean() > 0.9
    # Rows and columns of the table have fixed sums, so (count - 1)^2 numbers are free.
    spread = (2 * (count - 1) ** 2) ** 0.5
    assert abs(statistic * (count - 1) / count - (count - 1) ** 2) < 8 * spread


@pytest.mark.parametrize("count", [5, 64, 128, 129, 150])
@pytest.mark.parametrize("slots", [(0, 1), (1, 2), (0, 4)])
def test_pairs_of_examples_are_equally_likely(count: int, slots: tuple[int, int]) -> None:
    """The ordered pairs of different examples in two slots of an epoch."""
    lanes, epochs = 4096, max(16, 20 * count * count // 4096)
    seen = np.zeros((count, count), np.int64)
    for epoch in range(epochs):
        index = indices("reshuffle", count, slots[1] + 1, lanes=lanes, first=epoch * count)
        np.add.at(seen, (index[slots[0]], index[slots[1]]), 1)
    assert not np.diagonal(seen).any()
    assert_uniform(seen[~np.eye(count, dtype=bool)])


@pytest.mark.parametrize("count", [100, 128, 129, 150, 1000])
def test_neighbours_among_the_examples_part(count: int) -> None:
    """The distance, around the circle, between the examples of successive slots is any but zero."""
    lanes, epochs = 256, 40
    index = indices("reshuffle", count, epochs * count, lanes=lanes).reshape(epochs, count, lanes)
    for slot in (0, 1, count // 2, count - 2):
        distance = (index[:, slot + 1] - index[:, slot]) % count
        observed = np.bincount(distance.ravel(), minlength=count)
        assert observed[0] == 0
        if epochs * lanes > 11 * count:
            assert_uniform(observed[1:])


@pytest.mark.parametrize("count", [1, 3, 20, 100, 1000])
def test_replacement_draws_all_examples_equally_often_and_independently(count: int) -> None:
    lanes = 256
    slots = max(20_000 // lanes, 20 * count // lanes + 1) // count * count + 2 * count
    index = indices("replacement", count, slots, lanes=lanes)
    if count == 1:
        assert not index.any()
        return
    assert_uniform(np.bincount(index.ravel(), minlength=count))
    if count <= 100:
        many = indices("replacement", count, 800 // count * count + count, lanes=lanes)
        pairs = many[0:-1:2].astype(np.int64) * count + many[1::2][: len(many[0:-1:2])]
        assert_uniform(np.bincount(pairs.ravel(), minlength=count * count))


def test_sides_hold_all_examples_with_little_waste() -> None:
    for count in range(1, 3000):
        a, b = sides(count)
        assert count <= a * b
        if count > SMALL:
            assert 2.0 * a ** (2 - double_rounds(a)) <= 1e-4
            assert a * b <= 1.1 * count
            assert max(a, b) <= 2.5 * min(a, b)
    for count in (700_000_001, 10**9, 2**30 - 7, 2**30):
        a, b = sides(count)
        assert count <= a * b
        assert max(a, b) <= 2**15, "what the network computes has 16 bits"


def test_some_particles_are_spread_from_the_first_to_the_last() -> None:
    assert evenly(10, 4).tolist() == [0, 3, 6, 9]
    assert evenly(1000, 3).tolist() == [0, 499, 999]
    assert evenly(3, 16).tolist() == [0, 1, 2]
    assert watched_particles(10, 4).tolist() == [0, 3, 6, 9]
    assert watched_particles(5, "all").tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("evaluations", "measured"), [(1, 1000), (100_000, 1000), (300_000, 333), (10**9, 250)])
def test_losses_are_of_as_many_particles_as_a_hundred_million_evaluations_allow(
    evaluations: int, measured: int
) -> None:
    """And of 250 at least."""
    found = measured_particles(1000, evaluations)
    assert (len(found), found[0], found[-1]) == (measured, 0, 999)
    assert set(np.diff(found)) <= {999 // (measured - 1), -(-999 // (measured - 1))}


def test_sides_of_a_network_waste_least_and_are_as_equal_as_that_allows() -> None:
    for count in range(2, 600):
        a, b = sides(count)
        root = isqrt(count - 1) + 1
        sizes = {k: k * -(-count // k) for k in range(max(1, 3 * root // 4), root + 1)}
        assert count <= a * b == min(sizes.values())
        assert a == max(k for k, size in sizes.items() if size == a * b)
