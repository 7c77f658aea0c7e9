"""Generalization gap against sharpness, both medians: each group's path in the plane of the two."""

from collections.abc import Sequence
from dataclasses import replace

from errsurf.drawing.charts import gap, sharpness
from errsurf.drawing.charts._record import Along, Source, Values
from errsurf.drawing.charts._scales import Marks, Scale, scale_marks, spanning
from errsurf.drawing.history.frames import Array, Ints


def titles(_source: Source) -> tuple[str, ...]:
    """Against what."""
    return "test \N{MINUS SIGN} training loss by sharpness, medians", "gap by sharpness, medians", "gap by sharpness"


def values(source: Source, k: int, rows: Ints) -> Values:
    """Without the band."""
    return gap.values(source, k, rows)._replace(band=None)


def place(source: Source, k: int, rows: Ints) -> Array:
    """Median sharpness at the particles."""
    return sharpness.values(source, k, rows).line


def scale(places: Sequence[Array]) -> Scale:
    """What all groups need."""
    return spanning(places)


def marks(scale: Scale, _places: Sequence[Array]) -> Marks:
    """Round numbers."""
    return scale_marks(scale)


RECORD = replace(gap.RECORD, titles=titles, values=values, along=Along("sharpness", place, scale, marks))
