"""The normal numbers of noise: their distribution, and that nothing but seed, stream, update and particle decides."""

from math import cos, log, pi, sin, sqrt

import numpy as np
import pytest
from scipy.special import ndtr

from errsurf.engine.random_lanes import fill_normal
from errsurf.sampling.philox import Stream
from helpers.distribution_checks import assert_distributed
from helpers.engine_cases import MASK, SEED, Array, plain_philox


def normals(
    updates: int, lanes: int, *, precision: str = "float64", seed: int = SEED, first: int = 0, particle: int = 0
) -> Array:
    out = np.empty((updates, 2, lanes), precision)
    fill_normal(out, seed, Stream.NOISE, particle, first)
    return out


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_normal_numbers_are_normal_in_pairs(precision: str) -> None:
    """Each number, the square of a pair's length and its angle, of two million numbers."""
    numbers = normals(1000, 1024, precision=precision)
    assert numbers.dtype == precision
    assert np.isfinite(numbers).all()
    assert_distributed(numbers[:, 0], ndtr)
    assert_distributed(numbers[:, 1], ndtr)
    x, y = numbers[:, 0].astype(np.float64), numbers[:, 1].astype(np.float64)
    assert_distributed(x**2 + y**2, lambda square: -np.expm1(-square / 2))
    assert_distributed(np.arctan2(y, x), lambda angle: 0.5 + angle / (2 * pi))
    assert 4.7 < np.abs(numbers).max() < 6.6


def test_normal_numbers_are_those_of_box_and_muller() -> None:
    """From Philox's words (update, 0, particle, stream), the last bit cut off and replaced by its middle."""
    numbers = normals(3, 16, first=7, particle=1000)
    for u in range(3):
        for lane in (0, 5, 15):
            counter = (7 + u, 0, 1000 + lane, int(Stream.NOISE))
            radius, angle = (
                ((word >> 1) + 0.5) / 2**31 for word in plain_philox(counter, (SEED & MASK, SEED >> 32))[:2]
            )
            length = sqrt(-2 * log(radius))
            expected = [length * cos(2 * pi * angle), length * sin(2 * pi * angle)]
            np.testing.assert_allclose(numbers[u, :, lane], expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_normal_numbers_depend_on_update_and_particle_only(precision: str) -> None:
    """Not on where a block begins or ends, nor on how many lanes it has."""
    whole = normals(40, 64, precision=precision)
    for first, particle, lanes in ((0, 0, 16), (13, 16, 48), (39, 48, 16), (5, 62, 2), (5, 3, 7)):
        part = normals(1, lanes, precision=precision, first=first, particle=particle)
        assert (
            part.tobytes() == np.ascontiguousarray(whole[first : first + 1, :, particle : particle + lanes]).tobytes()
        )


def test_normal_numbers_of_seeds_and_streams_differ() -> None:
    other = np.empty((100, 2, 1024))
    fill_normal(other, SEED, Stream.RULE, 0, 0)
    mine = normals(100, 1024)
    for numbers in (other, normals(100, 1024, seed=SEED + 1), normals(100, 1024, seed=SEED ^ 1 << 40)):
        assert abs(np.mean(mine * numbers)) < 4 / sqrt(mine.size)
