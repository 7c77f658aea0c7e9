"""Adam-mini, whose means the package keeps in float32; here it keeps them in float64."""

from importlib import import_module

import torch
from paths import Loss, Run, Settings, in_double, torch_run

PACKAGE = "pytorch_optimizer.AdamMini"
SETTINGS = (
    ("constant", {"lr": 0.01}),
    ("cosine", {"lr": 0.03, "betas": (0.8, 0.95), "eps": 0.3}),
    ("exponential", {"lr": 0.02, "betas": (0.5, 0.9), "eps": 0.1, "weight_decay": 0.1}),
    ("step", {"lr": 0.03, "betas": (0.0, 0.99), "eps": 0.3}),
    ("cosine", {"lr": 0.03, "weight_decay": 0.05, "eps": 0.1}),
)
MODULE = in_double(import_module("pytorch_optimizer.optimizer.adam_mini"), "torch.float32", "torch.float64")


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule, for a model with one block of parameters."""
    model = torch.nn.Module()
    model.block = torch.nn.Parameter(theta.detach())
    return torch_run(MODULE.AdamMini(model, **{"weight_decay": 0.0} | settings), theta, loss)
