"""What errsurf knows of one decay of the learning rate.  Each file ends with one such record."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.settings.durations import Length

Array = NDArray[np.float64]
Fall = Annotated[Length | None, "time of the fall; by default, what the warmup leaves of the run"]


class Clash(NamedTuple):
    """Settings that do not go together: the path of one of them, what is wrong, what it is and what it may be."""

    path: tuple[str | int, ...]
    problem: str
    given: str
    allowed: str


def _nothing_follows(_settings: Any, _warmup: int) -> dict[str, Any]:
    return {}


def _no_clashes(_settings: Any) -> Iterable[Clash]:
    return ()


@dataclass(frozen=True)
class Schedule:
    """The learning rate after the warmup.

    ``rate(s, lr, settings)`` gives the rates of the updates s = 0, 1, ..., counted from the end of the warmup, both
    float64 of shape (updates,).  By then every duration among the settings is a number of updates and none is None:
    the setting that ``fall`` names is by default what the warmup leaves of the run, and ``follows(settings, warmup)``
    gives the others that follow from the given ones and from the length of the warmup.  ``clashes(settings)`` are
    those that do not go together then.  A decay without ``warmup`` rises by itself.

    ``example`` holds what must be given, as a scenario may say it: the menu of `errsurf watch` offers that.
    """

    formula: str
    reference: str
    settings: type[Any]
    rate: Callable[[Array, float, Any], Array]
    fall: str = ""
    follows: Callable[[Any, int], dict[str, Any]] = _nothing_follows
    clashes: Callable[[Any], Iterable[Clash]] = _no_clashes
    warmup: bool = True
    example: Mapping[str, Any] = field(default_factory=dict)
