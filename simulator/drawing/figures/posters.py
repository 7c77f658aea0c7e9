"""Figures for paper and slides: the map, losses, where particles ended; and frames in a row."""

from typing import NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas.vector import VectorCanvas
from errsurf.drawing.charts import Chart
from errsurf.drawing.colours import Pixels, theme
from errsurf.drawing.figures.keys import group_key, key_height, marker_room
from errsurf.drawing.figures.shares import draw_shares
from errsurf.drawing.figures.talk import talk_style, write_message, write_title
from errsurf.drawing.group_looks import draw_shape, group_shape
from errsurf.drawing.history.clock import clock_texts
from errsurf.drawing.history.frames import clock_end, shown_groups
from errsurf.drawing.layout.parts import ChartSpace, Layout, mark_width, only_map
from errsurf.drawing.layout.style import Style, scenario_style
from errsurf.drawing.lettering.text import line_height, longest, shortened, text_width, wrapped
from errsurf.drawing.map.markers import marker_key
from errsurf.drawing.overlays import draw_key, entries_height, key_entries, key_room
from errsurf.drawing.panel.chart import chart_axes, draw_chart, place
from errsurf.drawing.panel.chart_room import with_room
from errsurf.drawing.picture_file import PictureRequest
from errsurf.drawing.scene import Scene, moved, scene, scene_on, told_apart
from errsurf.drawing.scene_on_canvas import (
    draw_chart_markers,
    draw_maps,
    draw_moment,
    draw_moment_on_maps,
    draw_scenery,
)

PAPER = (720, 380)
SLIDE = (1334, 750)
_FADE = 0.5
_MARKS, _MARK = 5, 3.0
"""How many shapes a curve of a still has, more where it begins, and their radius."""
_SHARES = (
    "where particles are, 95% interval",
    "where particles are",
    "where they are",
)


class Page(NamedTuple):
    """A figure that is drawn: of an request, on a canvas, with this style."""

    request: PictureRequest
    canvas: VectorCanvas
    style: Style


def picture(request: PictureRequest) -> VectorCanvas:
    """The frame at the request's clock value, laid out as in all other pictures."""
    shown = scene(request.result, critical=request.critical, basin_of=request.basin_of, regions=request.regions)
    canvas = VectorCanvas(shown.plan.size, shown.plan.style.theme.background)
    draw_scenery(canvas, shown)
    draw_moment(canvas, shown, _clock(request))
    return canvas


def paper(request: PictureRequest) -> VectorCanvas:
    """Three parts on white, 18 cm wide, the width of a page; no title, that is the caption's."""
    how = scenario_style(request.result.scenario, PAPER, theme("light"))
    canvas = VectorCanvas(PAPER, how.theme.background)
    margin = round(8 * how.unit)
    _draw_parts(Page(request, canvas, how), Box(margin, margin, PAPER[0] - margin, PAPER[1] - margin))
    return canvas


def slide(request: PictureRequest) -> VectorCanvas:
    """Three parts with title and caption in the scenario's theme, 13.3 by 7.5 inches, the size of a slide."""
    scenario = request.result.scenario
    how = scenario_style(scenario, SLIDE)
    canvas = VectorCanvas(SLIDE, how.theme.background)
    margin = round(18 * how.unit)
    body = Box(margin, margin, SLIDE[0] - margin, SLIDE[1] - margin)
    if title := scenario.title.strip():
        canvas.write(shortened(title, body.width, how.title), body.left, body.top, how.title, how.theme.foreground)
        body = body._replace(top=body.top + line_height(how.title) + round(8 * how.unit))
    for line in reversed(wrapped(scenario.picture.caption, body.width, how.number, 2)):
        body = body._replace(bottom=body.bottom - line_height(how.number))
        canvas.write(line, body.left, body.bottom, how.number, how.theme.grey)
    _draw_parts(Page(request, canvas, how), body)
    return canvas


