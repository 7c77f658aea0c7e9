"""Conjugate gradient, written from the book with torch's second derivatives: packages have it with a line search."""

import torch
from paths import Loss, Run, Settings
from torch.autograd.functional import hessian

PACKAGE = ""
SETTINGS = (
    ("constant", {"lr": 0.01, "damping": 0.01}),
    ("cosine", {"lr": 0.05, "damping": 0.01}),
    ("exponential", {"lr": 0.1, "damping": 0.1}),
    ("step", {"lr": 0.1, "damping": 1.0}),
    ("cosine", {"lr": 1.5, "damping": 1.0}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """Polak-Ribiere directions, and steps to the minimum of the parabola with the direction's absolute curvature."""
    last: list[torch.Tensor] = []

    def step(factor: float) -> None:
        (g,) = torch.autograd.grad(loss(theta), theta)
        direction = -g
        if last:
            old_direction, old = last
            direction = -g + torch.clamp(torch.dot(g, g - old) / torch.dot(old, old), min=0) * old_direction
            direction = direction if torch.dot(g, direction) < 0 else -g
        last[:] = [direction, g]
        bend = torch.dot(direction, hessian(loss, theta.detach()) @ direction).abs()
        bend = bend + settings.get("damping", 0.0) * torch.dot(direction, direction)
        with torch.no_grad():
            theta.sub_(settings["lr"] * factor * torch.dot(g, direction) / bend * direction)

    return Run(step)
