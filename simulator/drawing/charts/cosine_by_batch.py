"""Cosine between batch gradient and full gradient against the batch size, at the particles of the largest batch."""

from dataclasses import replace

from errsurf.drawing.charts import cosine
from errsurf.drawing.charts._batches import batch_sizes, by_batch, same_points
from errsurf.drawing.charts._particles import measured
from errsurf.drawing.charts._record import Source, Values
from errsurf.drawing.history.frames import Ints


def titles(_source: Source) -> tuple[str, ...]:
    """Where, and against what."""
    return (
        "cosine to the full gradient by batch size, at the same points",
        "cosine by batch size, at the same points",
        "cosine by batch size",
        "cosine",
    )


def values(source: Source, k: int, rows: Ints) -> Values:
    """As of the group's own particles."""
    largest, there = same_points(source, k, rows)
    cost = cosine.DRAWS * int(batch_sizes(source, largest, there).max())
    points = measured(source, largest, there, cost, cosine.PARTICLES)
    return cosine.values_at(source, k, batch_sizes(source, k, rows), points)


RECORD = replace(by_batch(cosine.RECORD, titles, "highest"), values=values)
