"""Effective rate of a parameter: the learning rate over the rule's denominator."""

from typing import Annotated, Literal, NamedTuple

import numpy as np

from errsurf.statistics._record import Array, Statistic, unrecorded
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Of which parameter."""

    axis: Annotated[Literal["x", "y", "x / y"], "which parameter, or the rate of x over that of y"]


def values(view: View, settings: Settings) -> Array:
    """The rate of the last update before the frame, for the watched particles."""
    rate = np.asarray(view.group.parts["effective_rate"][view.frame], np.float64)
    rate = np.where(view.group.alive(view.frame, view.group.watched)[:, None], rate, np.nan)
    return rate[:, 0] / rate[:, 1] if settings.axis == "x / y" else rate[:, "xy".index(settings.axis)]


RECORD = Statistic("effective rate of {axis}", values, Settings, fault=unrecorded("effective_rate"))
