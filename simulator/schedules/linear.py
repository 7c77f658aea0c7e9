"""The rate falls in proportion to time."""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge, Le

from errsurf.schedules._record import Array, Fall, Schedule


class Settings(NamedTuple):
    """As in torch.optim.lr_scheduler.LinearLR with start_factor 1, total_iters being ``total``."""

    end_factor: Annotated[float, Ge(0), Le(1), "share of the rate that is left in the end"] = 0.0
    total: Fall = None


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``lr (1 + (end_factor - 1) min(s, total) / total)``."""
    return lr * (1 + (settings.end_factor - 1) * np.minimum(s, settings.total) / settings.total)


RECORD = Schedule(
    formula="lr (1 + (end_factor - 1) min(s, total) / total)",
    reference="torch.optim.lr_scheduler.LinearLR from 1 to end_factor",
    settings=Settings,
    rate=rate,
    fall="total",
)
