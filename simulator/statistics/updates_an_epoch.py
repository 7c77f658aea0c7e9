"""Updates that a group makes in an epoch."""

import numpy as np

from errsurf.statistics._record import Array, Nothing, Statistic
from errsurf.statistics._view import View


def values(view: View, _settings: Nothing) -> Array:
    """One number for the group."""
    return np.array([view.updates_an_epoch], np.float64)


RECORD = Statistic("updates an epoch", values)
