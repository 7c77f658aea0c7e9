"""Charts of one parameter over the clock."""

from collections.abc import Sequence

from errsurf.drawing.charts._particles import measured, median_band, spread_titles, staying
from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, spanning
from errsurf.drawing.history.frames import Ints
from errsurf.drawing.map.axes import axis_names


def theta_chart(axis: int) -> ChartKind:
    """The chart of parameter 0 or 1: median and band of the particles that did not diverge."""

    def titles(source: Source) -> tuple[str, ...]:
        return spread_titles(source, axis_names(source.result.scenario.surface)[axis])

    def values(source: Source, k: int, rows: Ints) -> Values:
        return median_band(measured(source, k, rows)[..., axis])

    return ChartKind(titles, values, scale)


def scale(source: Source, values: Sequence[Values]) -> Scale:
    """What groups need that stay in the map; never logarithmic."""
    return spanning((part for each in staying(source, values) for part in each), factor=float("inf"))
