"""Rank correlation, over the particles of all groups, of two numbers at theta."""

from typing import Annotated, Literal, NamedTuple

import numpy as np

from errsurf.statistics._record import Array, Nothing, Statistic
from errsurf.statistics._view import View

Number = Literal["train_loss", "test_loss", "gap", "sharpness"]


class Settings(NamedTuple):
    """Of what."""

    first: Annotated[Number, "one number"]
    second: Annotated[Number, "the other one"]


def values(view: View, settings: Settings) -> Array:
    """Both numbers of each particle in each group, shape (particles, groups, 2)."""
    from errsurf.statistics import statistic

    numbers = [[statistic(name).values(each, Nothing()) for name in settings] for each in view.groups()]
    return np.asarray(np.transpose(numbers, (2, 0, 1)))


def spearman(rows: Array, _settings: Settings) -> float:
    """Correlation of the ranks, ties at their mean rank; Spearman 1904.  NaN where one number is the same for all."""
    from scipy.stats import rankdata

    pairs = rows.reshape(-1, 2)
    ranks = rankdata(pairs[np.isfinite(pairs).all(axis=1)], axis=0)
    ranks -= ranks.mean(axis=0) if len(ranks) else 0.0
    scale = np.sqrt((ranks**2).sum(axis=0).prod())
    return float((ranks[:, 0] * ranks[:, 1]).sum() / scale) if scale > 0 else np.nan


RECORD = Statistic(
    "rank correlation of {first} and {second}", values, Settings, number=spearman, pooled=True, signed=True
)
