"""D-Adaptation of SGD."""

import torch
from dadaptation import DAdaptSGD
from paths import Loss, Run, Settings, torch_run

PACKAGE = "dadaptation.DAdaptSGD"
SETTINGS = (
    ("exponential", {"lr": 0.5, "d0": 1e-3}),
    ("cosine", {"lr": 0.3, "d0": 1e-2, "momentum": 0.9}),
    ("step", {"lr": 0.1, "d0": 1e-3, "weight_decay": 0.1, "growth_rate": 1.02}),
    ("exponential", {"lr": 0.2, "d0": 0.01, "momentum": 0.5, "weight_decay": 0.05}),
    ("cosine", {"lr": 0.2, "d0": 0.02, "growth_rate": 1.05, "momentum": 0.8}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    return torch_run(DAdaptSGD([theta], **({"lr": 1.0} | settings)), theta, loss)
