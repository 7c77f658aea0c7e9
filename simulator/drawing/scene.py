"""What a run has to show, apart from how: the same for pages and for figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from errsurf.drawing.axes import axis_names
from errsurf.drawing.background import Grid, contour_levels, loss_grid, within_levels
from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import Chart, Source, chart, chart_kind, made_charts, tells_basins
from errsurf.drawing.frames import Array, Ints, clock_end, shown_groups
from errsurf.drawing.history import BasinOf, History, history
from errsurf.drawing.landmarks import Basins, Place, basins, places, start_place
from errsurf.drawing.markers import Marker, markers
from errsurf.drawing.window import Window, picture_window

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Group, Result


@dataclass(frozen=True)
class Scene:
    """One run, ready to be told.

    ``groups`` are those that ``picture.groups`` names, counted in the result by ``numbers``; ``chosen`` are the
    particles with trails.  ``window`` has the shape of the map's area; ``grid`` is the training loss over it, finite
    and row 0 at the smallest y, with its contour ``levels``.  ``shares`` and ``basins`` are None where there is nothing
    to tell apart; ``charts`` are those that the scenario's picture has.
    """

    result: "Result"
    groups: list["Group"]
    numbers: list[int]
    window: Window
    names: tuple[str, str]
    grid: Grid
    levels: Array
    histories: list[History]
    basins: Basins | None
    losses: Chart
    shares: Chart | None
    charts: dict[str, Chart]
    marks: list[Place]
    chosen: Ints
    markers: list[Marker]
    end: float
    critical: Sequence["Critical"]

    @property
    def epoch(self) -> int | None:
        """Examples of an epoch if the clock counts examples, else None."""
        return len(self.result.landscape.train) if self.result.scenario.picture.clock == "examples" else None

    @property
    def clock_word(self) -> str:
        """What the clock counts."""
        return "updates" if self.epoch is None else "examples seen"


def scene(result: "Result", critical: Sequence["Critical"], basin_of: BasinOf | None, area: Box) -> Scene:
    """Read from a result what is shown of it in a map of this shape; ``critical``, ``basin_of`` as for ``painter``.

    Basins are told apart where there are two or more, or where the scenario asks for a chart of them.
    """
    picture = result.scenario.picture
    window = picture_window(result, area)
    found = basins(critical) if basin_of else None
    if found and len(found.names) < 2 and not tells_basins(picture.charts):
        found = None
    minima = len(found.names) if found else 0
    shown = shown_groups(result)
    groups = [result.groups[k] for k in shown]
    histories = [history(result, g, window, minima, basin_of if found else None) for g in groups]
    x, y, loss = loss_grid(result.landscape, window, area)
    levels = contour_levels(loss, picture.levels, picture.level_scale)
    smooth = within_levels(loss, levels)
    end = max(float(clock_end(result)), 1.0)
    starts = np.asarray(result.groups[0].position[0], dtype=np.float64)
    chosen = np.unique(np.linspace(0, len(starts) - 1, min(picture.trails, len(starts))).round().astype(np.int64))
    source = Source(result, groups, shown, histories, critical, found, loss, end)
    return Scene(
        result, groups, shown, window, axis_names(result.scenario.surface), (x, y, smooth), levels, histories, found,
        losses=chart(chart_kind("loss"), source),
        shares=chart(chart_kind("basins"), source) if found else None,
        charts=made_charts(source, picture.charts),
        marks=[*places(critical, letters=found is not None), *start_place(starts, window)],
        chosen=chosen,
        markers=markers(picture.markers, groups, chosen, picture.clock),
        end=end,
        critical=critical,
    )  # fmt: skip
