"""Share of all particles in the basin of the flattest minimum."""

from collections.abc import Sequence

from errsurf.drawing.charts._record import ChartKind, Source, Values
from errsurf.drawing.charts._scales import Scale, share_marks
from errsurf.drawing.history.frames import Ints


def titles(source: Source) -> tuple[str, ...]:
    """Which minimum it is."""
    assert source.basins
    name = source.basins.titles[source.basins.followed]
    return f"particles in the basin of the {name}", f"share in the {name}", name


def values(source: Source, k: int, rows: Ints) -> Values:
    """As the history has them."""
    assert source.basins
    return Values(source.histories[k].share[rows, source.basins.followed])


def scale(_source: Source, _values: Sequence[Values]) -> Scale:
    """From none to all."""
    return Scale(-0.02, 1.02)


RECORD = ChartKind(titles, values, scale, share_marks, basins=True)
