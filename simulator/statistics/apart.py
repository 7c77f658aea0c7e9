"""Distance of each particle from the same particle in another group."""

from typing import NamedTuple

import numpy as np

from errsurf.statistics._record import Array, Other, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """From whom."""

    other: Other


def values(view: View, settings: Settings) -> Array:
    """The distance of theta from the other group's."""
    return np.asarray(np.hypot(*(view.theta - view.of(settings.other).theta).T))


RECORD = Statistic("distance from the same particle in {other}", values, Settings)
