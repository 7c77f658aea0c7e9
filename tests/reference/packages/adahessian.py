"""AdaHessian with the exact diagonal, or z (H z) for the signs z = (1, 1): the package takes either as an argument."""

import torch
from paths import Loss, Run, Settings, diagonal
from pytorch_optimizer import AdaHessian

PACKAGE = "pytorch_optimizer.AdaHessian"
SETTINGS = (
    ("exponential", {"lr": 0.02}),
    ("cosine", {"lr": 0.03, "hutchinson": False, "eps": 0.1}),
    ("step", {"lr": 0.03, "betas": (0.8, 0.99), "weight_decay": 0.1}),
    ("exponential", {"lr": 0.05, "betas": (0.5, 0.9), "hutchinson": False, "weight_decay": 0.05}),
    ("cosine", {"lr": 0.03, "betas": (0.0, 0.95), "eps": 0.3}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule, whose eps is 1e-4 unless it is given, as in the authors' code."""
    rule = AdaHessian(
        [theta], **{k: v for k, v in ({"eps": 1e-4} | settings).items() if k != "hutchinson"}, adam_debias=False
    )
    (group,) = rule.param_groups
    lr = group["lr"]

    def step(factor: float) -> None:
        group["lr"] = lr * factor
        rule.zero_grad()
        loss(theta).backward()
        rule.step(hessian=[diagonal(loss, theta, settings)])

    return Run(step)
