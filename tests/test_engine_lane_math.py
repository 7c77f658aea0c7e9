"""The elementary functions that kernels link: their errors, their ends, and lanes that know nothing of each other."""

from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from numpy import arctan, cos, cosh, exp, floor, log, log1p, maximum, minimum, sin, sinh, tanh, where
from scipy.special import erf

from errsurf.engine.kernel_sources import LANES
from errsurf.engine.link import Sources, linked

PRECISIONS = ("float32", "float64")
EXP_RANGE = {"float32": (-87.3, 88.7), "float64": (-708.3, 709.7)}
EXP_ERROR = {"float32": 3e-7, "float64": 1e-15}
LOG_ERROR = {"float32": 3e-7, "float64": 5e-16}
LOG1P_ERROR = {"float32": 3e-7, "float64": 6e-16}
TANH_ERROR = {"float32": 7e-7, "float64": 5e-16}
FEW_ULPS = {
    "arctan": {"float32": 2.5e-7, "float64": 5e-16},
    "sinh": {"float32": 7e-7, "float64": 7e-16},
    "cosh": {"float32": 4e-7, "float64": 6e-16},
    "erf": {"float32": 2.5e-7, "float64": 5e-16},
}
SINE_ERROR = {"float32": 2e-7, "float64": 3e-16}
SINE_RANGE = {"float32": 1e4, "float64": 1e5}


def exponential(x: Any) -> Any:
    return exp(x)


def logarithm(x: Any) -> Any:
    return log(x)


def sine(x: Any) -> Any:
    return sin(x)


def cosine(x: Any) -> Any:
    return cos(x)


def logarithm_of_1_plus(x: Any) -> Any:
    return log1p(x)


def hyperbolic_tangent(x: Any) -> Any:
    return tanh(x)


def arc_tangent(x: Any) -> Any:
    return arctan(x)


def hyperbolic_sine(x: Any) -> Any:
    return sinh(x)


def hyperbolic_cosine(x: Any) -> Any:
    return cosh(x)


def error_function(x: Any) -> Any:
    return erf(x)


def whole(x: Any) -> Any:
    return floor(x)


def bounded(x: Any) -> Any:
    return minimum(maximum(x, -1.5), 2.5)


def bounded_by_it(x: Any) -> Any:
    return minimum(2.5, maximum(-1.5, x))


def chosen(x: Any) -> Any:
    return where(x > 0.5, x, 0.5)


FORMULAS = (
    exponential,
    logarithm,
    logarithm_of_1_plus,
    sine,
    cosine,
    hyperbolic_tangent,
    arc_tangent,
    hyperbolic_sine,
    hyperbolic_cosine,
    error_function,
    whole,
    bounded,
    bounded_by_it,
    chosen,
)


def loop(x: Any, out: Any) -> None:
    for k in range(x.size):
        out[k] = formula(x[k])  # type: ignore[name-defined]  # noqa: F821


@cache
def kernel(function: Callable[[Any], Any], precision: str) -> Any:
    sources = Sources()
    sources.add_formula(function, "formula", precision)
    sources.add_plain(loop, "kernel")
    return linked(f"lane_{function.__name__}", precision, tuple(sources.values())).loop


def values(function: Callable[[Any], Any], precision: str, x: Any) -> Any:
    """The linked function at x, in the kernel's precision."""
    x = np.ascontiguousarray(x, precision)
    out = np.empty_like(x)
    kernel(function, precision)(x, out)
    return out


@pytest.mark.parametrize("precision", PRECISIONS)
def test_exp_over_its_range(precision: str) -> None:
    low, high = EXP_RANGE[precision]
    generator = np.random.default_rng(1)
    halves = np.arange(np.ceil(2 * low / np.log(2)), 2 * high / np.log(2)) * np.log(2) / 2
    near = [halves * (1 + k * 1e-7) for k in (-1, 0, 1)]
    x = np.concatenate([generator.uniform(low, high, 300_000), generator.normal(size=100_000), *near, [0.0, low, high]])
    x = np.clip(x, low, high).astype(precision)
    x = x[(x >= low) & (x <= high)]
    exact = np.exp(x.astype(np.longdouble))
    assert np.abs((values(exponential, precision, x) - exact) / exact).max() < EXP_ERROR[precision]


