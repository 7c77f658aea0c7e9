"""Where maps, marks, names and numbers stand, and that they keep apart."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from errsurf import scenario_from, simulate
from errsurf.drawing import painter
from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import theme
from errsurf.drawing.layout.arrangement import _halves, layout
from errsurf.drawing.layout.parts import Contents, mark_place, mark_spare, mark_width
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.layout.style import style
from errsurf.drawing.lettering.fonts import Faces, bundled_face
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.map import swarm as swarms
from errsurf.drawing.map.axes import map_axes
from errsurf.drawing.map.landmarks import Place, draw_marks, spots
from errsurf.drawing.map.level_labels import level_labels
from errsurf.drawing.map.markers import draw_marker, marker_key, marker_side
from helpers.canvas_recorder import Recorder
from helpers.drawing_result import WINDOW, cloud, critical, group, result

FACES = Faces((bundled_face(),), (bundled_face(bold=True),))
STYLE = style((960, 540), theme("light"), FACES)
AREA, TICK = Box(100, 50, 500, 250), line_height(STYLE.tick)


def test_a_map_has_its_panel_beside_it_where_it_is_wide() -> None:
    """More than 1.3 times as wide as high; five eighths of the width, or 0.64 of the height, are the map's."""
    first, second = _halves(Box(10, 20, 1311, 1020), STYLE)
    assert (first, second) == (Box(10, 20, 10 + 813, 1020), Box(10 + 813 + 22, 20, 1311, 1020))
    first, second = _halves(Box(10, 20, 1310, 1020), STYLE)
    assert (first, second) == (Box(10, 20, 1310, 660), Box(10, 671, 1310, 1020))


@pytest.mark.parametrize("size", [(960, 540), (540, 960), (800, 800)])
@pytest.mark.parametrize("charts", [0, 1, 2])
def test_a_pair_of_maps_is_alike_with_a_line_above_each(size: tuple[int, int], charts: int) -> None:
    how = style(size, theme("light"), FACES)
    plan = layout(size, how, Contents(3, pair=True, charts=charts, foot=20, caption=1))
    one, two = plan.map, plan.beside
    assert (one.width, one.height) == (two.width, two.height)
    side = two.top == one.top
    assert side or two.left == one.left
    assert side == (size[0] > size[1]) or size[0] == size[1]
    assert plan.outer == ((True, side),)
    for box, head in zip((one, two), plan.heads, strict=True):
        assert (head.left, head.right) == (box.left, box.right)
        assert 0 <= box.top - head.bottom < line_height(how.tick)
    parts = [one, two, *plan.heads, plan.clock, plan.foot, plan.title, plan.caption, *(c.box for c in plan.charts)]
    parts += [row.label for row in plan.rows]
    for k, box in enumerate(parts):
        assert box.inside(Box(0, 0, *size))
        assert not any(box.overlaps(other) for other in parts[:k])
    assert min(charts, 1) <= len(plan.charts) <= charts
    assert bool(plan.rows)
    assert plan.foot.left == plan.clock.left == one.left
    assert (plan.foot.height, plan.foot.top) == (20, plan.clock.bottom)


def test_long_numbers_stand_inside_the_map() -> None:
    for text in ("1", "0.25", "\N{MINUS SIGN}1,234.5678"):
        width = text_width(text, STYLE.tick)
        left, within = mark_place(text, 300, 7, STYLE)
        assert within == (width + 7 > mark_width(STYLE) + mark_spare(STYLE))
        assert left == (307 if within else 293 - width)


