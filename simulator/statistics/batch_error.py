"""Distance of a fresh batch's gradient from that of all examples, relative to the latter's norm."""

import numpy as np

from errsurf.analysis import relative
from errsurf.statistics._record import Array, OfBatch, Statistic
from errsurf.statistics._view import View


def values(view: View, settings: OfBatch) -> Array:
    """The relative error of the batch's gradient; NaN where there is no slope."""
    at = view.fresh_batches(settings.batch)
    return relative(np.hypot(*(at.batch - at.full).T), at.full)


RECORD = Statistic("relative error of the batch gradient", values, OfBatch)
