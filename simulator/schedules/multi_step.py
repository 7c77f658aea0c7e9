"""The rate is multiplied by a factor at given times."""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Gt, Len

from errsurf.schedules._record import Array, Schedule
from errsurf.settings.durations import Length


class Settings(NamedTuple):
    """As in torch.optim.lr_scheduler.MultiStepLR."""

    milestones: Annotated[tuple[Length, ...], Len(1, 1000), "times of the falls, after the warmup"]
    gamma: Annotated[float, Gt(0), "factor of each fall"] = 0.1


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``lr gamma^(number of milestones <= s)``."""
    passed = np.searchsorted(np.sort(settings.milestones), s, side="right")
    return lr * settings.gamma ** passed.astype(np.float64)


RECORD = Schedule(
    formula="lr gamma^(number of milestones <= s)",
    reference="torch.optim.lr_scheduler.MultiStepLR",
    settings=Settings,
    rate=rate,
    example={"milestones": ["50%", "75%"]},
)
