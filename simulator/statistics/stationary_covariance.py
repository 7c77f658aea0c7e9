"""Covariance of theta over particles and recorded frames from a time on: that of the stationary state.

In a bowl with Hessian H, plain SGD with covariance S of the batch gradient has ``lr (H V + V H) - lr^2 H V H = lr^2 S``
(Mandt, Hoffman, Blei 2017, JMLR 18, 134; Liu, Ziyin, Ueda 2021, ICML, equation 4).
"""

from typing import NamedTuple

import numpy as np

from errsurf.statistics._record import After, Array, Part, Statistic, part_of, products
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which part, and from when on."""

    part: Part
    after: After = "50%"


def values(view: View, settings: Settings) -> Array:
    """What each of the tracked particles adds, a mean over frames; their mean is the covariance.

    Deviations are from the mean over all of these particles and frames; NaN for a particle that diverges.
    """
    theta = view.thetas(view.path(settings.after), view.tracked)
    frames, known = len(theta), np.asarray(~np.isnan(theta[:, :, 0]).any(axis=0))
    kept = np.where(known[None, :, None], theta, 0.0)
    if known.sum() < 2:
        return np.full(len(known), np.nan)
    away = kept - kept.sum(axis=0).sum(axis=0) / (known.sum() * frames)
    each = part_of(np.mean(products(away), axis=0), settings.part)
    return np.where(known, each, np.nan)


RECORD = Statistic(
    "{part} of the covariance over time since {after}", values, Settings, take="mean", path=True, signed=True
)
