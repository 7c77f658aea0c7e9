"""The rate falls like one over the root of time."""

from typing import Annotated, Any, NamedTuple

import numpy as np

from errsurf.schedules._record import Array, Schedule
from errsurf.settings.durations import Length


class Settings(NamedTuple):
    """How soon it falls."""

    t0: Annotated[Length | None, "time after which the rate is down to 1 / sqrt(2); by default, warmup + 1"] = None


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``lr sqrt(t0 / (t0 + s))``."""
    return lr * np.sqrt(settings.t0 / (settings.t0 + s))


def follows(settings: Settings, warmup: int) -> dict[str, Any]:
    """The rate of Vaswani et al., with as many updates of warmup."""
    return {"t0": warmup + 1}


RECORD = Schedule(
    formula="lr sqrt(t0 / (t0 + s))",
    reference="Vaswani et al. 2017, arXiv:1706.03762, equation (3), where t0 = warmup + 1",
    settings=Settings,
    rate=rate,
    follows=follows,
)