@pytest.mark.parametrize("window", [WINDOW, ((0.0, 3.0), (-7.0, 90.0)), ((-1e-3, 2e-3), (1e5, 2e5))])
@pytest.mark.parametrize("outer", [(True, True), (True, False), (False, True), (False, False)])
@pytest.mark.parametrize("area", [AREA, Box(100, 50, 160, 400), Box(50, 50, 900, 120)])
def test_numbers_of_a_map_stand_beside_it_at_their_values(window: Any, outer: tuple[bool, bool], area: Box) -> None:
    canvas, (x, y) = Recorder(), window
    map_axes(canvas, area, STYLE, window, ("across", "up"), outer)
    ticks = [fill for fill, _ in canvas.fills[4:]]
    across, down = ([tick for tick in ticks if (tick.width, tick.height) == size] for size in ((1, 5), (5, 1)))
    assert len(across) + len(down) == len(ticks)
    assert (bool(across), bool(down)) == (outer[1], outer[0])
    assert len(across) <= 8
    assert len(down) <= 7
    assert {tick.top for tick in across} <= {area.bottom}
    assert {tick.right for tick in down} <= {area.left}
    told = {(left, top): text for text, left, top in canvas.texts}
    for tick in across:
        ((left, text),) = [
            (left, text)
            for (left, top), text in told.items()
            if top == area.bottom + 5 and abs(left + text_width(text, STYLE.tick) / 2 - tick.left) <= 1
        ]
        value = x[0] + (tick.left - area.left) / area.width * (x[1] - x[0])
        assert number(text) == pytest.approx(value, abs=1.01 * (x[1] - x[0]) / area.width)
        assert left + text_width(text, STYLE.tick) <= area.right + 12
        assert outer[0] or left >= area.left - 10
    for tick in down:
        value = y[1] - (tick.top - area.top) / area.height * (y[1] - y[0])
        near = [
            text
            for (left, top), text in told.items()
            if text not in ("across", "up")
            and left < area.left + 8
            and abs(top + TICK / 2 - tick.top) < TICK
            and top < area.bottom
        ]
        assert (
            any(abs(number(text) - value) <= 1.01 * (y[1] - y[0]) / area.height for text in near)
            or tick.top < area.top + 2 * TICK
        )


def number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def test_a_mark_lies_around_its_pixel_in_a_share_of_its_strength() -> None:
    found = spots(
        [Place(0.0, 0.0, "minimum", "a"), Place(1.0, 0.5, "start", "b")], np.full((1, 2), 9.0), WINDOW, AREA, STYLE
    )
    for share, strength in ((1.0, None), (0.4, 102)):
        canvas = Recorder()
        draw_marks(canvas, AREA, found, STYLE, share)
        ((area, drawing),) = canvas.drawings
        assert area == AREA
        for stroke, spot in zip(drawing.strokes, found, strict=True):
            path = stroke.path[np.isfinite(stroke.path[:, 0])]
            assert (path.min(axis=0) + path.max(axis=0)) / 2 == pytest.approx([spot.x - 100 + 0.5, spot.y - 50 + 0.5])
            assert stroke.radius == pytest.approx(SIZES.mark_line * STYLE.line)
            assert stroke.strength is None if strength is None else set(stroke.strength.tolist()) == {strength}  # type: ignore[union-attr]
            assert stroke.strength is None or len(stroke.strength) == len(stroke.path)
        assert drawing.strokes[0].path[0] == pytest.approx((200.5, 100.5 - 7.0 * STYLE.line))


def test_names_belong_to_the_nearest_mark_and_keep_apart() -> None:
    at = np.random.default_rng(2).uniform((-1.9, -0.9), (1.9, 0.9), (8, 2))
    found = spots(
        [Place(x, y, "minimum", f"name {k}") for k, (x, y) in enumerate(at)], np.full((1, 2), 9.0), WINDOW, AREA, STYLE
    )
    boxes = [(spot, spot.box) for spot in found if spot.box is not None]
    assert len(boxes) > 4
    for k, (spot, box) in enumerate(boxes):
        assert box.inside(Box(AREA.left + 3, AREA.top + 2, AREA.right - 2, AREA.bottom - 1))
        assert (box.width, box.height) == (text_width(spot.place.name, STYLE.tick), TICK)
        middle = np.array([box.left + box.width / 2, box.top + box.height / 2])
        away = [float(np.hypot(*(middle - (each.x, each.y)))) for each in found]
        assert min(away) == away[found.index(spot)]
        assert all(box.left >= other.right + STYLE.tick.size or other.left >= box.right + STYLE.tick.size
                   or box.top >= other.bottom or other.top >= box.bottom for _, other in boxes[:k])  # fmt: skip
        assert not any(box.overlaps(Box(each.x - 8, each.y - 8, each.x + 8, each.y + 8)) for each in found)
    (short,) = spots(
        [Place(0.0, 0.0, "minimum", "a name that is far longer than the map of all is wide " * 2, "m")],
        np.full((1, 2), 9.0),
        WINDOW,
        AREA,
        STYLE,
    )
    assert short.place.name == "m"


