"""Time until a particle first is further than a radius from a point."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.statistics._record import Array, Point, Positive, Statistic, Unit, first_time
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which disc, entered first if particles do not start in it."""

    point: Annotated[Point, "its middle"]
    radius: Annotated[Positive, "its radius"]
    unit: Unit = "updates"


def values(view: View, settings: Settings) -> Array:
    """The time of the first recorded frame outside after one inside; infinite if there is none, NaN if never inside.

    A particle that diverges leaves.
    """
    frames = view.path(0)
    away = view.thetas(frames, view.tracked) - settings.point
    inside = np.hypot(away[..., 0], away[..., 1]) <= settings.radius
    left = np.logical_or.accumulate(inside) & ~inside
    return np.where(inside.any(axis=0), first_time(left, view.time(frames, settings.unit)), np.nan)


RECORD = Statistic("{unit} to leave a radius of {radius} around {point}", values, Settings, path=True)
