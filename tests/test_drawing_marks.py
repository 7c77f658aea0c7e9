"""Marks, their outlines and places, and labels of levels, against what can be worked out by hand."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from errsurf.analysis import named
from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import theme
from errsurf.drawing.layout.arrangement import layout
from errsurf.drawing.layout.parts import Contents, map_style
from errsurf.drawing.layout.style import style
from errsurf.drawing.lettering.fonts import Faces, bundled_face
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.map.axes import map_axes
from errsurf.drawing.map.colorbar import bar_labels, draw_colorbar
from errsurf.drawing.map.landmarks import LOWEST, Place, _outline, places, spots, start_places
from errsurf.drawing.map.level_labels import _candidates, _steepness
from errsurf.drawing.map.markers import corners, marker_key
from errsurf.drawing.panel.chart import _in_box, _steps
from helpers.canvas_recorder import Recorder
from helpers.drawing_result import critical

STYLE = style((960, 540), theme("light"), Faces((bundled_face(),), (bundled_face(bold=True),)))
WINDOW = ((-2.0, 2.0), (-1.0, 1.0))
AREA = Box(100, 50, 500, 250)


@pytest.mark.parametrize(("kind", "sides"), [("saddle", 4), ("maximum", 3), ("degenerate", 5)])
def test_a_point_that_is_no_minimum_is_a_polygon_on_its_corner(kind: str, sides: int) -> None:
    found = _outline(kind, 2.0)
    assert len(found) == sides + 1
    assert found[0] == pytest.approx([0.0, -2 * 7.0 * 1.2])
    assert found[-1] == pytest.approx(found[0], abs=1e-9)
    assert np.hypot(*found.T) == pytest.approx(np.full(sides + 1, 16.8))
    assert np.hypot(*np.diff(found, axis=0).T) == pytest.approx(np.full(sides, 2 * 16.8 * np.sin(np.pi / sides)))


def test_a_minimum_is_a_ring_and_the_lowest_has_a_second_one() -> None:
    one, two, cross = (_outline(kind, 1.0) for kind in ("minimum", LOWEST, "start"))
    assert np.hypot(*one.T) == pytest.approx(np.full(49, 7.0))
    assert two[:49] == pytest.approx(one)
    assert np.isnan(two[49]).all()
    assert np.hypot(*two[50:].T) == pytest.approx(np.full(49, 7.0 * 1.55))
    assert np.abs(cross[[0, 1, 3, 4]]) == pytest.approx(np.full((4, 2), 5.6))
    assert (cross[0] + cross[1]).tolist() == (cross[3] + cross[4]).tolist() == [0.0, 0.0]
    assert cross[0] @ cross[3] == pytest.approx(0.0)


def test_a_start_is_marked_where_its_particles_lie_together() -> None:
    """Within a twelfth of the window, which is a third along x and a sixth along y; where two are equal, once."""

    def around(x: float, y: float, wide: float, high: float) -> Any:
        return np.linspace(-0.5, 0.5, 101)[:, None] * (wide / 0.9, high / 0.9) + (x, y)

    near = [around(0.5, 0.25, 0.33, 0.16), around(-0.5, 0.0, 0.0, 0.0)]
    found = start_places([*near, near[0], around(0, 0, 0.34, 0.1), around(0, 0, 0.1, 0.17)], WINDOW)
    assert [(round(each.x, 9), round(each.y, 9), each.kind) for each in found] == [
        (0.5, 0.25, "start"), (-0.5, 0.0, "start"),
    ]  # fmt: skip


def test_marks_stand_at_their_pixels_and_those_outside_are_left_out() -> None:
    marked = [Place(*at, "minimum", "a") for at in ((0.0, 0.0), (-2.0, 1.0), (1.0, -0.5), (2.01, 0.0), (0.0, -1.01))]
    found = spots(marked, np.zeros((1, 2)), WINDOW, AREA, STYLE)
    assert [(spot.x, spot.y) for spot in found] == [(300, 150), (100, 50), (400, 200)]


def test_names_stand_close_to_their_marks_where_no_particles_are() -> None:
    """At a distance of 13 pixels, above first; where particles are above, below."""
    (free,) = spots([Place(0.0, 0.0, "minimum", "a")], np.full((1, 2), 9.0), WINDOW, AREA, STYLE)
    assert free.box is not None
    assert (free.box.bottom, free.box.height) == (150 - 13, line_height(STYLE.tick))
    assert abs(free.box.left + free.box.width / 2 - 300) <= 1
    (busy,) = spots([Place(0.0, 0.0, "minimum", "a")], np.array([(0.0, 0.2)]), WINDOW, AREA, STYLE)
    assert busy.box is not None
    column, row = 300, 150 - 20
    assert not (busy.box.left <= column < busy.box.right and busy.box.top <= row < busy.box.bottom)


def test_of_very_many_points_only_minima_are_marked_and_only_some_of_many_have_long_names() -> None:
    at = [(-1.9 + 0.15 * k, -0.8 + 1.6 * (k % 2)) for k in range(25)]
    marked = [Place(x, y, "saddle" if k else "minimum", "a long name") for k, (x, y) in enumerate(at)]
    far = np.full((1, 2), 9.0)
    assert [spot.place.kind for spot in spots(marked, far, WINDOW, AREA, STYLE)] == ["minimum"]
    assert len(spots(marked[:24], far, WINDOW, AREA, STYLE)) == 24
    assert [spot.box is None for spot in spots(marked[:9], far, WINDOW, AREA, STYLE)] == [True] * 9
    assert not all(spot.box is None for spot in spots(marked[:8], far, WINDOW, AREA, STYLE))


def test_the_lowest_minimum_is_marked_as_such() -> None:
    points = critical((0, 0, "saddle", 1), (-1, 0, "minimum", 2), (1, 0, "minimum", 3))
    lower = [points[0], points[1], type(points[2])(1.0, 0.0, "minimum", -1.0, (1.5, 3.0))]
    assert [place.kind for place in places(lower, named(lower, WINDOW))] == ["saddle", "minimum", LOWEST]


@pytest.mark.parametrize("shape", range(6))
def test_corners_of_a_shape_go_once_around_at_equal_angles(shape: int) -> None:
    found = corners(shape, 10.0)
    count = (4, 4, 3, 3, 10, 6)[shape]
    angles = np.unwrap(np.arctan2(found[:, 0], -found[:, 1]))
    assert np.diff(angles) == pytest.approx(np.full(count - 1, 2 * np.pi / count))
    first = (0.0, np.pi / 4, 0.0, np.pi / 3, 0.0, 0.0)[shape]
    assert angles[0] == pytest.approx(first)
    far = np.hypot(*found.T)
    inner = 5.0 if shape == 4 else far[0]
    assert far[::2] == pytest.approx(np.full(len(far[::2]), far[0]))
    assert far[1::2] == pytest.approx(np.full(len(far[1::2]), inner))
    assert 9.0 <= far[0] <= 11.5
    assert corners(shape + 6, 10.0) == pytest.approx(found)


def test_labels_of_a_bar_are_as_close_as_lines_of_text_allow() -> None:
    maps = SimpleNamespace(levels=np.arange(21.0), level=None, plan=SimpleNamespace(style=STYLE))
    line = line_height(STYLE.tick)
    for height in (10 * line, 20 * line, 36 * line, 40 * line, 100 * line):
        found = [k for k, _ in bar_labels(maps, height)]  # type: ignore[arg-type]
        step = found[0]
        assert found == list(range(step, 20, step))
        assert step * height / 20 >= 1.8 * line - 1
        assert step == 1 or (step - 1) * height / 20 < 1.8 * line
    assert [text for _, text in bar_labels(maps, 36 * line)][:3] == ["1", "2", "3"]  # type: ignore[arg-type]
    assert bar_labels(SimpleNamespace(levels=np.arange(21.0), level=1, plan=maps.plan), 900) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(("height", "level"), [(200, None), (0, None), (200, 1), (0, 1)])
def test_a_bar_is_filled_by_colours_of_one_height_or_not_drawn_at_all(height: int, level: int | None) -> None:
    canvas, box = Recorder(), Box(50, 40, 60, 40 + height)
    maps: Any = SimpleNamespace(levels=np.arange(11.0), level=level, plan=SimpleNamespace(style=STYLE, bar=box))
    draw_colorbar(canvas, maps)
    if not height or level:
        assert not canvas.fills
        assert not canvas.texts
        return
    assert [fill for fill, _ in canvas.fills[:10]] == [Box(50, 220 - 20 * k, 60, 240 - 20 * k) for k in range(10)]
    assert len({colour for _, colour in canvas.fills[:10]}) == 10
    for (text, left, top), (k, expected) in zip(canvas.texts[1:], bar_labels(maps, height), strict=True):
        assert (text, top + line_height(STYLE.tick) // 2) == (expected, 240 - 20 * k)
        assert left > box.right


def test_labels_of_levels_prefer_lines_that_lead_from_left_to_right() -> None:
    steps = np.arange(13.0)
    for across, down, slant in ((1.0, 0.0, 0.0), (0.0, -2.0, 1.0), (3.0, 4.0, 0.8), (-3.0, 4.0, 0.8)):
        line = np.stack([across * steps, down * steps], axis=1)
        found = list(_candidates([line]))
        assert [place for place, _ in found] == [(4 * across, 4 * down), (8 * across, 8 * down)]
        assert [each for _, each in found] == pytest.approx([slant, slant])
    assert list(_candidates([np.zeros((13, 2)), np.zeros((4, 2))])) == []


def test_steepness_is_the_change_of_the_loss_a_pixel() -> None:
    x, y = np.linspace(0, 400, 11), np.linspace(0, 200, 6)
    found = _steepness(AREA, 0.3 * x + 0.4 * y[:, None])
    assert found == pytest.approx(np.full((6, 11), 0.5))
    assert (_steepness(AREA, np.full((3, 3), np.nan)) == 1e300).all()
    assert (_steepness(AREA, np.zeros((3, 3))) > 0).all()


def test_a_curve_stays_at_each_height_until_the_next_one() -> None:
    found = _steps(np.array([0.0, 0.25, 0.5]), np.array([0.0, 1.0, 0.5]), AREA)
    x, height = [0, 100, 100, 200, 200, 400], [200, 200, 0, 0, 100, 100]
    assert found == pytest.approx(np.array([x, height]).T)
    assert _in_box(np.array([(0.0, 0.0), (1.0, 1.0)]), AREA).tolist() == [[0.0, 200.0], [399.0, 0.0]]


def test_a_picture_has_equal_margins_and_its_parts_stand_from_top_to_bottom() -> None:
    plan = layout((960, 540), STYLE, Contents(2, caption=2))
    assert plan.title.left == 960 - plan.title.right == plan.caption.left == 960 - plan.caption.right
    assert 0 < plan.title.top < plan.title.bottom < plan.map.top < plan.map.bottom < plan.clock.top
    assert plan.clock.bottom < plan.caption.top < plan.caption.bottom < 540
    assert (plan.title.height, plan.clock.height) == (line_height(STYLE.title), line_height(STYLE.label))
    assert plan.caption.height == 2 * line_height(STYLE.number)
    assert plan.charts[0].box.right < 960 - plan.title.left


def test_a_bar_stands_beside_its_map_from_below_its_name_to_the_foot() -> None:
    plan = layout((960, 540), STYLE, Contents(2, bar=True))
    assert plan.bar.bottom == plan.map.bottom
    assert (plan.bar.left - plan.map.right, plan.bar.width) == (12, 12)
    assert plan.bar.top - plan.map.top >= line_height(STYLE.tick)
    assert layout((960, 540), STYLE, Contents(2)).bar.width == 0


@pytest.mark.parametrize(("share", "thinner"), [(1.0, 1.0), (0.4, 1.0), (0.4 / 16 * 4, 0.5**0.5), (0.4 / 256, 0.6)])
def test_lines_are_thinner_on_small_maps_by_the_fourth_root_of_their_share(share: float, thinner: float) -> None:
    plan = layout((1000, 1000), STYLE, Contents(2))
    seen = plan._replace(maps=(Box(0, 0, 1000, round(1000 * share)),))
    assert map_style(seen).line == pytest.approx(STYLE.line * thinner, rel=1e-3)


def test_names_of_parameters_stand_in_two_corners_of_the_map() -> None:
    canvas = Recorder()
    map_axes(canvas, AREA, STYLE, WINDOW, ("across", "up"), (True, True))
    at = {text: (left, top) for text, left, top in canvas.texts}
    right, below = at["across"][0] + text_width("across", STYLE.tick), at["across"][1] + line_height(STYLE.tick)
    assert AREA.left < at["up"][0] == AREA.left + AREA.right - right
    assert AREA.top < at["up"][1] < AREA.top + line_height(STYLE.tick)
    assert AREA.bottom - line_height(STYLE.tick) < below < AREA.bottom
    middle = at["0"][0] + text_width("0", STYLE.tick) / 2
    assert abs(middle - (AREA.left + AREA.right) / 2) <= 1 or at["0"][0] < AREA.left


def test_marks_along_y_have_room_for_four_lines_of_text_each() -> None:
    canvas, height = Recorder(), 4 * 4 * STYLE.tick.size - 1
    area = AREA._replace(bottom=AREA.top + height)
    map_axes(canvas, area, STYLE, ((0.0, 1.0), (0.0, 3.9)), ("across", "up"), (True, False))
    assert [text for text, _, _ in canvas.texts if text.isdigit()] == ["0", "2"]


def test_the_key_of_marks_says_of_what_its_last_number_is() -> None:
    canvas, box = Recorder(), Box(0, 0, 400, 20)
    marker_key(canvas, box, (10, 2000, 30), STYLE)
    assert [text for text, _, _ in canvas.texts] == ["30 updates", "2,000", "10"]
    lefts = [left for _, left, _ in canvas.texts]
    assert lefts[0] + text_width("30 updates", STYLE.tick) == 400
    assert lefts[0] > lefts[1] + text_width("2,000", STYLE.tick) > lefts[2] + text_width("10", STYLE.tick)
    assert len(canvas.polygons) == 6
    narrow = Recorder()
    marker_key(narrow, box._replace(left=400 - text_width("30 updates", STYLE.tick) - 5), (10, 30), STYLE)
    assert not narrow.texts


@pytest.mark.parametrize("groups", [2, 4, 6, 9])
def test_panels_fill_the_height_above_the_clock(groups: int) -> None:
    """The last one is followed by its numbers, a gap of five pixels, and the clock."""
    plan = layout((960, 540), STYLE, Contents(groups, panels=True))
    rows = len({box.top for box in plan.maps})
    left = plan.clock.top - 5 - line_height(STYLE.tick) - max(box.bottom for box in plan.maps)
    assert 0 <= left < rows
