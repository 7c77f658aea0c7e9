"""Critical points, basins and final statistics, on landscapes whose answers are known."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray

from errsurf.analysis import (
    Critical,
    basin_labels,
    basin_map,
    cosine,
    critical_points,
    eigenvalues,
    group_statistics,
    lookup,
    named,
    noise_scale,
    relative,
    wilson_interval,
)
from errsurf.analysis.basin import _phi1, _phi3
from errsurf.analysis.hessian import components, eigenvectors
from errsurf.analysis.noise import batch_covariance, squared_error
from errsurf.engine.landscape import surface as drawn_surface
from errsurf.run_analysis.terrain import searched
from errsurf.surfaces import surface, surface_names
from helpers.plain_landscape import Formulas

Array = NDArray[np.float64]
WINDOW = ((-2.0, 2.0), (-1.5, 1.5))


@dataclass(frozen=True)
class Mean:
    """The mean of scaled, shifted and tilted copies of a surface."""

    record: Any
    rows: Any
    scale: Array
    shift: Array
    tilt: Array

    def total(self, formula: Callable[..., Any], points: Array, size: int) -> Array:
        total = np.zeros((*points.shape[:-1], size))
        for scale, (a, b) in zip(self.scale, self.shift, strict=True):
            for row in self.rows:
                parts = formula(points[..., 0] - a, points[..., 1] - b, row)
                for k, part in enumerate(parts if isinstance(parts, tuple) else (parts,)):
                    total[..., k] += scale * part / len(self.scale)
        return total

    def loss(self, points: Array, _: str, /) -> Array:
        return self.total(self.record.loss, points, 1)[..., 0] + np.asarray(points @ self.tilt)

    def gradient(self, points: Array, _: str, /) -> Array:
        return self.total(self.record.gradient, points, 2) + self.tilt

    def hessian(self, points: Array, _: str, /) -> Array:
        return self.total(self.record.hessian, points, 3)


def landscape(name: str, examples: int = 1, shift: float = 0.0, seed: int = 0, **settings: Any) -> Mean:
    record, random = surface(name), np.random.default_rng(seed)
    chosen = record.settings(**settings)
    rows = record.terms(chosen) if record.terms else [chosen]
    drawn = shift * random.normal(size=(examples, 2))
    return Mean(record, rows, 1 + shift * random.normal(size=examples), drawn, 0.1 * drawn.mean(axis=0))


def random_wells(seed: int, count: int) -> Mean:
    random, well = np.random.default_rng(seed), type(surface("wells").settings().wells[0])
    places = random.uniform([-1.4, -1.0], [1.4, 1.0], (count, 2))
    widths = random.uniform(0.12, 0.5, count)
    wells = tuple(well((float(x), float(y)), 1.0, float(w)) for (x, y), w in zip(places, widths, strict=True))
    return landscape("wells", 3, 0.05, seed, wells=wells, bowl=0.4)


def minima_of(surface: Any) -> list[Critical]:
    return [c for c in critical_points(surface, WINDOW) if c.kind == "minimum"]


def spread(count: int, seed: int = 0) -> Array:
    low, high = np.array(WINDOW).T
    return np.asarray(np.random.default_rng(seed).uniform(low, high, (count, 2)))


def test_eigenvalues_and_vectors_are_those_of_lapack() -> None:
    h = np.random.default_rng(1).normal(size=(1000, 3))
    h[:3] = [(1, 0, 1), (2, 0, 1), (0, 0, 0)]
    full = h[:, [0, 1, 1, 2]].reshape(-1, 2, 2)
    np.testing.assert_allclose(eigenvalues(h), np.linalg.eigvalsh(full), atol=1e-14)
    axes = eigenvectors(h)
    np.testing.assert_allclose(axes @ axes.mT, np.broadcast_to(np.eye(2), full.shape), atol=1e-15)
    for k in (0, 1):
        np.testing.assert_allclose(
            components(full, axes[:, k]), eigenvalues(h)[:, k, None] * axes[:, k], atol=1e-14, rtol=0
        )


@pytest.mark.parametrize("name", [name for name in surface_names() if surface(name).critical_points])
def test_declared_critical_points_are_found_and_no_others(name: str) -> None:
    """Data may add points to those that a surface of data declares, such as the floors of deep_linear's valleys."""
    record = surface(name)
    assert record.critical_points is not None
    (x0, x1), (y0, y1) = record.window
    declared = [c for c in record.critical_points(record.settings()) if x0 <= c.x <= x1 and y0 <= c.y <= y1]
    found = list(critical_points(drawn_surface(name) if record.examples else landscape(name), record.window))
    for point in declared:
        nearest = min(found, key=lambda c: np.hypot(c.x - point.x, c.y - point.y))
        assert (nearest.x, nearest.y) == pytest.approx((point.x, point.y), abs=1e-8 * (x1 - x0))
        assert nearest.kind == point.kind
        found.remove(nearest)
    assert declared
    assert not found or record.examples


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("himmelblau", {"minimum": 4, "saddle": 4, "maximum": 1}),
        ("six_hump_camel", {"minimum": 6, "saddle": 7, "maximum": 2}),
        ("deep_linear", {"saddle": 1, "degenerate": 2}),
    ],
)
def test_known_landscapes_have_their_known_points(name: str, kinds: dict[str, int]) -> None:
    drawn = drawn_surface(name)
    found = critical_points(drawn, drawn.window)
    assert Counter(c.kind for c in found) == kinds
    at = np.array([(c.x, c.y) for c in found])
    assert np.abs(drawn.gradient(at)).max() < 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_minima_and_maxima_outnumber_saddles_by_one_where_the_gradient_points_out_of_the_window(seed: int) -> None:
    surface = random_wells(seed, 2 + seed % 6)
    window = ((-3.0, 3.0), (-2.5, 2.5))
    found = critical_points(surface, window)
    kinds = Counter(c.kind for c in found)
    assert kinds["minimum"] - kinds["saddle"] + kinds["maximum"] == 1
    assert kinds["degenerate"] == 0
    assert found == critical_points(surface, window)
    at = np.array([(c.x, c.y) for c in found])
    assert np.abs(surface.gradient(at, "train")).max() < 1e-12
    np.testing.assert_allclose([c.loss for c in found], surface.loss(at, "train"), rtol=1e-14)
    assert all(c.sharpness == c.eigenvalues[1] >= c.eigenvalues[0] for c in found)


