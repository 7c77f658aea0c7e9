"""The rate falls along half a cosine, again and again."""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge, Le

from errsurf.schedules._record import Array, Schedule
from errsurf.settings.durations import Length


class Settings(NamedTuple):
    """As in torch.optim.lr_scheduler.CosineAnnealingWarmRestarts."""

    T_0: Annotated[Length, "time of the first fall"]
    T_mult: Annotated[int, Ge(1), Le(1000), "each fall takes this many times as long as the one before"] = 1
    eta_min: Annotated[float, Ge(0), "the rate that each fall approaches, not a share of lr"] = 0.0


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``eta_min + (lr - eta_min) (1 + cos(pi (s - r) / (T_0 T_mult^k))) / 2`` from the k-th restart r."""
    restarts = [0]
    while restarts[-1] < len(s):
        restarts.append(settings.T_0 + settings.T_mult * restarts[-1])
    last = np.searchsorted(restarts, s, side="right") - 1
    share = (s - np.take(restarts, last)) / np.take(np.diff(restarts), last)
    return settings.eta_min + (lr - settings.eta_min) * (1 + np.cos(np.pi * share)) / 2


RECORD = Schedule(
    formula="eta_min + (lr - eta_min) (1 + cos(pi (s - r) / (T_0 T_mult^k))) / 2 from the k-th restart r",
    reference="torch.optim.lr_scheduler.CosineAnnealingWarmRestarts",
    settings=Settings,
    rate=rate,
    example={"T_0": "25%"},
)
