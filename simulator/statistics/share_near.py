"""Share of particles within a radius of a point."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.statistics._record import Hits, Point, Positive, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which disc."""

    point: Annotated[Point, "its middle"]
    radius: Annotated[Positive, "its radius"]


def values(view: View, settings: Settings) -> Hits:
    """Whether theta lies in the disc."""
    away = view.theta - settings.point
    return np.asarray(np.hypot(away[:, 0], away[:, 1]) <= settings.radius)


RECORD = Statistic("share within {radius} of {point}", values, Settings, share=True)
