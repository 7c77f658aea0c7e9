"""LARS with the trust ratio whatever the weight decay."""

import torch
from paths import Loss, Run, Settings, torch_run
from timm.optim import Lars

PACKAGE = "timm.optim.Lars"
SETTINGS = (
    ("constant", {"lr": 1.0}),
    ("cosine", {"lr": 2.0, "momentum": 0.9, "eps": 0.5}),
    (
        "exponential",
        {"lr": 0.5, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1, "trust_coeff": 0.01, "eps": 0.3},
    ),
    ("step", {"lr": 1.0, "momentum": 0.5, "nesterov": True, "trust_coeff": 0.01, "eps": 0.5}),
    ("cosine", {"lr": 0.02, "trust_coeff": 0.03, "trust_clip": True, "weight_decay": 0.05, "eps": 0.2}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    return torch_run(Lars([theta], **settings, always_adapt=True, foreach=False), theta, loss)
