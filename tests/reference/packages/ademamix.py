"""AdEMAMix; its warmups are off where errsurf's t_alpha_beta3 is 0."""

import torch
from paths import Loss, Run, Settings, torch_run
from pytorch_optimizer import AdEMAMix

PACKAGE = "pytorch_optimizer.AdEMAMix"
SETTINGS = (
    ("constant", {"lr": 0.001}),
    ("cosine", {"lr": 0.003, "betas": (0.8, 0.95, 0.99), "alpha": 2.0, "eps": 0.3}),
    ("exponential", {"lr": 0.002, "weight_decay": 0.1, "eps": 0.01}),
    ("step", {"lr": 0.002, "betas": (0.9, 0.99, 0.999), "alpha": 3.0, "t_alpha_beta3": 200.0, "eps": 0.3}),
    (
        "cosine",
        {"lr": 0.01, "betas": (0.5, 0.9, 0.98), "alpha": 0.5, "t_alpha_beta3": 500.0, "weight_decay": 0.05, "eps": 0.5},
    ),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule with decoupled weight decay, as the paper has it."""
    given = settings | {"t_alpha_beta3": settings.get("t_alpha_beta3") or None}
    return torch_run(AdEMAMix([theta], **given, weight_decouple=True, foreach=False), theta, loss)
