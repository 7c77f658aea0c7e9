"""Cosine between the gradient of a fresh batch and that of all examples."""

from typing import TYPE_CHECKING

from simulator.analysis import cosine
from simulator.claims.statistics._record import Array, OfBatch, Statistic

if TYPE_CHECKING:
    from simulator.claims.view import View


def values(view: "View", settings: OfBatch) -> Array:
    """The cosine of the two gradients; NaN where one is 0."""
    from simulator.claims.fresh_batches import drawn

    at = drawn(view, settings.batch)
    return cosine(at.full, at.batch)


RECORD = Statistic("cosine of batch and full gradient", values, OfBatch)
