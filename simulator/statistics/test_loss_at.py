"""Test loss when a particle's training loss first reaches a level."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.statistics._record import Array, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which level."""

    train_loss: Annotated[float, "the training loss at which test losses are compared"]


def values(view: View, settings: Settings) -> Array:
    """The test loss on the straight line between two recorded frames; NaN for particles that never get there."""
    frames = view.path(0)
    train, test = view.losses("train", frames), view.losses("test", frames)
    reached = train <= settings.train_loss
    after, each = reached.argmax(axis=0), np.arange(train.shape[1])
    before = np.maximum(after - 1, 0)
    fall = train[before, each] - train[after, each]
    part = np.divide(train[before, each] - settings.train_loss, fall, out=np.ones_like(fall), where=fall > 0)
    found = test[before, each] + part * (test[after, each] - test[before, each])
    return np.where(reached.any(axis=0), found, np.nan)


RECORD = Statistic("test loss at a training loss of {train_loss}", values, Settings, path=True)
