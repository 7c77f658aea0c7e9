"""The rate stays after the warmup."""

from typing import Any, NamedTuple

import numpy as np

from errsurf.schedules._record import Array, Schedule


class Settings(NamedTuple):
    """None."""


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``lr``."""
    return np.full(len(s), lr)


RECORD = Schedule(
    formula="lr", reference="torch.optim.lr_scheduler.ConstantLR with factor 1", settings=Settings, rate=rate
)
