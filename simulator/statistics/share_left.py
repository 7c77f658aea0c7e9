"""Share of particles that have been in a region and have left it, by every update."""

from typing import Annotated, NamedTuple

import numpy as np

from errsurf.settings.regions import Region, disc
from errsurf.statistics._record import Hits, Named, Point, Positive, Statistic
from errsurf.statistics._view import View


class Settings(NamedTuple):
    """Which region."""

    point: Annotated[Point | None, "the middle of a disc"] = None
    radius: Annotated[Positive | None, "its radius"] = None
    region: Named = None


def region(settings: Settings) -> Region:
    """The disc."""
    assert settings.point is not None
    assert settings.radius is not None
    return disc(settings.point, settings.radius)


def values(view: View, settings: Settings) -> Hits:
    """Whether a particle has left; one that has come back has left too."""
    return np.asarray(view.passage(settings.region or region(settings)).left >= 0)


RECORD = Statistic(
    "share that left a radius of {radius} around {point}",
    values,
    Settings,
    share=True,
    region=region,
    named="share that left {region}",
)
