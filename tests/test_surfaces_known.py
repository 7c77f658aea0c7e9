"""What is known of single surfaces: losses in print, and the shapes that their settings ask for."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from errsurf.surfaces import surface
from helpers.surface_cases import points, rows

# Name, place, loss, and how many units of its last digit a printed loss may be off.
PRINTED = [
    ("rosenbrock", (-1.2, 1.0), 24.2, 1e-12),
    ("saddle", (1.0, 0.0), -0.25, 1e-15),
    ("himmelblau", (3.0, 2.0), 0.0, 1e-15),
    ("himmelblau", (-2.805118, 3.131312), 0.0, 1e-10),
    ("himmelblau", (0.0, 0.0), 170.0, 1e-12),
    ("beale", (3.0, 0.5), 0.0, 1e-15),
    ("beale", (1.0, 1.0), 14.203125, 1e-12),
    ("six_hump_camel", (0.0898, -0.7126), -1.0316, 5e-5),
    ("six_hump_camel", (-1.7036, 0.7961), -0.2155, 5e-5),
    ("six_hump_camel", (1.6071, 0.5687), 2.1043, 5e-5),
    ("three_hump_camel", (0.0, 0.0), 0.0, 1e-15),
    ("three_hump_camel", (1.7476, -0.8738), 0.2986, 5e-5),
    ("styblinski_tang", (-2.903534, -2.903534), -78.33233, 5e-6),
    ("goldstein_price", (0.0, -1.0), 3.0, 1e-12),
    ("goldstein_price", (-0.6, -0.4), 30.0, 1e-11),
    ("goldstein_price", (1.8, 0.2), 84.0, 1e-11),
    ("goldstein_price", (1.2, 0.8), 840.0, 1e-9),
    ("goldstein_price", (1.0, 1.0), 1876.0, 1e-9),
    ("booth", (1.0, 3.0), 0.0, 1e-15),
    ("booth", (0.0, 0.0), 74.0, 1e-12),
    ("mccormick", (-0.54719, -1.54719), -1.9132, 5e-5),
    ("rastrigin", (0.0, 0.0), 0.0, 1e-15),
    ("rastrigin", (1.0, 1.0), 2.0, 1e-12),
    ("rastrigin", (0.5, 0.0), 20.25, 1e-12),
    ("ackley", (0.0, 0.0), 0.0, 1e-12),
    ("griewank", (0.0, 0.0), 0.0, 1e-15),
    ("griewank", (3.1400, 4.4384), 0.0074, 5e-5),
    ("eggholder", (512.0, 404.2319), -959.6407, 5e-5),
    ("plateau_and_cliff", (0.67811, 0.0), 0.0, 1e-9),
]


def loss(name: str, x: Any, y: Any, **settings: Any) -> Any:
    """The loss of a surface that has one row."""
    record = surface(name)
    (row,) = rows(record, record.settings(**settings))
    return record.loss(x, y, row)


@pytest.mark.parametrize(("name", "place", "value", "error"), PRINTED)
def test_losses_in_print(name: str, place: tuple[float, float], value: float, error: float) -> None:
    assert loss(name, *place) == pytest.approx(value, rel=0, abs=error)


def test_quadratic_bowl_has_the_condition_and_direction_that_were_asked_for() -> None:
    record = surface("quadratic_bowl")
    (row,) = rows(record, record.settings(condition=40.0, sharpness=8.0, angle=30.0))
    values, vectors = np.linalg.eigh([[row.xx, row.xy], [row.xy, row.yy]])
    np.testing.assert_allclose(values, [0.2, 8.0], rtol=1e-13)
    slope = vectors[1, 0] / vectors[0, 0]
    assert slope == pytest.approx(np.tan(np.pi / 6))


def test_one_well_without_bowl_has_its_depth_and_sharpness() -> None:
    record = surface("wells")
    well = record.settings().wells[0]._replace(at=(0.3, -0.2), depth=2.0, width=0.1)
    (row,) = rows(record, record.settings(wells=(well,), bowl=0.0))
    assert record.loss(0.3, -0.2, row) == -2.0
    np.testing.assert_allclose(record.hessian(0.3, -0.2, row), (200.0, 0.0, 200.0), rtol=1e-13)


def test_ravine_is_a_bowl_on_its_floor_and_straight_beyond_its_width() -> None:
    record = surface("ravine")
    (row,) = rows(record, record.settings(elongation=50.0, sharpness=8.0, width=0.1, angle=30.0))
    xx, xy, yy = record.hessian(0.0, 0.0, row)
    values, vectors = np.linalg.eigh([[xx, xy], [xy, yy]])
    np.testing.assert_allclose(values, [0.16, 8.0], rtol=1e-13)
    assert vectors[1, 0] / vectors[0, 0] == pytest.approx(np.tan(np.pi / 6))
    across = record.gradient(*(1000 * vectors[:, 1]), row)
    np.testing.assert_allclose(np.abs(vectors[:, 1] @ across), 8.0 * 0.1, rtol=1e-6)


@pytest.mark.parametrize("lr", [0.06, 0.1, 0.2])
def test_ravine_too_large_a_rate_swings_between_the_walls_for_good(lr: float) -> None:
    """Updates go from wall to wall: ``2 v = lr wall(v)`` gives ``v = width sqrt((sharpness lr / 2)^2 - 1)``."""
    record = surface("ravine")
    s = record.settings()
    (row,) = rows(record, s)
    x, y = 1.0, 0.3
    losses = []
    for _ in range(2000):
        along_x, along_y = record.gradient(x, y, row)
        x, y = x - lr * along_x, y - lr * along_y
        losses.append(record.loss(x, y, row))
    assert abs(y) == pytest.approx(s.width * np.sqrt((s.sharpness * lr / 2) ** 2 - 1), rel=1e-9)
    assert abs(x) < 1e-9
    assert np.ptp(losses[-500:]) < 1e-9 * losses[-1]
    assert abs(along_y) > s.width * s.sharpness / 3


def test_ravine_a_tiny_rate_never_arrives() -> None:
    """lr 1e-7 for 100,000 updates: the floor's curvature shortens the way by 0.4%."""
    record = surface("ravine")
    s = record.settings()
    left = (1 - 1e-7 * s.sharpness / s.elongation) ** 100_000
    assert left == pytest.approx(np.exp(-0.004), rel=1e-6)


