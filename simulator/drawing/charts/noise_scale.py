"""Gradient noise scale tr(C) / |g|^2 where the particles are, over the clock: the critical batch size there."""

from collections.abc import Sequence

from errsurf.analysis import noise_scale
from errsurf.drawing.charts._particles import measured, median_band, spread_titles, staying
from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, size_scale
from errsurf.drawing.history.frames import Ints


def titles(source: Source) -> tuple[str, ...]:
    """Of one example's gradient, whatever the batch."""
    return spread_titles(source, "gradient noise scale (critical batch size)", "gradient noise scale", "noise scale")


def values(source: Source, k: int, rows: Ints) -> Values:
    """Median and band over the particles that did not diverge; where the gradient is zero the scale is infinite."""
    landscape = source.result.landscape
    points = measured(source, k, rows, 3 * len(landscape.train))
    return median_band(noise_scale(landscape.covariance(points), landscape.gradient(points)))


def scale(source: Source, values: Sequence[Values]) -> Scale:
    """What groups need that stay in the map."""
    return size_scale(part for each in staying(source, values) for part in each)


RECORD = ChartKind(titles, values, scale)
