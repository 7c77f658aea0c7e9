"""The record of a statistic, with which each file ends, and settings that several share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from annotated_types import Ge, Gt, Len
from numpy.typing import NDArray

from errsurf.settings.durations import Duration
from errsurf.settings.regions import Region
from errsurf.settings.rules import Rule
from errsurf.statistics._view import Integers, View

Array = NDArray[np.float64]
Hits = NDArray[np.bool_]
FaultWords = Callable[[Any, Any, int], str]
Point = tuple[float, float]
Positive = Annotated[float, Gt(0)]
After = Annotated[Duration, "the path from then on: updates, epochs or a share"]
Unit = Annotated[Literal["updates", "examples", "epochs", "seconds"], "what time is counted in; seconds are measured"]
Axis = Annotated[Literal["x", "y"], "which parameter"]
Part = Annotated[Literal["xx", "xy", "yy", "trace"], "which of its numbers; `trace` is xx + yy"]
Other = Annotated[str, Len(1, 80), "label of the other group"]
Named = Annotated[str | None, Len(1, 80), "name of a [[region]] table, in place of what says where"]
Somewhere = Rule("two numbers, not both 0", lambda direction: direction != (0.0, 0.0))


class Nothing(NamedTuple):
    """No settings."""


class OfBatch(NamedTuple):
    """The batch size."""

    batch: Annotated[int | None, Ge(1), "examples in it; by default, those of one update of the group"] = None


def _no_fault(_settings: Any, _run: Any, _updates: int) -> str:
    return ""


@dataclass(frozen=True)
class Statistic:
    """A statistic: one number for each particle, and its description.

    ``values(view, settings)`` gives an array with one row a particle: true or false if ``share``, else a number, NaN
    for a particle that has none and infinite for what never came.  Rows mean the same particles in every group.  A
    statistic of the group itself gives one row.  ``words`` are printed, with settings by name in braces.  One number of
    all rows that are drawn is made by ``number(rows, settings)`` or, without it, by the claim's ``take`` or the
    record's.  A ``rate`` has rows of two numbers, how often something happened and the time at risk.  What is
    ``pooled`` is of all groups together, whichever one the view shows.  ``fault(settings, run, updates)`` says what the
    scenario's ``[run]`` lacks for it, or nothing; its longest group makes so many updates.  ``path`` is
    true where frames before the moment are read, or losses at frames.  A setting ``other`` is a
    group's label.  ``region(settings)`` is the region that it speaks of, of which the
    run counts when particles enter and leave it; ``named`` are the words where settings name one.  What is
    ``signed`` may be negative, whatever the surface.
    """

    words: str
    values: Callable[[View, Any], Any]
    settings: type[Any] = Nothing
    share: bool = False
    number: Callable[[Any, Any], float] | None = None
    take: Literal["median", "mean"] = "median"
    rate: bool = False
    pooled: bool = False
    fault: FaultWords = _no_fault
    path: bool = False
    region: Callable[[Any], Region | None] | None = None
    named: str = ""
    signed: bool = False

    def said_of(self, settings: Any) -> str:
        """The words for these settings: ``named`` where they name a region."""
        return self.words if getattr(settings, "region", None) is None else self.named


def products(away: Array) -> Array:
    """The products xx, xy, yy of displacements (..., 2), shape (..., 3)."""
    x, y = away[..., 0], away[..., 1]
    return np.stack([x * x, x * y, y * y], axis=-1)


def part_of(covariance: Array, part: str) -> Array:
    """A part of covariances xx, xy, yy (n, 3), shape (n,)."""
    if part == "trace":
        return np.asarray(covariance[:, 0] + covariance[:, 2])
    found: Array = covariance[:, ("xx", "xy", "yy").index(part)]
    return found


def at_first(view: View, update: Integers, unit: str) -> Array:
    """The time of these updates (particles,), infinite where they are -1: never."""
    return np.where(update >= 0, view.clock(np.maximum(update, 0), unit), np.inf)


def movements(view: View, after: int | str) -> Array:
    """The movements of the tracked particles from a time to the view's moment, shape (updates, particles, 2)."""
    return np.diff(view.thetas(view.path(after), view.tracked), axis=0)


def every_update(_settings: Any, run: Any, updates: int) -> str:
    """The fault of a run that does not record every one of its ``updates`` updates as a frame."""
    seen = run.frames == "all" or (isinstance(run.frames, int) and run.frames > updates)
    return "" if seen else 'needs every update recorded: run.frames = "all"'


def unrecorded(*parts: str) -> FaultWords:
    """The fault of a run that does not record these parts of updates."""

    def fault(_settings: Any, run: Any, _updates: int) -> str:
        missing = [part for part in parts if part not in run.record]
        return f"needs run.record = [{', '.join(f'{chr(34)}{part}{chr(34)}' for part in parts)}]" if missing else ""

    return fault
