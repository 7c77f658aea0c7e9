"""What a picture shows: laid out, with styles, names, charts and overlays resolved once, and drawn on any canvas."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from errsurf.analysis import named
from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import Chart, Source, chart, chart_kind, drawable, made_charts, tells_basins
from errsurf.drawing.colours import Colour
from errsurf.drawing.group_looks import scenario_colours
from errsurf.drawing.history.clock import Clock, clock_texts, shown_clock
from errsurf.drawing.history.contours import contour_levels, loss_grid
from errsurf.drawing.history.frames import Ints, clock_end, shown_groups, visited_points
from errsurf.drawing.history.numbers import BasinOf, Basins, History, history
from errsurf.drawing.history.profile import Profile, profiled
from errsurf.drawing.history.window import picture_window
from errsurf.drawing.layout.arrangement import layout
from errsurf.drawing.layout.parts import Contents, Layout, map_style
from errsurf.drawing.layout.style import scenario_style
from errsurf.drawing.lettering.text import text_width, wrapped
from errsurf.drawing.map.landmarks import Place, Spot, places, spots, start_places
from errsurf.drawing.map.maps import Maps
from errsurf.drawing.map.markers import Marker, markers
from errsurf.drawing.map.swarm import Swarm, swarm
from errsurf.drawing.overlays import Ready, foot_room, overlays
from errsurf.drawing.panel.chart_room import with_room
from errsurf.drawing.panel.legend import updates_fit
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.terrain import own_window

if TYPE_CHECKING:
    from errsurf.analysis import Critical, Regions
    from errsurf.run.result import Result


@dataclass(frozen=True)
class Scene:
    """One run, laid out to be drawn.

    ``maps`` are what its maps show, ``marks`` what is marked on them and ``spots`` where, map by map; ``swarms`` the
    particles of all groups, or of one group for each map.  ``losses`` is the chart of the loss, None for a run that is
    not over, and ``charts`` are those of the picture.  ``basins`` is None unless a chart tells basins apart.  ``end``
    is the last value of the ``clock``, and ``updates`` says whether the legend has them too.
    """

    maps: Maps
    caption: Sequence[str]
    marks: Sequence[Place]
    spots: Sequence[Sequence[Spot]]
    swarms: Sequence[Swarm]
    markers: Sequence[Marker]
    basins: Basins | None
    losses: Chart | None
    charts: dict[str, Chart]
    overlays: Sequence[Ready]
    end: float
    clock: Clock
    updates: bool = False

    @property
    def result(self) -> "Result":
        """The run."""
        return self.maps.result

    @property
    def plan(self) -> Layout:
        """Where everything is."""
        return self.maps.plan

    @property
    def histories(self) -> Sequence[History]:
        """The numbers of each group that is shown."""
        return self.maps.histories

    @property
    def labels(self) -> list[str]:
        """Labels of the groups that are shown."""
        return [self.result.groups[k].label for k in self.maps.shown]

    @property
    def decimals(self) -> int | None:
        """Decimals of losses; None for three digits."""
        return self.losses.scale.decimals if self.losses else None


def scene(
    result: "Result",
    *,
    critical: Sequence["Critical"] = (),
    basin_of: BasinOf | None = None,
    regions: "Regions | None" = None,
    size: tuple[int, int] | None = None,
    charts: Sequence[str] | None = None,
    fade: float = 0.08,
) -> Scene:
    """Lay out a result as the scenario's ``[picture]`` asks.

    ``critical`` are the critical points to mark.  ``basin_of(points)``, for points of shape (n, 2), tells in the
    basin of which of their minima, counted in their order, each point lies, -1 for none; it is asked about
    all particles of up to 400 frames a group, and only for charts that tell basins apart.  These need a minimum and
    ``basin_of``; without them the loss is drawn.  With ``regions`` the legend of such a picture tells where particles
    are.  ``size`` and ``charts`` replace the scenario's; ``fade`` is the share of the run in which a trail pales.
    """
    wanted = result.scenario.picture.charts if charts is None else charts
    told = told_apart(result, critical, basin_of, regions)
    plan, caption = _plan(result, critical, wanted, size, known=told is not None)
    return scene_on(
        plan, result, critical=critical, basin_of=basin_of, regions=regions, charts=wanted, fade=fade, caption=caption
    )


def told_apart(
    result: "Result", critical: Sequence["Critical"], basin_of: BasinOf | None, regions: "Regions | None" = None
) -> Basins | None:
    """How particles are told apart by these critical points; None without a minimum or ``basin_of``."""
    names = named(critical, own_window(result.scenario))
    return Basins(names, basin_of, regions) if names.minima and basin_of else None


def ends_on_map(findings: Findings) -> Ints:
    """Where the particles of each group end on the scenario's picture, counted as ``Names.parts``: (groups, parts)."""
    return findings.ends(map_window(findings))


def map_window(findings: Findings) -> tuple[tuple[float, float], tuple[float, float]]:
    """The part of the plane that the scenario's picture shows."""
    result = findings.result
    plan, _ = _plan(result, findings.critical, result.scenario.picture.charts, None, known=True)
    return picture_window(result, plan.map)


