"""Results with a real scenario and trajectories that a test chooses, made without the engine."""

from typing import Any

import numpy as np

from errsurf import scenario_from
from errsurf.run.result import Group, Result
from errsurf.run_analysis.findings import Findings
from helpers.drawing_result import saddle

WINDOW = {"x": [-2.0, 2.0], "y": [-1.0, 1.0]}


def made_run(*paths: Any, title: str = "A title", labels: tuple[str, ...] = (), **picture: Any) -> Result:
    """One group a path, each (frames, particles, 2), one update of 5 of the 20 examples from frame to frame."""
    labels = labels or tuple(f"group {k}" for k in range(len(paths)))
    paths = tuple(np.asarray(path, dtype=np.float32) for path in paths)
    scenario = scenario_from(
        {
            "title": title,
            "about": "What to see: a < b & c.",
            "surface": {"kind": "saddle", "examples": 20},
            "swarm": {"particles": paths[0].shape[1]},
            "run": {"updates": len(paths[0]) - 1, "frames": "all"},
            "optimizer": [{"label": label, "kind": "sgd", "lr": 0.1, "batch": 5} for label in labels],
            "picture": {"window": WINDOW, "trails": 2, "clock": "examples", **picture},
        }
    )
    groups = [_group(path, label) for path, label in zip(paths, labels, strict=True)]
    return Result(scenario, groups, "cpu", 0.0)


def _group(path: Any, label: str) -> Group:
    frames, particles = path.shape[:2]
    finite = np.isfinite(path).all(axis=-1)
    diverged = np.where(finite.all(axis=0), -1, np.argmin(finite, axis=0))
    loss = saddle(path.astype(np.float64))
    return Group(
        label=label, kind="sgd", update=np.arange(frames), examples_seen=5 * np.arange(frames), lr=np.full(frames, 0.1),
        position=path, loss_particles=np.arange(particles), train_loss=loss, test_loss=loss + 0.1, diverged=diverged,
        watched=np.arange(0), parts={},
    )  # fmt: skip


def walks(groups: int = 3, particles: int = 40, frames: int = 12, step: float = 0.08, seed: int = 1) -> list[Any]:
    """Random walks from the middle of the window, each (frames, particles, 2)."""
    draw = np.random.default_rng(seed)
    return list(0.3 * np.tanh(step * draw.normal(size=(groups, frames, particles, 2)).cumsum(axis=1)) * (4, 2))


def read(result: Result) -> dict[str, Any]:
    """What pictures of basins need to know."""
    findings = Findings(result)
    return {"critical": findings.critical, "basin_of": findings.basin_of, "regions": findings.regions}
