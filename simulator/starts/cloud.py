"""Particles start normally distributed around a point."""

from typing import Annotated, NamedTuple

import numpy as np
from annotated_types import Ge

from errsurf.sampling.philox import Draw
from errsurf.settings.kinds import Point
from errsurf.starts._record import Clouds, Points, Start, normal


class Settings(NamedTuple):
    """Where, and how far around it."""

    at: Annotated[Point, "centre of the cloud"] = (0.0, 0.0)
    spread: Annotated[float, Ge(0), "standard deviation of the cloud"] = 0.1


def place(particles: int, draw: Draw, settings: Settings) -> Points:
    """Normal in each direction."""
    return np.array(settings.at) + normal(particles, draw, settings.spread)


def clouds(settings: Settings) -> Clouds:
    """The one."""
    return Clouds((settings.at,), settings.spread)


RECORD = Start(
    formula="theta_p = at + spread z_p, z_p normally distributed", settings=Settings, place=place, clouds=clouds
)
