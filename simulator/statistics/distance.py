"""Distance of theta from a point."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.statistics._record import Array, Point, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """From where."""

    point: Annotated[Point, "the point"]


def values(view: View, settings: Settings) -> Array:
    """The distance."""
    away = view.theta - settings.point
    return np.asarray(np.hypot(away[:, 0], away[:, 1]))


RECORD = Statistic("distance from {point}", values, Settings)
