"""Relative distance of the last movement from the weighted sum of all gradients so far.

That is of minus the sum of ``lr_s momentum^(t - s) g_s`` over all updates s up to t, the lecture's m_t.
"""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge, Lt

from errsurf.settings.learning_rates import both
from errsurf.statistics._record import Array, Statistic, every_update, unrecorded
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Of which sum."""

    momentum: Annotated[float, Ge(0), Lt(1), "by what a gradient's weight falls from update to update"]


def values(view: View, settings: Settings) -> Array:
    """The length of the difference over that of the movement, for the watched particles; NaN without movement."""
    last = view.frame
    gradients = np.asarray(view.group.parts["gradient"][1 : last + 1], np.float64)
    weights = settings.momentum ** np.arange(last - 1, -1, -1)[:, None] * both(view.group.lr[:last])
    movement = np.asarray(view.group.parts["movement"][last], np.float64)
    error, length = np.hypot(*(movement + np.einsum("ta,tpa->pa", weights, gradients)).T), np.hypot(*movement.T)
    found: Array = np.divide(error, length, out=np.full(len(length), np.nan), where=length > 0)
    return found


def fault(settings: Settings, run: Any, updates: int) -> str:
    """The movements and gradients of all updates are needed."""
    return unrecorded("gradient", "movement")(settings, run, updates) or every_update(settings, run, updates)


RECORD = Statistic("relative error of the weighted sum of gradients", values, Settings, fault=fault, path=True)
