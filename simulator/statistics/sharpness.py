"""Sharpness at theta: the largest eigenvalue of the training loss's Hessian."""

from errsurf.analysis import eigenvalues
from errsurf.statistics._record import Array, Nothing, Statistic
from errsurf.statistics._view import View, where_finite


def values(view: View, _settings: Nothing) -> Array:
    """The sharpness of the ``measured`` particles."""
    return where_finite(
        lambda points: eigenvalues(view.landscape.hessian(points, "train"))[:, 1], view.theta[view.measured]
    )


RECORD = Statistic("sharpness", values, signed=True)
