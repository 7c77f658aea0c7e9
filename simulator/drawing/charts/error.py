"""Relative error of the gradient of a batch, along the path of the particles.

The root mean square over all batches that could be drawn, exact, over the norm of the full gradient.
"""

from collections.abc import Sequence

import numpy as np

from errsurf.analysis import relative, squared_error
from errsurf.drawing.charts._batches import batch_sizes, with_replacement
from errsurf.drawing.charts._particles import measured, median_band, spread_titles, staying
from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, size_scale
from errsurf.drawing.history.frames import Array, Ints


def titles(source: Source) -> tuple[str, ...]:
    """Relative to the full gradient."""
    return spread_titles(source, "relative error of the batch gradient", "error of the gradient")


def values(source: Source, k: int, rows: Ints) -> Values:
    """Median and band over the particles that did not diverge; NaN where the full gradient is 0."""
    points = measured(source, k, rows, 3 * len(source.result.landscape.train))
    return values_at(source, k, batch_sizes(source, k, rows), points)


def values_at(source: Source, k: int, sizes: Ints, points: Array) -> Values:
    """The same for group k at any points, shape (rows, n, 2), with batches of these sizes, (rows,)."""
    landscape, examples = source.result.landscape, len(source.result.landscape.train)
    covariance, squared = landscape.covariance(points, "train"), np.empty(points.shape[:-1])
    for size in np.unique(sizes).tolist():
        now = sizes == size
        squared[now] = squared_error(covariance[now], examples, size, replacement=with_replacement(source, k))
    return median_band(relative(np.sqrt(squared), landscape.gradient(points, "train")))


def scale(source: Source, values: Sequence[Values]) -> Scale:
    """What groups need that stay in the map."""
    return size_scale(part for each in staying(source, values) for part in each)


RECORD = ChartKind(titles, values, scale)