def _plan(
    result: "Result",
    critical: Sequence["Critical"],
    charts: Sequence[str],
    size: tuple[int, int] | None,
    *,
    known: bool,
) -> tuple[Layout, list[str]]:
    """The layout with those of the charts that can be drawn, and the lines of the caption."""
    picture = result.scenario.picture
    names = drawable(charts, result, critical, told_apart=known)
    size = size or (int(picture.size[0]), int(picture.size[1]))
    return picture_plan(result, size, len(shown_groups(result)), len(names), longest_clock(result))


def scene_on(
    plan: Layout,
    result: "Result",
    *,
    critical: Sequence["Critical"] = (),
    basin_of: BasinOf | None = None,
    regions: "Regions | None" = None,
    charts: Sequence[str] = (),
    fade: float = 0.08,
    caption: Sequence[str] = (),
) -> Scene:
    """Show a result in a layout; the arguments are those of ``scene``."""
    window = picture_window(result, plan.map)
    result = profiled(result, window)
    window = result.window if isinstance(result, Profile) else window
    picture, shown = result.scenario.picture, shown_groups(result)
    groups = [result.groups[k] for k in shown]
    colours = scenario_colours(plan.style.theme, result.scenario.optimizer, shown)
    found = told_apart(result, critical, basin_of, regions) if tells_basins(charts) else None
    histories = [history(result, g, window, found) for g in groups]
    grid = loss_grid(result.landscape, window, plan.map)
    levels = contour_levels(grid[2], picture.levels, picture.level_scale)
    source = Source(result, groups, shown, histories, critical, found, grid[2], float(clock_end(result)))
    made, clock = made_charts(source, charts), shown_clock(result)
    losses = made.get("loss") or chart(chart_kind("loss"), source)
    plan = plan._replace(charts=with_room(plan.charts, [*made.values()], plan.style))
    maps = Maps(result, plan, window, shown, colours, histories, grid, levels, fade, critical)
    swarms, marks = _swarms(maps), marked(maps)
    updates = updates_fit(plan.rows, histories, losses.scale.decimals, plan.style)
    return Scene(
        maps, caption, marks, marked_spots(maps, marks), swarms,
        markers=markers(result, shown, swarms[0].chosen),
        basins=found,
        losses=losses,
        charts=made,
        overlays=overlays(maps),
        end=source.end,
        clock=clock,
        updates=updates and clock.noun != "update",
    )  # fmt: skip


def on_paper(shown: Scene, paper: Colour) -> Scene:
    """The same scene with another colour behind everything; names, trails and dots keep their rims."""
    style = shown.plan.style
    plan = shown.plan._replace(style=style._replace(theme=style.theme._replace(paper=paper)))
    return replace(shown, maps=replace(shown.maps, plan=plan))


def moved(shown: Scene, area: Box, outer: tuple[bool, bool], *, names: bool) -> Scene:
    """A scene of one map with the map in another box of the same shape, with or without names beside its marks."""
    maps = replace(shown.maps, plan=shown.plan._replace(maps=(area,), outer=(outer,)))
    found = [spot if names else spot._replace(box=None) for spot in marked_spots(maps, shown.marks)[0]]
    swarms = [replace(each, area=area) for each in shown.swarms]
    return replace(shown, maps=maps, spots=[found], swarms=swarms, overlays=overlays(maps))


def marked(maps: Maps) -> list[Place]:
    """What is marked on maps: critical points, and the starts."""
    starts = [np.asarray(maps.result.groups[k].position[0], dtype=np.float64) for k in maps.shown]
    found = [maps.result.marked(c) for c in maps.critical] if isinstance(maps.result, Profile) else maps.critical
    return [*places(found, named(found, own_window(maps.result.scenario))), *start_places(starts, maps.window)]


def marked_spots(maps: Maps, marks: Sequence[Place]) -> list[list[Spot]]:
    """Where on each map the marks and their names are."""
    visited = visited_points(maps.result)
    return [spots(marks, visited, maps.window, area, maps.style) for area in maps.plan.maps]


def picture_plan(
    result: "Result", size: tuple[int, int], groups: int, charts: int, clock: str
) -> tuple[Layout, list[str]]:
    """The layout, and the lines of the caption; ``clock`` is the longest text of the clock."""
    picture = result.scenario.picture
    style = scenario_style(result.scenario, size)
    caption = wrapped(picture.caption, size[0] - 2 * round(14 * style.unit), style.number, 2)
    title, width = bool(result.scenario.title.strip()), text_width(clock, style.label) if picture.markers else None
    contents = Contents(groups, title, len(caption), picture.panels, picture.legend, charts, width)
    contents = contents._replace(pair=picture.beside != "none", foot=foot_room(picture, style), bar=picture.colorbar)
    return layout(size, style, contents), caption


def longest_clock(result: "Result") -> str:
    """The longest text of the clock."""
    return clock_texts(float(clock_end(result)), shown_clock(result))[0]


def _swarms(maps: Maps) -> list[Swarm]:
    """The particles of all groups for the one map, or of each group for its own."""
    count = len(maps.shown)
    each = [range(count)] if len(maps.plan.maps) == 1 else [range(k, k + 1) for k in range(count)]
    return [
        swarm(
            maps.result, [maps.shown[k] for k in some], maps.colours[list(some)],
            maps.window, area, map_style(maps.plan), maps.fade,
        )
        for some, area in zip(each, maps.plan.maps, strict=True)
    ]  # fmt: skip
