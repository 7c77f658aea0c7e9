"""What errsurf knows of one way for particles to start.  Each file ends with one such record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.sampling.philox import Draw
from errsurf.settings.kinds import Point

Points = NDArray[np.float64]

_AT_ONCE = 1 << 13


class Clouds(NamedTuple):
    """Particles around centres, all with one standard deviation."""

    centres: tuple[Point, ...]
    spread: float


def _no_clouds(_settings: Any) -> Clouds | None:
    return None


@dataclass(frozen=True)
class Start:
    """One way for particles to start, the same in every group.

    ``place(particles, draw, settings)`` gives the starts, float64 of shape (particles, 2); whatever is random comes
    from ``draw``.  ``particles(settings)`` is how many there are unless a scenario says, 1,000 without it.
    ``clouds(settings)`` are the clouds that it consists of, if it does: `errsurf watch` can add one to them.
    """

    formula: str
    settings: type[Any]
    place: Callable[[int, Draw, Any], Points]
    particles: Callable[[Any], int] | None = None
    clouds: Callable[[Any], Clouds | None] = _no_clouds


def normal(particles: int, draw: Draw, spread: float) -> Points:
    """Independent normal numbers of this standard deviation, shape (particles, 2).

    They are drawn a piece at a time: the random words take 25 times the memory of the numbers.
    """
    pieces = [draw.normal(min(_AT_ONCE, particles - begin), 2) for begin in range(0, particles, _AT_ONCE)]
    return np.asarray(spread * np.concatenate(pieces))
