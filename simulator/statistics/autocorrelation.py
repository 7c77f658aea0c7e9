"""Autocorrelation of a particle's path: ``sum((x_t - m)(x_(t + lag) - m)) / sum((x_t - m)^2)``, m the path's mean.

Box, Jenkins, Reinsel 2008, Time Series Analysis, equation 2.1.11.  Of a path of n updates it is too small by about
(1 + 2 sum of all correlations) / n.
"""

from typing import Annotated, NamedTuple

import numpy as np
from annotated_types import Ge

from errsurf.statistics._record import After, Array, Axis, Statistic, every_update
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Of which parameter, over how long, and from when on."""

    axis: Axis
    lag: Annotated[int, Ge(1), "updates between the two places of a path"] = 1
    after: After = "50%"


def values(view: View, settings: Settings) -> Array:
    """The correlation of each tracked particle; NaN without movement and for a path that is not longer than the lag."""
    theta = view.thetas(view.path(settings.after), view.tracked)
    x = theta[:, :, 0] if settings.axis == "x" else theta[:, :, 1]
    if len(x) <= settings.lag:
        return np.full(x.shape[1], np.nan)
    away = x - np.mean(x, axis=0)
    total = np.sum(away * away, axis=0)
    shared = np.sum(away[: len(x) - settings.lag] * away[settings.lag :], axis=0)
    return np.where(total > 0, shared / np.where(total > 0, total, 1.0), np.nan)


RECORD = Statistic(
    "autocorrelation of {axis} after {lag} updates",
    values,
    Settings,
    take="mean",
    fault=every_update,
    path=True,
    signed=True,
)
