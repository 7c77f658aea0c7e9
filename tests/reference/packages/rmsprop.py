"""RMSProp as in TensorFlow: eps inside the root, a mean that starts from 1, and lr inside the momentum."""

import torch
from paths import Loss, Run, Settings, torch_run
from timm.optim import RMSpropTF

PACKAGE = "timm.optim.RMSpropTF"
FORM = {"eps_inside": True, "movement": True, "initial_accumulator_value": 1.0}
SETTINGS = (
    ("exponential", FORM | {"lr": 0.01, "alpha": 0.9, "eps": 1e-3}),
    ("cosine", FORM | {"lr": 0.005, "alpha": 0.9, "momentum": 0.9, "eps": 0.05}),
    ("step", FORM | {"lr": 0.01, "alpha": 0.95, "centered": True, "momentum": 0.5, "eps": 0.1}),
    (
        "cosine",
        FORM | {"lr": 0.005, "alpha": 0.99, "momentum": 0.8, "movement": False, "weight_decay": 0.1, "eps": 0.1},
    ),
    ("constant", FORM | {"lr": 0.01, "alpha": 0.98, "centered": True, "weight_decay": 0.05, "eps": 0.2}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule, which has no other place for eps and no other start."""
    given = settings.copy()
    assert (given.pop("eps_inside"), given.pop("initial_accumulator_value")) == (True, 1.0)
    movement = given.pop("movement")
    return torch_run(RMSpropTF([theta], **given, lr_in_momentum=movement, foreach=False), theta, loss)
