"""Measured time that one update of all the group's particles takes: the machine's, different each time."""

import numpy as np

from errsurf.statistics._record import Array, Nothing, Statistic
from errsurf.statistics._view import View


def values(view: View, _settings: Nothing) -> Array:
    """Seconds, one number for the group and the whole run; NaN if they were not measured."""
    return np.array([view.group.seconds_an_update])


RECORD = Statistic("seconds an update", values)
