"""Updates that a group makes in an epoch."""

from typing import TYPE_CHECKING

import numpy as np

from simulator.claims.statistics._record import Array, Nothing, Statistic

if TYPE_CHECKING:
    from simulator.claims.view import View


def values(view: "View", _settings: Nothing) -> Array:
    """One number for the group."""
    return np.array([view.stage.plan.updates_an_epoch], np.float64)


RECORD = Statistic("updates an epoch", values)
