"""Prodigy."""

import torch
from paths import Loss, Run, Settings, torch_run
from prodigyopt import Prodigy

PACKAGE = "prodigyopt.Prodigy"
SETTINGS = (
    ("exponential", {"lr": 0.5, "d0": 1e-3}),
    ("cosine", {"lr": 0.5, "d0": 1e-2, "betas": (0.8, 0.99), "eps": 0.3}),
    ("step", {"lr": 0.3, "d0": 0.01, "d_coef": 0.5, "weight_decay": 0.1, "growth_rate": 1.02}),
    ("cosine", {"lr": 0.2, "d0": 0.01, "bias_correction": True, "safeguard_warmup": True, "eps": 0.1}),
    (
        "exponential",
        {"lr": 0.2, "d0": 0.02, "growth_rate": 1.1, "bias_correction": True, "betas": (0.5, 0.9), "eps": 0.3},
    ),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    given = {"use_bias_correction" if key == "bias_correction" else key: value for key, value in settings.items()}
    return torch_run(Prodigy([theta], **({"lr": 1.0} | given)), theta, loss)
