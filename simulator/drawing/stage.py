"""What stands still in a picture, drawn once, and what moves, made ready."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulator.drawing.axes import axis_names, map_axes
from simulator.drawing.background import Grid, loss_grid, map_image
from simulator.drawing.chart import Chart, basin_chart, chart_axes, finished_curves, loss_chart
from simulator.drawing.colours import Pixels, group_colours, theme
from simulator.drawing.frames import clock_end, shown_groups, visited_points
from simulator.drawing.history import BasinOf, History, history
from simulator.drawing.landmarks import Basins, Patch, basins, paste_all, patches, places, start_place
from simulator.drawing.layout import layout
from simulator.drawing.layout_parts import Contents, Layout, map_look
from simulator.drawing.lettering.text import fitted, line_height, shortened, text_width, wrapped, write
from simulator.drawing.look import scenario_look
from simulator.drawing.markers import marker_key, markers
from simulator.drawing.painter import Painter, clock_texts
from simulator.drawing.panel import legend_row, updates_fit
from simulator.drawing.swarm import Swarm, swarm
from simulator.drawing.window import Window, picture_window

if TYPE_CHECKING:
    from simulator.analysis import Critical
    from simulator.result import Result


def painter(
    result: "Result",
    *,
    critical: Sequence["Critical"] = (),
    basin_of: BasinOf | None = None,
    size: tuple[int, int] | None = None,
    chart: str | None = None,
    fade: float = 0.08,
) -> Painter:
    """Prepare to draw any frame of a result.

    ``critical`` are the critical points to mark.  ``basin_of(points)``, for points of shape (n, 2), tells in the
    basin of which of their minima, counted in their order, each point lies, -1 for none; it is asked about
    all particles of up to 400 frames a group, and only for the chart "basins".  That chart needs a minimum and
    ``basin_of``; without them it becomes "loss".  ``size`` and ``chart`` replace the scenario's;
    ``fade`` is the share of the run in which a trail pales.
    """
    picture, shown = result.scenario.picture, shown_groups(result)
    groups, colours = [result.groups[k] for k in shown], group_colours(theme(picture.theme), shown)
    size, chart = size or (int(picture.size[0]), int(picture.size[1])), chart or picture.chart
    told_apart = basins(critical) if basin_of and chart == "basins" else None
    end = float(clock_end(result))
    epoch = len(result.landscape.train) if picture.clock == "examples" else None
    plan, caption = picture_plan(result, size, len(shown), chart, clock_texts(end, epoch)[0])
    window = picture_window(result, plan.map)
    minima = len(told_apart.names) if told_apart else 0
    histories = [history(result, g, window, minima, basin_of if told_apart else None) for g in groups]
    grid = loss_grid(result.landscape, window, plan.map)
    drawn = basin_chart(histories, told_apart, end) if told_apart else loss_chart(histories, grid[2], end)

    base = _still(result, plan, window, grid, caption)
    names = _landmarks(base, result, critical, told_apart, plan, window)
    _legend(base, plan, [group.label for group in groups], histories, colours)
    finished = _chart(base, plan, drawn, colours, picture.clock)
    swarms = _swarms(result, shown, histories, colours, window, plan, fade)
    marked = markers(picture.markers, groups, drawn.curves, swarms[0].chosen, picture.clock)
    marker_key(base, plan.key, picture.markers, plan.look)
    return Painter(
        plan, window, shown, colours, base, finished, names, swarms, drawn, marked, told_apart, histories,
        updates=epoch is not None and updates_fit(plan.rows, histories, drawn.scale.decimals, plan.look),
        epoch=epoch,
    )  # fmt: skip


def picture_plan(
    result: "Result", size: tuple[int, int], groups: int, chart: str, clock: str
) -> tuple[Layout, list[str]]:
    """The layout, and the lines of the caption; ``clock`` is the longest text of the clock."""
    picture = result.scenario.picture
    how = scenario_look(result.scenario, size)
    caption = wrapped(picture.caption, size[0] - 2 * round(14 * how.unit), how.number, 2)
    title, width = bool(result.scenario.title.strip()), text_width(clock, how.label) if picture.markers else None
    contents = Contents(groups, title, len(caption), picture.panels, picture.legend, chart != "none", width)
    return layout(size, how, contents), caption


def _still(result: "Result", plan: Layout, window: Window, grid: Grid, caption: Sequence[str]) -> Pixels:
    """Title, maps with their axes, and caption, shape (height, width, 3)."""
    how, picture = plan.look, result.scenario.picture
    out = np.full((plan.size[1], plan.size[0], 3), how.theme.paper, dtype=np.uint8)
    image = map_image(grid, plan.map, picture.levels, picture.level_scale, how)
    names = axis_names(result.scenario.surface)
    for area, outer in zip(plan.maps, plan.outer, strict=True):
        out[area.top : area.bottom, area.left : area.right] = image
        map_axes(out, area, how, window, names, outer)
    title, kind = fitted(result.scenario.title, plan.title.width, how.title)
    write(out, title, plan.title.left, plan.title.bottom - line_height(kind), kind, how.theme.ink)
    height = plan.caption.height // max(len(caption), 1)
    for k, line in enumerate(caption):
        write(out, line, plan.caption.left, plan.caption.top + k * height, how.number, how.theme.grey)
    return out


def _landmarks(
    base: Pixels,
    result: "Result",
    critical: Sequence["Critical"],
    told_apart: Basins | None,
    plan: Layout,
    window: Window,
) -> list[Patch]:
    """Put the marks of critical points and the start into every map; their names, which stay above the particles."""
    starts = np.asarray(result.groups[0].position[0], dtype=np.float64)
    marked = [*places(critical, letters=told_apart is not None), *start_place(starts, window)]
    visited, names = visited_points(result), []
    for area in plan.maps:
        outlines, words = patches(marked, visited, window, area, map_look(plan))
        paste_all(base, outlines)
        names += words
    return names


def _legend(
    base: Pixels, plan: Layout, labels: Sequence[str], histories: Sequence[History], colours: Pixels
) -> None:  # fmt: skip
    """Swatches and labels, and how many groups have no room."""
    how = plan.look
    for row, label, h, colour in zip(plan.rows, labels, histories, colours, strict=False):
        legend_row(base, row, label, h, colour, how)
    if plan.rest.height:
        words = shortened(f"and {len(labels) - len(plan.rows)} more groups", plan.rest.width, how.number)
        write(base, words, plan.rest.left, plan.rest.top, how.number, how.theme.grey)


def _chart(base: Pixels, plan: Layout, chart: Chart, colours: Pixels, clock: str) -> Pixels:
    """The chart's axes, and all its curves to their ends."""
    if not plan.chart.height:
        return base[:0]
    chart_axes(base, plan, chart, "examples seen" if clock == "examples" else "updates")
    return finished_curves(base, chart, colours, plan.chart, plan.look)


def _swarms(
    result: "Result",
    shown: Sequence[int],
    histories: Sequence[History],
    colours: Pixels,
    window: Window,
    plan: Layout,
    fade: float,
) -> list[Swarm]:
    """The particles of all groups for the one map, or of each group for its own."""
    groups = [result.groups[k] for k in shown]
    if len(plan.maps) == 1:
        return [swarm(result, groups, histories, colours, window, plan.map, map_look(plan), fade)]
    return [
        swarm(result, [group], [h], colours[k : k + 1], window, area, map_look(plan), fade)
        for k, (group, h, area) in enumerate(zip(groups, histories, plan.maps, strict=True))
    ]
