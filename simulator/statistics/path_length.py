"""Length of a particle's path."""

from typing import NamedTuple

import numpy as np

from errsurf.statistics._record import After, Array, Statistic, every_update, movements
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Of which part of it."""

    after: After = 0


def values(view: View, settings: Settings) -> Array:
    """The sum of the movements' lengths."""
    return np.asarray(np.hypot(*np.moveaxis(movements(view, settings.after), -1, 0)).sum(axis=0))


RECORD = Statistic("length of the path", values, Settings, fault=every_update, path=True)
