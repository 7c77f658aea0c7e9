"""Lines, arrows, trails and dots on maps, against what can be worked out by hand."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import theme
from errsurf.drawing.layout.sizes import FEW, SIZES, particle_dots
from errsurf.drawing.layout.style import style
from errsurf.drawing.lettering.fonts import Faces, bundled_face
from errsurf.drawing.lettering.text import line_height
from errsurf.drawing.map.strokes import arrow, dashed, dashes, ellipse, ring, round_factor
from errsurf.drawing.map.swarm import Swarm, crowds, draw_dots, draw_shapes, draw_steps, head_radii, trail_strength
from errsurf.drawing.map.trails import Trail, oldest_strength, path_pixels, thinned
from helpers.canvas_recorder import Recorder

STYLE_FACES = Faces((bundled_face(),), (bundled_face(bold=True),))
STYLE = style((960, 540), theme("light"), STYLE_FACES)
AREA, TICK = Box(100, 50, 500, 250), line_height(STYLE.tick)


def test_sizes_of_marks_leave_all_of_them_to_be_seen() -> None:
    """Rims are narrower than what they surround, dashes longer than gaps, and rings apart from each other."""
    s = SIZES
    assert s.trail_rim <= s.trail < s.step < s.head < s.marker < s.mark < s.head + s.head_growth < s.marker_rim
    assert s.dot_rim < particle_dots(s.rimmed, 1.0).radius / 2
    assert s.rim <= s.head_rim < s.head / 2 < s.head_ring < s.head
    assert s.step + s.trail_rim <= s.head
    assert s.head_rim < s.marker_rim - s.marker < s.marker / 2
    assert s.mark_line + s.mark_rim < (s.outer_ring - 1) * s.mark / 2 < s.mark / 2
    assert s.curve_dashed < s.curve < 2 * s.curve_dashed
    assert 0 < s.dash - s.dash_gap < s.dash_gap / 2
    assert s.trail_scribbled < s.trail_oldest < 1
    assert s.near < s.marker


def test_the_more_particles_the_smaller_and_fainter_are_dots() -> None:
    counts = (1, 12, 13, 100, 101, 600, 601, 5000, 5001, 1 << 40)
    dots = [particle_dots(count, 2.0) for count in counts]
    radii = [each.radius for each in dots]
    assert radii[::2] == radii[1::2] == sorted(radii[::2], reverse=True)
    steps = -np.diff(radii[::2])
    assert ((steps > 0.9) & (steps < 3.0)).all()
    assert radii[-1] == 2.0
    assert [each.smooth for each in dots] == [count <= 600 for count in counts]
    assert [each.strength for each in dots[:-2]] == [255] * 8
    assert 50 < dots[-1].strength < 128
    assert FEW == 12


def test_type_is_as_large_as_both_sides_allow_and_not_below_ten() -> None:
    """At 960 x 540 a title of 23 pixels, labels of 16, and numbers of 14 and 13; labels and titles are bold."""
    for size, unit in (
        ((960, 540), 1.0),
        ((1920, 1080), 2.0),
        ((540, 960), 1.0),
        ((240, 2400), 0.5),
        ((2000, 480), 1.0),
    ):
        how = style(size, theme("light"), STYLE_FACES)
        assert how.unit == pytest.approx(unit)
        assert how.line == pytest.approx(unit * theme("light").line)
        sizes = [max(10, round(pixels * unit)) for pixels in (23, 16, 14, 13)]
        assert [kind.size for kind in how[:4]] == sizes
        assert [kind.faces == STYLE_FACES.bold for kind in how[:4]] == [True, True, False, False]


def test_an_arrow_ends_at_its_tip_and_has_two_equal_barbs() -> None:
    (found,) = arrow(np.array([10.0, 20.0]), np.array([40.0, 60.0]), 2.0)
    start, tip, gap, left, middle, right = found.path
    assert (start.tolist(), tip.tolist(), middle.tolist()) == ([10, 20], [40, 60], [40, 60])
    assert np.isnan(gap).all()
    back = (left + right) / 2
    assert tip - back == pytest.approx(16.0 * np.array([0.6, 0.8]))
    assert np.hypot(*(left - right)) == pytest.approx(16.0)
    assert (left - right) @ (tip - start) == pytest.approx(0.0)
    (short,) = arrow(np.zeros(2), np.array([5.0, 0.0]), 1.0)
    assert short.path[4, 0] - short.path[3, 0] == 2.5
    for end, unit in (((2.0, 0.0), 1.0), ((0.0, 3.9), 2.0), ((1e5, 0.0), 1.0), ((np.nan, 0.0), 1.0), ((0.0, 0.0), 1.0)):
        assert arrow(np.zeros(2), np.array(end), unit) == []
    assert arrow(np.full(2, np.inf), np.array([5.0, 0.0]), 1.0) == []
    assert len(arrow(np.zeros(2), np.array([0.0, 4.1]), 2.0)) == 1
    (broken,) = arrow(np.zeros(2), np.array([0.0, 40.0]), 1.0, 3, dashed=True)
    assert np.isnan(broken.path).sum() // 2 == len(np.arange(40.0, 0.0, -(SIZES.dash + SIZES.dash_gap))) + 1
    assert broken.colour == 3


def test_dashes_are_of_one_length_and_the_last_one_is_at_the_end() -> None:
    found = dashes(np.zeros(2), np.array([30.0, 40.0]), 6.0, 2.0)
    assert np.isnan(found[2::3]).all()
    first, last = (np.hypot(*part.T) for part in (found[::3], found[1::3]))
    assert last == pytest.approx(50.0 - 8.0 * np.arange(7))
    assert first == pytest.approx(np.maximum(last - 6.0, 0.0))
    bent = dashed(np.array([(0.0, 0.0), (10.0, 0.0), (np.nan, 0.0), (10.0, 13.0)]), 6.0, 2.0)
    parts = np.split(bent, np.flatnonzero(np.isnan(bent[:, 0])))
    away = [part[np.isfinite(part[:, 0])].sum(axis=1) for part in parts]
    spans = [(float(part[0]), float(part[-1])) for part in away if len(part)]
    assert spans == [(0.0, 6.0), (8.0, 14.0), (16.0, 22.0)]
    assert [10.0, 0.0] in bent.tolist()
    assert len(dashed(np.full((2, 2), np.nan), 6.0, 2.0)) == 0
    assert dashed(np.ones((1, 2)), 6.0, 2.0)[0].tolist() == [1.0, 1.0]


def test_an_ellipse_goes_once_around_through_its_half_axes() -> None:
    found = ellipse(np.array([3.0, 4.0]), np.array([[2.0, 1.0], [0.0, 5.0]]), 0.7, 2)
    assert found[1:3] == (0.7, 2)
    assert len(found.path) == 65
    assert found.path[[0, 16, 32, 48, 64]] == pytest.approx(np.array([[5, 5], [3, 9], [1, 3], [3, -1], [5, 5]]))
    circle = ring(np.array([1.0, 1.0]), 3.0, 0.5, 1)
    assert np.hypot(*(circle.path - 1).T) == pytest.approx(np.full(65, 3.0))
    assert circle[1:3] == (0.5, 1)


@pytest.mark.parametrize(
    ("longest", "room", "factor"),
    [(1.0, 9.9, 9), (1.0, 30.0, 30), (1.0, 39.9, 30), (2.0, 4.0, 2), (5.0, 5.0, 1), (0.0, 5.0, 1), (9.0, 5.0, 1),
     (1e-3, 1.0, 1000), (np.nan, 5.0, 1)],
)  # fmt: skip
def test_a_factor_has_one_digit_and_brings_a_length_below_its_room(longest: float, room: float, factor: float) -> None:
    assert round_factor(longest, room) == pytest.approx(factor)


def some(points: Any, **changes: Any) -> tuple[Swarm, Any]:
    """A swarm without trails, a pixel for a unit, and its points (groups, n, 2)."""
    points = np.asarray(points, np.float64)
    given = {
        "groups": (), "clocks": [], "pace": None, "trails": [], "chosen": np.arange(points.shape[1]),
        "colours": np.arange(3 * len(points), dtype=np.uint8).reshape(-1, 3), "numbers": tuple(range(len(points))),
        "area": AREA, "scale": (0.0, 1.0, 0.0, -1.0), "unit": 1.0, "background": (255, 255, 255),
        "fade": 10.0, "reach": 100.0, "dots": particle_dots(points.shape[1], 1.0),
    }  # fmt: skip
    return Swarm(**given | changes), points


def test_a_head_grows_with_the_share_of_its_group_that_is_near() -> None:
    """By steps of a tenth, unless its particles are few; of groups in one place the first is the largest."""
    place = np.zeros((1, 20, 2))
    place[0, 10:, 0] = 2.4 + np.arange(10)
    for unit in (1.0, 2.0):
        of, points = some(place, unit=unit, scale=(0.0, 2 * unit, 0.0, 2 * unit))
        radii = head_radii(of, points)[0]
        assert radii[0] == pytest.approx(unit * (SIZES.head + SIZES.head_growth * 0.6))
        assert radii[-1] == pytest.approx(unit * (SIZES.head + SIZES.head_growth * 0.2))
    upright = (0.0, 1.0, 0.0, 1.0)
    few, points = some(np.zeros((1, FEW, 2)), scale=upright)
    assert head_radii(few, points).tolist() == [[SIZES.head] * FEW]
    for groups in (2, 3, 5, 6, 9):
        stack, points = some(np.zeros((groups, 1, 2)), scale=upright)
        steps = -np.diff(head_radii(stack, points)[:, 0])
        assert steps == pytest.approx(np.full(groups - 1, SIZES.head_ring * min(1.0, 4 / (groups - 1))))
    apart, points = some(np.arange(4.0)[:, None, None] * (6.0, 0.0), scale=upright)
    assert head_radii(apart, points).tolist() == [[SIZES.head]] * 4


def test_crowds_are_where_a_twentieth_of_the_particles_are() -> None:
    spread = np.stack(np.meshgrid(np.linspace(1, 399, 14), np.linspace(1, 199, 14)), axis=-1).reshape(-1, 2)[:190]
    for here, found in ((15, 1), (7, 0)):
        points = np.concatenate([spread, np.full((here, 2), 100.0), [[-5.0, 3.0], [400.0, 3.0], [3.0, 200.0]]])
        of, every_point = some(points[None])
        told = crowds(AREA, every_point[0], of.scale, of)
        assert len(told) == found
        for u, v, share in told:
            assert (u, v) == pytest.approx((100.0, 100.0), abs=1.5)
            assert share == pytest.approx(here / (190 + here), abs=0.011)
    of, lots = some(np.tile([[50.0, 70.0]], (1, 5000, 1)))
    assert crowds(AREA, lots[0], of.scale, of) == [(50.0, 70.0, 1.0)]


def test_dots_have_rims_where_they_are_few_and_crowds_a_larger_dot() -> None:
    for count, rims, larger in ((12, 1, 0), (13, 1, 1), (SIZES.rimmed, 1, 1), (SIZES.rimmed + 1, 0, 1)):
        of, points = some(np.tile([[60.0, 70.0]], (1, count, 1)))
        canvas = Recorder()
        draw_dots(canvas, AREA, points, of.scale, of)
        radii = [dots.radius for _, _, dots in canvas.dotted]
        assert len(radii) == rims + 1 + 2 * larger
        assert radii[rims] == of.dots.radius
        assert not rims or radii[0] == of.dots.radius + SIZES.dot_rim
        assert not larger or radii[-2:] == [
            of.dots.radius + SIZES.head_growth + SIZES.dot_rim,
            of.dots.radius + SIZES.head_growth,
        ]


def test_large_shapes_lie_below_small_ones_and_rims_below_all() -> None:
    of, points = some([[(10.0, 0.0), (20.0, 0.0)], [(30.0, 0.0), (40.0, 0.0)]], numbers=(1, 1))
    canvas = Recorder()
    draw_shapes(canvas, AREA, points, of.scale, np.array([[3.0, 5.0], [3.0, 4.0]]), of)
    at = [float(places[0, 0]) for _, places, _ in canvas.polygons]
    assert at == 2 * [20.0, 40.0, 10.0, 30.0]
    sizes = [float(np.hypot(*corners.T).max()) for _, _, corners in canvas.polygons]
    assert sizes[:4] == sorted(sizes[:4], reverse=True)
    assert all(rim > shape for rim, shape in zip(sizes[:4], sizes[4:], strict=True))
    assert [tuple(hue[0]) for hue in canvas.hues[:4]] == [(255, 255, 255)] * 4


def test_a_trail_pales_with_its_age_and_ends_within_its_reach() -> None:
    of, _ = some(np.zeros((1, 1, 2)))
    ages = np.array([0.0, 3.0, 9.0, 30.0, 80.0, 99.0, 101.0])
    strength = trail_strength(of, ages, 0.5)
    assert strength[0] == 255
    assert strength[-1] == 0
    assert strength.tolist() == sorted(strength.tolist(), reverse=True)
    assert trail_strength(replace(of, reach=np.inf), np.array([1e9]), 0.5).tolist() == [127]
    assert trail_strength(replace(of, reach=np.inf), np.array([1e9]), 1.0).tolist() == [255]
    assert len(set(trail_strength(of, np.linspace(0, 60, 500), 0.0).tolist())) == 3


def test_updates_are_dots_on_paths_that_have_few() -> None:
    of, _ = some(np.zeros((2, 1, 2)))
    few, many = (Trail(np.ones((3, 2)), np.arange(3.0), 0.5, steps) for steps in (True, False))
    canvas = Recorder()
    draw_steps(canvas, of, [[many], [few, many, few]])
    ((_, points, dots),) = canvas.dotted
    assert (points.shape, dots.radius, canvas.hues[0].tolist()) == ((1, 6, 2), SIZES.step, [[3, 4, 5]])


def test_a_trail_ends_at_its_particle() -> None:
    path = Trail(np.arange(8.0).reshape(4, 2), np.array([0.0, 1.0, 2.0, 3.0]), 0.5, False)
    found = path.until(2.0, np.array([9.0, 9.0]))
    assert found.points.tolist() == [[0, 1], [2, 3], [4, 5], [9, 9]]
    assert found.clock.tolist() == [0, 1, 2, 2]
    assert path.until(1.9, np.zeros(2)).clock.tolist() == [0, 1, 1.9]


def test_a_trail_is_cut_a_map_beyond_the_map_and_pales_where_it_scribbles() -> None:
    at = np.array(
        [
            (0.0, 0.0),
            (799.0, -399.0),
            (801.0, 0.0),
            (0.0, -401.0),
            (-399.0, 199.0),
            (-401.0, 0.0),
            (0.0, 201.0),
            (np.inf, 0.0),
        ]
    )
    found = path_pixels(at, (0.0, 1.0, 0.0, 1.0), AREA)
    assert np.isfinite(found).all(axis=1).tolist() == [True, True, False, False, True, False, False, False]
    assert found[1].tolist() == [799.0, 399.0]
    line = np.array([(0.0, 0.0), (280.0, 0.0), (np.nan, np.nan), (0.0, 7.0), (280.0, 7.0)])
    assert oldest_strength(line, 400) == pytest.approx(SIZES.trail_oldest)
    assert oldest_strength(line * 1.25, 400) == pytest.approx(SIZES.trail_oldest * 0.8)
    assert oldest_strength(line * 99, 400) == SIZES.trail_scribbled
    assert oldest_strength(np.zeros((1, 2)), 400) == SIZES.trail_oldest


def test_a_straight_path_is_two_points_and_a_corner_a_third() -> None:
    clock = np.arange(41.0)
    straight = np.stack([clock, np.zeros(41)], axis=1)
    bent = np.stack([np.minimum(clock, 20.0), np.maximum(clock - 20.0, 0.0)], axis=1)
    assert thinned(straight, clock, 1e9)[0].tolist() == [[0, 0], [40, 0]]
    assert thinned(bent, clock, 1e9)[0].tolist() == [[0, 0], [20, 0], [20, 20]]
    parts = thinned(straight, clock, 10.5)[1]
    assert parts.tolist() == [0, 10, 20, 30, 40]
    for off, kept in ((0.3, 2), (0.8, 5)):
        wavy = straight + np.where(clock == 20, off, 0.0)[:, None] * (0.0, 1.0)
        assert len(thinned(wavy, clock, 1e9)[0]) == kept
    swing = np.where(clock[:, None] % 2 == 0, (10.5, 10.5), (90.5, 10.5))
    points, when = thinned(swing, clock, 8.0)
    drawn = [float(b) for (a, b), both in zip(pairwise(when), pairwise(points), strict=True) if np.isfinite(both).all()]
    assert drawn == [1.0, 9.0, 17.0, 25.0, 33.0, 41.0][: len(drawn)]
    assert len(drawn) in (5, 6)
    assert points[-1].tolist() == swing[-1].tolist()
