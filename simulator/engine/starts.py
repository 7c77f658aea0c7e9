"""Where particles start."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from errsurf.sampling.philox import Draw, Stream
from errsurf.scenario import Swarm

Points = NDArray[np.float64]


def starts(swarm: Swarm, seed: int) -> Points:
    """The start of every particle, shape (particles, 2), the same for every group."""
    place: dict[str, Callable[[Swarm, int], Points]] = {
        "point": _point,
        "points": _points,
        "cloud": _cloud,
        "grid": _grid,
        "ring": _ring,
    }
    return place[swarm.start](swarm, seed)


def _point(swarm: Swarm, _seed: int) -> Points:
    return np.tile(np.array(swarm.at, np.float64), (swarm.particles, 1))


def _points(swarm: Swarm, seed: int) -> Points:
    points = np.resize(np.array(swarm.points, np.float64), (swarm.particles, 2))
    return points + _spread(swarm, seed) if swarm.spread else points


def _cloud(swarm: Swarm, seed: int) -> Points:
    return np.array(swarm.at) + _spread(swarm, seed)


def _spread(swarm: Swarm, seed: int) -> Points:
    return np.asarray(swarm.spread * Draw(seed, Stream.START).normal(swarm.particles, 2))


def _grid(swarm: Swarm, _seed: int) -> Points:
    """Row by row, nearly square cells, the last row perhaps not full."""
    width, height = swarm.size
    columns = max(1, min(swarm.particles, round((swarm.particles * max(width, 1e-12) / max(height, 1e-12)) ** 0.5)))
    rows = -(-swarm.particles // columns)
    row, column = np.divmod(np.arange(swarm.particles), columns)
    x = (column - (columns - 1) / 2) * (width / max(1, columns - 1))
    y = (row - (rows - 1) / 2) * (height / max(1, rows - 1))
    return np.asarray(np.array(swarm.at) + np.stack([x, y], axis=1))


def _ring(swarm: Swarm, _seed: int) -> Points:
    angle = 2 * np.pi * np.arange(swarm.particles) / swarm.particles
    return np.asarray(np.array(swarm.at) + swarm.radius * np.stack([np.cos(angle), np.sin(angle)], axis=1))
