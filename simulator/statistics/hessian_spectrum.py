"""Spectrum of the training loss's Hessian at theta: its eigenvalues, their sum or their ratio.

``sharpness`` is the largest one.  A path along which the smallest turns positive has left a saddle; 2 / lr is the
largest one at which plain gradient descent is stable.
"""

from typing import Annotated, Literal, NamedTuple

import numpy as np

from errsurf.analysis import eigenvalues
from errsurf.statistics._record import Array, Statistic
from errsurf.statistics._view import View, where_finite


class Settings(NamedTuple):
    """Which number of the spectrum."""

    of: Annotated[
        Literal["smallest", "largest", "trace", "condition"],
        "an eigenvalue, the sum of both, or `condition`: the larger one over the smaller one, in size",
    ]


def values(view: View, settings: Settings) -> Array:
    """The number at each of the ``measured`` particles; the condition is infinite where the smaller one is 0."""
    found = where_finite(lambda points: eigenvalues(view.landscape.hessian(points, "train")), view.theta[view.measured])
    low, high = found[:, 0], found[:, 1]
    if settings.of == "condition":
        small, large = np.minimum(np.abs(low), np.abs(high)), np.maximum(np.abs(low), np.abs(high))
        return np.where(small > 0, large / np.where(small > 0, small, 1.0), np.where(large > 0, np.inf, np.nan))
    return low + high if settings.of == "trace" else high if settings.of == "largest" else low


RECORD = Statistic("{of} of the Hessian's spectrum", values, Settings, signed=True)
