"""The learning rate that the schedule gives each update, over the clock."""

from collections.abc import Sequence

import numpy as np

from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, size_scale
from errsurf.drawing.history.frames import Ints

_FACTOR = 30


def titles(_source: Source) -> tuple[str, ...]:
    """The rate before an optimizer adapts it."""
    return "learning rate of the schedule", "learning rate", "lr"


def values(source: Source, k: int, rows: Ints) -> Values:
    """The rate of the next update; in the last frame, of the last one."""
    return Values(source.groups[k].lr[source.histories[k].frame[rows]])


def scale(_source: Source, values: Sequence[Values]) -> Scale:
    """From 0 to the highest rate; logarithmic where the groups' highest rates are powers of ten apart."""
    peaks = np.array([each.line.max() for each in values])
    found = size_scale([peaks], _FACTOR)
    return found._replace(low=0.03 * found.low) if found.log else found


RECORD = ChartKind(titles, values, scale)
