"""What the page says of a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import Chart, Curve, chart_kind
from errsurf.drawing.frames import Array, Ints
from errsurf.drawing.history import BasinOf, History
from errsurf.drawing.markers import Marker
from errsurf.drawing.scene import Scene, scene

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Group, Result

MAP = Box(0, 0, 700, 500)
CURVE = ("at", "line", "low", "high", "dashed")
COLUMNS = ("low", "median", "high", "test", "outside", "diverged")
_MAX_DOTS = 24_000


@dataclass(frozen=True)
class Content:
    """One run, ready to be put on a page: ``shown`` (n,) are the particles of each group that it has, and of these
    places those in ``trails`` leave one.
    """

    scene: Scene
    shown: Ints
    trails: list[int]


def content(result: "Result", critical: Sequence["Critical"], basin_of: BasinOf | None) -> Content:
    """Read from a result what its page needs; ``critical`` and ``basin_of`` are as for ``painter``."""
    found = scene(result, critical, basin_of, MAP)
    return Content(found, *_shown(len(found.groups[0].diverged), len(found.groups), found.chosen))


def points(group: "Group", frames: Ints, shown: Ints) -> Array:
    """Places of the shown particles at some frames, shape (frames, shown, 2); NaN from where one diverged."""
    found = np.empty((len(frames), len(shown), 2))
    for row, frame in enumerate(frames.tolist()):
        found[row] = group.position[frame][shown]
        found[row, ~group.alive(frame, shown)] = np.nan
    return found


def history_table(h: History) -> Array:
    """What the page's legend shows, one row a frame: ``COLUMNS``, then the share of each basin."""
    return np.column_stack([h.train, h.test, h.outside, h.diverged, h.share])


def _shown(particles: int, groups: int, chosen: Ints) -> tuple[Ints, list[int]]:
    """Evenly chosen particles, at most 24,000 dots over all groups, and the places of those with trails among them."""
    most = max(_MAX_DOTS // groups, len(chosen), 20)
    some = np.linspace(0, particles - 1, min(most, particles)).round().astype(np.int64)
    shown = np.union1d(some, chosen).astype(np.int64)
    return shown, [int(k) for k in np.searchsorted(shown, chosen)]


def described(scene: Scene) -> dict[str, Any]:
    """Everything but the arrays, as plain values."""
    result, picture, base = scene.result, scene.result.scenario.picture, float(scene.levels[0])
    rows, columns = scene.grid[2].shape
    return {
        "title": result.scenario.title,
        "names": scene.names,
        "window": scene.window,
        "aspect": MAP.width / MAP.height,
        "grid": {"columns": columns, "rows": rows, "levels": (scene.levels - base).tolist(), "base": base},
        "clock": {
            "word": scene.clock_word,
            "epoch": scene.epoch,
            "end": scene.end,
            "seconds": picture.seconds,
            "hold": picture.hold,
        },
        "markers": [_marker(marker) for marker in scene.markers],
        "marks": [mark._asdict() for mark in scene.marks],
        "minima": scene.basins._asdict() if scene.basins else {"names": [], "order": [], "followed": 0},
        "reach": picture.trail_length,
        "history": COLUMNS,
        "decimals": scene.losses.scale.decimals,
        "charts": [_chart(name, chart) for name, chart in charts(scene).items()],
        "curve": CURVE,
    }


def _marker(marker: Marker) -> dict[str, Any]:
    """A mark at a chosen update, without the particles that have diverged."""
    seen = marker.points[np.isfinite(marker.points).all(axis=1)]
    return {"group": marker.group, "shape": marker.shape, "clock": marker.clock, "points": seen.tolist()}


def charts(scene: Scene) -> dict[str, Chart]:
    """The charts of the picture, then those that every page has."""
    shares = {"basins": scene.shares} if scene.shares else {}
    return scene.charts | {"loss": scene.losses} | shares


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
        "title": chart.title,
        "marks": heights,
        "below": chart.below,
        "word": chart.word,
        "joined": chart.joined,
        "own": any(curve.at is not None for curve in chart.curves),
        "basins": chart_kind(name).basins,
    }
