"""AdaBelief without RAdam's rectification."""

import torch
from paths import Loss, Run, Settings, torch_run
from timm.optim import AdaBelief

PACKAGE = "timm.optim.AdaBelief"
SETTINGS = (
    ("exponential", {"lr": 0.001, "eps": 1e-3}),
    ("cosine", {"lr": 0.01, "betas": (0.8, 0.95), "eps": 0.02}),
    ("step", {"lr": 0.01, "amsgrad": True, "eps": 1e-4}),
    ("exponential", {"lr": 0.02, "amsgrad": True, "weight_decay": 0.1, "betas": (0.5, 0.9), "eps": 0.01}),
    ("step", {"lr": 0.02, "weight_decay": 0.2, "decoupled_weight_decay": True, "betas": (0.9, 0.99), "eps": 0.05}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    given = settings.copy()
    decoupled = given.pop("decoupled_weight_decay", False)
    return torch_run(AdaBelief([theta], **given, decoupled_decay=decoupled, rectify=False, foreach=False), theta, loss)
