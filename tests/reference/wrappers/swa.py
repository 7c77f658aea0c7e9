"""A plain mean of the path of torch's SGD and Adam."""

import torch
from paths import Loss, Run, Settings
from wrappers._averaged import averaged_run

PACKAGE = "torch.optim.swa_utils.AveragedModel"
SETTINGS = (
    ("constant", {"optimizer": "sgd", "lr": 0.02, "wrapper": {}}),
    ("cosine", {"optimizer": "sgd", "lr": 0.02, "momentum": 0.9, "wrapper": {"begin": 51}}),
    ("step", {"optimizer": "sgd", "lr": 0.03, "momentum": 0.5, "wrapper": {"begin": 3, "every": 7}}),
    ("exponential", {"optimizer": "adam", "lr": 0.02, "eps": 0.3, "wrapper": {"begin": 200, "every": 2}}),
    ("cosine", {"optimizer": "adam", "lr": 0.02, "betas": (0.8, 0.95), "eps": 0.3, "wrapper": {"every": 3}}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """Averaged after update ``begin`` and every ``every`` updates later; before, theta itself."""
    given = settings.copy()
    wrapper = {"begin": 1, "every": 1} | given.pop("wrapper")
    first, every = wrapper["begin"], wrapper["every"]
    multi = torch.optim.swa_utils.get_swa_multi_avg_fn()
    due = lambda t: t >= first and (t - first) % every == 0  # noqa: E731
    return averaged_run(given.pop("optimizer"), given, theta, loss, multi, due, begins=first)
