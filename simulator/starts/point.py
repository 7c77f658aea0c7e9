"""All particles start at one point."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.sampling.philox import Draw
from errsurf.settings.kinds import Point
from errsurf.starts._record import Clouds, Points, Start


class Settings(NamedTuple):
    """Where."""

    at: Annotated[Point, "the point"] = (0.0, 0.0)


def place(particles: int, draw: Draw, settings: Settings) -> Points:
    """The point, again and again."""
    return np.tile(np.array(settings.at, np.float64), (particles, 1))


def clouds(settings: Settings) -> Clouds:
    """One without extent."""
    return Clouds((settings.at,), 0.0)


RECORD = Start(formula="theta_p = at", settings=Settings, place=place, clouds=clouds)
