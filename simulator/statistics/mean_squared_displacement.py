"""Mean squared displacement: ``|theta(t) - theta(s)|^2``, the mean over particles.

It grows as ``4 D (t - s)`` where particles diffuse, with the diffusion coefficient D (Einstein 1905, Annalen der
Physik 322, 549-560), and as the square of the time where they drift.
"""

from typing import NamedTuple

from errsurf.statistics._record import After, Array, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Since when."""

    after: After = 0


def values(view: View, settings: Settings) -> Array:
    """The squared displacement of each particle since the last frame up to that time."""
    start = view.path(settings.after).start
    moved = view.theta - view.thetas(start)
    return moved[:, 0] ** 2 + moved[:, 1] ** 2


RECORD = Statistic("mean squared displacement since {after}", values, Settings, take="mean", path=True)
