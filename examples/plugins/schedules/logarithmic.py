"""The rate falls like one over the logarithm of time."""

from typing import Annotated, NamedTuple

import numpy as np
from annotated_types import Ge

from errsurf.schedules import Array, Schedule


class Settings(NamedTuple):
    """How fast it falls."""

    slope: Annotated[float, Ge(0), "what is added to the denominator each time that time grows e-fold"] = 1.0


def rate(s: Array, lr: float, settings: Settings) -> Array:
    """``lr / (1 + slope log(1 + s))``."""
    return lr / (1 + settings.slope * np.log1p(s))


RECORD = Schedule(
    formula="lr / (1 + slope log(1 + s))", reference="made for this example", settings=Settings, rate=rate
)
