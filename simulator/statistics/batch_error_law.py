"""Squared error of a fresh batch's gradient over its exact expectation, tr(C) / B (N - B) / (N - 1)."""

import numpy as np

from errsurf.statistics._record import Array, OfBatch, Statistic, part_of
from errsurf.statistics._view import View


def values(view: View, settings: OfBatch) -> Array:
    """The squared error over its expectation; their mean is 1."""
    at = view.fresh_batches(settings.batch)
    error = ((at.batch - at.full) ** 2).sum(axis=1)
    law = part_of(view.batch_covariance(at.points, settings.batch), "trace")
    found: Array = np.divide(error, law, out=np.full(len(error), np.nan), where=law > 0)
    return found


RECORD = Statistic("squared error of the batch gradient over its law", values, OfBatch)
