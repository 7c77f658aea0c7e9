"""Generalization gap of each group against its batch size."""

from errsurf.drawing.charts import gap
from errsurf.drawing.charts._batches import by_batch, later
from errsurf.drawing.charts._record import Source


def titles(_source: Source) -> tuple[str, ...]:
    """What the gap is."""
    return (
        "gap, test \N{MINUS SIGN} training loss, by batch size, 90% band",
        "gap by batch size, 90% band",
        "gap by batch size",
    )


RECORD = later(by_batch(gap.RECORD, titles))
