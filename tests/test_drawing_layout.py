"""Where texts, axes, maps and names stand."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from errsurf import surfaces
from errsurf.analysis import named
from errsurf.drawing import painter
from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import theme
from errsurf.drawing.history.contours import contour_levels
from errsurf.drawing.history.window import marks
from errsurf.drawing.layout.arrangement import layout
from errsurf.drawing.layout.parts import Contents, Layout
from errsurf.drawing.layout.style import style
from errsurf.drawing.lettering.fonts import Faces, bundled_face
from errsurf.drawing.map.axes import axis_names
from errsurf.drawing.map.landmarks import places, spots
from errsurf.scenario import Surface
from helpers.drawing_result import cloud, critical, group, pixel, result

SIZES = [(960, 540), (240, 240), (240, 136), (480, 270), (540, 960), (800, 800), (3840, 2160), (1280, 320), (300, 1200)]
FACES = Faces((bundled_face(),), (bundled_face(bold=True),))
SWITCHES = ("title", "panels", "legend")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("groups", [1, 2, 3, 6, 12, 40])
@pytest.mark.parametrize("name", ["light", "projector"])
def test_boxes_neither_overlap_nor_leave_the_picture(size: tuple[int, int], groups: int, name: str) -> None:
    for *switched, charts in product((True, False), (True, False), (True, False), (0, 1, 2)):
        switches: Any = dict(zip(SWITCHES, switched, strict=True))
        contents = Contents(groups, caption=2 * switched[0], clock=9 * size[0] // 16, charts=charts, **switches)
        if contents.panels and (groups > 12 or name == "projector" or min(size) < 160 * groups**0.5):
            continue
        boxes = all_boxes(layout(size, style(size, theme(name), FACES), contents))
        for k, box in enumerate(boxes):
            assert box.width > 0
            assert box.height > 0
            assert box.inside(Box(0, 0, *size)), contents
            assert not any(box.overlaps(other) for other in boxes[:k]), contents


def all_boxes(plan: Layout) -> list[Box]:
    rows = [box for row in plan.rows for box in row if box]
    charts = [box for space in plan.charts for box in space]
    wanted = [plan.title, plan.clock, plan.key, plan.rest, *charts, plan.caption]
    return [*plan.maps, *rows, *(box for box in wanted if box.height)]


def test_a_square_has_its_chart_below_the_map_and_a_wide_picture_beside_it() -> None:
    square, wide = (layout(s, style(s, theme("light"), FACES), Contents(3)) for s in ((1080, 1080), (1920, 1080)))
    assert square.charts[0].box.top > square.map.bottom
    assert wide.charts[0].box.left > wide.map.right
    assert square.map.width > 900


@pytest.mark.parametrize("groups", [2, 3, 4, 6])
def test_panels_are_alike_and_none_is_small(groups: int) -> None:
    size = (960, 540)
    plan = layout(size, style(size, theme("light"), FACES), Contents(groups, panels=True))
    assert len(plan.maps) == groups
    assert len({(box.width, box.height) for box in plan.maps}) == 1
    assert sum(box.width * box.height for box in plan.maps) > 0.28 * 960 * 540
    assert plan.charts


def test_more_groups_than_have_room_are_counted() -> None:
    size = (960, 540)
    plan = layout(size, style(size, theme("light"), FACES), Contents(40))
    assert 8 < len(plan.rows) < 40
    assert plan.rest.height
    (chart,) = plan.charts
    assert chart.box.top > plan.rest.bottom > plan.rows[-1].label.bottom
    painter(result(*cloud(40, 3), size=size)).frame(0.0)


@pytest.mark.parametrize("size", SIZES[:6])
def test_no_ink_outside_the_boxes_and_their_axes(size: tuple[int, int]) -> None:
    words = "A very long caption " * 30
    ready = painter(result(*cloud(6, 40), title="A very long title " * 20, size=size, trails=2, caption=words))
    frame, plan = ready.frame(110.0), ready.layout
    tick = plan.style.tick.size
    for box in all_boxes(plan):
        frame[box.top : box.bottom, box.left : box.right] = 255
    for box in (plan.map, *(space.box for space in plan.charts)):
        frame[max(box.top - tick, 0) : box.bottom + tick, : box.left][:, -4 * tick :] = 255
        frame[box.bottom : box.bottom + 2 * tick, max(box.left - 2 * tick, 0) : box.right + 2 * tick] = 255
    for row in plan.rows:
        room = row.swatch.height // 3
        frame[row.swatch.top - room : row.swatch.bottom + room, row.swatch.left - room : row.swatch.right + room] = 255
    for heading, box in plan.charts:
        frame[box.top - tick : box.bottom + 3 * tick, heading.left : heading.right + tick] = 255
    for box in (plan.map, *(space.box for space in plan.charts)):
        frame[max(box.top - 6, 0) : box.bottom + 6, box.left - 1 : box.right + 6] = 255
    assert (frame == 255).all()


def test_names_on_the_map_stand_apart_from_each_other_and_from_the_particles() -> None:
    points = critical(
        (0, 0, "saddle", 1), (-0.2, 0.05, "minimum", 2), (0.2, -0.05, "minimum", 2), (1.9, 0.9, "maximum", 1)
    )
    stay = group(np.tile(np.random.default_rng(4).normal((0.0, 0.25), 0.03, (1, 500, 2)), (5, 1, 1)))
    ready = painter(result(stay, size=(960, 540)), critical=points)
    boxes = [spot.box for spot in ready.scene.spots[0] if spot.box]
    assert len(boxes) == 4 + 1
    for k, box in enumerate(boxes):
        assert box.inside(ready.layout.map)
        assert not any(box.overlaps(other) for other in boxes[:k])
        rows, columns = zip(*(pixel(*p, ready.layout.map) for p in stay.position[0]), strict=True)
        covered = [box.left <= c < box.right and box.top <= r < box.bottom for r, c in zip(rows, columns, strict=True)]
        assert np.mean(covered) < 0.05


def test_a_chosen_window_holds_the_particles_at_one_scale() -> None:
    far = group(np.array([[(3.5, 1.0), (0.0, 0.0)], [(4.0, 1.0), (1e9, 0.0)]]), diverged=np.array([-1, 1]))
    ready = painter(result(far, window=None))
    (x0, x1), (y0, y1) = ready.scene.maps.window
    assert x0 <= -2
    assert 4.0 < x1 < 8
    area = ready.layout.map
    assert (x1 - x0) / area.width == pytest.approx((y1 - y0) / area.height)


@pytest.mark.parametrize(("kind", "names"), [("linear_regression", ("w", "b")), ("saddle", ("x", "y"))])
def test_axes_bear_the_names_of_the_formula(kind: str, names: tuple[str, str]) -> None:
    settings = surfaces.surface(kind).settings()
    unused: Any = None
    assert axis_names(Surface(kind, settings, unused, unused)) == names


def test_marks_are_round_and_inside() -> None:
    assert [text for _, text in marks(-1.0, 1.0, 4)] == ["\N{MINUS SIGN}1", "\N{MINUS SIGN}0.5", "0", "0.5", "1"]
    assert [text for _, text in marks(0.0, 4e6, 4)] == ["0", "1e6", "2e6", "3e6", "4e6"]


LOSSES = [np.linspace(0, 1, 50) ** 6, np.full(9, 2.0), np.array([np.nan, 1.0, 1e9]), [np.inf], np.linspace(-3, 8, 40)]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("scale", ["area", "linear", "log"])
def test_contour_levels_rise(loss: Any, scale: str) -> None:
    levels = contour_levels(np.asarray(loss), 12, scale)
    assert len(levels) == 13
    assert (np.diff(levels) > 0).all()


def test_contour_levels_are_even_as_asked() -> None:
    loss = np.array([0.01, 0.02, 100.0])
    assert contour_levels(loss, 4, "linear") == pytest.approx([0.01, 25.0, 50.0, 75.0, 100.0])
    assert contour_levels(loss, 4, "log") == pytest.approx([0.01, 0.1, 1.0, 10.0, 100.0])
    assert contour_levels(loss, (-5.0, 0.5, 7.0, 200.0), "area") == pytest.approx([0.01, 0.5, 7.0, 100.0])


@pytest.mark.parametrize(("side", "kinds"), [(4, {"lowest minimum", "saddle"}), (6, {"lowest minimum"})])
def test_of_many_critical_points_only_minima_are_marked(side: int, kinds: set[str]) -> None:
    rows = [(x / side, y / side, ("minimum", "saddle")[(x + y) % 2], 1.0) for x, y in product(range(side), repeat=2)]
    area, how = Box(0, 0, 400, 400), style((960, 540), theme("light"), FACES)
    points, window = critical(*rows), ((-1.0, 2.0), (-1.0, 2.0))
    found = spots(places(points, named(points, window)), np.zeros((1, 2)), window, area, how)
    assert {spot.place.kind for spot in found} == kinds
