"""Effective temperature: ``(theta - c) . grad L(theta) / 2``, the mean over particles.

Where theta has the density exp(-L / T) this is T, whatever the shape of L and the point c (generalized equipartition:
Tolman 1918, Physical Review 11, 261-275).  Of SGD it is about ``lr tr(C) / (4 B)`` times a factor that depends on the
Hessian, and it differs from direction to direction where C is no multiple of it.
"""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.statistics._record import Array, Point, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Around which point."""

    point: Annotated[Point, "the minimum; far from the particles the interval is wide"]


def values(view: View, settings: Settings) -> Array:
    """Half of the product of the displacement from the point and the gradient, of each particle."""
    away = view.theta - settings.point
    return np.asarray((away * view.full_gradients(view.theta)).sum(axis=1) / 2)


RECORD = Statistic("effective temperature around {point}", values, Settings, take="mean", signed=True)