def test_labels_of_levels_lie_on_their_lines_away_from_marks_and_particles() -> None:
    ready = painter(
        result(*cloud(2, 40), size=(960, 540), levels=12),
        critical=critical((-1, 0, "minimum", 2), (1, 0, "minimum", 2)),
    )
    maps, area = ready.scene.maps, ready.layout.map
    found = level_labels(maps, area, ready.scene.spots[0], maps.grid[2])
    assert 2 < len(found) <= 5
    assert [each.band for each in found] == sorted({each.band for each in found})
    (x0, x1), (y0, y1) = maps.window
    kind = maps.plan.style.tick
    for k, each in enumerate(found):
        box = each.box
        u, v = (box.left + box.right) / 2 - area.left, (box.top + box.bottom) / 2 - area.top
        at = np.array([x0 + u / area.width * (x1 - x0), y1 - v / area.height * (y1 - y0)])
        steps = (
            np.array([(du, dv) for du in (-2, 0, 2) for dv in (-2, 0, 2)])
            / (area.width, area.height)
            * (x1 - x0, y1 - y0)
        )
        near = maps.result.landscape.loss(at + steps, "train")
        level = maps.levels[each.band + 1]
        assert near.min() <= level <= near.max()
        assert number(each.text) == pytest.approx(level)
        assert box.width == pytest.approx(text_width(each.text, kind), abs=1)
        assert box.height == pytest.approx(line_height(kind), abs=1)
        assert box.inside(Box(area.left + 5, area.top + 5, area.right - 5, area.bottom - 5))
        assert not any(box.overlaps(other.box) for other in found[:k])
        assert not any(
            box.left - 10 < spot.x < box.right + 10 and box.top - 10 < spot.y < box.bottom + 10
            for spot in ready.scene.spots[0]
        )
        assert not any(box.overlaps(spot.box) for spot in ready.scene.spots[0] if spot.box)
        wide = max(text_width(name, kind) for name in maps.names) + 2 * kind.size
        assert not box.overlaps(Box(area.left, area.top, area.left + wide, area.top + 2 * line_height(kind)))
        assert not box.overlaps(Box(area.right - wide, area.bottom - 2 * line_height(kind), area.right, area.bottom))


def test_shapes_of_the_key_stand_left_of_their_numbers_in_the_middle_of_the_line() -> None:
    canvas, box = Recorder(), Box(30, 60, 430, 80)
    marker_key(canvas, box, (10, 2000), STYLE)
    texts = [(left, top) for _, left, top in canvas.texts]
    assert all(abs(top + TICK / 2 - 70) <= 1 for _, top in texts)
    for (left, _), pair in zip(texts, (canvas.polygons[:2], canvas.polygons[2:]), strict=True):
        assert [area for area, _, _ in pair] == [box, box]
        (at,), (inner,) = pair[0][1], pair[1][1]
        assert at.tolist() == inner.tolist() == [left - 30 - marker_side(STYLE) / 2, 10.0]
        large, small = (np.hypot(*corners.T).max() for _, _, corners in pair)
        assert 2 * small < large < marker_side(STYLE) / 2
    first = text_width("2,000 updates", STYLE.tick) + marker_side(STYLE)
    for room, shapes in ((first - 1, 0), (first, 2)):
        narrow = Recorder()
        marker_key(narrow, box._replace(left=430 - room), (10, 2000), STYLE)
        assert len(narrow.polygons) == shapes


