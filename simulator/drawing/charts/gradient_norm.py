"""Norm of the full training gradient over the clock; it may stay large when the loss no longer falls."""

from collections.abc import Sequence

import numpy as np

from errsurf.drawing.charts._particles import measured, median_band, spread_titles, staying
from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, size_scale
from errsurf.drawing.history.frames import Ints


def titles(source: Source) -> tuple[str, ...]:
    """Of all examples, whatever the batch."""
    return spread_titles(source, "norm of the full gradient", "gradient norm")


def values(source: Source, k: int, rows: Ints) -> Values:
    """Median and band over the particles that did not diverge."""
    landscape = source.result.landscape
    slopes = landscape.gradient(measured(source, k, rows, landscape.evaluations), "train")
    return median_band(np.hypot(slopes[..., 0], slopes[..., 1]))


def scale(source: Source, values: Sequence[Values]) -> Scale:
    """What groups need that stay in the map."""
    return size_scale(part for each in staying(source, values) for part in each)


RECORD = ChartKind(titles, values, scale)
