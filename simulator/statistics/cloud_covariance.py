"""Covariance of the cloud of particles at a moment: ``sum((theta - mean)(theta - mean)^T) / (P - 1)``."""

from typing import NamedTuple

import numpy as np

from errsurf.statistics._record import Array, Part, Statistic, part_of, products
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which part."""

    part: Part


def values(view: View, settings: Settings) -> Array:
    """What each particle adds: their mean is the covariance of the P particles that have not diverged."""
    theta = view.theta[~np.isnan(view.theta[:, 0])]
    count = len(theta)
    if count < 2:
        return np.full(len(view.theta), np.nan)
    away = view.theta - np.mean(theta, axis=0)
    return part_of(products(away), settings.part) * (count / (count - 1))


RECORD = Statistic("{part} of the covariance of the particles", values, Settings, take="mean", signed=True)
