"""What stands still in a picture, drawn once, and what moves, made ready."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from errsurf.drawing.axes import axis_names, map_axes
from errsurf.drawing.background import Grid, contour_levels, level_image, loss_grid
from errsurf.drawing.chart import ready_chart
from errsurf.drawing.charts import Source, chart, chart_kind, drawable, made_charts, tells_basins
from errsurf.drawing.colours import Pixels, group_colours, theme
from errsurf.drawing.frames import Array, clock_end, shown_groups, visited_points
from errsurf.drawing.history import BasinOf, History, history
from errsurf.drawing.landmarks import Basins, Patch, basins, paste_all, patches, places, start_place
from errsurf.drawing.layout import layout
from errsurf.drawing.layout_parts import Contents, Layout, map_look
from errsurf.drawing.lettering.text import fitted, line_height, shortened, text_width, wrapped, write
from errsurf.drawing.look import scenario_look
from errsurf.drawing.markers import marker_key, markers
from errsurf.drawing.overlays import Ground, foot_room, overlays
from errsurf.drawing.painter import Painter, clock_texts
from errsurf.drawing.panel import legend_row, updates_fit
from errsurf.drawing.swarm import Swarm, swarm
from errsurf.drawing.window import Window, picture_window

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Result


def painter(
    result: "Result",
    *,
    critical: Sequence["Critical"] = (),
    basin_of: BasinOf | None = None,
    size: tuple[int, int] | None = None,
    charts: Sequence[str] | None = None,
    fade: float = 0.08,
) -> Painter:
    """Prepare to draw any frame of a result.

    ``critical`` are the critical points to mark.  ``basin_of(points)``, for points of shape (n, 2), tells in the
    basin of which of their minima, counted in their order, each point lies, -1 for none; it is asked about
    all particles of up to 400 frames a group, and only for charts that tell basins apart.  These need a minimum and
    ``basin_of``; without them the loss stands in.  ``size`` and ``charts`` replace the scenario's;
    ``fade`` is the share of the run in which a trail pales.
    """
    picture, shown = result.scenario.picture, shown_groups(result)
    groups, colours = [result.groups[k] for k in shown], group_colours(theme(picture.theme), shown)
    size, wanted = size or (int(picture.size[0]), int(picture.size[1])), picture.charts if charts is None else charts
    told_apart = basins(critical) if basin_of and tells_basins(wanted) else None
    wanted = drawable(wanted, result, critical, told_apart=told_apart is not None)
    end = float(clock_end(result))
    epoch = len(result.landscape.train) if picture.clock == "examples" else None
    plan, caption = picture_plan(result, size, len(shown), len(wanted), clock_texts(end, epoch)[0])
    window = picture_window(result, plan.map)
    minima = len(told_apart.names) if told_apart else 0
    histories = [history(result, g, window, minima, basin_of if told_apart else None) for g in groups]
    still = scenery(result, plan, window, critical, told_apart, caption)
    base = still.base
    source = Source(result, groups, shown, histories, critical, told_apart, still.grid[2], end)
    decimals = chart(chart_kind("loss"), source).scale.decimals

    _legend(base, plan, [group.label for group in groups], histories, colours)
    drawn = made_charts(source, wanted)
    ready = [
        ready_chart(base, space, each, colours, plan.look)
        for space, each in zip(plan.charts, drawn.values(), strict=False)
    ]
    swarms = _swarms(result, shown, histories, colours, window, plan, fade)
    marked = markers(picture.markers, groups, swarms[0].chosen, picture.clock)
    marker_key(base, plan.key, picture.markers, plan.look)
    drawn_on = (still.grid, still.levels, still.image, base, fade)
    ground = Ground(result, plan, window, shown, colours, histories, *drawn_on, critical)
    return Painter(
        plan, window, shown, colours, base, ready, still.names, swarms, marked, told_apart, histories,
        updates=epoch is not None and updates_fit(plan.rows, histories, decimals, plan.look),
        decimals=decimals,
        end=end,
        epoch=epoch,
        ground=ground,
        overlays=overlays(ground),
    )  # fmt: skip


class Scenery(NamedTuple):
    """What stands still on the maps: the training loss over the window and its ``levels``, ``image`` which they make.

    ``base`` (height, width, 3) is the picture with all its maps, axes, marks, title and caption; ``names`` stay above
    the particles.
    """

    grid: Grid
    levels: Array
    image: Pixels
    base: Pixels
    names: list[Patch]


def scenery(
    result: "Result",
    plan: Layout,
    window: Window,
    critical: Sequence["Critical"],
    told_apart: Basins | None = None,
    caption: Sequence[str] = (),
) -> Scenery:
    """Draw what stands still; of the result only the surface, the starts and places that were visited are used."""
    picture = result.scenario.picture
    grid = loss_grid(result.landscape, window, plan.map)
    levels = contour_levels(grid[2], picture.levels, picture.level_scale)
    filled = loss_grid(result.landscape, window, plan.map, "test") if picture.surface == "test" else grid
    image = level_image(filled, plan.map, levels, plan.look)
    base = _still(result, plan, window, image, caption)
    return Scenery(grid, levels, image, base, _landmarks(base, result, critical, told_apart, plan, window))


def picture_plan(
    result: "Result", size: tuple[int, int], groups: int, charts: int, clock: str
) -> tuple[Layout, list[str]]:
    """The layout, and the lines of the caption; ``clock`` is the longest text of the clock."""
    picture = result.scenario.picture
    how = scenario_look(result.scenario, size)
    caption = wrapped(picture.caption, size[0] - 2 * round(14 * how.unit), how.number, 2)
    title, width = bool(result.scenario.title.strip()), text_width(clock, how.label) if picture.markers else None
    contents = Contents(groups, title, len(caption), picture.panels, picture.legend, charts, width)
    contents = contents._replace(pair=picture.beside != "none", foot=foot_room(picture, how))
    return layout(size, how, contents), caption


def _still(result: "Result", plan: Layout, window: Window, image: Pixels, caption: Sequence[str]) -> Pixels:
    """Title, maps with their axes, and caption, shape (height, width, 3)."""
    how = plan.look
    out = np.full((plan.size[1], plan.size[0], 3), how.theme.paper, dtype=np.uint8)
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
