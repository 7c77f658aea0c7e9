"""The rate rises to lr and falls again and again; this is its own warmup, and momentum stays as it is."""

from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from annotated_types import Ge, Gt, Le

from errsurf.schedules._record import Array, Schedule
from errsurf.settings.durations import Length


class Settings(NamedTuple):
    """As in torch.optim.lr_scheduler.CyclicLR with max_lr = lr and base_lr = base_factor lr."""

    base_factor: Annotated[float, Ge(0), Le(1), "share of lr from which the rate rises and to which it falls"]
    step_size_up: Annotated[Length, "time of a rise"]
    step_size_down: Annotated[Length | None, "time of a fall; by default, that of a rise"] = None
    mode: Annotated[
        Literal["triangular", "triangular2", "exp_range"],
        "rises are equally high, half as high each time, or `gamma` times as high at each update",
    ] = "triangular"
    gamma: Annotated[float, Gt(0), "factor of each update in the mode `exp_range`"] = 1.0


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``lr (base_factor + (1 - base_factor) height(s))``, height from 0 to 1 and back."""
    base, up, down = settings.base_factor, settings.step_size_up, settings.step_size_down
    cycle, since = np.divmod(s, up + down)
    height = np.minimum(since / up, (up + down - since) / down)
    scales = {"triangular": np.ones(len(s)), "triangular2": 0.5**cycle, "exp_range": settings.gamma**s}
    return lr * (base + (1 - base) * height * scales[settings.mode])


def follows(settings: Settings, warmup: int) -> dict[str, Any]:
    """Falls take as long as rises."""
    return {"step_size_down": settings.step_size_up}


RECORD = Schedule(
    formula="lr (base_factor + (1 - base_factor) height(s)), height from 0 to 1 and back",
    reference="torch.optim.lr_scheduler.CyclicLR with max_lr = lr; Smith 2015, arXiv:1506.01186",
    settings=Settings,
    rate=rate,
    follows=follows,
    warmup=False,
    example={"base_factor": 0.1, "step_size_up": "10%"},
)
