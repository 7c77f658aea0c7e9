"""ADOPT, with the authors' limit (t - 1)^(1/4) or none."""

import torch
from paths import Loss, Run, Settings, torch_run
from timm.optim import Adopt

PACKAGE = "timm.optim.Adopt"
SETTINGS = (
    ("constant", {"lr": 0.002}),
    ("cosine", {"lr": 0.01, "betas": (0.8, 0.99), "eps": 0.3}),
    ("exponential", {"lr": 0.005, "weight_decay": 0.1, "clipping": False}),
    ("step", {"lr": 0.01, "betas": (0.5, 0.9), "eps": 0.5, "weight_decay": 0.2, "decoupled_weight_decay": True}),
    ("cosine", {"lr": 0.004, "betas": (0.95, 0.999), "eps": 0.1}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    given = settings.copy()
    decoupled, clip = given.pop("decoupled_weight_decay", False), given.pop("clipping", True)
    rule = Adopt([theta], **given, decoupled=decoupled, clip_exp=0.25 if clip else None, foreach=False)
    return torch_run(rule, theta, loss)
