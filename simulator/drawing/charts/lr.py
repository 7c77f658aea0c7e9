"""The learning rate that the schedule gives each update, over the clock."""

from collections.abc import Sequence

import numpy as np

from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, size_scale
from errsurf.drawing.history.frames import Ints
from errsurf.drawing.map.axes import axis_names

_FACTOR = 30


def titles(source: Source) -> tuple[str, ...]:
    """The rate before an optimizer adapts it."""
    if any(group.lr.ndim == 2 for group in source.groups):
        x, y = axis_names(source.result.scenario.surface)
        return f"learning rate along {x}; dashed: along {y}", f"lr, {x}; dashed: {y}", "lr"
    return "learning rate of the schedule", "learning rate", "lr"


def values(source: Source, k: int, rows: Ints) -> Values:
    """The rate of the next update; in the last frame, of the last one."""
    rates = source.groups[k].lr[source.histories[k].frame[rows]]
    return Values(rates[:, 0], dashed=rates[:, 1]) if rates.ndim == 2 else Values(rates)


def scale(_source: Source, values: Sequence[Values]) -> Scale:
    """From 0 to the highest rate; logarithmic where the groups' highest rates are powers of ten apart."""
    lines = [part for each in values for part in (each.line, each.dashed) if part is not None]
    peaks = np.array([line.max() for line in lines])
    found = size_scale([peaks], _FACTOR)
    return found._replace(low=0.03 * found.low) if found.log else found


RECORD = ChartKind(titles, values, scale)
