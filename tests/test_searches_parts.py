"""Parts of the searches for critical points, basins and regions: what each keeps, leaves out and takes for near."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from errsurf.analysis import (
    Critical,
    Regions,
    basin,
    basin_labels,
    batch_covariance,
    critical_points,
    interior,
    kinks,
    named,
    regions,
    whereabouts,
)
from errsurf.analysis.arguments import indices, vectors
from errsurf.analysis.basin import CIRCLES, _at_rest, _borders, _cells, _nearest, _stretch, _targets
from errsurf.analysis.critical import (
    _chains,
    _curve,
    _degenerate,
    _empty,
    _grid,
    _promising,
    _reach,
    _stationary,
    _steepest,
    _turning,
    newton,
)
from errsurf.analysis.kinks import _descended, _is_far, _low_nodes, circle, is_kink, kink_minima
from errsurf.analysis.regions import SIDE, Frame, _apart, _cell, _connected, _disc, _downhill, _ends, _passes
from helpers.plain_landscape import Formulas

BOWL = Formulas(lambda x, y: (x**2 + y**2) / 2, lambda x, y: (x, y), lambda _x, _y: (1.0, 0.0, 1.0))
WELLS = Formulas(
    lambda x, y: (x**2 - 1) ** 2 / 4 + y**2 / 2, lambda x, y: (x**3 - x, y), lambda x, _y: (3 * x**2 - 1, 0 * x, 1.0)
)
LEFT, RIGHT = (Critical(x, 0.0, "minimum", 0.0, (1.0, 2.0)) for x in (-1.0, 1.0))
PASS = Critical(0.0, 0.0, "saddle", 0.25, (-1.0, 1.0))
VEE = Formulas(
    lambda x, y: np.abs(x - 0.1) + 2 * np.abs(y + 0.2), lambda x, y: (np.sign(x - 0.1), 2 * np.sign(y + 0.2)),
    lambda x, _y: (0 * x, 0 * x, 0 * x),
)  # fmt: skip
LOW, HIGH = np.array([-1.0, -2.0]), np.array([3.0, 1.0])
WINDOW = ((-2.0, 2.0), (-1.0, 1.0))


def test_arguments_are_arrays_of_real_or_whole_numbers_of_their_shape() -> None:
    assert vectors([1, 2], 2, "v").dtype == np.float64
    assert np.isnan(vectors([[np.nan, 1.0]], 2, "v")[0, 0])
    for wrong, error in (
        ([True, False], TypeError),
        (["a", "b"], TypeError),
        ([1.0] * 3, ValueError),
        (1.0, ValueError),
    ):
        with pytest.raises(error, match=r"(is|are) needed"):
            vectors(wrong, 2, "v")
    for wrong, error in (([[0]], ValueError), (0, ValueError), ([], ValueError), ([0.0], TypeError), ([3], IndexError)):
        with pytest.raises(error):
            indices(wrong, 3, "which")
    assert indices([2, 0], 3, "which").dtype == np.int64


def test_a_grid_has_its_corners_and_its_neighbours_a_reach() -> None:
    grid = _grid(LOW, HIGH, (4, 5))
    assert grid.shape == (4, 5, 2)
    assert (grid[0, 0].tolist(), grid[-1, -1].tolist()) == (LOW.tolist(), HIGH.tolist())
    assert grid[1, 2].tolist() == [1.0, -1.0]
    assert _reach(LOW, HIGH, (4, 5)) == pytest.approx(np.hypot(*(grid[1, 1] - grid[0, 0])))


def test_the_steepest_gradient_is_that_where_all_are_known() -> None:
    slopes = np.stack([3.0 * np.arange(11), 4.0 * np.arange(11)], axis=1)
    assert _steepest(slopes) == 50.0
    slopes[0] = np.nan
    assert _steepest(slopes) == pytest.approx(5 * (1 + 0.9 * 9))
    assert _steepest(np.full((2, 2), np.nan)) == 0.0


@pytest.mark.parametrize("field", [(1, 1), (1, -1), (-1, -1)])
def test_a_gradient_turns_around_the_cell_that_holds_its_zero(field: tuple[int, int]) -> None:
    grid = _grid(LOW, HIGH, (4, 5))
    turned = _turning((grid - (0.3, -1.2)) * field)
    assert np.argwhere(turned).tolist() == [[0, 1]]
    assert turned.shape == (3, 4)
    assert not _turning(np.ones((4, 5, 2)) * field).any()
    where = _promising((grid - (0.3, -1.2)) * field)
    assert where[0:2, 1:3].any()
    assert not where[3].any()
    assert not where[:, 4].any()


def test_nodes_are_promising_where_gradients_are_shortest_and_known() -> None:
    for sign in (-1.0, 1.0):
        slopes = sign * np.ones((5, 6, 2)) * (3.0, 4.0)
        slopes[2, 3] *= 0.5
        assert np.argwhere(_promising(slopes)[1:4, 2:5]).tolist() == [[1, 1]]
    slopes[2, 3] = np.nan
    found = _promising(slopes)
    assert not found[2, 3]
    signs = np.ones((5, 6, 2))
    signs[:, :3, 0], signs[:2, :, 1] = -9.0, -9.0
    signs[1:3, 2:4] *= 5.0
    assert _promising(signs)[1:3, 2:4].all()


def test_cells_are_empty_that_hold_no_point_not_even_on_their_edge() -> None:
    cells = np.ones((3, 4), np.bool_)
    pitch, points = np.array([2.0, 1.0]), np.array([(3.0, -1.5), (1.0, 0.5), (9.0, 0.3)])
    left = {tuple(each) for each in _empty(cells, points, LOW, pitch).tolist()}
    held = {(0, 1), (0, 2), (2, 0), (2, 1), (2, 3)}
    assert left == {(row, column) for row in range(3) for column in range(4)} - held
    cells[1] = False
    assert len(_empty(cells, points[:0], LOW, pitch)) == 8


def test_a_point_is_at_rest_whose_gradient_is_zero_there_but_not_around_it() -> None:
    assert _stationary(BOWL, np.array([(0.0, 0.0), (1e-6, 0.0), (1e-9, 0.0)]), 1.0, 0.1).tolist() == [True, False, True]
    assert _stationary(BOWL, np.zeros((1, 2)), 1e10, 0.1).tolist() == [False]
    faint = Formulas(BOWL.f, lambda x, y: (1e-5 * x, 1e-5 * y), BOWL.ddf)
    assert _stationary(faint, np.array([(0.0, 0.0), (1e-6, 0.0), (5e-8, 0.0)]), 1.0, 0.1).tolist() == [
        True,
        False,
        True,
    ]
    level = Formulas(BOWL.f, lambda x, y: (0 * x, 0 * y), BOWL.ddf)
    assert not _stationary(level, np.zeros((1, 2)), 1.0, 0.1).any()


def test_an_eigenvalue_is_zero_a_billion_times_below_the_other_or_the_scale() -> None:
    values = np.array(
        [(1e-10, 1.0), (-1e-8, 1.0), (1.0, 2.0), (-1e-12, 1e-12), (1e-10, 1e-10), (0.0, 0.0), (-2.0, 1e-9)]
    )
    assert _degenerate(values, 1.0).tolist() == [True, False, False, True, False, True, True]


def test_points_within_reach_of_each_other_are_a_chain() -> None:
    line = np.stack([np.arange(6.0), np.zeros(6)], axis=1)
    line[4:, 0] += 0.5
    order = [3, 0, 5, 1, 4, 2]
    found = [sorted(line[order][chain, 0].tolist()) for chain in _chains(line[order], 1.0)]
    assert sorted(found) == [[0.0, 1.0, 2.0, 3.0], [4.5, 5.5]]
    assert len(_chains(line, 1.5)) == 1
    assert len(_chains(line, 0.9)) == 6
    assert _chains(line[:0], 1.0) == []


def test_a_curve_is_points_of_a_chain_in_cells_of_half_a_reach() -> None:
    line = np.stack([np.linspace(0.01, 2.99, 300), np.full(300, 0.3)], axis=1)
    found = np.array(_curve(line, 1.0))
    assert len(found) == 6
    assert found[:, 0] == pytest.approx(0.5 * np.arange(6), abs=0.02)
    assert set(found[:, 1]) == {0.3}
    assert _curve(line[:95], 1.0) == ()
    assert len(_curve(line[:130], 1.0)) == 3
    assert _curve(line[:, ::-1], 1.0)


def test_newton_gives_up_outside_its_bounds_and_solves_a_quadratic_at_once() -> None:
    flat = Formulas(BOWL.f, lambda x, y: (x - 50.0, y), BOWL.ddf)
    (left,) = newton(flat, np.array([(0.0, 0.0)]), np.full(2, -9.0), np.full(2, 9.0), 2.0)
    assert 9.0 < left[0] <= 11.0
    narrow = Formulas(BOWL.f, lambda x, y: (x - 0.5, 900 * y), lambda x, _y: (1 + 0 * x, 0 * x, 900.0))
    found = newton(narrow, np.array([(3.0, 3.0), (-3.0, 1.0)]), np.full(2, -9.0), np.full(2, 9.0), 100.0)
    assert found == pytest.approx(np.array([(0.5, 0.0)] * 2), abs=1e-9)


def test_critical_points_are_zero_where_rounding_is_all_that_is_left() -> None:
    (only,) = critical_points(BOWL, ((-0.7, 1.1), (-0.3, 0.9)))
    assert (only.x, only.y, only.kind, only.eigenvalues) == (0.0, 0.0, "minimum", (1.0, 1.0))
    assert [each.x for each in critical_points(WELLS, WINDOW)] == pytest.approx([-1.0, 0.0, 1.0])


def test_a_circle_has_even_directions() -> None:
    found = circle(8)
    assert np.hypot(*found.T) == pytest.approx(np.ones(8))
    assert found[0].tolist() == [1.0, 0.0]
    assert np.hypot(*np.diff([*found, found[0]], axis=0).T) == pytest.approx(np.full(8, 2 * np.sin(np.pi / 8)))


def test_a_kink_is_where_the_jump_of_the_gradient_does_not_shrink() -> None:
    at = np.array([(0.1, 5.0), (0.1, -0.2), (3.0, 3.0), (0.1 + 5e-5, 3.0)])
    assert is_kink(VEE, at, 1.0, 1.0).tolist() == [True, True, False, False]
    assert not is_kink(VEE, at[:1], 1e9, 1.0).any()
    assert not is_kink(BOWL, at, 1.0, 1.0).any()


def test_low_nodes_are_lowest_first_away_from_known_points_and_lower_than_a_neighbour() -> None:
    grid = _grid(np.array([-4.0, -1.0]), np.array([4.0, 1.0]), (9, 33))
    dents = Formulas(lambda x, y: np.cos(2 * np.pi * x) + 0.1 * x + y**2, BOWL.df, BOWL.ddf)
    found = _low_nodes(dents, grid, np.empty((0, 2)), 0.3)
    assert found[:, 0].tolist() == [-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5]
    assert set(found[:, 1]) == {0.0}
    rest = _low_nodes(dents, grid, np.array([(0.6, 0.2), (-3.5, 0.31)]), 0.3)
    assert rest[:, 0].tolist() == [-3.5, -2.5, -1.5, -0.5, 1.5, 2.5, 3.5]
    assert len(_low_nodes(Formulas(lambda x, _y: 0 * x, BOWL.df, BOWL.ddf), grid, np.empty((0, 2)), 0.3)) == 0
    assert _is_far(np.zeros(2), np.array([(3.0, 4.0)]), 4.99)
    assert not _is_far(np.zeros(2), np.array([(3.0, 4.0), (9.0, 9.0)]), 5.0)


def test_a_minimum_at_a_kink_is_found_once_inside_the_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = _grid(LOW, HIGH, (12, 16))
    reach = _reach(LOW, HIGH, (12, 16))
    found = kink_minima(VEE, grid, np.empty((0, 2)), 3.0, reach)
    assert found == pytest.approx(np.array([(0.1, -0.2)]), abs=1e-9)
    assert _descended(VEE, np.array([2.0, 0.7]), reach) == pytest.approx([0.1, -0.2], abs=1e-9)
    assert _descended(BOWL, np.array([2.0, 0.7]), reach) == pytest.approx([0.0, 0.0], abs=1e-6)
    moved = Formulas(lambda x, y: VEE.f(x + 0.1, y - 0.2), lambda x, y: VEE.df(x + 0.1, y - 0.2), VEE.ddf)
    assert kink_minima(moved, grid, np.empty((0, 2)), 3.0, reach).tolist() == [[0.0, 0.0]]
    assert len(kink_minima(VEE, grid, np.array([(0.1, -0.2)]), 3.0, reach)) == 0
    assert len(kink_minima(BOWL, grid, np.empty((0, 2)), 3.0, reach)) == 0
    monkeypatch.setattr(kinks, "MOST", 0)
    assert len(kink_minima(VEE, grid, np.empty((0, 2)), 3.0, reach)) == 0


def test_a_descent_begins_with_the_same_step_however_steep_the_loss_is(monkeypatch: pytest.MonkeyPatch) -> None:
    steep = Formulas(lambda x, y: 1e3 * BOWL.f(x, y), lambda x, y: (1e3 * x, 1e3 * y), BOWL.ddf)
    monkeypatch.setattr(kinks, "STEPS", 1)
    ends = [_descended(of, np.array([3.0, 4.0]), 0.7) for of in (BOWL, steep)]
    assert ends[0] == pytest.approx(ends[1])
    assert np.hypot(*(ends[0] - (3.0, 4.0))) == pytest.approx(2.8)


def test_borders_are_where_one_of_eight_neighbours_differs() -> None:
    labels = np.zeros((5, 6), np.int16)
    labels[1, 2] = 1
    near = np.zeros((5, 6), bool)
    near[0:3, 1:4] = True
    assert (_borders(labels) == near).all()
    assert (interior(labels) == ~near).all()
    assert interior(labels).dtype == np.int16


def test_the_cell_of_a_point_is_the_nearest_one() -> None:
    at = np.array([(-2.0, -1.0), (2.0, 1.0), (-0.01, 0.01), (99.0, -99.0), (-1.34, 0.49), (-1.32, 0.51)])
    assert _cells(WINDOW, (4, 6), at).tolist() == [[0, 0], [3, 5], [2, 2], [0, 5], [2, 0], [3, 1]]


def test_the_nearest_disc_is_the_same_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.default_rng(1).uniform(-2, 2, (40, 2))
    targets = _targets(WELLS, [LEFT, RIGHT], points)
    nearest, away = _nearest(points, targets)
    each = np.stack(
        [np.hypot(*(points - at).T) - radius for at, radius in zip(targets.centers, targets.radii, strict=True)]
    )
    assert nearest.tolist() == each.argmin(axis=0).tolist()
    assert away == pytest.approx(each.min(axis=0))
    for most in (1, 7, 80):
        monkeypatch.setattr(basin, "PAIRS_AT_ONCE", most)
        assert all(map(np.array_equal, _nearest(points, targets), (nearest, away)))


def test_targets_are_discs_at_minima_and_points_along_floors() -> None:
    floor = Critical(0.0, 3.0, "degenerate", 0.0, (0.0, 1.0), ((0.0, 3.0), (1.0, 3.0)))
    found = _targets(WELLS, [LEFT, floor, RIGHT], np.zeros((1, 2)))
    assert found.label.tolist() == [0, 2, 1, 1]
    assert found.centers.tolist() == [[-1.0, 0.0], [1.0, 0.0], [0.0, 3.0], [1.0, 3.0]]
    assert found.radii[2:].tolist() == [0.0, 0.0]
    assert found.radii[0] == pytest.approx(0.95 * CIRCLES[(CIRCLES < 1.0).sum() - 1])
    assert np.diff(np.log(CIRCLES)) == pytest.approx(np.full(len(CIRCLES) - 1, np.log(4 / 3)))
    assert CIRCLES[-1] == 1.0


def test_a_flow_ends_early_where_its_label_is_known_or_its_stretches_are_spent() -> None:
    points = np.array([(-1.9, 0.6), (0.02, 0.6), (1.9, -0.6), (1.0, 0.0)])
    assert basin_labels(WELLS, points, [LEFT, RIGHT]).tolist() == [0, 1, 1, 1]
    told = basin_labels(WELLS, points, [LEFT, RIGHT], known=lambda theta: np.where(theta[:, 1] > 0.3, 7, -2))
    assert told.tolist() == [7, 7, 1, 1]
    lost = basin_labels(WELLS, points, [LEFT, RIGHT], known=lambda theta: np.full(len(theta), -1))
    assert lost[:2].tolist() == [-1, -1]
    assert lost[3] == 1
    assert basin_labels(WELLS, points[[1, 3]], [LEFT, RIGHT], stretches=1).tolist() == [-1, 1]
    away = Formulas(lambda x, y: -(x**2 + y**2) / 2, lambda x, y: (-x, -y), lambda x, _y: (-1.0, 0 * x, -1.0))
    assert basin_labels(away, points, [LEFT, RIGHT]).tolist()[:3] == [-1, -1, -1]


def test_a_point_rests_on_a_floor_with_hardly_any_force_and_nothing_that_curves_downwards() -> None:
    bend = np.array([(0.0, 0.0, 2.0), (0.0, 0.0, 2.0), (-1e-7, 0.0, 2.0), (-1e-5, 0.0, 2.0)])
    force = np.array([(0.0, 1.9e-3), (0.0, 2.1e-3), (0.0, 0.0), (0.0, 0.0)])
    assert _at_rest(force, bend, np.ones(4)).tolist() == [True, False, True, False]
    assert _at_rest(force[:1], bend[:1], np.full(1, 0.5)).tolist() == [False]


def stretched(of: Formulas, at: tuple[float, float], time: float, finest: float = 1.0) -> tuple[Any, float]:
    theta = np.array([at])
    moved, _, _, after = _stretch(
        of, theta, -of.gradient(theta, "train"), of.hessian(theta, "train"), np.full(1, time), np.full(1, finest)
    )
    return moved[0], float(after[0])


def test_a_stretch_is_the_flow_of_a_quadratic_and_the_next_one_four_times_as_long() -> None:
    narrow = Formulas(lambda x, y: x**2 / 2 + 50 * y**2, lambda x, y: (x, 100 * y), lambda x, _y: (1.0, 0 * x, 100.0))
    moved, after = stretched(narrow, (0.3, 0.01), 0.02)
    assert moved == pytest.approx([0.3 * np.exp(-0.02), 0.01 * np.exp(-2.0)])
    assert after == pytest.approx(0.08)
    assert stretched(narrow, (0.3, 0.01), 1e13)[0] == pytest.approx([0.0, 0.0], abs=1e-12)


def test_a_stretch_that_is_too_long_is_made_again() -> None:
    """Where it moves by more than half of what it may, or where its error is more than a ten-thousandth of that."""
    plane = Formulas(lambda x, _y: x, lambda x, _y: (1 + 0 * x, 0 * x), lambda x, _y: (0 * x, 0 * x, 0 * x))
    moved, after = stretched(plane, (0.0, 0.0), 0.49)
    assert (moved.tolist(), after) == ([-0.49, 0.0], pytest.approx(0.9 * 0.5))
    moved, after = stretched(plane, (0.0, 0.0), 0.6)
    assert (moved.tolist(), after) == ([0.0, 0.0], pytest.approx(0.9 * 0.5))
    assert stretched(plane, (0.0, 0.0), 50.0)[1] == pytest.approx(10.0)
    hill = Formulas(lambda x, _y: -(x**2) / 2, lambda x, _y: (-x, 0 * x), lambda x, _y: (-1.0, 0 * x, 0 * x))
    assert stretched(hill, (1e-9, 0.0), 99.0)[0] == pytest.approx([1e-9 * np.exp(4.0), 0.0])
    wall = Formulas(lambda x, _y: x, lambda x, _y: (np.where(x < -0.1, np.nan, 1.0), 0 * x), plane.ddf)
    moved, after = stretched(wall, (0.0, 0.0), 0.3)
    assert (moved.tolist(), after) == ([0.0, 0.0], pytest.approx(0.06))
    quartic = Formulas(lambda x, _y: x**4 / 4, lambda x, _y: (x**3, 0 * x), lambda x, _y: (3 * x**2, 0 * x, 0 * x))
    for time, kept in ((0.03, True), (0.3, False)):
        moved, after = stretched(quartic, (1.0, 0.0), time)
        exact = (1 + 2 * time) ** -0.5
        assert (moved[0] != 1.0) == kept
        assert not kept or abs(moved[0] - exact) < 1e-4
        assert (after > time) == kept


def test_a_cell_of_a_region_is_that_of_its_coordinate() -> None:
    assert _cell(np.array([-1.0, -0.999, 0.0, 0.999, 1.0])).tolist() == [0, 0, SIDE // 2, SIDE - 1, SIDE - 1]
    masks = np.zeros((2, SIDE, SIDE), bool)
    masks[0, :, : SIDE // 2] = masks[1] = True
    two = Regions(np.array([(0.0, 0.0), (5.0, 1.0)]), np.array([np.eye(2) / 2, np.eye(2)]), masks)
    at = np.array([(-1.9, 1.9), (0.1, 0.0), (-2.1, 0.0), (0.0, 2.1), (4.1, 1.9), (5.9, 0.1), (6.1, 1.0)])
    assert two.at(at).tolist() == [0, -1, -1, -1, 1, 1, -1]
    assert two.at(np.empty((0, 2))).shape == (0,)


def test_connected_cells_are_those_that_share_sides() -> None:
    mask = np.array([[1, 1, 0, 0], [0, 1, 0, 1], [0, 0, 1, 1], [1, 1, 1, 0]], bool)
    first, second = (_connected(mask, np.array([row]), np.array([column])) for row, column in ((0, 0), (3, 0)))
    assert first.astype(int).tolist() == [[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert second.astype(int).tolist() == [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 1], [1, 1, 1, 0]]


def test_the_lowest_way_out_is_over_the_pass_or_the_border() -> None:
    ends = _ends(WELLS, [PASS], [LEFT, RIGHT])
    assert sorted(ends[0].tolist()) == [0, 0, 1, 1]
    for height, window, way in ((0.25, WINDOW, 0.25), (0.9, WINDOW, 0.5), (0.9, ((-1.2, 1.2), (-1.0, 1.0)), 0.0484)):
        assert _passes(WELLS, window, [LEFT, RIGHT], [height], ends) == pytest.approx([way, way], abs=2e-3)
    alone = np.zeros((1, 4), np.int64)
    assert _passes(WELLS, WINDOW, [LEFT, RIGHT], [0.1], alone) == pytest.approx([0.5, 0.5], abs=2e-3)
    assert _apart(PASS, [LEFT, RIGHT, PASS]) == 1.0
    assert _apart(LEFT, [LEFT, RIGHT]) == 2.0
    assert _apart(LEFT, [LEFT]) == np.inf


def test_downhill_of_a_saddle_is_one_direction_and_of_a_maximum_two() -> None:
    assert np.abs(_downhill(WELLS, PASS)) == pytest.approx(np.array([[1.0, 0.0], [1.0, 0.0]]))
    top = Formulas(BOWL.f, BOWL.df, lambda x, _y: (-1.0 + 0 * x, 0 * x, -2.0))
    assert sorted(np.abs(_downhill(top, PASS)).tolist()) == [[0.0, 1.0], [1.0, 0.0]]


def test_the_region_of_a_saddle_is_a_disc_in_which_the_loss_hardly_changes() -> None:
    frame = Frame(np.zeros(2), np.eye(2))
    for radius, slack in ((0.1, 9.0), (0.5, 0.005)):
        half, mask = _disc(WELLS, PASS, frame, radius, slack)
        assert (half <= radius + 1e-12).all()
        x, y = np.meshgrid(*(side * (np.arange(SIDE) + 0.5 - SIDE / 2) / (SIDE / 2) for side in half))
        inside = (np.hypot(x, y) <= radius) & (np.abs(WELLS.f(x, y) - 0.25) <= slack)
        assert (mask == inside).all()
        assert mask.any(axis=0).mean() > 0.45
    found = regions(WELLS, WINDOW, [LEFT, PASS, RIGHT])
    x = np.linspace(-0.3, 0.3, 601)
    held = found.at(np.stack([x, 0 * x], axis=1)) == 1
    assert x[held].min() == pytest.approx(-0.1, abs=0.005)
    assert x[held].max() == pytest.approx(0.1, abs=0.005)


def test_names_of_other_points_and_who_is_where() -> None:
    top = Critical(0.0, 0.5, "maximum", 0.9, (-1.0, -1.0))
    assert named([LEFT, PASS, RIGHT], WINDOW).parts[2] == "saddle"
    assert named([LEFT, top, RIGHT], WINDOW).parts[2] == "maximum"
    assert named([LEFT, top, PASS], WINDOW).parts[1] == "saddle or maximum"
    kink = replace(LEFT, eigenvalues=(np.nan, np.nan))
    names = named([kink, RIGHT], WINDOW)
    assert (names.followed, names.short) == (1, ("A", "B"))
    assert names.titles[0] == "non-smooth minimum A"
    edge = ((-1.0, 1.0), (0.0, 0.0))
    assert named([LEFT, RIGHT], edge).order == (0, 1)
    apart = named([LEFT, replace(RIGHT, loss=1e-12), replace(PASS, loss=5.0)], WINDOW)
    assert apart.lowest == (True, True, False)
    assert named([LEFT, replace(RIGHT, loss=1e-7), PASS], WINDOW).lowest == (True, False, False)
    found = regions(WELLS, WINDOW, [LEFT, PASS, RIGHT])
    corners = np.array([(-2.0, -1.0), (2.0, 1.0), (2.1, 0.0), (0.0, -1.1)])
    assert whereabouts(corners, 4, named([LEFT, PASS, RIGHT], WINDOW), found, WINDOW).tolist() == [0, 0, 0, 2, 2, 4]


def test_a_batch_has_at_least_one_example_and_at_most_all() -> None:
    one = np.array([1.0, 0.0, 2.0])
    assert batch_covariance(one, 5, 5).tolist() == [0.0, 0.0, 0.0]
    assert batch_covariance(one, 1, 1).tolist() == [0.0, 0.0, 0.0]
    assert batch_covariance(one, 5, 8, replacement=True) == pytest.approx(one / 8)
    for batch in (0.9, 5.1):
        with pytest.raises(ValueError, match="1 to 5"):
            batch_covariance(one, 5, batch)
