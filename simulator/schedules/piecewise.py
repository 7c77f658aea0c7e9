"""The rate follows straight lines between points."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge, Len

from errsurf.schedules._record import Array, Clash, Schedule
from errsurf.settings.durations import Duration


class Settings(NamedTuple):
    """The points."""

    points: Annotated[
        tuple[tuple[Duration, Annotated[float, Ge(0)]], ...],
        Len(1, 1000),
        "[time after the warmup, share of lr], times rising; two points at one time are a jump",
    ]


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``lr`` times the straight line between the points around s; before and after them, the nearest point."""
    table = np.array(settings.points, np.float64)
    return lr * np.interp(s, table[:, 0], table[:, 1])


def clashes(settings: Settings) -> Iterator[Clash]:
    """Points out of order; times of different units can be compared only once all are updates."""
    times: list[Any] = [time for time, _ in settings.points]
    for k, (before, time) in enumerate(pairwise(times), 1):
        if time < before:
            words = f"at least {before} updates"
            yield Clash(("points", k, 0), "earlier than the point before", f"{time} updates", words)


RECORD = Schedule(
    formula="lr times the straight line between the points around s",
    reference="numpy.interp; before and after the points, the nearest one",
    settings=Settings,
    rate=rate,
    clashes=clashes,
    example={"points": [[0, 1.0], ["50%", 0.1], ["100%", 0.01]]},
)