def test_monkey_saddle_falls_three_ways_and_has_no_curvature() -> None:
    record = surface("monkey_saddle")
    s = record.settings(depth=0.7, radius=1.5)
    assert record.gradient(0.0, 0.0, s) == (0, 0)
    assert record.hessian(0.0, 0.0, s) == (0, 0, 0)
    turn = np.linspace(0, 2 * np.pi, 601)[:-1]
    around = record.loss(0.1 * np.cos(turn), 0.1 * np.sin(turn), s)
    assert (np.diff(np.sign(around), append=np.sign(around[0])) != 0).sum() == 6
    for point in record.critical_points(s)[1:]:
        assert np.hypot(point.x, point.y) == pytest.approx(1.5)
        assert record.loss(point.x, point.y, s) == pytest.approx(-0.7)
        assert np.linalg.eigvalsh(_matrix(record.hessian(point.x, point.y, s)))[1] == pytest.approx(36 * 0.7 / 1.5**2)


def _matrix(parts: tuple[float, float, float]) -> list[list[float]]:
    xx, xy, yy = parts
    return [[xx, xy], [xy, yy]]


def test_plateau_and_cliff_is_as_steep_as_was_asked_for_and_nowhere_steeper() -> None:
    record = surface("plateau_and_cliff")
    (row,) = rows(record, record.settings(slope=0.05, wall=3.0, at=0.5, softness=0.2))
    x, _ = points(record, 1000, zoom=10)
    along_x, _ = record.gradient(np.sort(x), 0.0, row)
    assert along_x[0] == pytest.approx(-0.05)
    assert along_x[-1] == pytest.approx(3.0)
    assert (np.diff(along_x) >= 0).all()
    assert (record.loss(x, 0.0, row) >= 0).all()


