"""Norm of the gradient of all training examples, or of one batch, at theta or at a point."""

from typing import Annotated, Literal, NamedTuple

import numpy as np

from errsurf.statistics._record import Array, Point, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Of what, and where."""

    of: Annotated[Literal["all", "batch"], "`batch`: one batch of the group's, drawn for each particle"] = "all"
    point: Annotated[Point | None, "where; by default, at theta"] = None


def values(view: View, settings: Settings) -> Array:
    """The length of the gradient."""
    particles = view.drawn
    points = view.theta[particles] if settings.point is None else np.tile(settings.point, (len(particles), 1))
    gradient = view.full_gradients(points) if settings.of == "all" else view.batch_gradients(points, particles, None)
    return np.asarray(np.hypot(gradient[:, 0], gradient[:, 1]))


RECORD = Statistic("norm of the gradient of {of}", values, Settings)
