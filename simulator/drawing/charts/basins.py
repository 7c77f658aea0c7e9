"""Share of all particles in the basin of the flattest minimum, where gradient flow would take them."""

from collections.abc import Sequence

from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, share_marks
from errsurf.drawing.history.frames import Ints


def titles(source: Source) -> tuple[str, ...]:
    """Which minimum it is."""
    assert source.basins
    names = source.basins.names
    title, short = names.titles[names.flattest], names.short[names.flattest]
    return f"particles in the basin of the {title}", f"in the basin of the {title}", f"basin of {short}"


def values(source: Source, k: int, rows: Ints) -> Values:
    """As the history has them."""
    assert source.basins
    return Values(source.histories[k].share[rows, source.basins.names.followed])


def scale(_source: Source, _values: Sequence[Values]) -> Scale:
    """From none to all."""
    return Scale(-0.02, 1.02)


RECORD = ChartKind(titles, values, scale, share_marks, basins=True)