def talk(request: PictureRequest) -> VectorCanvas:
    """A large map and title, one message, and the verdict if it is wanted, as large as a slide."""
    how = talk_style(scenario_style(request.result.scenario, SLIDE))
    canvas = VectorCanvas(SLIDE, how.theme.background)
    margin, tick = round(24 * how.unit), line_height(how.tick)
    body = Box(margin, margin, SLIDE[0] - margin, SLIDE[1] - margin)
    head = line_height(how.title) * len(wrapped(request.result.scenario.title, body.width, how.title, 2))
    more = entries_height(request.result.scenario.picture, how)
    bottom = body.bottom - more - tick - line_height(how.number) - round(8 * how.unit)
    left, top = body.left + mark_width(how), body.top + head + round(12 * how.unit)
    area = Box(left, top, body.left + round(0.6 * body.width), bottom)
    page = Page(request, canvas, how)
    shown = _scene(page, only_map(SLIDE, how, area), ())
    write_title(canvas, body, shown, how)
    _draw_map(page, shown, _clock(request))
    words = longest(clock_texts(_clock(request), shown.clock), area.width, how.number)
    clock = Box(area.left, body.bottom - more - line_height(how.number), area.right, body.bottom - more)
    canvas.write(words, clock.left, clock.top, how.number, how.theme.grey)
    marker_key(
        canvas,
        clock._replace(left=clock.left + text_width(words, how.number)),
        request.result.scenario.picture.markers,
        how,
    )
    _draw_overlay_key(page, clock._replace(top=clock.bottom, bottom=body.bottom), shown)
    column = Box(area.right + round(28 * how.unit), area.top, body.right, body.bottom)
    large = how._replace(number=how.label)
    group_key(canvas, column, shown, large)
    below = column.top + key_height(shown.labels, large, column.width) + round(22 * how.unit)
    write_message(canvas, column._replace(top=below), shown, how)
    return canvas


def strip(request: PictureRequest) -> VectorCanvas:
    """Frames in a row from the start to the clock value, on white, as wide as a page; wider beyond five frames."""
    width = round(PAPER[0] * max(1.0, request.frames / 5))
    how = scenario_style(request.result.scenario, PAPER, theme("light"))
    margin, gap, tick = round(8 * how.unit), round(7 * how.unit), line_height(how.tick)
    left = margin + mark_width(how)
    side = (width - left - margin - (request.frames - 1) * gap) // request.frames
    top = margin + line_height(how.number) + round(4 * how.unit)
    area = Box(left, top, left + side, top + round(0.85 * side))
    key, room = _key_below(request, how, Box(margin, area.bottom + tick + round(12 * how.unit), width - margin, 0))
    more = entries_height(request.result.scenario.picture, how)
    page = Page(request, VectorCanvas((width, key.bottom + more + margin), how.theme.background), how)
    # The maps of a strip are small: their lines are as thin as those of maps this size elsewhere.
    plan = only_map(PAPER, how, area)
    shown = _scene(page, plan, charts=())
    for k, clock in enumerate(np.linspace(0.0, _clock(request), request.frames)):
        box = area._replace(left=area.left + k * (side + gap), right=area.right + k * (side + gap))
        _draw_map(page, moved(shown, box, (k == 0, True), names=k == 0), float(clock))
        words = longest(clock_texts(float(clock), shown.clock), side, how.number)
        page.canvas.write(words, box.left, margin, how.number, how.theme.foreground)
    _draw_key(page, key, room, shown)
    _draw_overlay_key(page, key._replace(top=key.bottom, bottom=key.bottom + more), shown)
    return page.canvas


LAYOUTS = {"picture": picture, "paper": paper, "slide": slide, "talk": talk, "strip": strip}


def _draw_parts(page: Page, body: Box) -> None:
    """Draw (a) the map at the left, charts at the right, the key of the groups below."""
    how, request = page.style, page.request
    first, tick = line_height(how.number), line_height(how.tick)
    key, room = _key_below(request, how, body)
    more = entries_height(request.result.scenario.picture, how)
    key = key._replace(top=body.bottom - key.height - more, bottom=body.bottom - more)
    below, above = key.top - tick - round(16 * how.unit), body.top + first + round(4 * how.unit)
    area = Box(body.left + mark_width(how), above, body.left + round(0.56 * body.width), below)
    found = told_apart(request.result, request.critical, request.basin_of, request.regions)
    shares = ("basins",) if found and found.regions and len(found.names.order) > 1 else ()
    curves = tuple(name for name in request.result.scenario.picture.charts if name != "basins") or ("loss",)
    shown = _scene(page, only_map(page.canvas.size, how, area), (*curves, *shares))
    _draw_map(page, shown, _clock(request))
    _heading(page, "a", clock_texts(_clock(request), shown.clock), area)
    right = Box(area.right + mark_width(how) + text_width(" (b)", how.tick), above, body.right - 4, below)
    _draw_charts(page, right, shown)
    _draw_key(page, key, room, shown)
    _draw_overlay_key(page, key._replace(top=key.bottom, bottom=body.bottom), shown)


