"""A parameter of theta: by default the mean of the cloud of particles."""

from typing import NamedTuple

from errsurf.statistics._record import Array, Axis, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which parameter."""

    axis: Axis


def values(view: View, settings: Settings) -> Array:
    """The parameter of each particle."""
    return view.theta[:, 0] if settings.axis == "x" else view.theta[:, 1]


RECORD = Statistic("{axis} of theta", values, Settings, take="mean", signed=True)
