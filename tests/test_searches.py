"""Steps of the searches for critical points, basins and regions, against what can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from errsurf.analysis import Critical, critical_points, named, regions
from errsurf.analysis.arguments import LARGEST, indices, rectangle
from errsurf.analysis.basin import _capture_discs, _stretch
from errsurf.analysis.critical import _kinds_around, newton
from errsurf.analysis.kinks import _is_minimum, _jump, _length, _updated
from helpers.plain_landscape import Formulas

BOWL = Formulas(lambda x, y: (x**2 + y**2) / 2, lambda x, y: (x, y), lambda _x, _y: (1.0, 0.0, 1.0))
ARCTAN = Formulas(
    lambda x, y: x * np.arctan(x) - np.log1p(x**2) / 2 + y**2 / 2,
    lambda x, y: (np.arctan(x), y),
    lambda x, _y: (1 / (1 + x**2), 0.0, 1.0),
)
FAR = np.full(2, 9.0)
MINIMUM = Critical(0.0, 0.0, "minimum", 0.0, (1.0, 1.0))


@pytest.mark.parametrize("start", [(3.0, 0.0), (-3.0, 0.0), (-2.0, -1.0), (1.0, -4.0)])
@pytest.mark.parametrize("formulas", [BOWL, ARCTAN])
def test_newton_accepts_only_what_shortens_the_gradient(formulas: Formulas, start: tuple[float, float]) -> None:
    """Where the gradient is arctan(x), plain steps from beyond 1.39 lead ever farther away."""
    assert newton(formulas, np.array([start]), -FAR, FAR, 1e6) == pytest.approx(np.zeros((1, 2)), abs=1e-5)


def test_newton_leaves_a_circle_of_two_points_with_the_same_gradient() -> None:
    """Where the gradient is the root of |x|, a plain step leads from x to -x and back."""
    root = Formulas(
        lambda x, y: np.abs(x) ** 1.5 / 1.5 + y**2 / 2,
        lambda x, y: (np.sign(x) * np.sqrt(np.abs(x)), y),
        lambda x, _y: (0.5 / np.sqrt(np.maximum(np.abs(x), 1e-280)), 0.0, 1.0),
    )
    (found,) = newton(root, np.array([(1.0, 0.0)]), -FAR, FAR, 1e6)
    assert abs(found[0]) < 0.95


@pytest.mark.parametrize(("length", "found"), [(1.0, 1.0), (0.01, 64.0), (8.0, 0.125), (0.3, 2.0)])
def test_a_line_search_doubles_and_halves_to_the_first_length_that_fulfils_both_conditions(
    length: float, found: float
) -> None:
    """On x^2 / 2 from 1: the loss must have fallen, and the slope must be below half of what it was."""
    point = np.array([1.0, 0.0])
    assert _length(BOWL, point, point, -length * point) == found


def test_a_line_search_refuses_a_length_along_which_the_loss_hardly_falls() -> None:
    """From 0 down to -15 at 15, up again to -0.0008 at 16, which is less than 1e-4 of what the slope promised."""
    fall = Formulas(
        lambda x, _y: np.where(x < 15, -x, -15 + 14.9992 * (x - 15)),
        lambda x, _y: (np.where(x < 15, -1.0, 14.9992), 0.0),
        lambda _x, _y: (0.0, 0.0, 0.0),
    )
    assert _length(fall, np.zeros(2), np.array([-1.0, 0.0]), np.array([1.0, 0.0])) == 15.0


def test_the_estimate_of_the_inverse_hessian_takes_a_step_for_the_change_of_the_gradient() -> None:
    before, step = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([0.1, -0.2])
    for change in (np.array([0.05, 0.0]), np.array([3.0, -4.0])):
        after = _updated(before, step, change)
        assert after @ change == pytest.approx(step)
        assert after == pytest.approx(after.T)
        assert np.linalg.eigvalsh(after).min() > 0
    for change in (np.array([-1.0, 0.0]), np.array([2.0, 1.0])):
        assert np.array_equal(_updated(before, step, change), before)


def test_discs_are_as_large_as_gradients_point_outwards() -> None:
    """On a bowl everywhere; with two minima as far as half way."""
    points = np.array([(1.0, 0.0), (0.0, 3.0), (0.0, -7.0)])
    _, radii = _capture_discs(BOWL, [MINIMUM], points)
    assert radii == pytest.approx([0.95 * 2 * 3.0])
    wells = Formulas(
        lambda x, y: (x**2 - 1) ** 2 / 4 + y**2 / 2, lambda x, y: (x**3 - x, y), lambda x, _y: (3 * x**2 - 1, 0.0, 1.0)
    )
    both = [Critical(x, 0.0, "minimum", 0.0, (1.0, 2.0)) for x in (-1.0, 1.0)]
    centers, radii = _capture_discs(wells, both, points)
    turns = np.linspace(0, 2 * np.pi, 200)
    out = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    for center, radius in zip(centers, radii, strict=True):
        assert 0.5 < radius < 1.0
        assert ((wells.gradient(center + radius * out, "train") * out).sum(axis=1) > 0).all()


def test_the_floor_of_a_round_valley_is_a_ring_without_its_middle() -> None:
    ring = Formulas(
        lambda x, y: (100 * (x**2 + y**2) - 1) ** 2,
        lambda x, y: (400 * x * (100 * (x**2 + y**2) - 1), 400 * y * (100 * (x**2 + y**2) - 1)),
        lambda x, y: (
            400 * (100 * (3 * x**2 + y**2) - 1), 80_000 * x * y, 400 * (100 * (x**2 + 3 * y**2) - 1)
        ),
    )  # fmt: skip
    window = ((-0.15, 0.15), (-0.15, 0.15))
    found = critical_points(ring, window)
    assert sorted(each.kind for each in found) == ["degenerate", "maximum"]
    floor = [each.is_floor for each in found].index(True)
    near = regions(ring, window, found)
    turns = np.linspace(0, 2 * np.pi, 60)
    circle = 0.1 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    assert (near.at(circle) == floor).all()
    assert (near.at(0.9 * circle) == floor).all()
    for share in (0.2, 0.3, 0.4, 0.5, 1.4):
        assert (near.at(share * circle) != floor).all(), share


def test_the_region_of_a_bowl_is_an_ellipse_that_its_box_resolves() -> None:
    """A tenth of the way up to the border, where the lower sides have 0.5: x^2 + y^2 <= 0.1."""
    window = ((-1.0, 1.0), (-1.0, 1.0))
    found = regions(BOWL, window, critical_points(BOWL, window))
    across = found.masks[0].any(axis=0).mean()
    assert 0.4 < across < 0.6
    area = found.masks[0].mean() * 4 / abs(np.linalg.det(found.axes[0]))
    assert area == pytest.approx(0.1 * np.pi, rel=0.03)


@pytest.mark.parametrize("side", [1, -1])
def test_the_region_of_a_lopsided_bowl_is_as_long_as_its_flat_side(side: int) -> None:
    """On e^x - x - 1 + y^2 / 2, which goes four times as far to the left as its curvature says."""
    bowl = Formulas(
        lambda x, y: np.exp(side * x) - side * x - 1 + y**2 / 2,
        lambda x, y: (side * np.expm1(side * x), y),
        lambda x, _y: (np.exp(side * x), 0.0, 1.0),
    )
    window = (-400.0, 7.0) if side == 1 else (-7.0, 400.0), (-40.0, 40.0)
    found = regions(bowl, window, critical_points(bowl, window))
    points = np.stack(np.meshgrid(side * np.linspace(-60, 0, 31), np.linspace(-12, 12, 21)), axis=-1).reshape(-1, 2)
    share = bowl.loss(points, "train") / (0.1 * bowl.loss(np.array([-400.0 * side, 0.0]), "train"))
    inside = found.at(points) == 0
    assert inside[share < 0.85].all()
    assert not inside[share > 1.15].any()


def test_a_kink_is_a_jump_over_which_the_loss_rises_nearby() -> None:
    """Without a kink the gradient changes as the curvature says; a minimum may have lower ground in the next cell."""
    narrow = Formulas(lambda x, y: x**2 + 8 * y**2, lambda x, y: (2 * x, 16 * y), lambda _x, _y: (2.0, 0.0, 16.0))
    assert _jump(narrow, np.array([[0.3, 0.1]]), 0.5) == pytest.approx([16.0])

    def tip(fall: float) -> Formulas:
        def slope(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            length = np.maximum(np.hypot(x, y), 1e-300)
            return (1 / length - fall) * x, (1 / length - fall) * y

        return Formulas(lambda x, y: np.hypot(x, y) - fall * (x**2 + y**2) / 2, slope, lambda x, _y: (x, x, x))

    assert _is_minimum(tip(3.0), np.zeros(2), 1.0, 1.0)
    assert not _is_minimum(narrow, np.zeros(2), 1.0, 1.0)
    assert not _is_minimum(tip(3.0), np.array([0.01, 0.0]), 1.0, 1.0)


@pytest.mark.parametrize("edges", [(-LARGEST, 0.0), (0.0, LARGEST), (1.0, 1.0), (0.0, np.nan)])
def test_a_window_is_open_at_its_bounds_and_has_a_width(edges: tuple[float, float]) -> None:
    near = np.nextafter(LARGEST, 0)
    assert np.array_equal(rectangle(((-near, near), (0.0, 1.0))), [[-near, 0.0], [near, 1.0]])
    for window in ((edges, (0.0, 1.0)), ((0.0, 1.0), edges)):
        with pytest.raises(ValueError, match="x0 < x1 and y0 < y1"):
            rectangle(window)


def test_indices_go_from_the_first_example_to_the_last() -> None:
    assert indices([0, 4, 4], 5, "which").tolist() == [0, 4, 4]
    for outside in ([5], [0, -1]):
        with pytest.raises(IndexError, match="0 to 4"):
            indices(outside, 5, "which")


def test_two_minima_are_flat_and_sharp_where_one_is_twice_as_sharp() -> None:
    """Others have letters from left to right, then numbers; the flattest is followed, all of the least loss lowest."""
    window = ((0.0, 99.0), (0.0, 1.0))

    def minima(*sharpness: float) -> list[Critical]:
        return [Critical(float(k), 0.0, "minimum", 0.5 * (k % 2), (0.1, each)) for k, each in enumerate(sharpness)]

    assert named(minima(2.0, 1.0), window).short == ("sharp", "flat")
    assert named(minima(1.0, 2.0), window).titles == ("flat minimum", "sharp minimum")
    assert named(minima(1.2, 1.0), window).short == ("A", "B")
    many = named(minima(*np.linspace(5, 2, 27)), window)
    assert many.short == (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "27")
    assert (many.followed, many.flattest, many.order) == (26, 26, tuple(range(27)))
    assert many.lowest == tuple(k % 2 == 0 for k in range(27))
    equal = [
        replace(point, loss=loss) for point, loss in zip(minima(1.0, 1.0, 1.0), (0.3, 0.1 + 0.2, 0.31), strict=True)
    ]
    assert named(equal, window).lowest == (True, True, False)
    assert named(minima(3.0), window).short == ("minimum",)
    assert named(minima(3.0, 1.0), ((-0.5, 0.5), (0.0, 1.0))).titles == ("minimum", "minimum B")
    assert named(minima(3.0), ((5.0, 6.0), (0.0, 1.0))).short == ("minimum",)


def test_a_point_is_what_the_loss_around_it_says() -> None:
    """Where the loss is level in some directions, the others decide."""
    shapes = {
        "saddle": lambda x, y: x * y,
        "minimum": lambda x, _y: np.maximum(x, 0.0) ** 2,
        "maximum": lambda x, _y: -(np.maximum(x, 0.0) ** 2),
        "degenerate": lambda x, _y: 0 * x,
    }
    for kind, shape in shapes.items():
        around = Formulas(shape, lambda x, y: (x, y), lambda x, _y: (x, x, x))
        assert _kinds_around(around, np.zeros((1, 2)), np.zeros(1), 0.5).tolist() == [kind]


@pytest.mark.parametrize("steep", [0.01, 1.0, 500.0])
def test_the_first_stretch_of_the_flow_goes_half_as_far_as_it_may(steep: float) -> None:
    """On a plane, where the flow has no error; the next one is shorter by a tenth, for safety."""
    plane = Formulas(
        lambda x, y: steep * (3 * x - 4 * y), lambda _x, _y: (3 * steep, -4 * steep), lambda x, _y: (x,) * 3
    )
    start, force, level = np.zeros((1, 2)), steep * np.array([[-3.0, 4.0]]), np.zeros((1, 3))
    moved, _, _, time = _stretch(plane, start, force, level, np.full(1, np.inf), np.full(1, 0.4))
    assert moved == pytest.approx(np.array([[-0.12, 0.16]]))
    assert time == pytest.approx([0.9 * 0.2 / (5 * steep)])
