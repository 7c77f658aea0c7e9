"""Particle p starts at point p, counted around the list."""

from typing import Annotated, NamedTuple

import numpy as np
from annotated_types import Ge, Len

from errsurf.sampling.philox import Draw
from errsurf.settings.kinds import Point
from errsurf.starts._record import Clouds, Points, Start, normal


class Settings(NamedTuple):
    """Where, and how far around it."""

    points: Annotated[tuple[Point, ...], Len(1, 10_000), "the points, a list of [x, y]"]
    spread: Annotated[float, Ge(0), "standard deviation around each point"] = 0.0


def place(particles: int, draw: Draw, settings: Settings) -> Points:
    """The points, from the first one again after the last one."""
    points = np.resize(np.array(settings.points, np.float64), (particles, 2))
    return points + normal(particles, draw, settings.spread) if settings.spread else points


def particles(settings: Settings) -> int:
    """One a point."""
    return len(settings.points)


def clouds(settings: Settings) -> Clouds:
    """One around each point."""
    return Clouds(settings.points, settings.spread)


RECORD = Start(
    formula="theta_p = points[p mod n] + spread z_p, n points, z_p normally distributed",
    settings=Settings,
    place=place,
    particles=particles,
    clouds=clouds,
)
