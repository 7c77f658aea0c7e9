"""Particles start evenly on a line between two points."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.starts import Draw, Points, Start


class Settings(NamedTuple):
    """Between which points."""

    first: Annotated[tuple[float, float], "where the first particle starts"] = (-1.0, -1.0)
    last: Annotated[tuple[float, float], "where the last particle starts"] = (1.0, 1.0)


def place(particles: int, draw: Draw, settings: Settings) -> Points:
    """Equal distances from one to the next."""
    return np.linspace(settings.first, settings.last, particles)


RECORD = Start(formula="theta_p = first + (last - first) p / (n - 1), n particles", settings=Settings, place=place)