def test_a_marker_is_hollow_on_a_rim() -> None:
    canvas, at = Recorder(), np.array([[20.0, 30.0]])
    draw_marker(canvas, AREA, at, SimpleNamespace(shape=1), np.array([200, 0, 0], np.uint8), STYLE)  # type: ignore[arg-type]
    sizes = [float(np.hypot(*corners.T).max()) for _, _, corners in canvas.polygons]
    assert sizes[0] > sizes[1] > 2 * sizes[2] > 0
    tones = [tuple(hue[0].tolist()) for hue in canvas.hues]
    assert tones[0] == tones[2] == STYLE.theme.background != tones[1]


def test_of_levels_with_texts_of_one_length_the_middle_ones_are_labelled() -> None:
    """Three parts of nine levels: the second, fifth and eighth."""
    area = Box(100, 50, 700, 50 + round(3.2 * 4.5 * TICK))
    x, y = np.linspace(0, 1, 61), np.linspace(0, 10, 61)
    far = group(np.full((2, 3, 2), -900.0))
    maps: Any = SimpleNamespace(
        plan=SimpleNamespace(style=STYLE), levels=np.arange(11.0), level=None, pixels=lambda _, points: points,
        result=result(far), names=("x", "y"), grid=(x, y, None),
    )  # fmt: skip
    found = level_labels(maps, area, [], 0 * x + y[:, None])
    assert [each.text for each in found] == ["2", "5", "8"]
    assert [each.band for each in found] == [1, 4, 7]
    for each in found:
        middle = (each.box.top + each.box.bottom) / 2
        assert middle == pytest.approx(area.bottom - float(each.text) / 10 * area.height, abs=1)


@pytest.mark.parametrize("only", [None, 3])
def test_trails_are_those_of_particles_from_first_to_last(only: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(swarms, "trails", lambda *given: asked.append(given) or [])
    run = result(*cloud(2, 9, 12), trails=3, trail_length=0.5, clock="examples")
    colours = np.zeros((1, 3), np.uint8)
    made = swarms.swarm(run, [1], colours, WINDOW, AREA, STYLE, 0.2, only)
    assert (made.fade, made.reach) == (pytest.approx(22.0), pytest.approx(55.0))
    ((_, k, chosen, scale, area, fade, evened),) = asked
    assert (k, scale, area, fade, evened) == (1, made.scale, AREA, made.fade, made.pace)
    assert chosen.tolist() == ([0, 4, 8] if only is None else [3])
    assert made.chosen.tolist() == ([0, 4, 8] if only is None else [0])
    assert (made.numbers, made.clocks[0].tolist()) == ((1,), list(range(0, 120, 10)))
    shown = swarms.current_points(made, 25.0)
    path = run.groups[1].position[2]
    assert shown[0].tolist() == (path if only is None else path[[3]]).astype(float).tolist()


def test_a_followed_particle_is_where_it_was_recorded_and_makes_the_next_update() -> None:
    one = {"kind": "sgd", "lr": 0.05, "batch": 2}
    run = simulate(scenario_from({
        "surface": {"kind": "saddle", "examples": 6}, "swarm": {"particles": 3}, "run": {"updates": 4, "frames": "all"},
        "optimizer": [one, one | {"label": "late", "changes": [{"after": 2, "lr": 0.01}]}],
        "picture": {"particle": 2, "clock": "updates", "size": [480, 270]},
    }))  # fmt: skip
    first, late = painter(run).scene.maps.followers
    for clock in range(5):
        assert late.theta(clock + 0.5).tolist() == run.groups[1].position[clock, 2].astype(float).tolist()
        assert (late.frame(clock), late.update(clock)) == (clock, min(clock, 3))
        assert [len(each) for each in late.batches(clock)] == [2]
    assert [late.rule(update).lr for update in range(4)] == pytest.approx([0.05, 0.05, 0.01, 0.01])
    assert first.tone == tuple(first.colour.tolist()) != late.tone
    gone = replace(first, group=replace(first.group, diverged=np.array([-1, -1, 1])))
    assert np.isnan(gone.theta(2.0)).all()
    assert np.isfinite(gone.theta(0.0)).all()
