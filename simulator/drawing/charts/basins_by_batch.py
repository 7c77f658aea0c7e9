"""Share of each group in the basin of the flattest minimum, against its batch size."""

from dataclasses import replace

import numpy as np

from errsurf.analysis import wilson_interval
from errsurf.drawing.charts import basins
from errsurf.drawing.charts._batches import by_batch
from errsurf.drawing.charts._record import Source, Values
from errsurf.drawing.history.frames import Ints


def titles(source: Source) -> tuple[str, ...]:
    """Which minimum it is."""
    _, words, short = basins.titles(source)
    return f"{words}, by batch size, 95% interval", f"{words}, by batch size", f"{short}, by batch size"


def values(source: Source, k: int, rows: Ints) -> Values:
    """Shares with their intervals over the particles."""
    share, particles = basins.values(source, k, rows).line, source.histories[k].particles
    ends = [wilson_interval(round(each * particles), particles) for each in share.tolist()]
    return Values(share, np.array(ends).reshape(-1, 2))


RECORD = replace(by_batch(basins.RECORD, titles, "highest"), values=values)
