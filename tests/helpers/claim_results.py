"""Results for the tests of claims: trajectories that a test chooses, on a surface whose numbers are known."""

from dataclasses import replace
from typing import Any

import numpy as np

from errsurf import scenario_from
from errsurf.run.regions import passages_at_frames
from errsurf.run.result import Group, Result
from errsurf.run_analysis.findings import Findings
from errsurf.settings.regions import Region

SADDLE = {"kind": "saddle", "examples": 20, "tilt": 0.4, "test": {"tilt": 0.4, "shift": [0.5, 0.0]}}
EVERY_UPDATE = {"frames": "all", "record": ["gradient", "movement", "effective_rate"]}


def saddle(points: Any) -> Any:
    """The training loss of SADDLE; that of ``points - (0.5, 0)`` is its test loss but for the tilts."""
    x, y = points[..., 0], points[..., 1]
    return x**4 / 4 - x**2 / 2 + y**2 / 2


def claims_run(
    paths: dict[str, Any],
    *claims: dict[str, Any],
    batch: int | str = 5,
    surface: Any = SADDLE,
    parts: Any = (),
    seed: int = 0,
    regions: tuple[Region, ...] = (),
    **run: Any,
) -> Result:
    """One group for each label and its path (frames, particles, 2), an update from frame to frame."""
    arrays = {label: np.asarray(path, dtype=np.float64) for label, path in paths.items()}
    frames, particles = next(iter(arrays.values())).shape[:2]
    scenario = scenario_from(
        {
            "seed": seed,
            "surface": surface,
            "swarm": {"particles": particles},
            "run": {"updates": frames - 1, "frames": "all", "precision": "float64", **run},
            "optimizer": [{"label": label, "kind": "sgd", "lr": 0.1, "batch": batch} for label in paths],
            "claim": list(claims),
        }
    )
    scenario = replace(scenario, region=regions)
    groups = [_group(scenario, label, path, dict(parts)) for label, path in arrays.items()]
    groups = [replace(each, **passages_at_frames(each, scenario.regions, saddle)._asdict()) for each in groups]
    return Result(scenario, groups, "cpu", 0.0)


def claims_findings(*given: Any, **more: Any) -> Findings:
    """What is read of such a run."""
    return Findings(claims_run(*given, **more))


def _group(scenario: Any, label: str, path: Any, parts: dict[str, Any]) -> Group:
    frames, particles = path.shape[:2]
    finite = np.isfinite(path).all(axis=-1)
    batch = scenario.optimizer[0].batch
    size = scenario.surface.train.examples if batch == "full" else batch
    loss = saddle(path)
    return Group(
        label=label, kind="sgd", update=np.arange(frames), examples_seen=size * np.arange(frames),
        lr=np.full(frames, 0.1), position=path, loss_particles=np.arange(particles), train_loss=loss,
        test_loss=2 * loss, diverged=np.where(finite.all(axis=0), -1, np.argmin(finite, axis=0)),
        watched=np.arange(particles), parts={key: np.asarray(value, np.float64) for key, value in parts.items()},
        seconds=0.25 * (frames - 1),
    )  # fmt: skip
