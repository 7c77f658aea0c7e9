"""Shampoo: the package computes the matrix root; with a momentum the movement is made here.

The package begins with a root of 0, and with a momentum it mixes gradients with movements.  Here its count of updates
begins so that the first one computes a root, and momentum is a weighted sum of gradients, which the root multiplies.
"""

import torch
from paths import Loss, Run, Settings, torch_run
from pytorch_optimizer import Shampoo

PACKAGE = "pytorch_optimizer.Shampoo"
SETTINGS = (
    ("constant", {"lr": 0.05}),
    ("cosine", {"lr": 0.1, "eps": 0.1}),
    ("exponential", {"lr": 0.1, "precondition_frequency": 3.0, "weight_decay": 0.1, "eps": 1.0}),
    ("step", {"lr": 0.05, "momentum": 0.5, "eps": 0.05}),
    ("cosine", {"lr": 0.02, "momentum": 0.9, "weight_decay": 0.05, "precondition_frequency": 10.0, "eps": 0.3}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule; with a momentum, only its root."""
    given = {"lr": settings["lr"], "weight_decay": settings.get("weight_decay", 0.0)}
    frequency, momentum = int(settings.get("precondition_frequency", 1)), settings.get("momentum", 0.0)
    rule = Shampoo([theta], **given, matrix_eps=settings.get("eps", 1e-2), preconditioning_compute_steps=frequency)
    rule.param_groups[0]["step"] = frequency - 1
    run = torch_run(rule, theta, loss)
    if not momentum:
        return run
    buffer = torch.zeros(2)

    def step(factor: float) -> None:
        before = theta.detach().clone()
        (slope,) = torch.autograd.grad(loss(theta), theta)
        run.step(factor)
        with torch.no_grad():
            buffer.mul_(momentum).add_(slope + given["weight_decay"] * before)
            theta.copy_(before - given["lr"] * factor * rule.state[theta]["inv_pre_cond_0"] @ buffer)

    return Run(step)
