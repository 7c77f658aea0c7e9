"""Particles that rest because numbers of their precision are too far apart, not because the slope is level."""

import numpy as np
from numpy.typing import NDArray

from errsurf.run.result import Group, Result

LEVEL = 0.01
"""The share of the gradient at the start below which a particle may rest."""


def stalled(result: Result, group: Group) -> NDArray[np.bool_]:
    """Which particles of a group, shape (particles,), stay where they are because of rounding.

    They did not move between the last two frames; their gradient, times the largest rate of the run, is about half the
    distance to the next number or less, along both parameters; and it is more than a hundredth of the median gradient
    at the group's start.  At a rate of 0 nothing moves in any precision.
    """
    if len(group.update) < 2 or not np.max(group.lr) > 0:
        return np.zeros(group.position.shape[1], np.bool_)
    start, before, end = (np.asarray(group.position[k]) for k in (0, -2, -1))
    still: NDArray[np.bool_] = (before == end).all(axis=1) & group.alive(-1)
    if not still.any():
        return still
    slope = result.landscape.gradient(np.asarray(end, np.float64))
    size = np.hypot(*slope.T)
    first = np.median(np.hypot(*result.landscape.gradient(np.asarray(start, np.float64)).T))
    lost = (np.abs(slope) * np.max(group.lr) < 0.51 * np.spacing(np.abs(end))).all(axis=1)
    found: NDArray[np.bool_] = still & lost & (size > LEVEL * first)
    return found
