"""How often a parameter swings from one side of a line to the other."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.statistics._record import After, Array, Axis, Statistic, every_update
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Across which line."""

    axis: Axis
    around: Annotated[float, "the line, a value of that parameter"] = 0.0
    after: After = 0


def values(view: View, settings: Settings) -> Array:
    """The number of updates that cross the line; NaN for a particle that diverges on the way."""
    side = np.sign(
        view.thetas(view.path(settings.after), view.tracked)[..., "xy".index(settings.axis)] - settings.around
    )
    return np.asarray((side[1:] * side[:-1] < 0).sum(axis=0) + np.where(np.isnan(side[-1]), np.nan, 0.0))


RECORD = Statistic("swings of {axis} across {around}", values, Settings, fault=every_update, path=True)
