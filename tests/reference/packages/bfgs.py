"""BFGS: scipy's estimate of the inverse Hessian, with movements of a given rate."""

import numpy as np
import torch
from paths import Loss, Run, Settings
from scipy.optimize import BFGS

PACKAGE = "scipy.optimize.BFGS"
SETTINGS = (
    ("constant", {"lr": 0.02, "min_curvature": 0.9}),
    ("cosine", {"lr": 0.01, "min_curvature": 1.2}),
    ("exponential", {"lr": 0.03, "min_curvature": 0.9}),
    ("step", {"lr": 0.05, "min_curvature": 1.1}),
    ("cosine", {"lr": 0.02, "min_curvature": 1.2}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """Movements along scipy's product of the estimate and the gradient; the first is along the gradient."""
    estimate = BFGS(min_curvature=settings.get("min_curvature"))
    estimate.initialize(2, "inv_hess")
    last: list[np.ndarray] = []

    def step(factor: float) -> None:
        (slope,) = torch.autograd.grad(loss(theta), theta)
        g, at = slope.numpy(), theta.detach().numpy().copy()
        if last:
            estimate.update(at - last[0], g - last[1])
        last[:] = [at, g]
        with torch.no_grad():
            theta.sub_(settings["lr"] * factor * torch.from_numpy(estimate.dot(g)))

    return Run(step)
