"""How often particles leave a region per unit of time that they are in it: exits over the time at risk."""

import numpy as np

from errsurf.statistics._record import Array, Statistic
from errsurf.statistics._view import View
from errsurf.statistics.time_to_leave import Settings, region


def values(view: View, settings: Settings) -> Array:
    """Whether each particle left, and how long it was inside until then or until the moment, shape (particles, 2).

    NaN if never inside.  Where escape has no memory this is its rate, the inverse of its mean time, whatever share has
    left (Epstein, Sobel 1953, Journal of the American Statistical Association 48, 486-502).
    """
    entered, left = view.passage(settings.region or region(settings))
    start, end = view.clock(np.maximum(entered, 0), settings.unit), view.clock(np.maximum(left, 0), settings.unit)
    last = view.clock(np.array([view.moment]), settings.unit)
    inside = np.where(entered >= 0, np.where(left >= 0, end, last) - start, np.nan)
    return np.transpose([np.where(entered >= 0, left >= 0, np.nan), inside])


RECORD = Statistic(
    "exits over {unit} inside a radius of {radius} around {point}",
    values,
    Settings,
    rate=True,
    region=region,
    named="exits over {unit} inside {region}",
)
