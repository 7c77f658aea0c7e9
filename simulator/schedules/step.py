"""The rate is multiplied by a factor at regular intervals."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Gt

from errsurf.schedules._record import Array, Schedule
from errsurf.settings.durations import Length


class Settings(NamedTuple):
    """As in torch.optim.lr_scheduler.StepLR."""

    step_size: Annotated[Length, "time between two falls"]
    gamma: Annotated[float, Gt(0), "factor of each fall"] = 0.1


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``lr gamma^floor(s / step_size)``."""
    return lr * settings.gamma ** (s // settings.step_size)


RECORD = Schedule(
    formula="lr gamma^floor(s / step_size)",
    reference="torch.optim.lr_scheduler.StepLR",
    settings=Settings,
    rate=rate,
    example={"step_size": "25%"},
)
