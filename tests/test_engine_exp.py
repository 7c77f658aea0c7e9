"""The exponential that kernels link: its error, its ends, and no difference between packed and scalar lanes."""

from typing import Any

import numpy as np
import pytest

from simulator.engine.link import Sources, linked

LIMITS = {"float32": (-87.3, 88.7), "float64": (-708.3, 709.7)}
BOUNDS = {"float32": 3e-7, "float64": 1e-15}


def gradient(x: Any, y: Any, row: Any) -> Any:
    return exp(x)  # type: ignore[name-defined]  # noqa: F821


def loop(x: Any, out: Any) -> None:
    for k in range(x.size):
        out[k] = gradient(x[k], x[k], 0)


def exponential(precision: str, x: Any) -> Any:
    sources = Sources()
    sources.add_formula(gradient, "gradient", precision)
    sources.add_plain(loop, "kernel")
    x = np.ascontiguousarray(x, precision)
    out = np.empty_like(x)
    linked("exponential", precision, tuple(sources.values())).loop(x, out)
    return out


gradient.__globals__["exp"] = np.exp


@pytest.mark.parametrize("precision", LIMITS)
def test_relative_error_over_the_whole_range(precision: str) -> None:
    low, high = LIMITS[precision]
    generator = np.random.default_rng(1)
    halves = np.arange(np.ceil(2 * low / np.log(2)), 2 * high / np.log(2)) * np.log(2) / 2
    near = [halves * (1 + k * 1e-7) for k in (-1, 0, 1)]
    x = np.concatenate([generator.uniform(low, high, 1_000_000), generator.normal(size=200_000), *near, [0.0, low, high]])
    x = x.astype(precision)
    x = x[(x >= np.dtype(precision).type(low)) & (x <= np.dtype(precision).type(high))]
    exact = np.exp(x.astype(np.longdouble))
    error = np.abs((exponential(precision, x) - exact) / exact).max()
    assert error < BOUNDS[precision]


@pytest.mark.parametrize("precision", LIMITS)
def test_ends(precision: str) -> None:
    low, high = LIMITS[precision]
    tiny = np.finfo(precision).tiny
    x = [0.0, -0.0, tiny, -tiny, np.inf, -np.inf, np.nan, 1.01 * high, 1.01 * low, 1e30, -1e30, 3e38, -3e38]
    expected = [1, 1, 1, 1, np.inf, 0, np.nan, np.inf, 0, np.inf, 0, np.inf, 0]
    for copies in (1, 64):
        got = exponential(precision, np.repeat(x, copies))
        np.testing.assert_array_equal(got, np.repeat(np.array(expected, precision), copies))


@pytest.mark.parametrize("precision", LIMITS)
def test_lanes_do_not_depend_on_their_neighbours(precision: str) -> None:
    x = np.random.default_rng(2).uniform(-90, 90, 333).astype(precision)
    whole = exponential(precision, x)
    alone = np.concatenate([exponential(precision, x[k : k + 1]) for k in range(len(x))])
    assert whole.tobytes() == alone.tobytes()
    assert exponential(precision, x[5:]).tobytes() == whole[5:].tobytes()


@pytest.mark.parametrize("precision", LIMITS)
def test_never_falls(precision: str) -> None:
    """To within one rounding: no kink between the pieces that n ln 2 cuts."""
    x = np.sort(np.random.default_rng(3).uniform(-20, 20, 100_000)).astype(precision)
    y = exponential(precision, x)
    assert (y[1:] >= y[:-1] * (1 - 4 * np.finfo(precision).eps)).all()
