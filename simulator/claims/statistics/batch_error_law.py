"""Squared error of a fresh batch's gradient over its exact expectation, tr(C) / B (N - B) / (N - 1)."""

from typing import TYPE_CHECKING

import numpy as np

from simulator.claims.statistics._record import Array, OfBatch, Statistic

if TYPE_CHECKING:
    from simulator.claims.view import View


def values(view: "View", settings: OfBatch) -> Array:
    """The squared error over its expectation; their mean is 1."""
    from simulator.claims.fresh_batches import drawn, expected_error

    at = drawn(view, settings.batch)
    error, law = ((at.batch - at.full) ** 2).sum(axis=1), expected_error(view, at.points, settings.batch)
    found: Array = np.divide(error, law, out=np.full(len(error), np.nan), where=law > 0)
    return found


RECORD = Statistic("squared error of the batch gradient over its law", values, OfBatch)