def test_himmelblau_with_other_parabolas_has_fewer_minima_and_all_are_declared() -> None:
    """The index of a bowl is 1: minima and maxima outnumber saddles by one, whatever the settings."""
    record = surface("himmelblau")
    counts = set()
    for a, b in product((-3.0, 0.5, 4.0, 11.0, 30.0), (-2.0, 1.0, 7.0, 20.0)):
        kinds = [point.kind for point in record.critical_points(record.settings(a, b))]
        assert kinds.count("minimum") + kinds.count("maximum") - kinds.count("saddle") == 1
        counts.add(kinds.count("minimum"))
    assert {1, 2, 4} <= counts


def test_six_hump_camel_without_coupling_is_declared_as_well() -> None:
    record = surface("six_hump_camel")
    for coupling in (0.0, 0.5, -1.0):
        kinds = [point.kind for point in record.critical_points(record.settings(coupling))]
        assert [kinds.count(kind) for kind in ("minimum", "saddle", "maximum")] == [6, 7, 2]


def test_mccormick_repeats_along_the_valley() -> None:
    x, y = points(surface("mccormick"), 100)
    here, there = loss("mccormick", x, y), loss("mccormick", x + np.pi, y + np.pi)
    np.testing.assert_allclose(there - here, np.pi * (2.5 - 1.5), rtol=1e-12)


def test_rastrigin_without_ripples_is_a_bowl() -> None:
    x, y = points(surface("rastrigin"), 100)
    np.testing.assert_allclose(loss("rastrigin", x, y, amplitude=0.0), x**2 + y**2, rtol=1e-14)
    only = surface("rastrigin").settings(amplitude=0.0)
    assert [(p.x, p.y, p.kind) for p in surface("rastrigin").critical_points(only)] == [(0, 0, "minimum")]


def test_ackley_and_eggholder_are_those_of_their_papers_but_for_the_rounding() -> None:
    """To within what 1e-9 of smoothing changes: a b smoothing, and |x| + |y + 47| times the root of smoothing."""
    x, y = points(surface("ackley"), 1000)
    mean = (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)) / 2
    book = -20 * np.exp(-0.2 * np.sqrt((x**2 + y**2) / 2)) - np.exp(mean) + 20 + np.e
    np.testing.assert_allclose(loss("ackley", x, y, smoothing=1e-9), book, atol=4e-9)
    assert np.abs(loss("ackley", x, y) - book).max() < 20 * 0.2 * 0.01
    x, y = points(surface("eggholder"), 1000)
    paper = -(y + 47) * np.sin(np.sqrt(np.abs(x / 2 + y + 47))) - x * np.sin(np.sqrt(np.abs(x - y - 47)))
    np.testing.assert_allclose(loss("eggholder", x, y, smoothing=1e-9), paper, atol=1e-9)
    far = (np.abs(x / 2 + y + 47) > 0.1) & (np.abs(x - y - 47) > 0.1)
    assert np.abs(loss("eggholder", x, y) - paper)[far].max() < 0.001 * 1100


def test_ackley_is_smooth_at_the_origin_and_as_sharp_as_it_says() -> None:
    record = surface("ackley")
    (row,) = rows(record, record.settings(smoothing=1e-4))
    assert record.gradient(0.0, 0.0, row) == (0, 0)
    assert record.hessian(0.0, 0.0, row)[0] == pytest.approx(20 * 0.2 / (2 * 1e-4), rel=0.01)


