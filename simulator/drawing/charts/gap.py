"""Generalization gap over the clock: test loss minus training loss of each particle."""

from collections.abc import Sequence

import numpy as np

from errsurf.drawing.charts._particles import median_band, spread_titles, staying
from errsurf.drawing.charts._record import ChartKind, Source, Values, with_losses
from errsurf.drawing.charts._scales import Scale, spanning
from errsurf.drawing.history.frames import Ints


def titles(source: Source) -> tuple[str, ...]:
    """What the gap is."""
    return spread_titles(
        source, "gap, test loss \N{MINUS SIGN} training loss", "test loss \N{MINUS SIGN} training loss", "gap"
    )


def values(source: Source, k: int, rows: Ints) -> Values:
    """Median and band over the particles that did not diverge."""
    group, frames = source.groups[k], source.histories[k].frame[rows]
    with np.errstate(invalid="ignore"):  # infinite losses have no difference
        gaps = group.test_loss[frames] - group.train_loss[frames]
    return median_band(np.where(group.alive(frames, group.loss_particles), gaps, np.nan))


def scale(source: Source, values: Sequence[Values]) -> Scale:
    """What groups need that stay in the map, and 0; never logarithmic."""
    found = [part for each in staying(source, values) for part in each]
    return spanning([*found, np.zeros(1)])


RECORD = ChartKind(titles, values, scale, possible=with_losses, needs="a run with run.losses")
