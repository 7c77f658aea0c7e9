"""Results whose trajectories a test chooses, on any surface and with any batches, and the charts of them."""

from typing import Any

import numpy as np

from errsurf import scenario_from
from errsurf.drawing.charts import Source, Values, chart_kind
from errsurf.drawing.history.numbers import history
from errsurf.drawing.scene import told_apart
from errsurf.engine.landscape import Landscape, surface
from errsurf.run.result import Group, Result

WINDOW = ((-2.0, 2.0), (-2.0, 2.0))
SADDLE = {"kind": "saddle", "examples": 20, "tilt": 0.5}


def made(
    *paths: Any,
    batches: tuple[Any, ...] = (),
    of: dict[str, Any] | None = None,
    run: dict[str, Any] | None = None,
    seconds: tuple[float, ...] = (),
    **picture: Any,
) -> Result:
    """One group a path, each (frames, particles, 2), one update from frame to frame; NaN from where one diverged."""
    paths = tuple(np.asarray(path, dtype=np.float64) for path in paths)
    batches, seconds = batches or ("full",) * len(paths), seconds or (np.nan,) * len(paths)
    scenario = scenario_from(
        {
            "surface": of or SADDLE,
            "swarm": {"particles": paths[0].shape[1]},
            "run": {"updates": len(paths[0]) - 1, "frames": "all"} | (run or {}),
            "optimizer": [
                {"label": f"{k}: batch {batch}", "kind": "sgd", "batch": batch} for k, batch in enumerate(batches)
            ],
            "picture": {"window": {"x": WINDOW[0], "y": WINDOW[1]}, "clock": "updates", "size": (480, 270)} | picture,
        }
    )
    landscape = surface(scenario)
    groups = [_group(*each, landscape) for each in zip(paths, scenario.optimizer, seconds, strict=True)]
    return Result(scenario, groups, "cpu", 0.0)


def _group(path: Any, group: Any, seconds: float, landscape: Landscape) -> Group:
    frames, particles = path.shape[:2]
    finite = np.isfinite(path).all(axis=-1)
    return Group(
        label=group.label, kind="sgd", update=np.arange(frames), examples_seen=20 * np.arange(frames),
        lr=np.full(frames, 0.1), position=path, loss_particles=np.arange(particles),
        train_loss=landscape.loss(path, "train"), test_loss=landscape.loss(path, "test"),
        diverged=np.where(finite.all(axis=0), -1, np.argmin(finite, axis=0)), watched=np.arange(0), parts={},
        seconds=seconds,
    )  # fmt: skip


def source(result: Result, critical: Any = (), basin_of: Any = None) -> Source:
    """What charts of all groups are made from."""
    basins = told_apart(result, critical, basin_of)
    histories = [history(result, group, WINDOW, basins) for group in result.groups]
    end = float(max(h.clock[-1] for h in histories))
    numbers = range(len(result.groups))
    return Source(result, result.groups, numbers, histories, critical, basins, np.array([-1.0, 5.0]), end)


def values(name: str, of: Source, k: int = 0) -> Values:
    """All numbers of one group in the chart of this name."""
    return chart_kind(name).values(of, k, np.arange(len(of.histories[k].frame)))
