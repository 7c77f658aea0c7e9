"""An exponential moving average of the path of torch's SGD and Adam."""

import torch
from paths import Loss, Run, Settings
from wrappers._averaged import averaged_run

PACKAGE = "torch.optim.swa_utils.AveragedModel"
SETTINGS = (
    ("constant", {"optimizer": "sgd", "lr": 0.02, "wrapper": {}}),
    ("cosine", {"optimizer": "sgd", "lr": 0.02, "momentum": 0.9, "wrapper": {"decay": 0.9}}),
    ("step", {"optimizer": "sgd", "lr": 0.03, "momentum": 0.5, "wrapper": {"decay": 0.999}}),
    ("exponential", {"optimizer": "adam", "lr": 0.02, "eps": 0.3, "wrapper": {"decay": 0.5}}),
    ("cosine", {"optimizer": "adam", "lr": 0.02, "betas": (0.8, 0.95), "eps": 0.3, "wrapper": {"decay": 0.98}}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """Averaged after every update, the first time at the start."""
    given = settings.copy()
    decay = given.pop("wrapper").get("decay", 0.99)
    multi = torch.optim.swa_utils.get_ema_multi_avg_fn(decay)
    return averaged_run(given.pop("optimizer"), given, theta, loss, multi, lambda _: True, begins=0)
