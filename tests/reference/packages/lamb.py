"""LAMB, without the package's clipping of the gradient, and with the trust ratio whatever the weight decay."""

import torch
from paths import Loss, Run, Settings, torch_run
from timm.optim import Lamb

PACKAGE = "timm.optim.Lamb"
SETTINGS = (
    ("exponential", {"lr": 0.005, "eps": 0.1}),
    ("exponential", {"lr": 0.01, "betas": (0.8, 0.95), "eps": 0.5, "weight_decay": 0.1}),
    ("exponential", {"lr": 0.02, "betas": (0.5, 0.9), "eps": 0.2, "weight_decay": 0.0, "trust_clip": True}),
    ("step", {"lr": 0.005, "eps": 0.5, "bias_correction": False}),
    ("constant", {"lr": 0.005, "betas": (0.0, 0.99), "eps": 0.5, "trust_clip": True}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    return torch_run(Lamb([theta], **settings, max_grad_norm=None, always_adapt=True, foreach=False), theta, loss)
