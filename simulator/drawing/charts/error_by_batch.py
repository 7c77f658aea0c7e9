"""Relative error of the batch gradient against the batch size, at the particles of the largest batch.

There it falls like ``1 / sqrt(B)``, and without replacement like ``sqrt((N - B) / (B (N - 1)))``.
"""

from collections.abc import Sequence
from dataclasses import replace

from errsurf.drawing.charts import error
from errsurf.drawing.charts._batches import batch_sizes, by_batch, same_points
from errsurf.drawing.charts._particles import measured
from errsurf.drawing.charts._record import Source, Values
from errsurf.drawing.charts._scales import Scale, size_scale
from errsurf.drawing.history.frames import Ints

_FACTOR = 4


def titles(_source: Source) -> tuple[str, ...]:
    """Where, and against what."""
    return (
        "relative error of the gradient by batch size, at the same points",
        "error of the gradient by batch size, same points",
        "error by batch size, same points",
        "error by batch size",
    )


def values(source: Source, k: int, rows: Ints) -> Values:
    """As of the group's own particles."""
    sizes, (largest, there) = batch_sizes(source, k, rows), same_points(source, k, rows)
    return error.values_at(source, k, sizes, measured(source, largest, there, 3 * len(source.result.landscape.train)))


def scale(_source: Source, values: Sequence[Values]) -> Scale:
    """Logarithmic as the batch sizes are: a power of B is a straight line."""
    return size_scale([each.line for each in values], _FACTOR)


RECORD = replace(by_batch(error.RECORD, titles), values=values, scale=scale)
