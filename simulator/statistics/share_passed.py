"""Share of particles beyond the line through a point at right angles to a direction."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.statistics._record import Hits, Point, Somewhere, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which line, and which side of it."""

    point: Annotated[Point, "a point of the line"]
    direction: Annotated[Point, Somewhere, "the way across it, [x, y]"]


def values(view: View, settings: Settings) -> Hits:
    """Whether theta lies beyond the line."""
    return np.asarray((view.theta - settings.point) @ settings.direction > 0)


RECORD = Statistic("share beyond {point} towards {direction}", values, Settings, share=True)
