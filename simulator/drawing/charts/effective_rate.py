"""Effective rate of each parameter over the clock: the lr over the optimizer's denominator, as it was recorded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, size_scale
from errsurf.drawing.history.frames import Ints
from errsurf.drawing.history.numbers import quantiles
from errsurf.drawing.map.axes import axis_names

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Result

PART = "effective_rate"
_FACTOR = 30


def titles(source: Source) -> tuple[str, ...]:
    """Which line is whose."""
    x, y = axis_names(source.result.scenario.surface)
    return f"effective rate along {x}; dashed: along {y}", f"effective rate, {x}; dashed: {y}", "effective rate"


def values(source: Source, k: int, rows: Ints) -> Values:
    """Medians over the watched particles; NaN before the first update."""
    group, found = source.groups[k], np.empty((2, len(rows)))
    for row, frame in enumerate(source.histories[k].frame[rows].tolist()):
        rates = group.parts[PART][frame][group.alive(frame, group.watched)]
        found[:, row] = [quantiles(rates[:, axis], (0.5,))[0] for axis in (0, 1)]
    return Values(found[0], dashed=found[1])


def scale(_source: Source, values: Sequence[Values]) -> Scale:
    """Logarithmic where rates differ by more than a factor of 30; the first few of a warmup may stand below it."""
    found = np.concatenate([part for each in values for part in (each.line, each.dashed) if part is not None])
    rates = found[found > 0]
    return size_scale([rates[rates > 0.5 * np.quantile(rates, 0.03)] if len(rates) else rates], _FACTOR)


def recorded(result: "Result", _critical: Sequence["Critical"]) -> bool:
    """Whether the run has recorded it."""
    return all(PART in group.parts for group in result.groups)


RECORD = ChartKind(titles, values, scale, possible=recorded, needs="a run that records effective rates (run.record)")
