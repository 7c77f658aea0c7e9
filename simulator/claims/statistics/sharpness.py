"""Sharpness at theta: the largest eigenvalue of the training loss's Hessian."""

from typing import TYPE_CHECKING

from simulator.analysis import eigenvalues
from simulator.claims.statistics._record import Array, Nothing, Statistic

if TYPE_CHECKING:
    from simulator.claims.view import View


def values(view: "View", _settings: Nothing) -> Array:
    """The sharpness of the ``measured`` particles."""
    from simulator.claims.view import where_finite

    return where_finite(
        lambda points: eigenvalues(view.landscape.hessian(points, "train"))[:, 1], view.theta[view.measured]
    )


RECORD = Statistic("sharpness", values)
