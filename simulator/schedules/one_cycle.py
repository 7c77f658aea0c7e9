"""The rate rises to lr and falls to almost nothing; this is its own warmup, and momentum stays as it is."""

from itertools import pairwise
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from annotated_types import Ge, Gt, Le

from errsurf.schedules._record import Array, Schedule
from errsurf.settings.durations import Length


class Settings(NamedTuple):
    """As in torch.optim.lr_scheduler.OneCycleLR with max_lr = lr, total_steps being ``total``."""

    total: Annotated[Length | None, "time of rise and fall; by default, the whole run"] = None
    pct_start: Annotated[float, Ge(0), Le(1), "share of the time in which the rate rises"] = 0.3
    anneal_strategy: Annotated[Literal["cos", "linear"], "along half cosines, or evenly"] = "cos"
    div_factor: Annotated[float, Gt(0), "the rate begins at lr / div_factor"] = 25.0
    final_div_factor: Annotated[float, Gt(0), "the rate ends at lr / div_factor / final_div_factor"] = 1e4
    three_phase: Annotated[bool, "fall to the first rate as fast as it rose, then to the last"] = False


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``lr / div_factor`` to ``lr`` at s = pct_start total - 1, then down to ``lr / div_factor / final_div_factor``."""
    low, peak, end = lr / settings.div_factor, settings.pct_start * settings.total - 1, settings.total - 1
    turns = [(0.0, low), (peak, lr), *([(2 * peak, low)] if settings.three_phase else [])]
    turns.append((end, low / settings.final_div_factor))
    t = np.minimum(s, end)
    phases = []
    for (start, first), (stop, last) in pairwise(turns):
        share = (t - start) / (stop - start or 1)
        left = (1 + np.cos(np.pi * share)) / 2 if settings.anneal_strategy == "cos" else 1 - share
        phases.append(last + (first - last) * left)
    return np.select([t <= stop for stop, _ in turns[1:-1]], phases[:-1], phases[-1])


RECORD = Schedule(
    formula="lr / div_factor to lr at s = pct_start total - 1, then down to lr / div_factor / final_div_factor",
    reference="torch.optim.lr_scheduler.OneCycleLR with max_lr = lr; Smith, Topin 2017, arXiv:1708.07120",
    settings=Settings,
    rate=rate,
    fall="total",
    warmup=False,
)
