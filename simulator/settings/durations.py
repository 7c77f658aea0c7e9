"""Durations: updates (50), epochs ("2 epochs") or a share of the run ("5%")."""

from typing import Annotated, Any, get_args

from annotated_types import Ge, Le

from errsurf.settings.rules import matching

LONGEST = 10**18

Share = matching(r"[0-9]{1,12}(\.[0-9]{1,12})? *(%|epochs?)", 'updates (50), epochs ("2 epochs") or a share ("5%")')
Duration = Annotated[int, Ge(0), Le(LONGEST)] | Annotated[str, Share]
_WHOLE = Annotated[int, Ge(1), Le(LONGEST)]
Length = _WHOLE | Annotated[str, Share]


def whole_updates(value: Any, per_epoch: int, total: int, least: int) -> Any:
    """Durations given in epochs, or as a share of the whole run, in whole updates, at least so many; all else as it is.

    A group makes ``per_epoch`` updates in an epoch and ``total`` in the run.
    """
    if isinstance(value, tuple):
        return tuple(whole_updates(part, per_epoch, total, least) for part in value)
    if not (isinstance(value, str) and Share.holds(value)):
        return value
    number = float(value.rstrip("% epochs"))
    updates = number / 100 * total if value.endswith("%") else number * per_epoch
    return min(max(least, int(updates + 0.5)), LONGEST)


def least_updates(annotation: Any) -> int:
    """The fewest updates that a duration with this annotation may be: 1 for a ``Length``, at any depth, otherwise 0."""
    return int(annotation == _WHOLE or any(map(least_updates, get_args(annotation))))
