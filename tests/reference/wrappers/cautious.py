"""Cautious AdamW and Lion, without weight decay, which the package keeps apart from the masked movement."""

import torch
from paths import Loss, Run, Settings, torch_run
from timm.optim import AdamWLegacy, Lion

PACKAGE = "timm.optim.AdamWLegacy"
SETTINGS = (
    ("cosine", {"optimizer": "adamw", "lr": 0.01, "weight_decay": 0.0, "eps": 0.1, "wrapper": {}}),
    ("exponential", {"optimizer": "adamw", "lr": 0.02, "weight_decay": 0.0, "eps": 0.3, "wrapper": {}}),
    ("step", {"optimizer": "adamw", "lr": 0.02, "weight_decay": 0.0, "betas": (0.8, 0.95), "eps": 0.3, "wrapper": {}}),
    ("exponential", {"optimizer": "lion", "lr": 0.003, "wrapper": {}}),
    ("exponential", {"optimizer": "lion", "lr": 0.005, "betas": (0.95, 0.98), "wrapper": {}}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    given = settings.copy()
    rule, wrapper = {"adamw": AdamWLegacy, "lion": Lion}[given.pop("optimizer")], given.pop("wrapper")
    assert wrapper == {}
    return torch_run(rule([theta], **given, caution=True, foreach=False), theta, loss)
