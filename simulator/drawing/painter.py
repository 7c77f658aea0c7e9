"""One frame of a run, drawn from its result and a clock value; every kind of picture uses this painter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.drawing.axes import axis_names, map_axes
from simulator.drawing.background import Grid, loss_grid, map_image
from simulator.drawing.chart import Chart, basin_chart, chart_axes, draw_curves, finished_curves, loss_chart
from simulator.drawing.colours import Pixels, group_colours
from simulator.drawing.frames import clock_end, latest, visited_points
from simulator.drawing.history import BasinOf, History, history
from simulator.drawing.landmarks import Basins, Patch, basins, paste_all, patches, places, start_place
from simulator.drawing.layout import Layout, layout
from simulator.drawing.panel import counted, legend_row, loss_line, lost_count, share_bar
from simulator.drawing.swarm import Swarm, disc, draw_swarm, swarm
from simulator.drawing.text import shortened, write
from simulator.drawing.window import Window, picture_window

if TYPE_CHECKING:
    from simulator.analysis import Critical
    from simulator.result import Result


@dataclass(frozen=True)
class Painter:
    """All that is needed to draw any frame of one result at one size.

    ``base`` (height, width, 3) is what stands still, ``finished`` the chart's curves to their ends; the map shows
    ``window`` in the box ``layout.map``, so a viewer can turn pixels into theta.
    """

    layout: Layout
    window: Window
    colours: Pixels
    base: Pixels
    finished: Pixels
    names: list[Patch]
    swarm: Swarm
    chart: Chart
    basins: Basins | None
    histories: list[History]
    epoch: int | None

    def draw(self, clock: float, out: Pixels) -> None:
        """Draw the frame at this clock value into ``out``, shape (height, width, 3), uint8, best C-contiguous.

        The kernels are compiled once more for any other memory layout.
        """
        np.copyto(out, self.base)
        draw_swarm(out, self.swarm, clock)
        paste_all(out, self.names)
        for row, h, colour in zip(self.layout.rows, self.histories, self.colours, strict=True):
            at = latest(h.clock, clock)
            lost_count(out, row, h, at, self.layout.sizes)
            if row.numbers and self.basins:
                share_bar(out, row.numbers, h.share[at], self.basins, colour, self.layout.sizes)
            elif row.numbers:
                loss_line(out, row.numbers, h, at, self.chart.scale.decimals, self.layout.sizes)
        if self.layout.chart.height:
            head = disc(3.2 * self.layout.sizes.unit)
            draw_curves(out, self.layout.chart, self.chart, self.finished, clock, head, self.colours)
        box, size = self.layout.clock, self.layout.sizes.label
        write(out, shortened(self._clock_text(clock), box.width, size, bold=True), *box[:2], size, bold=True)

    def frame(self, clock: float) -> Pixels:
        """The frame at this clock value, shape (height, width, 3), uint8."""
        out = np.empty_like(self.base)
        self.draw(clock, out)
        return out

    def _clock_text(self, clock: float) -> str:
        done = int(clock + 1e-9)
        if self.epoch is None:
            return counted(done, "update")
        return f"{counted(done, 'example')} seen, epoch {done // self.epoch:,}"


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
    picture = result.scenario.picture
    size = size or (int(picture.size[0]), int(picture.size[1]))
    told_apart = basins(critical) if basin_of and (chart or picture.chart) == "basins" else None
    plan = layout(size, len(result.groups))
    area, sizes = plan.map, plan.sizes
    window = picture_window(result, area)
    minima = len(told_apart.names) if told_apart else 0
    histories = [history(result, g, window, minima, basin_of if told_apart else None) for g in result.groups]
    grid = loss_grid(result.landscape, window, area)
    end = float(clock_end(result))
    shown = basin_chart(histories, told_apart, end) if told_apart else loss_chart(histories, grid[2], end)
    colours = group_colours(len(result.groups))

    base = _still(result, plan, window, grid, colours, histories)
    starts = np.asarray(result.groups[0].position[0], dtype=np.float64)
    marked = [*places(critical, letters=told_apart is not None), *start_place(starts, window)]
    outlines, names = patches(marked, visited_points(result), window, area, sizes)
    paste_all(base, outlines)
    by_examples = picture.clock == "examples"
    if plan.chart.height:
        chart_axes(base, plan, shown, "examples seen" if by_examples else "updates")
        finished = finished_curves(shown, colours, plan.chart, sizes.unit)
    else:
        finished = base[:0]
    return Painter(
        plan, window, colours, base, finished, names,
        swarm(result, histories, colours, window, area, sizes.unit, fade),
        shown, told_apart, histories, len(result.landscape.train) if by_examples else None,
    )  # fmt: skip


def _still(
    result: "Result", plan: Layout, window: Window, grid: Grid, colours: Pixels, histories: list[History]
) -> Pixels:
    """Title, map, its axes and the labels of the groups, shape (height, width, 3)."""
    area, sizes = plan.map, plan.sizes
    image = map_image(grid, area, result.scenario.picture.levels, sizes.unit)
    out = np.full((plan.size[1], plan.size[0], 3), 255, dtype=np.uint8)
    out[area.top : area.bottom, area.left : area.right] = image
    map_axes(out, plan, window, axis_names(result.scenario.surface.kind))
    title = shortened(result.scenario.title, plan.title.width, sizes.title, bold=True)
    write(out, title, plan.title.left, plan.title.top, sizes.title, bold=True)
    for row, group, h, colour in zip(plan.rows, result.groups, histories, colours, strict=True):
        legend_row(out, row, group.label, h, colour, sizes)
    return out
