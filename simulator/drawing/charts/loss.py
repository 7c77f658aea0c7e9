"""Training loss over the clock: median with the 5% to 95% band, dashed the median test loss."""

from collections.abc import Sequence

import numpy as np

from errsurf.drawing.charts._particles import staying
from errsurf.drawing.charts._record import ChartKind, Source, Values, with_losses
from errsurf.drawing.charts._scales import Scale, spanning
from errsurf.drawing.history.frames import Ints

FACTORS = {"auto": 30.0, "linear": np.inf, "log": 1.0}
"""Where positive losses span more than this, their axis is logarithmic."""


def titles(source: Source) -> tuple[str, ...]:
    """Of one particle there is no median, and of examples that are alike no test loss."""
    if source.histories[0].particles == 1:
        return with_test(source, "training loss", "loss")
    return with_test(source, "training loss: median, 90% band", "training loss, median", "loss")


def with_test(source: Source, *names: str) -> tuple[str, ...]:
    """Names that say what the dashed curve is, if there is one."""
    return names if source.result.landscape.alike else tuple(f"{name}; dashed: test" for name in names)


def values(source: Source, k: int, rows: Ints) -> Values:
    """As the history has them."""
    h = source.histories[k]
    return Values(h.train[rows, 1], h.train[rows, ::2], None if source.result.landscape.alike else h.test[rows])


def scale(source: Source, values: Sequence[Values]) -> Scale:
    """Up to the highest loss of the map, and lower if groups that stay in it need less."""
    top = float(np.max(source.loss[np.isfinite(source.loss)], initial=-np.inf))
    factor = FACTORS[source.result.scenario.picture.loss_scale]
    return spanning([part for each in staying(source, values) for part in each], top, factor=factor)


RECORD = ChartKind(titles, values, scale, possible=with_losses, needs="a run with run.losses")
