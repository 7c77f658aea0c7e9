"""The `schedule` table of a group: a decay with its settings, and the warmup before it."""

from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from annotated_types import Gt, Le

from errsurf.schedules._record import Array
from errsurf.settings.durations import Duration


class Warmup(NamedTuple):
    """How the rate rises before the decay."""

    warmup: Annotated[Duration, "the rate rises over this time, and the decay begins after it"] = 0
    warmup_kind: Annotated[
        Literal["linear", "constant", "exponential"],
        "during the warmup the rate rises evenly, is low until the end, or is multiplied by a factor at each update",
    ] = "linear"
    warmup_factor: Annotated[
        float | None, Gt(0), Le(1), "share of the rate at update 0; by default, 1 / (warmup + 1)"
    ] = None


class ScheduleTable(NamedTuple):
    """The learning rate over time; ``settings`` is the named tuple of the decay's record, None for its defaults.

    What is said of the warmup is None where the decay rises by itself.
    """

    decay: str = "constant"
    settings: Any = None
    warmup: Any = 0
    warmup_kind: str | None = "linear"
    warmup_factor: float | None = None


def rise(table: ScheduleTable, lr: float, updates: int) -> Array:
    """The rates of the warmup, or of its first so many updates.

    With w updates of warmup and its first factor f, the rate of update t = 0, 1, ... is

        lr (f + (1 - f) t / w)    linear: LinearLR(start_factor=f, total_iters=w) of torch.optim.lr_scheduler;
        lr f                      constant: ConstantLR(factor=f, total_iters=w);
        lr f^(1 - t / w)          exponential: equal ratios.

    What follows is as in SequentialLR of the warmup and the decay with milestone w, stepped once an update.
    """
    warmup, factor = table.warmup or 0, float(table.warmup_factor or 1)
    share = np.arange(min(warmup, updates), dtype=np.float64) / max(warmup, 1)
    if table.warmup_kind == "constant":
        return lr * np.full(len(share), factor)
    return lr * (factor + (1 - factor) * share if table.warmup_kind == "linear" else factor ** (1 - share))