def _draw_charts(page: Page, right: Box, shown: Scene) -> None:
    """Draw (b) the picture's chart, or the losses, and below it (c) its second one, or the shares if there are any."""
    how, clock = page.style, _clock(page.request)
    charts = [chart for name, chart in shown.charts.items() if name != "basins"]
    upper = right
    if shown.basins or len(charts) > 1:
        upper = right._replace(bottom=right.top + round(0.42 * right.height))
        gap = line_height(how.tick) + line_height(how.number) + round(20 * how.unit)
        lower = right._replace(top=upper.bottom + gap)
    if len(charts) > 1:
        _draw_chart(page, lower, shown, charts[1], clock)
        _heading(page, "c", charts[1].titles, lower)
    elif shown.basins:
        draw_shares(page.canvas, lower, shown, clock, how)
        _heading(page, "c", _SHARES, lower)
    _draw_chart(page, upper, shown, charts[0], clock)
    _heading(page, "b", charts[0].titles, upper)


def _scene(page: Page, plan: Layout, charts: tuple[str, ...]) -> Scene:
    request = page.request
    return scene_on(
        plan, request.result, critical=request.critical, basin_of=request.basin_of, regions=request.regions,
        charts=charts, fade=_FADE,
    )  # fmt: skip


def _draw_map(page: Page, shown: Scene, clock: float) -> None:
    draw_maps(page.canvas, shown.maps, shown.spots)
    for each in shown.overlays:
        each.still(page.canvas)
    draw_moment_on_maps(page.canvas, shown, clock)


def _draw_chart(page: Page, box: Box, shown: Scene, chart: Chart, clock: float) -> None:
    heading = box._replace(left=box.left - mark_width(page.style), bottom=box.top)
    (space,) = with_room((ChartSpace(heading, box),), (chart,), page.style)
    chart_axes(page.canvas, space, chart._replace(titles=("",)), shown.maps.colours, page.style)
    draw_chart(page.canvas, space.box, chart, clock, shown.maps.colours, page.style)
    _mark_curves(page, space.box, chart, clock, shown.maps.colours)
    draw_chart_markers(page.canvas, shown, space.box, chart, clock)


def _mark_curves(page: Page, box: Box, chart: Chart, clock: float, colours: Pixels) -> None:
    """Put the shapes of the groups on their curves over the clock, each at places of its own: they tell in grey."""
    if chart.data or chart.joined or len(chart.curves) < 2:
        return
    count = len(chart.curves)
    for k, (curve, colour) in enumerate(zip(chart.curves, colours, strict=True)):
        if curve.at is None:
            shares = ((np.arange(_MARKS) + (k + 0.5) / count) / _MARKS) ** 2
            spots = np.array([place(chart, curve, share * clock, box) for share in shares])
            known = spots[np.isfinite(spots).all(axis=1)]
            draw_shape(page.canvas, box, known, group_shape(curve.number), _MARK * page.style.line, colour)


def _key_below(request: PictureRequest, how: Style, box: Box) -> tuple[Box, int]:
    """The key of groups and markers from the top of a box, and the width of that of the groups."""
    labels = [request.result.groups[k].label for k in shown_groups(request.result)]
    room = box.width - marker_room(request.result.scenario.picture.markers, how)
    return box._replace(bottom=box.top + key_height(labels, how, room)), room


def _draw_key(page: Page, key: Box, room: int, shown: Scene) -> None:
    how, updates = page.style, page.request.result.scenario.picture.markers
    group_key(page.canvas, key._replace(right=key.left + room), shown, how)
    marker_key(
        page.canvas, key._replace(left=key.left + room, top=key.bottom - line_height(how.number)), updates, how
    )  # fmt: skip


def _draw_overlay_key(page: Page, box: Box, shown: Scene) -> None:
    """Draw what overlays mean."""
    lines = key_room(page.request.result.scenario.picture, page.style)
    draw_key(page.canvas, box, key_entries(shown.overlays), lines, page.style)


def _heading(page: Page, letter: str, titles: tuple[str, ...], box: Box) -> None:
    """Write a letter in bold and the longest title that fits above a part."""
    how = page.style
    top = box.top - line_height(how.number) - round(4 * how.unit)
    mark = how.number._replace(faces=how.label.faces)
    page.canvas.write(f"({letter})", box.left, top, mark, how.theme.foreground)
    left = box.left + text_width(f"({letter}) ", mark)
    page.canvas.write(longest(titles, box.right - left, how.number), left, top, how.number, how.theme.foreground)


def _clock(request: PictureRequest) -> float:
    """The clock value that an request shows."""
    end = float(clock_end(request.result))
    return end if request.at is None else min(max(request.at, 0.0), end)