def test_a_lattice_of_all_three_kinds_is_complete() -> None:
    waves = Formulas(
        lambda x, y: np.cos(x) * np.cos(y),
        lambda x, y: (-np.sin(x) * np.cos(y), -np.cos(x) * np.sin(y)),
        lambda x, y: (-np.cos(x) * np.cos(y), np.sin(x) * np.sin(y), -np.cos(x) * np.cos(y)),
    )
    found = critical_points(waves, ((-10.0, 10.0), (-7.0, 7.0)))
    assert Counter(c.kind for c in found) == {"minimum": 18, "maximum": 17, "saddle": 24}
    for c in found:
        assert 2 * c.x / np.pi == pytest.approx(round(2 * c.x / np.pi), abs=1e-9)
        assert c.loss == pytest.approx({"minimum": -1, "maximum": 1, "saddle": 0}[c.kind], abs=1e-12)


QUARTIC = Formulas(lambda x, y: x**4 + y**2, lambda x, y: (4 * x**3, 2 * y), lambda x, y: (12 * x**2, 0 * y, 2))
MONKEY = Formulas(
    lambda x, y: x**3 - 3 * x * y**2,
    lambda x, y: (3 * x**2 - 3 * y**2, -6 * x * y),
    lambda x, y: (6 * x, -6 * y, -6 * x),
)
VALLEY = Formulas(
    lambda x, y: (x + y - 1) ** 2,
    lambda x, y: (2 * (x + y - 1), 2 * (x + y - 1)),
    lambda x, y: (2 + 0 * x, 2 + 0 * y, 2),
)


