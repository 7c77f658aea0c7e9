"""Share of particles whose training loss is at or below a level."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.statistics._record import Hits, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which level."""

    loss: Annotated[float, "the level"]


def values(view: View, settings: Settings) -> Hits:
    """Whether the training loss at theta is that low."""
    return np.asarray(view.loss("train") <= settings.loss)


RECORD = Statistic("share with a training loss of at most {loss}", values, Settings, share=True)
