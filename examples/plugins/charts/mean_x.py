"""Mean of the first parameter over the particles."""

from collections.abc import Sequence

import numpy as np

from errsurf.drawing.charts import ChartKind, Scale, Source, Values


def titles(source: Source) -> tuple[str, ...]:
    """In full, and shorter."""
    return "mean x of all particles", "mean x"


def values(source: Source, k: int, rows: np.ndarray) -> Values:
    """The mean of group k at these rows of its history."""
    frames = source.groups[k].position[source.histories[k].frame[rows]]
    return Values(np.nanmean(np.asarray(frames, np.float64)[..., 0], axis=1))


def scale(source: Source, values: Sequence[Values]) -> Scale:
    """All of them."""
    line = np.concatenate([each.line for each in values])
    return Scale(float(line.min()) - 0.1, float(line.max()) + 0.1)


RECORD = ChartKind(titles, values, scale)
