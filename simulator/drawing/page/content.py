"""What the page says of a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import ZERO_ROOM, Chart, Curve, chart_kind
from errsurf.drawing.history.frames import Array, Ints
from errsurf.drawing.history.numbers import BasinOf, Basins, History
from errsurf.drawing.history.window import pixel_scale
from errsurf.drawing.layout.parts import only_map
from errsurf.drawing.layout.sizes import FEW, SIZES, particle_dots
from errsurf.drawing.layout.style import scenario_style
from errsurf.drawing.map.colorbar import bar_labels
from errsurf.drawing.map.level_labels import level_labels
from errsurf.drawing.map.markers import SHAPES, Marker
from errsurf.drawing.map.swarm import CROWD, STEPS
from errsurf.drawing.page.recorded import CODES, Recorded, described_key, recorded
from errsurf.drawing.page.recorded import COLUMNS as STROKE_COLUMNS
from errsurf.drawing.panel.legend import where_shares
from errsurf.drawing.scene import Scene, scene_on, told_apart

if TYPE_CHECKING:
    from errsurf.analysis import Critical, Regions
    from errsurf.run.result import Group, Result

MAP = Box(0, 0, 700, 500)
CURVE = ("at", "line", "low", "high", "dashed")
COLUMNS = ("low", "median", "high", "test", "outside", "diverged")
_MAX_DOTS, _SIZE = 24_000, (960, 540)


@dataclass(frozen=True)
class Content:
    """One run, ready to be put on a page: ``shown`` (n,) are the particles of each group that it has, and of these
    places those in ``trails`` leave one.
    """

    scene: Scene
    shown: Ints
    trails: list[int]
    overlay: Recorded

    @property
    def groups(self) -> list["Group"]:
        """The groups that are shown."""
        return [self.scene.result.groups[k] for k in self.scene.maps.shown]


def content(
    result: "Result",
    critical: Sequence["Critical"],
    basin_of: BasinOf | None,
    regions: "Regions | None" = None,
    charts: Sequence[str] | None = None,
) -> Content:
    """Read from a result what its page needs; ``critical``, ``basin_of`` and ``regions`` are as for ``scene``.

    Basins are told apart where there are two or more, or where the scenario asks for a chart of them.  ``charts`` are
    those of the page; unless they are given, the scenario's, the loss, and that of the basins.
    """
    wanted, told = result.scenario.picture.charts, told_apart(result, critical, basin_of)
    several = told is not None and len(told.names.minima) > 1
    names = tuple(charts or dict.fromkeys((*wanted, "loss", *(("basins",) if several else ()))))
    plan = only_map((MAP.width, MAP.height), scenario_style(result.scenario, _SIZE), MAP)
    shown = scene_on(plan, result, critical=critical, basin_of=basin_of, regions=regions, charts=names)
    return Content(
        shown, *_shown(result.groups[0].position.shape[1], len(shown.labels), shown.swarms[0].chosen), recorded(shown)
    )


def points(group: "Group", frames: Ints, shown: Ints) -> Array:
    """Places of the shown particles at some frames, shape (frames, shown, 2); NaN from where one diverged."""
    found = np.empty((len(frames), len(shown), 2))
    for row, frame in enumerate(frames.tolist()):
        found[row] = group.position[frame][shown]
        found[row, ~group.alive(frame, shown)] = np.nan
    return found


def trail_arrays(shown: Scene, k: int) -> dict[str, NDArray[Any]]:
    """The paths of the particles with trails of group ``k``, one after the other: theta, NaN for a gap, and clock.

    Path t begins at ``trail_begin[t]``.
    """
    swarm = shown.swarms[0]
    x0, across, y1, down = swarm.scale
    paths = swarm.trails[k]
    pixels = np.concatenate([path.points for path in paths] or [np.empty((0, 2))])
    theta = np.stack([x0 + pixels[:, 0] / across, y1 - pixels[:, 1] / down], axis=-1)
    begins = np.cumsum([0, *(len(path.points) for path in paths)])
    clock = np.concatenate([path.clock for path in paths] or [np.empty(0)])
    return {
        f"trail{k}": theta.astype(np.float32),
        f"trail_clock{k}": clock,
        f"trail_begin{k}": begins.astype(np.float64),
    }


def history_table(h: History) -> Array:
    """What the page's legend shows, one row a frame: ``COLUMNS``, then the shares of ``Names.parts``."""
    return np.column_stack([h.train, h.test, h.outside, h.diverged, h.where / h.particles])


