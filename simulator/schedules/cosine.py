"""The rate falls along half a cosine."""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge

from errsurf.schedules._record import Array, Fall, Schedule


class Settings(NamedTuple):
    """As in torch.optim.lr_scheduler.CosineAnnealingLR."""

    T_max: Fall = None
    eta_min: Annotated[float, Ge(0), "the rate in the end, not a share of lr"] = 0.0


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``eta_min + (lr - eta_min) (1 + cos(pi s / T_max)) / 2``; it rises again after T_max."""
    return settings.eta_min + (lr - settings.eta_min) * (1 + np.cos(np.pi * s / settings.T_max)) / 2


RECORD = Schedule(
    formula="eta_min + (lr - eta_min) (1 + cos(pi s / T_max)) / 2",
    reference="torch.optim.lr_scheduler.CosineAnnealingLR; it rises again after T_max",
    settings=Settings,
    rate=rate,
    fall="T_max",
)
