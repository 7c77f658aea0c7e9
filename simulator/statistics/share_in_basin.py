"""Share of particles in the basin of the minimum nearest to a point."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import numpy as np

from errsurf.analysis import Critical
from errsurf.statistics._record import Hits, Point, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which basin."""

    near: Annotated[Point, "a point near the minimum"]


def values(view: View, settings: Settings) -> Hits:
    """Whether gradient flow from theta ends in that minimum."""
    minima = view.minima
    if not minima:
        return np.zeros(len(view.theta), dtype=np.bool_)
    return np.asarray(view.basins == nearest(minima, settings.near))


def nearest(minima: Sequence[Critical], near: tuple[float, float]) -> int:
    """Which of these minima is nearest to a point."""
    return int(np.argmin([np.hypot(m.x - near[0], m.y - near[1]) for m in minima]))


RECORD = Statistic("share in the basin of the {minimum}", values, Settings, share=True)
