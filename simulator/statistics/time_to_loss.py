"""Time until a particle's training loss first is at or below a level."""

from typing import Annotated, NamedTuple

from errsurf.statistics._record import Array, Statistic, Unit, first_time
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which level."""

    loss: Annotated[float, "the level"]
    unit: Unit = "updates"


def values(view: View, settings: Settings) -> Array:
    """The time of the first recorded frame of which that is true, infinite if there is none."""
    frames = view.path(0)
    return first_time(view.losses("train", frames) <= settings.loss, view.time(frames, settings.unit))


RECORD = Statistic("{unit} to a training loss of {loss}", values, Settings, path=True)