@pytest.mark.parametrize(
    ("formulas", "expected", "kind"),
    [(QUARTIC, (0, 0), "minimum"), (MONKEY, (0, 0), "saddle"), (VALLEY, (0.75, 0.25), "degenerate")],
)
def test_where_the_hessian_does_not_tell_the_loss_around_does_and_a_level_valley_is_one(
    formulas: Formulas, expected: Any, kind: str
) -> None:
    (only,) = critical_points(formulas, WINDOW)
    assert only.kind == kind
    assert only.is_floor == (kind == "degenerate")
    np.testing.assert_allclose((only.x, only.y), expected, atol=0.02)
    assert only.loss == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(formulas.gradient(np.array([(only.x, only.y), *only.curve]), "train"), 0, atol=1e-7)


def test_flow_ends_on_the_floor_of_the_valley_on_its_side_of_the_saddle() -> None:
    linear = drawn_surface("deep_linear")
    floors = [c for c in critical_points(linear, linear.window) if c.is_floor]
    points = spread(500)
    away = np.abs(points.sum(axis=1)) > 0.01
    assert [c.x > 0 for c in floors] == [False, True]
    np.testing.assert_array_equal(basin_labels(linear, points, floors)[away], points.sum(axis=1)[away] > 0)
    np.testing.assert_array_equal(basin_labels(linear, points, floors[::-1])[away], points.sum(axis=1)[away] < 0)


def test_a_window_without_a_minimum_becomes_three_times_as_wide() -> None:
    bowl = Formulas(lambda x, y: (x - 5) ** 2 + y**2, lambda x, y: (2 * (x - 5), 2 * y), lambda _x, _y: (2.0, 0.0, 2.0))
    window, (only,) = searched(bowl, WINDOW)  # type: ignore[arg-type]
    assert window == ((-6.0, 6.0), (-4.5, 4.5))
    assert (only.x, only.y) == pytest.approx((5.0, 0.0))


def test_plateaus_and_slopes_have_no_critical_points() -> None:
    well = type(surface("wells").settings().wells[0])
    steep = landscape("wells", wells=(well((0.313, 0.207), 1.0, 0.03),), bowl=0.0)
    (only,) = critical_points(steep, WINDOW)
    assert (only.kind, round(only.x, 9), round(only.y, 9)) == ("minimum", 0.313, 0.207)
    nearly_level = critical_points(replace(steep, tilt=np.array([5e-8, 0.0])), WINDOW)
    assert [c.kind for c in nearly_level] == ["saddle", "minimum"]
    for slope in (0.0, 1.0):
        plane = Mean(surface("quadratic_bowl"), [], np.ones(1), np.zeros((1, 2)), np.full(2, slope))
        assert critical_points(plane, WINDOW) == ()


def test_basins_of_the_saddle_are_its_two_sides() -> None:
    both = landscape("saddle", up=3.0)
    points = spread(2000)
    minima = minima_of(both)
    np.testing.assert_array_equal(basin_labels(both, points, minima), points[:, 0] > 0)
    np.testing.assert_array_equal(basin_labels(both, points, minima[::-1]), points[:, 0] < 0)


def test_next_to_the_saddle_nothing_overflows() -> None:
    both = landscape("saddle")
    points = np.array([(1e-14, 1e-14), (-1e-14, 1e-14), (1e-9, -1e-12)])
    assert basin_labels(both, points, minima_of(both)).tolist() == [1, 0, 1]


def test_functions_of_the_flow_are_exact_at_either_side_of_their_series() -> None:
    z = np.array([-30.0, -1.0, -0.1001, -0.0999, -1e-3, 1e-13, 1e-3, 0.0999, 0.1001, 2.0])
    first = [mpmath.expm1(each) / each for each in z.tolist()]
    with mpmath.workdps(60):
        third = [(mpmath.expm1(each) - each - mpmath.mpf(each) ** 2 / 2) / mpmath.mpf(each) ** 3 for each in z.tolist()]
    np.testing.assert_allclose(_phi1(z), np.array(first, np.float64), rtol=1e-12)
    np.testing.assert_allclose(_phi3(z), np.array(third, np.float64), rtol=1.5e-7)


