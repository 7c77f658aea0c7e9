"""Time until a particle first is outside a region in which it was before: a disc, or a `[[region]]` table."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.settings.regions import Region, disc
from errsurf.statistics._record import Array, Named, Point, Positive, Statistic, Unit, at_first
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which region, entered first if particles do not start in it."""

    point: Annotated[Point | None, "the middle of a disc"] = None
    radius: Annotated[Positive | None, "its radius"] = None
    region: Named = None
    unit: Unit = "updates"


def region(settings: Settings) -> Region:
    """The disc."""
    assert settings.point is not None
    assert settings.radius is not None
    return disc(settings.point, settings.radius)


def values(view: View, settings: Settings) -> Array:
    """The time of the first update outside after one inside; infinite if there is none, NaN if never inside.

    Every update counts, not only those with frames.  A particle that diverges in the region leaves it.
    """
    entered, left = view.passage(settings.region or region(settings))
    return np.where(entered >= 0, at_first(view, left, settings.unit), np.nan)


RECORD = Statistic(
    "{unit} to leave a radius of {radius} around {point}",
    values,
    Settings,
    region=region,
    named="{unit} to leave {region}",
)
