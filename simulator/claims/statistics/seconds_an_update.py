"""Measured time that one update of all the group's particles takes: the machine's, different each time."""

from typing import TYPE_CHECKING

import numpy as np

from simulator.claims.statistics._record import Array, Nothing, Statistic

if TYPE_CHECKING:
    from simulator.claims.view import View


def values(view: "View", _settings: Nothing) -> Array:
    """Seconds, one number for the group and the whole run; NaN if they were not measured."""
    return np.array([view.group.seconds_an_update])


RECORD = Statistic("seconds an update", values)
