"""Which groups and particles a chart measures, and what stands for many of them."""

from collections.abc import Sequence

import numpy as np

from errsurf.drawing.charts._record import Source, Values
from errsurf.drawing.history.frames import Array, Ints
from errsurf.drawing.history.numbers import quantiles
from errsurf.sampling.particles import evenly

EVALUATIONS = 20_000_000
"""Gradients of one example that a chart may take for one group."""


def staying(source: Source, values: Sequence[Values]) -> list[Values]:
    """Values of the groups that keep half of their particles in the map to the end, or of all if none does."""
    ends = [
        (2 * (h.outside[-1] + h.diverged[-1]) < h.particles, each)
        for h, each in zip(source.histories, values, strict=True)
    ]
    return [each for stays, each in ends if stays] or list(values)


def measured(source: Source, k: int, rows: Ints, cost: int = 1, most: int = 250) -> Array:
    """Places of some particles of group k at these rows, shape (rows, n, 2), NaN where one diverged.

    They are those whose losses are recorded, at most so many, and no more than ``cost`` evaluations for each allow.
    """
    group, frames = source.groups[k], source.histories[k].frame
    count = int(np.clip(EVALUATIONS // max(cost * len(frames), 1), 1, most))
    some = group.loss_particles[evenly(len(group.loss_particles), count)]
    found = np.empty((len(rows), len(some), 2))
    for row, frame in enumerate(frames[rows].tolist()):
        found[row] = group.position[frame][some]
        found[row, ~group.alive(frame, some)] = np.nan
    return found


def median_band(found: Array) -> Values:
    """Median of each row's finite values, and their 5% and 95% quantiles; ``found`` has shape (rows, n)."""
    low, median, high = np.array([quantiles(each, (0.05, 0.5, 0.95)) for each in found]).reshape(-1, 3).T
    return Values(median, np.stack([low, high], axis=1))


def spread_titles(source: Source, *names: str) -> tuple[str, ...]:
    """Names, in full and shorter, said to be medians where there are several particles."""
    if source.histories[0].particles == 1:
        return names
    return (f"{names[0]}: median, 90% band", *(f"{name}, median" for name in names), names[-1])
