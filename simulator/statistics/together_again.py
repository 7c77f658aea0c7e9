"""Share of the pairs of examples in one batch that are in one batch of the next epoch too.

Regrouped at random it is (B - 1) / (N - 1), where B divides N; with ``sampling = "once"`` it is 1.  Examples drawn with
replacement make no batches of an epoch.
"""

import numpy as np
from numpy.typing import NDArray

from errsurf.statistics._record import Array, Nothing, Statistic
from errsurf.statistics._view import View


def values(view: View, _settings: Nothing) -> Array:
    """The share of each of the particles for which batches are drawn, between the first two epochs."""
    size = view.batch_size
    if view.replacement:
        return np.array([np.nan])
    slot, found = np.arange(view.examples) // size, []
    for particle in view.drawn:
        order = view.order(particle, 2 * view.examples).reshape(2, -1)
        batch = np.empty_like(order)
        np.put_along_axis(batch, order, np.broadcast_to(slot, order.shape), axis=1)
        pairs = _pairs(batch[0])
        found.append(_pairs(batch[0] * view.examples + batch[1]) / pairs if pairs else np.nan)
    return np.array(found)


def _pairs(batch: NDArray[np.int64]) -> float:
    """Pairs of examples that share a batch."""
    counts = np.unique(batch, return_counts=True)[1]
    return float((counts * (counts - 1) / 2).sum())


RECORD = Statistic("share of pairs in one batch together again in the next epoch", values)
