"""Sophia-H with the exact diagonal, or z (H z) for the signs z = (1, 1): the package takes either as an argument.

The package clips m / max(h, e) at p, the paper m / max(gamma h, eps) at 1: with p = gamma and e = eps / gamma the
first is gamma times the second.
"""

import torch
from paths import Loss, Run, Settings, diagonal
from pytorch_optimizer import SophiaH

PACKAGE = "pytorch_optimizer.SophiaH"
SETTINGS = (
    ("cosine", {"lr": 0.003}),
    ("exponential", {"lr": 0.02, "gamma": 1.0, "hutchinson": False}),
    ("step", {"lr": 0.02, "gamma": 2.0, "betas": (0.9, 0.95), "weight_decay": 0.1, "update_interval": 1.0}),
    ("cosine", {"lr": 0.03, "gamma": 0.5, "eps": 0.3, "update_interval": 3.0, "hutchinson": False}),
    ("exponential", {"lr": 0.03, "gamma": 1.0, "betas": (0.8, 0.9), "weight_decay": 0.05, "eps": 0.1}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule with the paper's settings."""
    gamma, eps = settings.get("gamma", 0.01), settings.get("eps", 1e-12)
    rule = SophiaH(
        [theta],
        lr=settings["lr"] / gamma,
        betas=settings.get("betas", (0.965, 0.99)),
        weight_decay=gamma * settings.get("weight_decay", 0.0),
        p=gamma,
        eps=eps / gamma,
    )
    (group,), interval = rule.param_groups, int(settings.get("update_interval", 10))
    rule.update_period = 2**62  # It never estimates by itself.
    lr, count = group["lr"], 0

    def step(factor: float) -> None:
        nonlocal count
        group["lr"] = lr * factor
        rule.zero_grad()
        loss(theta).backward()
        rule.step(hessian=[diagonal(loss, theta, settings)] if count % interval == 0 else None)
        count += 1

    return Run(step)
