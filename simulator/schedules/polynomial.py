"""The rate falls like a power of the time that is left."""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Gt

from errsurf.schedules._record import Array, Fall, Schedule


class Settings(NamedTuple):
    """As in torch.optim.lr_scheduler.PolynomialLR, total_iters being ``total``."""

    power: Annotated[float, Gt(0), "the power; 1 is a straight line"] = 1.0
    total: Fall = None


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``lr (1 - min(s, total) / total)^power``."""
    return lr * (1 - np.minimum(s, settings.total) / settings.total) ** settings.power


RECORD = Schedule(
    formula="lr (1 - min(s, total) / total)^power",
    reference="torch.optim.lr_scheduler.PolynomialLR",
    settings=Settings,
    rate=rate,
    fall="total",
    example={"power": 2.0},
)
