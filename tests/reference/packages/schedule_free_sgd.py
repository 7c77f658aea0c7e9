"""Schedule-free SGD; theta is y, and x is shown, as in the package's evaluation mode."""

import torch
from packages._schedule_free import schedule_free_run
from paths import Loss, Run, Settings
from schedulefree import SGDScheduleFree

PACKAGE = "schedulefree.SGDScheduleFree"
SETTINGS = (
    ("constant", {"lr": 0.05}),
    ("cosine", {"lr": 0.1, "momentum": 0.8, "r": 1.0}),
    ("exponential", {"lr": 0.1, "momentum": 0.5, "weight_decay": 0.1}),
    ("step", {"lr": 0.05, "momentum": 0.95, "weight_lr_power": 0.0}),
    ("cosine", {"lr": 0.08, "momentum": 0.98, "r": 0.5, "weight_lr_power": 1.0, "weight_decay": 0.02}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    rule = SGDScheduleFree([theta], **settings, foreach=False)
    return schedule_free_run(rule, rule.param_groups[0]["momentum"], theta, loss)
