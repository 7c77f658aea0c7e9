"""Muon on a weight of 1 x 2, whose Newton-Schulz steps torch makes in bfloat16; here they are made in float64."""

from importlib import import_module

import torch
from paths import Loss, Run, Settings, in_double, torch_run

PACKAGE = "torch.optim.Muon"
SETTINGS = (
    ("exponential", {"lr": 0.003}),
    ("exponential", {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.5, "eps": 0.2}),
    ("exponential", {"lr": 0.01, "momentum": 0.8, "nesterov": False, "weight_decay": 0.0, "eps": 0.2}),
    ("step", {"lr": 0.02, "ns_coefficients": (1.5, -0.5, 0.0), "eps": 0.3}),
    ("exponential", {"lr": 0.03, "momentum": 0.98, "match_rms_adamw": True, "eps": 0.2}),
)
MODULE = in_double(import_module("torch.optim._muon"), ".bfloat16()", ".clone()")


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """torch's rule."""
    given = settings.copy()
    adjust = "match_rms_adamw" if given.pop("match_rms_adamw", False) else "original"
    weight = theta.detach().view(1, 2).requires_grad_()
    return torch_run(MODULE.Muon([weight], **given, adjust_lr_fn=adjust), theta, loss)
