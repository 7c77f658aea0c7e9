"""A surface in Python: its loss and derivatives for all examples, for a batch and for the test examples."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from errsurf import scenario_from, simulate, surface
from errsurf.analysis import basin_labels, basin_map, batch_covariance, critical_points, lookup
from errsurf.engine.landscape import Landscape
from errsurf.errors import ScenarioError
from errsurf.sampling.batches import BatchPlan

Array = NDArray[np.float64]
POINTS = np.random.default_rng(2).uniform(-1.5, 1.5, (4, 3, 2))
N = 20


def saddle() -> Landscape:
    return surface("saddle", shift=0.3, scale=1.4, tilt=0.5, seed=4, test={"shift": [0.2, 0.0]})


def each(points: Array) -> Array:
    """The gradient of every example, shape (examples, ..., 2)."""
    return np.stack([saddle().gradient(points, [k]) for k in range(N)])


def matrix(products: Array) -> Array:
    """xx, xy, yy of vectors (n, ..., 2), averaged over n."""
    x, y = np.moveaxis(products, -1, 0)
    return np.stack([(x * x).mean(axis=0), (x * y).mean(axis=0), (y * y).mean(axis=0)], axis=-1)


@pytest.mark.parametrize("kind", ["loss", "gradient", "hessian"])
def test_a_batch_is_the_mean_of_its_examples_and_the_whole_of_all(kind: str) -> None:
    value = getattr(saddle(), kind)
    assert value(POINTS).shape == (4, 3) + {"loss": (), "gradient": (2,), "hessian": (3,)}[kind]
    single = [value(POINTS, [k]) for k in range(N)]
    np.testing.assert_allclose(value(POINTS), np.mean(single, axis=0), rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(value(POINTS, np.array([3, 3, 8])), (2 * single[3] + single[8]) / 3, rtol=1e-13)
    np.testing.assert_array_equal(value(POINTS, range(N)), value(POINTS))
    assert np.abs(value(POINTS, "test") - value(POINTS)).max() > 0.01
    np.testing.assert_array_equal(value(POINTS[1, 2]), value(POINTS)[1, 2])


@pytest.mark.parametrize("which", ["train", "test", [1, 5, 6]])
def test_derivatives_are_those_of_the_loss(which: str | list[int]) -> None:
    both, h = saddle(), 1e-5
    steps = h * np.eye(2)
    slopes = [(both.loss(POINTS + d, which) - both.loss(POINTS - d, which)) / (2 * h) for d in steps]
    np.testing.assert_allclose(both.gradient(POINTS, which), np.stack(slopes, axis=-1), atol=1e-8)
    bends = [(both.gradient(POINTS + d, which) - both.gradient(POINTS - d, which)) / (2 * h) for d in steps]
    expected = np.stack([bends[0][..., 0], bends[0][..., 1], bends[1][..., 1]], axis=-1)
    np.testing.assert_allclose(both.hessian(POINTS, which), expected, atol=1e-8)


@pytest.mark.parametrize("kind", ["loss", "gradient", "hessian", "covariance"])
@pytest.mark.parametrize(
    ("which", "error", "words"),
    [
        ("tset", ValueError, '\'tset\'; allowed: "train", "test" or the indices'),
        ([], ValueError, "at least one example"),
        ([[0, 1]], ValueError, r"a batch of shape \(1, 2\); \(n,\) is needed"),
        (3, ValueError, r"a batch of shape \(\)"),
        (None, ValueError, r"a batch of shape \(\)"),
        ([True] * N, TypeError, "bool; whole numbers are needed"),
        ([0.0, 1.0], TypeError, "float64; whole numbers"),
        (["0"], TypeError, "whole numbers"),
        ([0, None], TypeError, "object; whole numbers"),
        ([0, N], IndexError, f"0 to {N}; allowed: 0 to {N - 1}"),
        ([-1], IndexError, f"-1 to -1; allowed: 0 to {N - 1}"),
    ],
)
def test_what_is_no_batch_is_refused_in_words(kind: str, which: object, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        getattr(saddle(), kind)(POINTS, which)


@pytest.mark.parametrize(
    ("points", "error", "words"),
    [
        ([0.0, 1.0, 2.0], ValueError, r"points of shape \(3,\); \(..., 2\) is needed"),
        (0.5, ValueError, r"shape \(\)"),
        ([], ValueError, r"shape \(0,\)"),
        ([0.5 + 1j, 0.5], TypeError, "complex128; real numbers are needed"),
        (["0.5", "1"], TypeError, "real numbers"),
        ([True, False], TypeError, "bool; real numbers"),
        ([0.5, None], TypeError, "object; real numbers"),
    ],
)
def test_what_are_no_points_is_refused_in_words(points: Any, error: type[Exception], words: str) -> None:
    both: Any = saddle()
    for asked in (both.loss, both.gradient, both.hessian, both.covariance):
        with pytest.raises(error, match=words):
            asked(points)
    with pytest.raises(error, match=words):
        basin_labels(both, points, ())
    with pytest.raises(error, match=words):
        lookup(np.zeros((4, 4), np.int16), both.window, points)


def test_points_may_be_few_small_or_nowhere() -> None:
    nowhere = np.array([[np.nan, 0.0], [0.5, 0.5]])
    assert np.isnan(saddle().loss(nowhere)).tolist() == [True, False]
    assert saddle().gradient(np.empty((0, 2))).shape == (0, 2)
    np.testing.assert_array_equal(saddle().loss([[1, 2]]), saddle().loss(np.array([[1, 2]], np.float32)))
    np.testing.assert_array_equal(basin_labels(saddle(), nowhere, ()), -1)
    with pytest.raises(ValueError, match=r"\(n, 2\) is needed"):
        basin_labels(saddle(), POINTS, ())


@pytest.mark.parametrize(
    "window", [((1, 0), (0, 1)), ((0, 1), (0, 0)), ((0, np.nan), (0, 1)), ((0, 1),), ((-1e308, 1e308), (0, 1))]
)
def test_what_is_no_window_is_refused_in_words(window: Any) -> None:
    with pytest.raises(ValueError, match="x0 < x1 and y0 < y1 is needed"):
        critical_points(saddle(), window)
    with pytest.raises(ValueError, match="x0 < x1 and y0 < y1 is needed"):
        basin_map(saddle(), window, ())


def test_a_surface_is_that_of_the_scenario_with_the_same_keys() -> None:
    table = {"kind": "saddle", "shift": 0.3, "scale": 1.4, "tilt": 0.5, "test": {"shift": [0.2, 0.0]}}
    tables = {"seed": 4, "surface": table, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    from_scenario = surface(scenario_from(tables))
    np.testing.assert_array_equal(from_scenario.train, saddle().train)
    np.testing.assert_array_equal(from_scenario.test, saddle().test)
    assert from_scenario.window == ((-2.0, 2.0), (-1.5, 1.5))
    assert (surface("saddle", tilt=0.5, seed=5).train != surface("saddle", tilt=0.5).train).any()
    with pytest.raises(TypeError, match="changes"):
        surface(scenario_from(tables), tilt=0.3)
    with pytest.raises(ScenarioError, match="did you mean `tilt`"):
        surface("saddle", titl=0.3)
    with pytest.raises(ScenarioError, match="did you mean `saddle`"):
        surface("sadle")


def test_covariance_is_that_of_the_gradients_of_single_examples() -> None:
    gradients = each(POINTS)
    expected = matrix(gradients - gradients.mean(axis=0))
    np.testing.assert_allclose(saddle().covariance(POINTS), expected, rtol=1e-12, atol=1e-13)
    chosen = gradients[[2, 4, 9]]
    expected = matrix(chosen - chosen.mean(axis=0))
    np.testing.assert_allclose(saddle().covariance(POINTS, [2, 4, 9]), expected, rtol=1e-12, atol=1e-13)
    assert (surface("saddle").covariance(POINTS) == 0).all()


@pytest.mark.parametrize("batch", [1, 2, 3, 5, 6])
def test_batch_covariance_is_exact_over_all_batches_of_six(batch: int) -> None:
    gradients = each(POINTS)[:6]
    means = np.stack([gradients[list(chosen)].mean(axis=0) for chosen in combinations(range(6), batch)])
    population = saddle().covariance(POINTS, range(6))
    expected = matrix(means - gradients.mean(axis=0))
    np.testing.assert_allclose(batch_covariance(population, 6, batch), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("kind", "batch", "accumulate"),
    [
        ("reshuffle", 1, 1),
        ("reshuffle", 6, 1),
        ("reshuffle", 3, 4),
        ("reshuffle", 8, 3),
        ("once", 4, 1),
        ("replacement", 6, 1),
    ],
)
def test_batch_covariance_is_that_of_the_updates_the_engine_makes(kind: str, batch: int, accumulate: int) -> None:
    """An update of 4,000 particles at one point tells as many batch gradients; four standard errors of a variance."""
    point, particles = POINTS[0, 0], 4000
    surface_table = {"kind": "saddle", "shift": 0.3, "scale": 1.4, "tilt": 0.5, "test": {"shift": [0.2, 0.0]}}
    group = {"kind": "sgd", "lr": 1e-6, "batch": batch, "accumulate": accumulate}
    tables = {
        "seed": 4,
        "surface": surface_table,
        "swarm": {"start": "point", "at": point.tolist(), "particles": particles},
        "run": {"updates": 1, "precision": "float64", "sampling": kind},
        "optimizer": [group],
    }
    position = simulate(scenario_from(tables)).groups[0].position
    drawn = (position[0] - position[1]) / 1e-6
    found = matrix(drawn - saddle().gradient(point))
    population, size = saddle().covariance(point), BatchPlan(N, batch, accumulate).equal_examples
    expected = batch_covariance(population, N, size, replacement=kind == "replacement")
    error = np.sqrt(2 / particles) * np.array([expected[0], np.sqrt(expected[0] * expected[2]), expected[2]])
    assert (np.abs(found - expected) < 4 * error).all()
    other = batch_covariance(population, N, size, replacement=kind != "replacement")
    assert size == 1 or (np.abs(found - other) > 4 * error)[[0, 2]].all()


def test_batch_covariance_at_its_ends() -> None:
    some = np.array([1.0, 0.5, 2.0])
    np.testing.assert_array_equal(batch_covariance(some, 9, 9), 0)
    np.testing.assert_array_equal(batch_covariance(some, 9, 1), some)
    np.testing.assert_array_equal(batch_covariance(some, 9, 9, replacement=True), some / 9)
    np.testing.assert_array_equal(batch_covariance(0 * some, 1, 1), 0)
    for batch in (0, 10):
        with pytest.raises(ValueError, match=f"batch = {batch}; allowed: 1 to 9"):
            batch_covariance(some, 9, batch)
