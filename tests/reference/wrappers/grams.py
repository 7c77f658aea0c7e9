"""Grams, which the package has around Adam."""

import torch
from paths import Loss, Run, Settings, torch_run
from pytorch_optimizer import Grams

PACKAGE = "pytorch_optimizer.Grams"
SETTINGS = (
    ("cosine", {"optimizer": "adam", "lr": 0.01, "eps": 0.1, "wrapper": {}}),
    ("exponential", {"optimizer": "adam", "lr": 0.02, "eps": 0.3, "wrapper": {}}),
    ("step", {"optimizer": "adam", "lr": 0.02, "betas": (0.8, 0.95), "eps": 0.3, "wrapper": {}}),
    ("exponential", {"optimizer": "adam", "lr": 0.01, "betas": (0.5, 0.9), "eps": 0.1, "wrapper": {}}),
    ("constant", {"optimizer": "adam", "lr": 0.01, "betas": (0.0, 0.99), "eps": 0.5, "wrapper": {}}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    given = settings.copy()
    assert (given.pop("optimizer"), given.pop("wrapper")) == ("adam", {})
    return torch_run(Grams([theta], **{"betas": (0.9, 0.999)} | given, weight_decay=0.0, foreach=False), theta, loss)
