"""Cosine between the gradient of a fresh batch and that of all examples."""

from errsurf.analysis import cosine
from errsurf.statistics._record import Array, OfBatch, Statistic
from errsurf.statistics._view import View


def values(view: View, settings: OfBatch) -> Array:
    """The cosine of the two gradients; NaN where one is 0."""
    at = view.fresh_batches(settings.batch)
    return cosine(at.full, at.batch)


RECORD = Statistic("cosine of batch and full gradient", values, OfBatch, signed=True)
