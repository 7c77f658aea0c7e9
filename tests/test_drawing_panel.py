"""Charts and rows of the legend: what is drawn in their boxes, and what stands around them."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from test_charts_facts import every

from errsurf.analysis import named
from errsurf.drawing import painter
from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import chart, chart_kind, chart_names
from errsurf.drawing.colours import theme
from errsurf.drawing.layout.arrangement import _rows, layout
from errsurf.drawing.layout.parts import Contents, row_heights
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.layout.style import style
from errsurf.drawing.lettering.fonts import Faces, bundled_face
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.panel.chart import chart_axes, draw_chart, place
from errsurf.drawing.panel.chart_room import end_names, name_below, name_gap, own_line, spread, texts_below, with_room
from errsurf.drawing.panel.legend import (
    legend_row,
    legend_texts,
    loss_line,
    lost_count,
    share_bar,
    updates_fit,
    where_shares,
)
from helpers.canvas_recorder import Recorder
from helpers.drawing_result import WINDOW, cloud, critical, result

FACES = Faces((bundled_face(),), (bundled_face(bold=True),))
STYLE = style((960, 540), theme("light"), FACES)
AREA, TICK = Box(100, 50, 500, 250), line_height(STYLE.tick)


@pytest.mark.parametrize("name", chart_names())
@pytest.mark.parametrize("clock", [0.0, 3.5, 8.0])
def test_a_chart_is_drawn_within_its_box_up_to_where_its_groups_are(name: str, clock: float) -> None:
    found = chart(chart_kind(name), every(name))
    canvas, colours = Recorder(), np.array([(200, 0, 0), (0, 0, 200)], np.uint8)
    draw_chart(canvas, AREA, found, clock, colours, STYLE)
    for box, drawing in canvas.drawings:
        assert box == AREA
        for stroke in drawing.strokes:
            path = stroke.path[np.isfinite(stroke.path).all(axis=1)]
            assert ((path[:, 0] >= -1e-9) & (path[:, 0] <= AREA.width + 1e-9)).all()
            assert 0 < stroke.radius <= SIZES.curve * STYLE.line + 1e-9
            assert 0 <= stroke.colour < len(drawing.colours)
    heads = [(box, points.reshape(-1, 2)) for box, points, *_ in (*canvas.polygons, *canvas.dotted)]
    around = {box for box, _ in heads}
    assert len(around) <= 1
    spots = [place(found, curve, clock, AREA) for curve in found.curves]
    for box in around:
        room = AREA.left - box.left
        assert box == Box(AREA.left - room, AREA.top - room, AREA.right + room, AREA.bottom + room)
        assert SIZES.head * 1.5 < room < SIZES.head * 2.5
        drawn = [at - room for _, points in heads for at in points if np.isfinite(at).all()]
        assert all(any(np.allclose(spot, at) for at in drawn) for spot in spots if np.isfinite(spot).all())
        assert all(-1 <= at[0] <= AREA.width and -1 <= at[1] <= AREA.height + 1 for at in drawn)
    lines = [fill for fill, tone in canvas.fills if tone == STYLE.theme.grey]
    clocked = not found.data and not found.joined and found.curves[0].at is None
    assert lines == [Box(column := 100 + round(clock / 8 * 399), 50, column + 1, 250)] * clocked


def test_paths_end_at_their_groups_and_bars_span_their_bands() -> None:
    found = chart(chart_kind("gap by sharpness"), every("gap by sharpness"))
    canvas, colours = Recorder(), np.zeros((2, 3), np.uint8)
    draw_chart(canvas, AREA, found, 3.0, colours, STYLE)
    (drawing,) = [drawing for _, drawing in canvas.drawings if drawing.strokes]
    for stroke, curve in zip(drawing.strokes, found.curves, strict=True):
        assert len(stroke.path) == 4
        assert stroke.path[-1] == pytest.approx(place(found, curve, 3.0, AREA), abs=1.0)
    bars = chart(chart_kind("loss by batch"), every("loss by batch"))
    canvas = Recorder()
    draw_chart(canvas, AREA, bars, 3.0, colours, STYLE)
    ends = {
        k: np.sort(each.path[:, 1])
        for k, each in enumerate(s for _, d in canvas.drawings for s in d.strokes if len(d.colours) == 1)
    }
    for curve in bars.curves:
        assert curve.band is not None
        assert curve.dashed is not None
        span = np.sort((1 - curve.band[3]) * 200)
        assert any(len(each) == 2 and np.allclose(each, span) for each in ends.values())
        column = place(bars, curve, 3.0, AREA)[0]
        rings = [points.reshape(-1, 2)[0] for _, points, _ in canvas.dotted]
        room = AREA.left - canvas.dotted[0][0].left
        assert any(np.allclose(at - room, (column, (1 - curve.dashed[3]) * 200)) for at in rings)


@pytest.mark.parametrize(("charts", "share"), [(0, 1.0), (1, 0.62), (2, 0.4)])
def test_rows_have_numbers_where_they_leave_enough_for_the_charts(charts: int, share: float) -> None:
    one, two, gap = row_heights(STYLE)
    high = int(5 * (one + two + gap) / share) + 1
    for height, numbers in ((high, True), (high - 3, False)):
        rows, rest, below = _rows(Box(0, 100, 300, 100 + height), STYLE, 5, charts=charts)
        assert [row.numbers is not None for row in rows] == [numbers] * 5
        assert not rest.height
        each = rows[1].label.top - rows[0].label.top
        assert each == one + gap + two * numbers
        assert below == 100 + 5 * each + 4
    rows, rest, _ = _rows(Box(0, 100, 300, 100 + 4 * (one + gap)), STYLE, 5, charts=charts)
    assert (len(rows), rest.top, rest.height) == (3, 100 + 3 * (one + gap), one)
    assert len(_rows(Box(0, 100, 300, 100 + 5 * (one + gap) - gap), STYLE, 5, charts=charts)[0]) == 5
    assert [len(each) for each in _rows(Box(0, 100, 300, 101), STYLE, 5, charts=charts)[:2]] == [1, 4]


@pytest.mark.parametrize(
    ("groups", "size"), [(3, (960, 540)), (5, (960, 540)), (2, (960, 540)), (2, (540, 960)), (8, (1280, 320))]
)
def test_the_charts_of_panels_are_below_at_the_right_or_in_the_free_cell(groups: int, size: tuple[int, int]) -> None:
    how = style(size, theme("light"), FACES)
    plan = layout(size, how, Contents(groups, panels=True, caption=1))
    lefts, tops = (sorted({getattr(box, side) for box in plan.maps}) for side in ("left", "top"))
    (space,) = plan.charts
    below = max(box.bottom for box in plan.maps)
    assert all(part.inside(Box(0, 0, *size)) for part in space)
    assert not any(part.overlaps(box) for part in space for box in (*plan.maps, plan.caption, plan.clock, plan.title))
    if len(lefts) * len(tops) > groups and space.box.top < below:
        assert space.title.left == lefts[-1]
        assert space.box.bottom == plan.maps[-1].bottom
        assert space.title.top >= plan.rows[-1].label.top
        assert space.title.right == plan.title.right
    elif space.box.top > below:
        assert space.title.left == plan.title.left
        assert space.title.top > plan.clock.bottom
    else:
        assert space.title.left > max(box.right for box in plan.maps)
        assert space.title.right == plan.title.right


def test_shares_of_a_bar_fill_it_in_order() -> None:
    canvas, box = Recorder(), Box(100, 10, 301, 30)
    share_bar(canvas, box, [("left", 0.25, 1.0), ("right", 0.5, 0.3), ("way", 0.15, 0.0)], (200, 0, 0), STYLE)
    inner = Box(100, 11, 301, 29)
    fills = [fill for fill, _ in canvas.fills]
    assert fills[0] == inner
    assert [(fill.left, fill.right) for fill in fills[1:]] == [(100, 150), (150, 251), (251, 281)]
    assert {(fill.top, fill.bottom) for fill in fills} == {(11, 29)}
    tones = [tone for _, tone in canvas.fills]
    assert tones[0] == tones[3] == STYLE.theme.pale
    assert tones[1] == (200, 0, 0) != tones[2]
    for (text, left, top), fill in zip((each for each in canvas.texts if each[0]), fills[1:], strict=False):
        assert abs(left + text_width(text, STYLE.tick) / 2 - (fill.left + fill.right) / 2) <= 1
        assert abs(top + TICK / 2 - 20) <= 1
    assert [text for text, _, _ in canvas.texts] == ["25%", "right 50%", ""] or canvas.texts[0][0] == "left 25%"


def test_the_flattest_minimum_has_the_full_colour() -> None:
    names = named(critical((1, 0, "minimum", 25), (-1, 0, "minimum", 3), (0, 0, "saddle", 1)), WINDOW)
    found = where_shares(np.array([3, 1, 2, 2, 1, 1]), names)
    assert [word for word, _, _ in found] == list(names.parts)[: len(found)]
    assert [share for _, share, _ in found] == pytest.approx([0.3, 0.1, 0.2, 0.2])
    assert [tone for _, _, tone in found] == [1.0, 0.3, 0.3, 0.0]
    assert [share for _, share, _ in where_shares(np.zeros(6, np.int64), names)] == [0.0] * 4


def test_rows_of_the_legend_have_their_words_where_they_belong() -> None:
    ready = painter(result(*cloud(2, 30), size=(960, 540)))
    how, row, h = ready.layout.style, ready.layout.rows[0], ready.scene.histories[0]
    canvas = Recorder()
    legend_row(canvas, row, 0, "label", how.label, (200, 0, 0), how)
    legend_row(canvas, row, 0, "label", how.label._replace(size=10), (200, 0, 0), how)
    (_, left, top), (_, _, smaller) = canvas.texts
    assert (left, top) == (row.label.left, row.label.top)
    assert abs(smaller + line_height(how.label._replace(size=10)) / 2 - (top + row.label.height / 2)) <= 1
    for updates in (False, True):
        canvas = Recorder()
        loss_line(canvas, row.label, h, 1, 2, how, updates=updates)
        assert [text.split(" ")[0] for text, _, _ in canvas.texts] == ["median", "1"][: 1 + updates]
        assert canvas.texts[0][1:] == (row.label.left, row.label.top)
    assert canvas.texts[1][1] + text_width("1 update", how.number) == row.label.right
    longest = max(
        text_width(f"median loss {h.train[at, 1]:.2f}".replace("-", "\N{MINUS SIGN}"), how.number)
        + text_width(f"{at} update" + "s" * (at != 1), how.number)
        for at in range(len(h.frame))
    )
    for room, fits in ((longest + how.number.size, False), (longest + how.number.size + 1, True)):
        narrow = row._replace(label=row.label._replace(right=row.label.left + room))
        assert updates_fit([narrow], [h], 2, how) == fits


def test_names_and_numbers_around_a_chart_keep_apart_and_within_their_space() -> None:
    charts = [chart(chart_kind(name), every(name)) for name in ("loss", "near", "loss by batch")]
    plan = layout((960, 540), STYLE, Contents(2, legend=False, charts=2))
    for found in charts:
        spaces = with_room(plan.charts, [found, charts[0]], STYLE)
        assert len({(space.box.left, space.box.right) for space in spaces}) == 1
        for space, before in zip(spaces, plan.charts, strict=True):
            assert space.title == before.title
            assert space.box.top == before.box.top
            assert space.title.left < space.box.left < space.box.right < space.title.right
        kind, box = STYLE.tick, spaces[0].box
        below = list(texts_below(found, box, kind))
        spans = [(left, left + text_width(text, kind)) for text, left in below]
        assert all(b[0] - a[1] >= kind.size // 2 for a, b in pairwise(spans))
        word, left = name_below(found, box, kind)
        assert abs(left + text_width(word, kind) / 2 - (box.left + box.right) / 2) <= 1
        tops = [name.top for name in end_names(found, spaces[0], STYLE)]
        assert all(b - a >= 0.8 * TICK for a, b in pairwise(tops))
    crowded = charts[1]._replace(below=[(k / 40, f"{k}") for k in range(41)])
    assert 5 < len(list(texts_below(crowded, box, kind))) < 41
    assert spread([5, 95], 10, 20, 80) == [20, 80]
    assert spread([50, 52, 70], 10, 0, 100) == [46, 56, 70]


def test_the_name_of_an_axis_is_cut_only_where_it_has_no_room_between_the_two_ends() -> None:
    found = chart(chart_kind("loss"), every("loss"))._replace(word="examples seen")
    for size in range(12, 17):
        kind = STYLE.tick._replace(size=size)
        whole, ends = (sum(text_width(text, kind) for text in texts) for texts in (("examples seen",), ("0", "10")))
        named = found._replace(below=[(0.0, "0"), (1.0, "10")])
        for width, word in ((whole + ends // 2 + 2 * size, "examples seen"), (whole + ends // 2, "examples")):
            assert name_below(named, Box(50, 0, 50 + width, 90), kind)[0] == word
    alone = found._replace(below=[(0.5, "50")])
    for width, word in ((whole, "examples seen"), (whole - 1, "examples"), (20, "")):
        assert name_below(alone, Box(50, 0, 50 + width, 90), kind)[0] == word


def test_names_at_the_ends_of_curves_end_within_their_space() -> None:
    found = chart(chart_kind("theta x"), every("theta x"))
    (space,) = with_room(layout((960, 540), STYLE, Contents(2)).charts, [found], STYLE)
    names = end_names(found, space, STYLE)
    assert len(names) == 2
    assert max(name.left + text_width(name.text, STYLE.tick) for name in names) == space.title.right
    for name in names:
        assert name.end == space.box.bottom - round(float(found.curves[name.k].height[-1]) * space.box.height)
        assert name.text == found.curves[name.k].label
    narrow = space._replace(title=space.title._replace(right=space.title.right - 2))
    assert len(end_names(found, narrow, STYLE)) < 2
    gone = [
        found.curves[0]._replace(height=np.full(9, 1.01)),
        found.curves[1]._replace(height=np.array([0.5] + [np.nan] * 8)),
    ]
    assert [name.k for name in end_names(found._replace(curves=gone), space, STYLE)] == [1]
    assert end_names(found._replace(curves=found.curves[:1]), space, STYLE) == []


@pytest.mark.parametrize("name", ["loss", "theta x", "loss by batch", "near"])
def test_words_of_a_chart_stand_on_lines_and_its_names_are_joined_to_their_curves(name: str) -> None:
    found = chart(chart_kind(name), every(name))
    (space,) = with_room(layout((960, 540), STYLE, Contents(2)).charts, [found], STYLE)
    canvas, box, kind = Recorder(), space.box, STYLE.tick
    chart_axes(canvas, space, found, np.zeros((2, 3), np.uint8), STYLE)
    assert canvas.texts[0][1:] == (space.title.left, space.title.top)
    assert canvas.texts[0][0] in found.titles
    below = dict.fromkeys(top for text, left, top in canvas.texts if top > box.bottom)
    assert [top - box.bottom for top in below] == [4, 4 + line_height(kind)][: 1 + own_line(found)]
    names = end_names(found, space, STYLE)
    assert [each for each in canvas.texts if each[1] == box.right + name_gap(STYLE)] == [
        (each.text, each.left, each.top) for each in names
    ]
    drawn = [(area, stroke) for area, drawing in canvas.drawings for stroke in drawing.strokes][-len(names) :]
    joined = [(area, stroke.path) for area, stroke in drawn]
    assert all(stroke.radius < STYLE.line for _, stroke in drawn)  # thinner than curves
    for (area, path), each in zip(joined if names else (), names, strict=True):
        assert area == Box(box.right, box.top, each.left, box.bottom)
        assert 0 < path[0, 0] < path[1, 0] < area.width
        assert path[:, 1].tolist() == [each.end - box.top, each.top + line_height(kind) // 2 - box.top]


def test_counts_of_lost_particles_stand_at_the_right_end_of_their_line() -> None:
    ready = painter(result(*cloud(2, 30), size=(960, 540)))
    how, row, h = ready.layout.style, ready.layout.rows[0], ready.scene.histories[0]
    lost, canvas = replace(h, outside=np.full(len(h.frame), 3)), Recorder()
    lost_count(canvas, row, "a", lost, 0, how)
    ((text, left, top),) = canvas.texts
    assert text == "3 outside the map"
    assert (left + text_width(text, how.tick), top + line_height(how.tick)) == (row.label.right, row.label.bottom)
    assert legend_texts([row], ["a"], [lost], how) == legend_texts([row], ["a"], [h], how) == (["a"], how.label)
    long = "m" * (row.label.width // text_width("m", how.label) - 1)
    free, cut = (legend_texts([row], [long], [each], how) for each in (h, lost))
    assert free == ([long], how.label)
    assert text_width(cut[0][0], cut[1]) <= row.label.width - text_width("3 outside", how.tick) - how.label.size
    assert legend_texts([], [], [], how) == ([], how.label)