def _shown(particles: int, groups: int, chosen: Ints) -> tuple[Ints, list[int]]:
    """Evenly chosen particles, at most 24,000 dots over all groups, and the places of those with trails among them."""
    most = max(_MAX_DOTS // groups, len(chosen), 20)
    some = np.linspace(0, particles - 1, min(most, particles)).round().astype(np.int64)
    shown = np.union1d(some, chosen).astype(np.int64)
    return shown, [int(k) for k in np.searchsorted(shown, chosen)]


def described(shown: Scene, overlay: Recorded) -> dict[str, Any]:
    """Everything but the arrays, as plain values."""
    result, picture, maps = shown.result, shown.result.scenario.picture, shown.maps
    levels = maps.contours(maps.surface_loss).levels
    base, (rows, columns) = float(levels[0]), maps.grid[2].shape
    dots = particle_dots(len(result.groups[0].diverged), 1.0)
    return {
        "title": result.scenario.title,
        "names": maps.names,
        "window": maps.window,
        "aspect": MAP.width / MAP.height,
        "grid": {
            "word": f"{_surface(shown)} loss",
            "columns": columns,
            "rows": rows,
            "levels": (levels - base).tolist(),
            "base": base,
            "curve": maps.level is not None,
        },
        "clock": {
            **shown.clock._asdict(),
            "word": shown.clock.word,
            "end": max(shown.end, 1.0),
            "seconds": picture.seconds,
            "pace": shown.swarms[0].pace._asdict(),
            "hold": picture.hold,
        },
        "style": SIZES._asdict()
        | {
            "dot": dots.radius,
            "dot_strength": dots.strength / 255,
            "few": FEW,
            "crowd": CROWD,
            "fade": maps.fade,
            "steps": STEPS,
        },
        "shapes": SHAPES,
        "markers": [_marker(marker) for marker in shown.markers],
        "colorbar": bar_labels(maps, MAP.height) if picture.colorbar else [],
        "level_labels": _level_labels(shown),
        "marks": [mark._asdict() for mark in shown.marks],
        "where": _where(shown.basins),
        "reach": picture.trail_length,
        "steps": any(path.steps for group in shown.swarms[0].trails for path in group),
        "history": COLUMNS,
        "decimals": shown.decimals,
        "charts": [_chart(name, chart) for name, chart in shown.charts.items()],
        "curve": CURVE,
        "overlay": {
            "columns": STROKE_COLUMNS,
            "codes": CODES,
            "colours": overlay.colours,
            "key": described_key(shown),
        },
    }


def _where(basins: Basins | None) -> list[dict[str, Any]]:
    """Words and strengths of colour of the places that ``history_table`` has shares of."""
    if basins is None or basins.regions is None:
        return []
    none = np.zeros(len(basins.names.parts), np.int64)
    told = [{"word": word, "strength": strength} for word, _, strength in where_shares(none, basins.names)]
    return told + [{"word": word, "strength": None} for word in basins.names.parts[len(told) :]]


def _level_labels(shown: Scene) -> list[dict[str, Any]]:
    """Texts of contours: where their middle is in the plane, and which colour of the map is around them."""
    maps, area = shown.maps, shown.plan.map
    if maps.result.scenario.picture.surface == "batch":
        return []
    x0, across, y1, down = pixel_scale(maps.window, area)
    return [
        {
            "text": each.text,
            "x": x0 + ((each.box.left + each.box.right) / 2 - area.left) / across,
            "y": y1 - ((each.box.top + each.box.bottom) / 2 - area.top) / down,
            "band": each.band,
        }
        for each in level_labels(maps, area, shown.spots[0], maps.surface_loss)
    ]


def _surface(shown: Scene) -> str:
    """Whose loss fills the map."""
    return "test" if shown.result.scenario.picture.surface == "test" else "training"


def _marker(marker: Marker) -> dict[str, Any]:
    """A mark at a chosen update, without the particles that have diverged."""
    seen = marker.points[np.isfinite(marker.points).all(axis=1)]
    return {"group": marker.group, "shape": marker.shape, "clock": marker.clock, "points": seen.tolist()}


def curve_table(curve: Curve) -> NDArray[np.float32]:
    """A group's curve in a chart, one row a frame: the columns of ``CURVE``, in shares of the chart's sides."""
    none = np.full(len(curve.clock), np.nan)
    at, dashed = (none if part is None else part for part in (curve.at, curve.dashed))
    low, high = (none, none) if curve.band is None else curve.band.T
    return np.column_stack([at, curve.height, low, high, dashed]).astype(np.float32)


def _chart(name: str, chart: Chart) -> dict[str, Any]:
    """A chart without its curves; ``own`` says that its width is not the clock's."""
    heights = [(float(chart.scale.height(np.array(value))), text) for value, text in chart.marks]
    return {
        "name": name,
        "title": chart.title,
        "marks": heights,
        "below": chart.below,
        "word": chart.word,
        "joined": chart.joined,
        "data": None if chart.data is None else [part.round(4).tolist() for part in chart.data[1:]],
        "nodes": next((curve.profile.shape[-1] for curve in chart.curves if curve.profile is not None), 0),
        "zero": ZERO_ROOM if chart.scale.zero else 0,
        "own": chart.data is not None or any(curve.at is not None for curve in chart.curves),
        "basins": chart_kind(name).basins,
    }
