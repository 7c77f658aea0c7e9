"""Where particles start, one file each; a new file in this folder is a new start."""

import numpy as np

from errsurf.portable import rounded
from errsurf.records import listing
from errsurf.sampling.philox import Draw, Stream
from errsurf.settings.kinds import Point
from errsurf.starts._record import Points, Start
from errsurf.starts._swarm import PARTICLES, OneEach, Particles, StartSeed, Swarm

__all__ = [
    "Draw",
    "OneEach",
    "Particles",
    "Points",
    "Start",
    "StartSeed",
    "Swarm",
    "positions",
    "resolved_swarm",
    "start",
    "start_names",
    "summary",
]


def start_names() -> tuple[str, ...]:
    """Names of the starts, sorted."""
    return listing.names(__name__)


@listing.cached
def start(name: str) -> Start:
    """The record of the start with this name; KeyError if no file has it."""
    return listing.record(__name__, name, Start)


def summary(name: str) -> str:
    """First line of the start file's docstring."""
    return listing.summary(__name__, name)


def resolved_swarm(swarm: Swarm) -> Swarm:
    """The swarm with a number of particles and with settings."""
    record = start(swarm.start)
    settings = record.settings() if swarm.settings is None else swarm.settings
    usual = record.particles(settings) if record.particles else PARTICLES
    return swarm._replace(particles=swarm.particles or usual, settings=settings)


def positions(swarm: Swarm, seed: int, at: Point | None = None, rounding: str = "fast") -> Points:
    """The start of every particle of a resolved swarm, shape (particles, 2), the same for every group.

    A group that starts elsewhere has its swarm's centre, or the mean of the starts where it has none, moved to ``at``.
    ``rounding`` is as ``[run] rounding``.
    """
    place = rounded(start(swarm.start).place, rounding)
    found: Points = place(swarm.particles, Draw(seed, Stream.START, rounding), swarm.settings)
    if at is None:
        return found
    centre = getattr(swarm.settings, "at", None)
    return np.asarray(found + (np.array(at) - (found.mean(axis=0) if centre is None else centre)))