@pytest.mark.parametrize("precision", PRECISIONS)
def test_ends_of_exp(precision: str) -> None:
    low, high = EXP_RANGE[precision]
    tiny = np.finfo(precision).tiny
    x = np.array([0.0, -0.0, tiny, -tiny, np.inf, -np.inf, np.nan, 1.01 * high, 1.01 * low, 1e30, -1e30, 3e38, -3e38])
    expected = [1, 1, 1, 1, np.inf, 0, np.nan, np.inf, 0, np.inf, 0, np.inf, 0]
    for copies in (1, 64):
        got = values(exponential, precision, np.repeat(x, copies))
        np.testing.assert_array_equal(got, np.repeat(np.array(expected, precision), copies))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_exp_never_falls(precision: str) -> None:
    """To within its roundings: no kink between the pieces that n ln 2 cuts."""
    x = np.sort(np.random.default_rng(3).uniform(-20, 20, 100_000)).astype(precision)
    y = values(exponential, precision, x)
    assert (y[1:] >= y[:-1] * (1 - 4 * np.finfo(precision).eps)).all()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_log(precision: str) -> None:
    """The error is relative or absolute, whichever is larger; near 1, where the logarithm vanishes, as well."""
    info = np.finfo(precision)
    generator = np.random.default_rng(4)
    wide = np.exp(generator.uniform(np.log(info.tiny) + 1, np.log(info.max) - 1, 300_000))
    near = 1 + generator.normal(size=100_000) * 1e-3
    x = np.concatenate([wide, near, [1.0, info.tiny, info.max]]).astype(precision)
    exact = np.log(x.astype(np.longdouble))
    error = np.abs(values(logarithm, precision, x) - exact) / np.maximum(np.abs(exact), 1)
    assert error.max() < LOG_ERROR[precision]
    ends = values(logarithm, precision, [0.0, -0.0, -1.0, np.inf, -np.inf, np.nan])
    np.testing.assert_array_equal(ends, np.array([-np.inf, -np.inf, np.nan, np.inf, np.nan, np.nan], precision))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_log1p(precision: str) -> None:
    """The error is relative, and 1 + x may be far from 1, near it, or near 0."""
    info, generator = np.finfo(precision), np.random.default_rng(6)
    wide = np.exp(generator.uniform(np.log(info.tiny) + 1, np.log(info.max) - 1, 300_000))
    small = np.exp(generator.uniform(np.log(info.tiny) + 1, 0, 100_000))
    x = np.concatenate([wide, -small, small - 1, generator.uniform(-0.5, 3, 300_000), [info.max]]).astype(precision)
    x = x[x > -1]
    exact = np.log1p(x.astype(np.longdouble))
    inexact = exact != 0
    error = np.abs(values(logarithm_of_1_plus, precision, x) - exact)
    assert (error[inexact] / np.abs(exact[inexact])).max() < LOG1P_ERROR[precision]
    assert not error[~inexact].any()
    ends = values(logarithm_of_1_plus, precision, [0.0, -0.0, -1.0, -2.0, np.inf, -np.inf, np.nan])
    np.testing.assert_array_equal(ends, np.array([0, 0, -np.inf, np.nan, np.inf, np.nan, np.nan], precision))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_tanh(precision: str) -> None:
    """The error is relative, also where the function is small; far out it is one, and never more."""
    info, generator = np.finfo(precision), np.random.default_rng(7)
    small = np.exp(generator.uniform(np.log(info.tiny) + 1, 0, 300_000))
    halves = np.arange(1, 60) * np.log(2) / 4
    x = np.concatenate([generator.uniform(-25, 25, 300_000), small, generator.normal(size=100_000), halves])
    x = x.astype(precision)
    exact = np.tanh(x.astype(np.longdouble))
    found = values(hyperbolic_tangent, precision, x)
    assert np.abs((found - exact) / exact).max() < TANH_ERROR[precision]
    assert np.abs(found).max() == 1
    np.testing.assert_array_equal(values(hyperbolic_tangent, precision, -x), -found)
    ends = values(hyperbolic_tangent, precision, [0.0, -0.0, np.inf, -np.inf, np.nan, 1e30, -1e30, info.tiny])
    np.testing.assert_array_equal(ends, np.array([0, 0, 1, -1, np.nan, 1, -1, info.tiny], precision))


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize(
    ("function", "name", "reach"),
    [
        (arc_tangent, "arctan", 1e6),
        (hyperbolic_sine, "sinh", 80.0),
        (hyperbolic_cosine, "cosh", 80.0),
        (error_function, "erf", 7.0),
    ],
)
def test_few_units_in_the_last_place(function: Callable[[Any], Any], name: str, reach: float, precision: str) -> None:
    """Against mpmath; also where pieces of a function meet, and where it is small."""
    generator = np.random.default_rng(8)
    size = np.exp(generator.uniform(np.log(1e-30), np.log(reach), 3000))
    x = np.concatenate([size, -size, generator.uniform(-min(reach, 8), min(reach, 8), 3000)])
    edges = np.array([1.0, np.tan(np.pi / 16), np.tan(3 * np.pi / 16), 1 / np.tan(np.pi / 16), 4.0, 6.0])
    x = np.concatenate([x, edges, edges * (1 + 1e-7), edges * (1 - 1e-7)]).astype(precision)
    with mpmath.workdps(40):
        exact = np.array([getattr(mpmath, name.replace("arctan", "atan"))(mpmath.mpf(float(each))) for each in x])
        error = np.abs(
            [mpmath.mpf(float(a)) / b - 1 for a, b in zip(values(function, precision, x), exact, strict=True)]
        )
    assert error.max() < FEW_ULPS[name][precision]