def test_points_that_end_in_no_minimum_are_in_no_basin() -> None:
    cliff = Formulas(lambda x, y: x - x**3 / 3 + y**2, lambda x, y: (1 - x**2, 2 * y), lambda x, y: (-2 * x, 0 * y, 2))
    points = spread(500)
    minima = minima_of(cliff)
    assert [(m.x, m.y) for m in minima] == [(-1, 0)]
    np.testing.assert_array_equal(basin_labels(cliff, points, minima), np.where(points[:, 0] < 1, 0, -1))
    odd = np.array([(1.0, 0.0), (np.nan, 0.0), (np.inf, 1.0), (-1.0, 0.0), (-1e6, 3.0)])
    np.testing.assert_array_equal(basin_labels(cliff, odd, minima), [-1, -1, -1, 0, 0])
    np.testing.assert_array_equal(basin_labels(cliff, points, []), -1)
    assert basin_labels(cliff, points[:0], minima).shape == (0,)


def test_the_bottom_of_a_curved_narrow_valley_is_reached_from_everywhere() -> None:
    banana = landscape("rosenbrock", b=1000.0)
    points = spread(300)
    np.testing.assert_array_equal(basin_labels(banana, points, critical_points(banana, WINDOW)), 0)


@pytest.mark.parametrize("seed", range(3))
def test_basins_agree_with_the_flow_followed_in_small_stretches(seed: int) -> None:
    surface = random_wells(seed, 3)
    points, minima = spread(150, seed), minima_of(surface)
    h = 0.2 / np.abs(eigenvalues(surface.hessian(spread(5000), "train"))).max()
    theta = points
    for _ in range(int(60 / h)):
        theta = theta - h * surface.gradient(theta - h / 2 * surface.gradient(theta, "train"), "train")
        if np.abs(surface.gradient(theta, "train")).max() < 1e-3:
            break
    away = np.linalg.norm(theta[:, None] - [(m.x, m.y) for m in minima], axis=-1)
    assert away.min(axis=1).max() < 1e-2
    np.testing.assert_array_equal(basin_labels(surface, points, minima), away.argmin(axis=1))


def test_a_narrow_well_on_the_way_is_not_jumped_over() -> None:
    well = type(surface("wells").settings().wells[0])
    steep = landscape("wells", wells=(well((0.5, 0.0), 0.2, 0.03),), bowl=1.0)
    minima = minima_of(steep)
    assert len(minima) == 2
    points = np.stack([np.linspace(0.6, 2.0, 50), np.linspace(-0.01, 0.01, 50)], axis=1)
    np.testing.assert_array_equal(basin_labels(steep, points, minima), 1)
    np.testing.assert_array_equal(basin_labels(steep, points + np.array([0, 1.5]), minima), 0)


def test_a_label_does_not_depend_on_the_other_points() -> None:
    surface = random_wells(5, 5)
    points, minima = spread(400), minima_of(surface)
    together = basin_labels(surface, points, minima)
    assert len(set(together.tolist())) == len(minima) > 1
    np.testing.assert_array_equal(
        basin_labels(surface, np.vstack([points[7::13], [[1e6, 0.0]]]), minima)[:-1], together[7::13]
    )


@pytest.mark.parametrize("seed", range(4))
def test_map_holds_the_basins_of_its_cells_with_the_lowest_row_first(seed: int) -> None:
    surface = random_wells(seed, 3 + seed)
    minima = minima_of(surface)
    labels = basin_map(surface, WINDOW, minima, (60, 81))
    assert labels.shape == (60, 81)
    assert labels.dtype == np.int16
    cells = np.stack(np.meshgrid(np.arange(0.5, 81) / 81 * 4 - 2, np.arange(-1.475, 1.5, 0.05)), axis=-1)
    np.testing.assert_array_equal(labels, basin_labels(surface, cells.reshape(-1, 2), minima).reshape(60, 81))
    np.testing.assert_array_equal(lookup(labels, WINDOW, cells + np.array([0.02, -0.02])), labels)
    np.testing.assert_array_equal(lookup(labels, WINDOW, np.array([(m.x, m.y) for m in minima])), range(len(minima)))


