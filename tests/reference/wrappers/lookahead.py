"""Lookahead around torch's SGD and Adam, whose memories stay as they are."""

import torch
from paths import Loss, Run, Settings, torch_run
from pytorch_optimizer import Lookahead

PACKAGE = "pytorch_optimizer.Lookahead"
SETTINGS = (
    ("constant", {"optimizer": "sgd", "lr": 0.02, "wrapper": {}}),
    ("cosine", {"optimizer": "sgd", "lr": 0.02, "momentum": 0.9, "wrapper": {"k": 6}}),
    ("step", {"optimizer": "sgd", "lr": 0.03, "momentum": 0.5, "wrapper": {"k": 10, "alpha": 0.8}}),
    ("exponential", {"optimizer": "adam", "lr": 0.02, "eps": 0.3, "wrapper": {"k": 3, "alpha": 0.3}}),
    ("cosine", {"optimizer": "adam", "lr": 0.02, "betas": (0.8, 0.95), "eps": 0.3, "wrapper": {"alpha": 0.9}}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    given = settings.copy()
    kind, wrapper = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[given.pop("optimizer")], given.pop("wrapper")
    rule = Lookahead(
        kind([theta], **given, foreach=False), **{"k": 5, "alpha": 0.5} | wrapper, pullback_momentum="none"
    )
    return torch_run(rule, theta, loss)
