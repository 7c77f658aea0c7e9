"""Draws a scene on a canvas: what stays the same during the run, and what it shows at a clock value."""

from collections.abc import Sequence

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas
from errsurf.drawing.charts import Chart
from errsurf.drawing.history.clock import clock_texts
from errsurf.drawing.history.frames import latest
from errsurf.drawing.lettering.text import fitted, line_height, longest
from errsurf.drawing.map.axes import map_axes
from errsurf.drawing.map.colorbar import draw_colorbar
from errsurf.drawing.map.landmarks import Spot, draw_marks, name_labels, write_labels
from errsurf.drawing.map.level_labels import level_labels, write_level_labels
from errsurf.drawing.map.maps import Maps
from errsurf.drawing.map.markers import Marker, draw_marker, marker_key
from errsurf.drawing.map.swarm import draw_swarm
from errsurf.drawing.overlays import draw_still
from errsurf.drawing.panel.chart import chart_axes, draw_chart, place
from errsurf.drawing.panel.legend import legend_row, legend_texts, loss_line, lost_count, share_bar, where_shares
from errsurf.drawing.scene import Scene


def draw_scenery(canvas: Canvas, shown: Scene) -> None:
    """Draw what stays the same during the run."""
    draw_maps(canvas, shown.maps, shown.spots)
    draw_surroundings(canvas, shown)


def draw_surroundings(canvas: Canvas, shown: Scene) -> None:
    """Draw what stays the same beside the maps, and of overlays."""
    plan, style = shown.plan, shown.plan.style
    title, kind = fitted(shown.result.scenario.title, plan.title.width, style.title)
    canvas.write(title, plan.title.left, plan.title.bottom - line_height(kind), kind, style.theme.foreground)
    height = plan.caption.height // max(len(shown.caption), 1)
    for k, line in enumerate(shown.caption):
        canvas.write(line, plan.caption.left, plan.caption.top + k * height, style.number, style.theme.grey)
    texts, type_of_all = legend_texts(plan.rows, shown.labels, shown.histories, style)
    for row, number, text, colour in zip(plan.rows, shown.maps.shown, texts, shown.maps.colours, strict=False):
        legend_row(canvas, row, number, text, type_of_all, colour, style)
    if plan.rest.height:
        left = len(shown.labels) - len(plan.rows)
        words = longest((f"and {left} more groups", f"and {left} more", f"+ {left}"), plan.rest.width, style.number)
        canvas.write(words, plan.rest.left, plan.rest.top, style.number, style.theme.grey)
    for space, each in zip(plan.charts, shown.charts.values(), strict=False):
        chart_axes(canvas, space, each, shown.maps.colours, style)
    draw_colorbar(canvas, shown.maps)
    marker_key(canvas, plan.key, shown.result.scenario.picture.markers, style)
    draw_still(canvas, shown.maps, shown.overlays)


def draw_maps(canvas: Canvas, maps: Maps, found: Sequence[Sequence[Spot]]) -> None:
    """Draw every map's surface, axes and marks."""
    loss = maps.surface_loss
    contours = maps.contours(loss)
    for area, outer, some in zip(maps.plan.maps, maps.plan.outer, found, strict=True):
        canvas.surface(area, contours)
        map_axes(canvas, area, maps.plan.style, maps.window, maps.names, outer)
        if maps.result.scenario.picture.surface != "batch":
            write_level_labels(canvas, maps, level_labels(maps, area, some, loss))
        draw_marks(canvas, area, some, maps.style)


def draw_moment(canvas: Canvas, shown: Scene, clock: float) -> None:
    """Draw what changes during the run, at a clock value, over what stays the same."""
    draw_moment_on_maps(canvas, shown, clock)
    draw_panel(canvas, shown, clock)


def draw_moment_on_maps(canvas: Canvas, shown: Scene, clock: float) -> None:
    """Draw overlays, particles, trails and names of the maps at a clock value."""
    for each in shown.overlays:
        each.under(canvas, clock)
    for some in shown.swarms:
        draw_swarm(canvas, some, clock)
    for marker in passed(shown, clock):
        some = shown.swarms[marker.group if len(shown.swarms) > 1 else 0]
        places = shown.maps.pixels(some.area, marker.points)
        draw_marker(canvas, some.area, places, marker, shown.maps.colours[marker.group], shown.maps.style)
    for each in shown.overlays:
        each.over(canvas, clock)
    for found in shown.spots:
        write_labels(canvas, name_labels(found, shown.maps.style), shown.maps.style)


def draw_panel(canvas: Canvas, shown: Scene, clock: float) -> None:
    """Draw what is beside the maps at a clock value: the numbers of the legend, the charts and the clock."""
    style, plan = shown.plan.style, shown.plan
    told = zip(plan.rows, shown.labels, shown.histories, shown.maps.colours, strict=False)
    for row, label, h, colour in told:
        at = latest(h.clock, clock)
        lost_count(canvas, row, label, h, at, style)
        if row.numbers and shown.basins and shown.basins.regions:
            share_bar(canvas, row.numbers, where_shares(h.where[at], shown.basins.names), colour, style)
        elif row.numbers:
            loss_line(canvas, row.numbers, h, at, shown.decimals, style, updates=shown.updates)
    for space, each in zip(plan.charts, shown.charts.values(), strict=False):
        draw_chart(canvas, space.box, each, clock, shown.maps.colours, style)
        draw_chart_markers(canvas, shown, space.box, each, clock)
    words = longest(clock_texts(clock, shown.clock), plan.clock.width, style.label)
    canvas.write(words, plan.clock.left, plan.clock.top, style.label, style.theme.foreground)


def draw_chart_markers(canvas: Canvas, shown: Scene, box: Box, of: Chart, clock: float) -> None:
    """Draw the marks of chosen updates on the curves of a chart."""
    small = shown.plan.style._replace(line=0.8 * shown.plan.style.line)
    for marker in passed(shown, clock) if not (of.joined or of.data) else ():
        at = place(of, of.curves[marker.group], marker.clock, box)[None]
        draw_marker(canvas, box, at, marker, shown.maps.colours[marker.group], small)


def passed(shown: Scene, clock: float) -> list[Marker]:
    """The marks of chosen updates that are there at a clock value."""
    return [marker for marker in shown.markers if marker.clock <= clock]
