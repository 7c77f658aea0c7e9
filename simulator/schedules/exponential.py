"""The rate is multiplied by a factor at each update."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Gt

from errsurf.schedules._record import Array, Schedule


class Settings(NamedTuple):
    """As in torch.optim.lr_scheduler.ExponentialLR."""

    gamma: Annotated[float, Gt(0), "factor of each update"]


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``lr gamma^s``."""
    return lr * settings.gamma**s


RECORD = Schedule(
    formula="lr gamma^s",
    reference="torch.optim.lr_scheduler.ExponentialLR",
    settings=Settings,
    rate=rate,
    example={"gamma": 0.99},
)
