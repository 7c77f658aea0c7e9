"""The part of the plane that a run covers, for the search of critical points and for pictures."""

import numpy as np
from numpy.typing import NDArray

from errsurf.run.result import Result
from errsurf.surfaces import surface

Array = NDArray[np.float64]


def extent(result: Result) -> tuple[Array, Array]:
    """Lowest and highest x and y of surface and particles, each (2,)."""
    chosen = result.scenario.surface
    own = np.array(surface(chosen.kind, chosen.settings).window, dtype=np.float64)
    low, high = own[:, 0], own[:, 1]
    margin, reach = 0.04 * (high - low), high - low
    for group in result.groups:
        start, end = (np.asarray(group.position[k], dtype=np.float64)[group.alive(k)] for k in (0, -1))
        for points in [start, np.quantile(end, (0.01, 0.99), axis=0)] if len(end) else [start]:
            near = np.clip(points, own[:, 0] - reach, own[:, 1] + reach)
            low = np.where(near.min(axis=0) < low, near.min(axis=0) - margin, low)
            high = np.where(near.max(axis=0) > high, near.max(axis=0) + margin, high)
    return low, high
