"""Sharpness where the particles are, over the clock: the largest eigenvalue of the Hessian of the training loss."""

from collections.abc import Sequence

import numpy as np

from errsurf.analysis import eigenvalues
from errsurf.drawing.charts._particles import measured, median_band, spread_titles, staying
from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, spanning
from errsurf.drawing.history.frames import Ints


def titles(source: Source) -> tuple[str, ...]:
    """Where the particles are, not of the minimum they go to."""
    return spread_titles(source, "sharpness at the particles", "sharpness")


def values(source: Source, k: int, rows: Ints) -> Values:
    """Median and band over the particles that did not diverge."""
    landscape = source.result.landscape
    bends = landscape.hessian(measured(source, k, rows, landscape.evaluations), "train")
    return median_band(eigenvalues(bends)[..., 1])


def scale(source: Source, values: Sequence[Values]) -> Scale:
    """What groups need that stay in the map; never logarithmic, because it is negative at a maximum."""
    return spanning((part for each in staying(source, values) for part in each), factor=np.inf)


RECORD = ChartKind(titles, values, scale)
