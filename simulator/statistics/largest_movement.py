"""Length of the largest movement that one update makes."""

from typing import NamedTuple

import numpy as np

from errsurf.statistics._record import After, Array, Statistic, every_update, movements
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Of which updates."""

    after: After = 0


def values(view: View, settings: Settings) -> Array:
    """The largest movement of each particle."""
    return np.asarray(np.hypot(*np.moveaxis(movements(view, settings.after), -1, 0)).max(axis=0, initial=0.0))


RECORD = Statistic("largest movement of an update", values, Settings, fault=every_update, path=True)