def test_map_finds_a_basin_that_lies_between_its_coarse_cells() -> None:
    well = type(surface("wells").settings().wells[0])
    pit = landscape("wells", wells=(well((0.2, 0.05), 1.0, 0.02), well((-1.2, 0.0), 3.0, 1.0)), bowl=0.3)
    minima = minima_of(pit)
    labels = basin_map(pit, WINDOW, minima)
    assert len(minima) == 2
    assert 0 < (labels == 1).sum() < 2000
    cells = np.stack(np.meshgrid((np.arange(192) + 0.5) / 48 - 2, (np.arange(128) + 0.5) / 128 * 3 - 1.5), axis=-1)
    np.testing.assert_array_equal(labels, basin_labels(pit, cells.reshape(-1, 2), minima).reshape(128, 192))
    assert (basin_map(pit, WINDOW, [], (3, 4)) == -1).all()


@pytest.mark.parametrize(("row", "column"), [(0, 15), (11, 1), (6, 0)])
def test_map_finds_a_basin_of_a_single_cell(row: int, column: int) -> None:
    well = type(surface("wells").settings().wells[0])
    place = (-2 + (column + 0.5) / 4, -1.5 + (row + 0.5) / 4)
    pit = landscape("wells", wells=(well(place, 1.0, 0.03),), bowl=1.0)
    minima = [c for c in critical_points(pit, WINDOW) if c.kind == "minimum"]
    nearest = min(range(2), key=lambda k: np.hypot(minima[k].x - place[0], minima[k].y - place[1]))
    labels = basin_map(pit, WINDOW, minima, (12, 16))
    assert np.argwhere(labels == nearest).tolist() == [[row, column]]


def test_lookup_takes_the_nearest_cell_and_knows_what_is_no_number() -> None:
    labels = np.arange(6, dtype=np.int16).reshape(2, 3)
    points = np.array([(-9.0, -9.0), (0.0, -0.1), (9.0, 9.0), (np.nan, 0.0), (0.0, -np.inf), (2.0, 1.5)])
    np.testing.assert_array_equal(lookup(labels, WINDOW, points), [0, 1, 5, -1, -1, 5])
    assert lookup(labels, WINDOW, points.reshape(2, 3, 2)).shape == (2, 3)


@dataclass(frozen=True)
class Ended:
    """A group as it is left by a run."""

    position: NDArray[Any]
    diverged: NDArray[np.int64]
    update: NDArray[np.int64]
    examples_seen: NDArray[np.int64]


def ended(diverged: NDArray[np.int64]) -> Ended:
    x = np.array([-0.8, -1.2, 0.9, 1.0, 1.1, 1.3, 0.0, 7.0, 1.7, 0.4], dtype=np.float32)
    end = np.stack([x, np.zeros_like(x)], axis=-1)
    return Ended(np.stack([end * np.nan, end]), diverged, np.array([0, 30]), np.array([0, 90]))


def test_statistics_count_all_particles_and_measure_those_that_live() -> None:
    both = landscape("saddle")
    diverged = np.full(10, -1)
    diverged[7:9] = 11
    sample = np.array([0, 3, 4, 5, 8])
    found = group_statistics(run := ended(diverged), both, minima_of(both), sample)
    assert (found.updates, found.examples_seen, found.particles, found.diverged) == (30, 90, 10, 2)
    assert found.shares == (0.2, 0.5)
    assert (found.elsewhere, found.share_diverged) == (0.1, 0.2)
    assert sum(found.shares) + found.elsewhere + found.share_diverged == pytest.approx(1)
    assert found.measured == 4
    for which, losses in (("train", found.train_loss), ("test", found.test_loss)):
        living = both.loss(run.position[-1, sample[:4]], which)
        np.testing.assert_allclose(losses, np.quantile(living, [0.05, 0.5, 0.95]))
    assert group_statistics(run, both, minima_of(both)).measured == 8
    assert found.sharpness == pytest.approx((2.0 + 3 * 1.21 - 1) / 2, rel=1e-6)


def test_statistics_of_a_group_that_diverged_altogether_are_no_numbers() -> None:
    both = landscape("saddle")
    found = group_statistics(ended(np.zeros(10, dtype=np.int64)), both, minima_of(both))
    assert (found.diverged, found.share_diverged, found.shares, found.elsewhere) == (10, 1.0, (0.0, 0.0), 0.0)
    assert np.isnan([*found.train_loss, *found.test_loss, found.sharpness]).all()


