"""Distance of a fresh batch's gradient from that of all examples, relative to the latter's norm."""

from typing import TYPE_CHECKING

import numpy as np

from simulator.analysis import relative
from simulator.claims.statistics._record import Array, OfBatch, Statistic

if TYPE_CHECKING:
    from simulator.claims.view import View


def values(view: "View", settings: OfBatch) -> Array:
    """The relative error of the batch's gradient; NaN where there is no slope."""
    from simulator.claims.fresh_batches import drawn

    at = drawn(view, settings.batch)
    return relative(np.hypot(*(at.batch - at.full).T), at.full)


RECORD = Statistic("relative error of the batch gradient", values, OfBatch)
