"""Training loss of each group against its batch size: median with the 5% to 95% band, dashed the test loss."""

from errsurf.drawing.charts import loss
from errsurf.drawing.charts._batches import by_batch, later
from errsurf.drawing.charts._record import Source


def titles(_source: Source) -> tuple[str, ...]:
    """What stands below the chart is the batch size."""
    return (
        "training loss by batch size, 90% band; dashed: test",
        "loss by batch size, 90% band; dashed: test",
        "loss by batch size; dashed: test",
        "loss by batch size",
    )


RECORD = later(by_batch(loss.RECORD, titles))
