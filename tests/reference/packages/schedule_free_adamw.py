"""Schedule-free AdamW; theta is y, and x is shown, as in the package's evaluation mode."""

import torch
from packages._schedule_free import schedule_free_run
from paths import Loss, Run, Settings
from schedulefree import AdamWScheduleFree

PACKAGE = "schedulefree.AdamWScheduleFree"
SETTINGS = (
    ("constant", {"lr": 0.01, "eps": 0.01}),
    ("cosine", {"lr": 0.03, "betas": (0.8, 0.95), "eps": 0.3, "r": 1.0}),
    ("exponential", {"lr": 0.02, "betas": (0.95, 0.99), "eps": 0.1, "weight_decay": 0.1}),
    ("step", {"lr": 0.03, "betas": (0.5, 0.9), "eps": 0.3, "weight_lr_power": 0.0}),
    ("cosine", {"lr": 0.02, "weight_lr_power": 1.0, "r": 0.5, "weight_decay": 0.05, "eps": 0.2}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    rule = AdamWScheduleFree([theta], **settings, foreach=False)
    return schedule_free_run(rule, rule.param_groups[0]["betas"][0], theta, loss)