@pytest.mark.parametrize("precision", PRECISIONS)
def test_ends_of_arctan_sinh_cosh_and_erf(precision: str) -> None:
    tiny = np.finfo(precision).tiny
    x = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, tiny, 1e30, -1e30], precision)
    for function in (arc_tangent, hyperbolic_sine, hyperbolic_cosine, error_function):
        with np.errstate(over="ignore"):
            exact = function(x)
        np.testing.assert_allclose(
            values(function, precision, x), exact, rtol=1e-6 if precision == "float32" else 1e-14
        )


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("function", [sine, cosine], ids=lambda f: f.__name__)
def test_sine_and_cosine(function: Callable[[Any], Any], precision: str) -> None:
    reach = SINE_RANGE[precision]
    generator = np.random.default_rng(5)
    quarters = np.arange(-2000, 2001) * np.pi / 4
    x = np.concatenate([generator.uniform(-reach, reach, 300_000), generator.normal(size=100_000), quarters, [0.0]])
    x = x.astype(precision)
    exact = function(x.astype(np.longdouble))
    assert np.abs(values(function, precision, x) - exact).max() < SINE_ERROR[precision]
    beyond = {"float32": 1.01e5, "float64": 1.01e8}[precision]
    assert np.isnan(values(function, precision, [beyond, -beyond, 1e30, np.inf, -np.inf])).all()
    assert np.abs(values(function, precision, generator.uniform(-0.99, 0.99, 1000) * beyond)).max() <= 1
    assert np.isnan(values(function, precision, [np.nan] * 40)).all()


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("function", FORMULAS, ids=lambda f: f.__name__)
def test_lanes_do_not_depend_on_their_neighbours(function: Callable[[Any], Any], precision: str) -> None:
    """A number has one result at every place of a block; blocks have no remainder, which may round differently."""
    generator = np.random.default_rng(2)
    x = generator.uniform(-90, 90, 2 * LANES).astype(precision)
    x[::3] /= 90
    whole = values(function, precision, x)
    for _ in range(20):
        order = generator.permutation(len(x))
        assert values(function, precision, x[order]).tobytes() == whole[order].tobytes()
    assert values(function, precision, x[LANES:]).tobytes() == whole[LANES:].tobytes()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_whole_numbers_bounds_and_choices_are_exact(precision: str) -> None:
    info, generator = np.finfo(precision), np.random.default_rng(7)
    size = np.exp(generator.uniform(np.log(info.tiny) + 1, np.log(info.max) - 1, 100_000))
    near = np.arange(-3000, 3000) / 4
    x = np.concatenate([size, -size, near, np.nextafter(near, np.inf), [0, -0.0, np.inf, -np.inf, np.nan]])
    x = x.astype(precision)
    for function in (whole, bounded, bounded_by_it, chosen):
        np.testing.assert_array_equal(values(function, precision, x), function(x).astype(precision))
