"""Yogi; the package starts the mean of gradients from the same number as that of squares, the paper from 0."""

import torch
from paths import Loss, Run, Settings, torch_run
from pytorch_optimizer import Yogi

PACKAGE = "pytorch_optimizer.Yogi"
SETTINGS = (
    ("constant", {"lr": 0.01}),
    ("cosine", {"lr": 0.03, "betas": (0.8, 0.95), "eps": 0.3}),
    ("step", {"lr": 0.02, "initial_accumulator_value": 0.5, "eps": 0.1}),
    ("exponential", {"lr": 0.03, "weight_decay": 0.1, "betas": (0.5, 0.9), "eps": 0.05}),
    ("cosine", {"lr": 0.03, "weight_decay": 0.05, "betas": (0.0, 0.99), "initial_accumulator_value": 0.0, "eps": 0.3}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule with a mean of gradients that starts from 0."""
    given = settings.copy()
    initial = given.pop("initial_accumulator_value", 1e-6)
    rule = Yogi([theta], **given, weight_decouple=False, foreach=False)
    rule.state[theta] = {"exp_avg": torch.zeros(2), "exp_avg_sq": torch.full((2,), initial)}
    return torch_run(rule, theta, loss)
