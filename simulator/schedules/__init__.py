"""Decays of the learning rate, one file each; a new file in this folder is a new schedule."""

from typing import get_type_hints

import numpy as np

from errsurf.portable import rounded
from errsurf.records import listing
from errsurf.schedules._record import Array, Schedule
from errsurf.schedules._table import ScheduleTable, Warmup, rise
from errsurf.settings.durations import LONGEST, least_updates, whole_updates

__all__ = [
    "Array",
    "Schedule",
    "ScheduleTable",
    "Warmup",
    "in_updates",
    "rates",
    "schedule",
    "schedule_names",
    "summary",
]


def schedule_names() -> tuple[str, ...]:
    """Names of the decays, sorted."""
    return listing.names(__name__)


@listing.cached
def schedule(name: str) -> Schedule:
    """The record of the decay with this name; KeyError if no file has it."""
    return listing.record(__name__, name, Schedule)


def summary(name: str) -> str:
    """First line of the schedule file's docstring."""
    return listing.summary(__name__, name)


def in_updates(table: ScheduleTable, per_epoch: int, total: int) -> ScheduleTable:
    """The table with every duration in updates and every value that follows from others.

    A group makes ``per_epoch`` updates in an epoch and ``total`` in the run.
    """
    record = schedule(table.decay)
    settings = record.settings() if table.settings is None else table.settings
    hints = get_type_hints(record.settings, include_extras=True)
    given = {key: (value, least_updates(hints[key])) for key, value in settings._asdict().items()}
    settings = settings._replace(
        **{key: whole_updates(value, per_epoch, total, least) for key, (value, least) in given.items()}
    )
    warmup = whole_updates(table.warmup, per_epoch, total, 0) if record.warmup else None
    follows = record.follows(settings, warmup or 0) | {record.fall: max(1, total - (warmup or 0))}
    missing = {key: min(follows[key], LONGEST) for key, value in settings._asdict().items() if value is None}
    factor = table.warmup_factor or (None if warmup is None else 1 / (warmup + 1))
    return table._replace(settings=settings._replace(**missing), warmup=warmup, warmup_factor=factor)


def rates(table: ScheduleTable, lr: float, updates: int, rounding: str = "fast") -> Array:
    """Learning rate of updates 0 to updates - 1, float64 of shape (updates,); the table is one of ``in_updates``.

    ``rounding`` is as ``[run] rounding``.
    """
    after = np.arange(max(0, updates - (table.warmup or 0)), dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        decayed = rounded(schedule(table.decay).rate, rounding)(after, lr, table.settings)
        return np.concatenate([rounded(rise, rounding)(table, lr, updates), decayed])
