"""Difference of test losses at equal training loss, particle against particle of two groups."""

from typing import Annotated, NamedTuple

import numpy as np
from annotated_types import Gt, Le

from errsurf.statistics._record import Array, Other, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which other group, and what counts as equal."""

    other: Other
    within_loss: Annotated[float, Gt(0), Le(1), "training losses of a pair differ by at most this share"] = 0.02


def values(view: View, settings: Settings) -> Array:
    """Training and test loss of each particle in this group and in the other one, shape (particles, 4)."""
    return np.transpose([each.loss(which) for each in (view, view.of(settings.other)) for which in ("train", "test")])


def median_gap(rows: Array, settings: Settings) -> float:
    """Median of test loss minus that of the other group's particle with the nearest training loss, NaN without pairs.

    Pairs are made anew of every drawn sample: then intervals hold the true difference in 93 to 100% of the cases.
    With pairs made once, of which many have the same partner, they hold it in 52 to 68%.
    """
    train, test, of_train, of_test = rows.T
    known = np.flatnonzero(np.isfinite(of_train))
    if not len(known):
        return np.nan
    known = known[np.argsort(of_train[known], kind="stable")]
    place = np.searchsorted(of_train[known], train)
    left, right = known[np.maximum(place - 1, 0)], known[np.minimum(place, len(known) - 1)]
    partner = np.where(np.abs(of_train[left] - train) <= np.abs(of_train[right] - train), left, right)
    equal = np.abs(of_train[partner] - train) <= settings.within_loss * np.abs(train)
    return float(np.median((test - of_test[partner])[equal])) if equal.any() else np.nan


RECORD = Statistic(
    "test loss minus that of {other} at equal training loss", values, Settings, number=median_gap, signed=True
)