def test_wilson_interval_has_its_published_values_and_coverage() -> None:
    np.testing.assert_allclose(wilson_interval(0, 10), (0, 0.2775), atol=1e-4)
    np.testing.assert_allclose(wilson_interval(5, 10), (0.2366, 0.7634), atol=1e-4)
    np.testing.assert_allclose(wilson_interval(81, 263), (0.2553, 0.3662), atol=1e-4)
    assert wilson_interval(0, 0) == (0, 1)
    counts = np.random.default_rng(0).binomial(200, 0.1, 4000)
    held = [low <= 0.1 <= high for low, high in (wilson_interval(int(c), 200) for c in counts)]
    assert 0.93 < np.mean(held) < 0.97


def test_points_that_rest_at_the_only_minimum_are_in_its_basin() -> None:
    bowl = Formulas(lambda x, y: x**2 + y**2, lambda x, y: (2 * x, 2 * y), lambda _x, _y: (2.0, 0.0, 2.0))
    minimum = Critical(3e-16, -2e-16, "minimum", 0.0, np.array([2.0, 2.0]))
    points = 1e-15 * np.arange(5)[:, None] * np.ones(2)
    assert basin_labels(bowl, points, [minimum]).tolist() == [0] * 5


def test_functions_of_vectors_and_matrices_take_them_in_any_number_of_axes() -> None:
    """Shapes (4, 5, 2) and (4, 5, 3) against one place at a time, in plain formulas."""
    draw = np.random.default_rng(3)
    first, second, matrix = draw.normal(size=(4, 5, 2)), draw.normal(size=(4, 5, 2)), draw.normal(size=(4, 5, 3))
    first[0, 0] = 0.0
    error = draw.random((4, 5))
    for place in np.ndindex(4, 5):
        (a, b), (c, d), (xx, xy, yy) = first[place], second[place], matrix[place]
        full, axes = np.array([[xx, xy], [xy, yy]]), eigenvectors(matrix)[place]
        assert eigenvalues(matrix)[place] == pytest.approx(np.linalg.eigvalsh(full))
        assert axes @ full @ axes.T == pytest.approx(np.diag(eigenvalues(matrix)[place]))
        if place == (0, 0):
            assert np.isnan(cosine(first, second)[place])
            assert np.isnan(relative(error, first)[place])
            continue
        angle = np.arctan2(b, a) - np.arctan2(d, c)
        assert cosine(first, second)[place] == pytest.approx(np.cos(angle))
        assert relative(error, first)[place] == pytest.approx(error[place] / np.sqrt(a * a + b * b))
        assert noise_scale(matrix, first)[place] == pytest.approx((xx + yy) / (a * a + b * b))


@pytest.mark.parametrize("replacement", [False, True])
def test_the_noise_of_a_batch_is_that_of_all_batches_there_are(replacement: bool) -> None:
    gradients = np.random.default_rng(5).normal(size=(5, 2))
    (xx, xy), (_, yy) = np.cov(gradients.T, ddof=0)
    pairs = product(range(5), repeat=2) if replacement else combinations(range(5), 2)
    away = np.array([gradients[list(pair)].mean(axis=0) for pair in pairs]) - gradients.mean(axis=0)
    (found,) = batch_covariance(np.array([[xx, xy, yy]]), 5, 2, replacement=replacement)
    assert found == pytest.approx([(away[:, 0] ** 2).mean(), away.prod(axis=1).mean(), (away[:, 1] ** 2).mean()])
    error = squared_error(np.array([xx, xy, yy]), 5, 2, replacement=replacement)
    assert error == pytest.approx((away**2).sum(axis=1).mean())


def test_a_minimum_outside_the_window_is_named_after_those_inside() -> None:
    """A map of one well has no pair of a flat and a sharp minimum."""
    found = critical_points(drawn_surface("wells"), ((-6.0, 6.0), (-6.0, 6.0)))
    minima = [point for point in found if point.kind == "minimum"]
    assert len(minima) == 2
    here = minima[1]
    near = (here.x - 0.3, here.x + 0.3), (here.y - 0.3, here.y + 0.3)
    both, one = named(found, ((-6.0, 6.0), (-6.0, 6.0))), named(found, near)
    assert {both.short[found.index(point)] for point in minima} == {"flat", "sharp"}
    assert found[one.order[0]] == here
    assert found[one.minima[one.followed]] == here
