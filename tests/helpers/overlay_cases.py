"""Runs on round bowls whose batches, slopes and noise have closed forms, and their painters."""

from dataclasses import replace
from typing import Any

import numpy as np

from errsurf import scenario_from, simulate
from errsurf.drawing import Painter, painter
from errsurf.drawing.boxes import Box
from errsurf.drawing.history.window import pixel_scale
from errsurf.run.result import Result
from helpers.canvas_recorder import Recorder

BOWL = {"kind": "quadratic_bowl", "condition": 1.0, "examples": 10}
WINDOW = {"x": [-2.0, 2.0], "y": [-2.0, 2.0]}


def run(*groups: dict[str, Any], surface: dict[str, Any] | None = None, **options: Any) -> Result:
    """Groups on a bowl of sharpness 1 or another ``surface``; ``options``: keys of [picture], tables by their names."""
    tables: dict[str, Any] = {
        "seed": 2,
        "surface": {**({} if "kind" in (surface or {}) else BOWL), **(surface or {})},
        "swarm": {"particles": 2, "start": "point", "at": [1.6, 1.5]} | options.pop("swarm", {}),
        "run": {"updates": 12, "frames": "all", "precision": "float64"} | options.pop("run", {}),
        "optimizer": [{"kind": "sgd", "label": f"group {k}", "lr": 0.1, **group} for k, group in enumerate(groups)],
        "picture": {"window": WINDOW, "clock": "updates", "trails": 0, "size": [640, 400], **options},
    }
    return simulate(scenario_from(tables))


def painted(result: Result, **picture: Any) -> Painter:
    """The painter of a result with other keys of [picture]."""
    settings = result.scenario.picture._replace(**picture)
    return painter(replace(result, scenario=replace(result.scenario, picture=settings)))


def pixel(ready: Painter, point: Any, area: Box | None = None) -> Any:
    """Column and row of a point of the window, as numbers with fractions."""
    box = area or ready.layout.map
    x0, across, y1, down = pixel_scale(ready.scene.maps.window, box)
    point = np.asarray(point, np.float64)
    return np.stack([box.left + (point[..., 0] - x0) * across, box.top + (y1 - point[..., 1]) * down], axis=-1)


def part(frame: Any, box: Box) -> Any:
    """The pixels of a box."""
    return frame[box.top : box.bottom, box.left : box.right]


def added(ready: Painter, without: Painter, clock: float = 0.0) -> Any:
    """Columns and rows of the middles of the map's pixels that differ between two painters of one layout."""
    box = ready.layout.map
    assert box == without.layout.map
    rows, columns = np.nonzero((part(ready.frame(clock), box) != part(without.frame(clock), box)).any(axis=-1))
    return np.stack([columns + box.left + 0.5, rows + box.top + 0.5], axis=-1)


def lines(ready: Any, each: Any, view: int, clock: float) -> Any:
    """The strokes that an overlay draws over the particles of one map."""
    canvas = Recorder()
    each.over(canvas, clock)
    area = ready.scene.maps.views[view].area
    return [stroke for box, drawing in canvas.drawings if box == area for stroke in drawing.strokes]


def without_overlays(ready: Painter) -> Painter:
    """The same picture with what stays the same of overlays, and nothing that changes."""
    return replace(ready, scene=replace(ready.scene, overlays=[]))
