"""Schedules and starts of the user's own: the rates of a run, and where particles start."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.own_records.ranges import usual
from errsurf.own_records.source import FAILED, Source
from errsurf.schedules import Schedule, ScheduleTable, in_updates, rates
from errsurf.starts import Start, Swarm, positions, resolved_swarm

UPDATES, AN_EPOCH, LR = 40, 10, 0.1
SWARMS = (1, 2, 7, 100)


def schedule_faults(source: Source, record: Schedule, name: str) -> None:
    """Note rates that are not finite numbers of at least 0, one for each update."""
    if record.fall and record.fall not in record.settings._fields:
        source.fault(source.part("fall"), f"`fall` is {record.fall!r}, which is no setting", "name one of the settings")
    elif (settings := usual(record.settings)) is not None:
        line = source.of(record.rate, "rate")
        after = source.call(_table, name, settings)
        given = FAILED if after is FAILED else source.call(record.rate, np.arange(UPDATES, dtype=float), LR, after)
        if given is not FAILED and np.shape(given) != (UPDATES,):
            words = f"`rate` gives an array of shape {np.shape(given)} for {UPDATES} updates"
            source.fault(line, words, "give one rate for each of s, such as lr / (1 + s)")
        elif given is not FAILED:
            found = rates(in_updates(ScheduleTable(name, settings), AN_EPOCH, UPDATES), LR, UPDATES)
            wrong = np.flatnonzero(~(np.isfinite(found) & (found >= 0)))
            if len(wrong):
                remedy = "a rate is a finite number of at least 0; bound it with np.maximum"
                source.fault(line, f"`rate` gives {found[wrong[0]]:g} at update {wrong[0]}", remedy)


def start_faults(source: Source, record: Start, name: str) -> None:
    """Note starts that are not two finite numbers for each particle, the same each time."""
    settings, line = usual(record.settings), source.of(record.place, "place")
    for particles in SWARMS if settings is not None else ():
        first, again = (source.call(placed, name, particles, settings) for _ in range(2))
        if first is FAILED or again is FAILED:
            return
        if problem := places_fault(first, again, particles):
            source.fault(line, f"`place` gives {problem}", "give float64 numbers of shape (particles, 2), from `draw`")
            return


def placed(name: str, particles: int, settings: Any, seed: int = 1) -> NDArray[np.float64]:
    """The starts of a swarm with these settings."""
    return positions(resolved_swarm(Swarm(name, particles, settings)), seed)


def places_fault(first: Any, again: Any, particles: int) -> str:
    """What is wrong with the starts of so many particles, asked for twice; empty if nothing is."""
    if not isinstance(first, np.ndarray):
        return f"a {type(first).__name__}"
    if np.shape(first) != (particles, 2):
        return f"an array of shape {np.shape(first)} for {particles} particles"
    if np.asarray(first).dtype != np.float64:
        return f"numbers of type {np.asarray(first).dtype}"
    if not np.isfinite(first).all():
        return "numbers that are not finite"
    return "" if np.array_equal(first, again) else "other places each time"


def _table(name: str, settings: Any) -> Any:
    return in_updates(ScheduleTable(name, settings), AN_EPOCH, UPDATES).settings
