"""Share of particles in the basin of the minimum nearest to a point."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.analysis import basin_labels
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
    meant = int(np.argmin([np.hypot(m.x - settings.near[0], m.y - settings.near[1]) for m in minima]))
    return np.asarray(basin_labels(view.landscape, view.theta, minima) == meant)


RECORD = Statistic("share in the basin near {near}", values, Settings, share=True)
