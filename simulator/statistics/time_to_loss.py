"""Time until a particle's training loss first is at or below a level."""

from typing import Annotated, NamedTuple

from errsurf.settings.regions import Region, level
from errsurf.statistics._record import Array, Named, Statistic, Unit, at_first
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which level."""

    loss: Annotated[float | None, "the level"] = None
    region: Named = None
    unit: Unit = "updates"


def region(settings: Settings) -> Region:
    """The points with at most this loss."""
    assert settings.loss is not None
    return level(settings.loss)


def values(view: View, settings: Settings) -> Array:
    """The time of the first update after which that is true, infinite if there is none; the loss may rise again.

    Every update counts, not only those with frames.
    """
    return at_first(view, view.passage(settings.region or region(settings)).entered, settings.unit)


RECORD = Statistic(
    "{unit} to a training loss of {loss}", values, Settings, region=region, named="{unit} to enter {region}"
)
