"""Mean time until a particle leaves a region, each counted up to the moment at the most, so that none is infinite."""

import numpy as np

from errsurf.statistics._record import Array, Statistic
from errsurf.statistics._view import View
from errsurf.statistics.time_to_leave import Settings, region
from errsurf.statistics.time_to_leave import values as times


def values(view: View, settings: Settings) -> Array:
    """The time to leave, or that of the moment for a particle that has not left; NaN if never inside.

    All particles are followed equally long, so their mean is the restricted mean of Irwin 1949, Journal of Hygiene 47,
    188-189; ``share_left`` tells how many of them left.
    """
    return np.minimum(times(view, settings), view.clock(np.array([view.moment]), settings.unit))


RECORD = Statistic(
    "restricted {unit} to leave a radius of {radius} around {point}",
    values,
    Settings,
    take="mean",
    region=region,
    named="restricted {unit} to leave {region}",
)
