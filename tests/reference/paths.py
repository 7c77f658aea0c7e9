"""Paths of optimizers from other packages, in float64: what the scripts of this folder share.

A rule is a function ``begin(theta, loss, settings)`` that returns a ``Run``: how to make one update of theta, a
float64 tensor of torch that requires gradients, and which point the rule shows where that is not theta.  Every path
has 1,000 updates on a surface of ``SURFACES`` with the two examples of ``EXAMPLES``, both in each batch.  A path is
refused if pushes of 1e-14 at every update move it by 1e-11.
"""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import torch

UPDATES = 1000
CHECKPOINTS = (1, 2, 3, 10, 100, 300, 1000)
EXAMPLES = ((0.10, -0.05, 0.8, 0.15, -0.25), (-0.06, 0.08, 1.2, 0.05, 0.13))
SURFACES = {
    "rosenbrock": {"settings": {"a": 0.9, "b": 2.0}, "start": (-0.83, 0.57)},
    "saddle": {"settings": {"down": 0.8, "up": 1.3}, "start": (0.11, 0.93)},
    "quadratic_bowl": {"settings": {"condition": 7.0, "sharpness": 1.5, "angle": 30.0}, "start": (1.37, -0.71)},
}
T = np.arange(UPDATES)
SCHEDULES = {
    "constant": np.ones(UPDATES),
    "cosine": np.minimum((T + 1) / 20, 0.05 + 0.95 * (1 + np.cos(np.pi * T / UPDATES)) / 2),
    "exponential": 0.996**T,
    "step": 0.3 ** (T // 250),
}
Settings = dict[str, Any]
Loss = Callable[[torch.Tensor], torch.Tensor]


class Run(NamedTuple):
    """``step(factor)`` changes theta by one update at ``factor`` times the lr; ``shown()`` is the rule's answer."""

    step: Callable[[float], None]
    shown: Callable[[], torch.Tensor] | None = None


Begin = Callable[[torch.Tensor, Loss, Settings], Run]


def torch_run(
    rule: torch.optim.Optimizer, theta: torch.Tensor, loss: Loss, shown: Callable[[], torch.Tensor] | None = None
) -> Run:
    """The run of an optimizer with torch's methods, whose only parameter is theta, or shares its numbers."""
    (group,) = rule.param_groups
    (parameter,), lr = group["params"], group["lr"]

    def step(factor: float) -> None:
        group["lr"] = lr * factor
        theta.grad = None
        loss(theta).backward()
        parameter.grad = theta.grad.view_as(parameter)
        rule.step()

    return Run(step, shown)


def in_double(module: ModuleType, single: str, double: str) -> ModuleType:
    """A copy of a package's module, for rules that leave float64: ``single`` of its source text is ``double``."""
    source = inspect.getsource(module)
    if single not in source:
        raise SystemExit(f"{module.__name__} has no {single!r} any more")
    copy = ModuleType(module.__name__)
    copy.__package__ = module.__package__
    exec(compile(source.replace(single, double), module.__file__, "exec"), copy.__dict__)
    return copy


def formula(kind: str, x: torch.Tensor, y: torch.Tensor, s: dict[str, float]) -> torch.Tensor:
    """The surfaces, as their names' definitions say."""
    if kind == "rosenbrock":
        return (s["a"] - x) ** 2 + s["b"] * (y - x**2) ** 2
    if kind == "saddle":
        return x**4 / 4 - s["down"] * x**2 / 2 + s["up"] * y**2 / 2
    angle = np.deg2rad(s["angle"])
    along, across = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    return s["sharpness"] * (along**2 / s["condition"] + across**2) / 2


def training_loss(kind: str, theta: torch.Tensor) -> torch.Tensor:
    """Mean of the two examples' losses."""
    x, y = theta
    losses = [
        scale * formula(kind, x - shift_x, y - shift_y, SURFACES[kind]["settings"]) + tilt_x * x + tilt_y * y
        for shift_x, shift_y, scale, tilt_x, tilt_y in EXAMPLES
    ]
    return sum(losses[1:], losses[0]) / len(losses)


def diagonal(loss: Loss, theta: torch.Tensor, settings: Settings) -> torch.Tensor:
    """What a rule that estimates the Hessian's diagonal from random signs gets for (1, 1); or the diagonal itself."""
    second = torch.autograd.functional.hessian(loss, theta.detach())
    return second.sum(dim=1) if settings.get("hutchinson", True) else second.diagonal().clone()


def path(begin: Begin, settings: Settings, schedule: str, kind: str, push: float = 0.0) -> np.ndarray:
    """Theta and the shown point, NaN where there is none, at the checkpoints: (checkpoints, 2, 2).

    Theta is pushed to and fro after updates.
    """
    theta = torch.tensor(SURFACES[kind]["start"], requires_grad=True)
    run, kept = begin(theta, lambda at: training_loss(kind, at), settings), []
    for t in range(UPDATES):
        run.step(float(SCHEDULES[schedule][t]))
        with torch.no_grad():
            theta += push * np.cos(t)
        if t + 1 in CHECKPOINTS:
            shown = run.shown().detach().numpy().copy() if run.shown else np.full(2, np.nan)
            kept.append((theta.detach().numpy().copy(), shown))
    return np.array(kept)


def checked_path(begin: Begin, settings: Settings, schedule: str, kind: str) -> np.ndarray:
    """The path without pushes; SystemExit if it goes nowhere, or if small pushes grow."""
    kept = path(begin, settings, schedule, kind)
    spread = np.abs(path(begin, settings, schedule, kind, 1e-14)[:, 0] - kept[:, 0]).max()
    length = np.abs(kept[-1, 0] - SURFACES[kind]["start"]).max()
    if not (spread < 1e-11 and 0.05 < length < 10):
        raise SystemExit(f"{settings} on {kind}: moves by {length:.2g}, and pushes of 1e-14 become {spread:.2g}")
    return kept
