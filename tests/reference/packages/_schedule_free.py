"""Rules of the package schedulefree."""

import torch
from paths import Loss, Run, torch_run


def schedule_free_run(rule: torch.optim.Optimizer, weight: float, theta: torch.Tensor, loss: Loss) -> Run:
    """The run in training mode, where theta is y; ``weight`` is that of x in y."""
    rule.train()
    return torch_run(rule, theta, loss, lambda: theta.lerp(rule.state[theta]["z"], 1 - 1 / weight))
