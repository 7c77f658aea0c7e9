"""Small results for the tests of the painter, made without the engine."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from errsurf.analysis import Critical
from errsurf.drawing.boxes import Box
from errsurf.run.result import Group
from errsurf.scenario import Picture, Window, scenario_from

WINDOW = ((-2.0, 2.0), (-1.0, 1.0))


def saddle(points: Any) -> Any:
    x, y = points[..., 0], points[..., 1]
    return x**2 * (x**2 / 4 - 0.5) + y**2 / 2


def group(path: Any, label: str = "group", **fields: Any) -> Group:
    """A group from positions (frames, particles, 2); one update of 10 examples a frame."""
    path = np.asarray(path, dtype=np.float32)
    frames, particles = path.shape[:2]
    loss = saddle(path.astype(np.float64))
    given: dict[str, Any] = {
        "update": np.arange(frames),
        "examples_seen": 10 * np.arange(frames),
        "diverged": np.full(particles, -1),
        "loss_particles": np.arange(particles),
        "train_loss": loss,
        "test_loss": loss + 0.1,
        "lr": np.full(frames, 0.1),
        "watched": np.arange(0),
        "parts": {},
    }
    return Group(label=label, kind="sgd", position=path, **{**given, **fields})


def result(*groups: Group, title: str = "A title", **picture: Any) -> Any:
    plain = scenario_from({"surface": {"kind": "saddle"}, "run": {"updates": 10}, "optimizer": [{"kind": "sgd"}]})
    settings = Picture(
        window=Window(*WINDOW), size=(480, 270), seconds=1.0, hold=0.5, levels=8, trails=0, clock="examples"
    )
    scenario = replace(
        plain,
        title=title,
        optimizer=tuple(plain.optimizer[0]._replace(label=group.label) for group in groups),
        picture=settings._replace(**picture),
    )
    landscape = SimpleNamespace(loss=lambda points, _: saddle(points), train=np.zeros((20, 5)), alike=False, nodes=None)
    return SimpleNamespace(scenario=scenario, groups=groups, landscape=landscape)


def cloud(groups: int = 3, particles: int = 200, frames: int = 12, seed: int = 1) -> list[Group]:
    """Groups that spread from the saddle."""
    draw = np.random.default_rng(seed)
    walks = 0.08 * draw.normal(size=(groups, frames, particles, 2)).cumsum(axis=1)
    return [group(walk, f"group {k} with a long label, longer than any panel is wide") for k, walk in enumerate(walks)]


def critical(*rows: tuple[float, float, str, float]) -> list[Critical]:
    return [Critical(x, y, kind, 0.0, (s / 2, s)) for x, y, kind, s in rows]


def pixel(x: float, y: float, area: Box) -> tuple[int, int]:
    """Row and column of a point of the window."""
    (x0, x1), (y0, y1) = WINDOW
    return area.top + int((y1 - y) / (y1 - y0) * area.height), area.left + int((x - x0) / (x1 - x0) * area.width)