@pytest.mark.parametrize(
    ("kind", "place", "value"),
    [
        ("minimum", (-0.558, 1.442), -146.700),
        ("minimum", (0.623, 0.028), -108.167),
        ("minimum", (-0.050, 0.467), -80.768),
        ("saddle", (-0.822, 0.624), -40.665),
        ("saddle", (0.212, 0.293), -72.249),
    ],
)
def test_mueller_brown_has_the_critical_points_in_print(kind: str, place: tuple[float, float], value: float) -> None:
    record = surface("mueller_brown")
    table = rows(record, record.settings(factor=1.0))
    near = [p for p in record.critical_points(record.settings()) if np.hypot(p.x - place[0], p.y - place[1]) < 1e-3]
    assert [p.kind for p in near] == [kind]
    assert sum(record.loss(near[0].x, near[0].y, row) for row in table) == pytest.approx(value, abs=6e-4)


def test_mueller_brown_grows_smoothly_where_the_fourth_exponential_would_overflow() -> None:
    """Up to an exponent of 6 it is the formula in print; beyond, loss and derivatives have no jump."""
    record = surface("mueller_brown")
    row = rows(record, record.settings(factor=1.0))[3]
    edge = row.x + np.sqrt(6 / row.xx)
    assert record.loss(edge - 0.1, row.y, row) == pytest.approx(
        15 * np.exp(row.xx * (edge - 0.1 - row.x) ** 2), rel=1e-12
    )
    for formula in (record.loss, record.gradient, record.hessian):
        below, above = (np.array(formula(edge + side, row.y, row)) for side in (-1e-9, 1e-9))
        np.testing.assert_allclose(above, below, rtol=1e-7)


@pytest.mark.parametrize("saddle", [-0.6, 0.0, 0.45])
def test_double_well_has_the_barrier_that_was_asked_for(saddle: float) -> None:
    record = surface("double_well")
    s = record.settings(barrier=0.7, distance=1.4, saddle=saddle)
    (row,) = rows(record, s)
    left, top, right = (record.loss(p.x, p.y, row) for p in record.critical_points(s))
    assert left == 0
    assert top == pytest.approx(0.7, rel=1e-13)
    assert np.sign(right) == np.sign(saddle)


def test_river_valley_falls_along_its_floor_as_fast_as_was_asked_for() -> None:
    record = surface("river_valley")
    s = record.settings(slope=0.2, foot=0.5, bend=0.4, wavelength=5.0)
    (row,) = rows(record, s)
    x = np.linspace(-60, -50, 101)
    floor = record.loss(x, 0.4 * np.sin(2 * np.pi * x / 5), row)
    np.testing.assert_allclose(np.diff(floor) / np.diff(x), -0.2, rtol=1e-4)
    assert record.loss(0.0, 0.3, row) == pytest.approx(s.steepness * 0.3**2 / 2)


def test_scale_invariant_losses_know_the_direction_only_and_their_gradient_is_at_right_angles() -> None:
    """Every update of plain descent therefore makes the norm larger, by lr^2 |g|^2 in the square."""
    record = surface("scale_invariant")
    table = rows(record, record.settings(), 8)
    x, y = points(record, 200)
    r = np.hypot(x, y)
    x, y = x / r, y / r
    for row in table:
        np.testing.assert_allclose(record.loss(30 * x, 30 * y, row), record.loss(x, y, row), atol=2e-5)
        along_x, along_y = record.gradient(x, y, row)
        assert np.abs(x * along_x + y * along_y).max() < 2e-5
        longer = np.stack(record.gradient(10 * x, 10 * y, row))
        np.testing.assert_allclose(longer, np.stack([along_x, along_y]) / 10, atol=3e-6)
    gradients = np.array([record.gradient(0.0, 0.0, row) for row in table])
    np.testing.assert_allclose(np.hypot(*gradients.T), 1 / np.sqrt(1e-5), rtol=1e-12)
