"""Particles start evenly on a circle."""

from typing import Annotated, NamedTuple

import numpy as np
from annotated_types import Gt

from errsurf.sampling.philox import Draw
from errsurf.settings.kinds import Point
from errsurf.starts._record import Points, Start


class Settings(NamedTuple):
    """Where, and how large."""

    at: Annotated[Point, "centre of the circle"] = (0.0, 0.0)
    radius: Annotated[float, Gt(0), "radius of the circle"] = 1.0


def place(particles: int, draw: Draw, settings: Settings) -> Points:
    """Counterclockwise from the right."""
    angle = 2 * np.pi * np.arange(particles) / particles
    return np.asarray(np.array(settings.at) + settings.radius * np.stack([np.cos(angle), np.sin(angle)], axis=1))


RECORD = Start(
    formula="theta_p = at + radius (cos(2 pi p / n), sin(2 pi p / n)), n particles", settings=Settings, place=place
)
