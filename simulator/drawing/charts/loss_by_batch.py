"""Training loss of each group against its batch size: median with the 5% to 95% band, dashed the test loss."""

from errsurf.drawing.charts import loss
from errsurf.drawing.charts._batches import by_batch, later
from errsurf.drawing.charts._record import Source


def titles(source: Source) -> tuple[str, ...]:
    """What stands below the chart is the batch size."""
    names = "training loss by batch size, 90% band", "loss by batch size, 90% band", "loss by batch size"
    return loss.with_test(source, *names)


RECORD = later(by_batch(loss.RECORD, titles))
