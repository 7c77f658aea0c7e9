"""What one file of this folder holds: a claim of the lecture, and the runs that show how far it goes."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Changes = Mapping[str, Any]
Law = Callable[[Any], float]

NONE: Changes = MappingProxyType({})
PARTICLES = 300
LOSS = {"statistic": "train_loss", "take": "mean"}


class Axis(NamedTuple):
    """What is varied: the changes behind each shown value.

    A key with a dot is what ``--set`` takes; one without replaces a whole table of the scenario.
    """

    name: str
    values: Mapping[str, Changes]


NOTHING = Axis("", {"": {}})


def axis(name: str, keys: str | tuple[str, ...], *values: Any) -> Axis:
    """The same values for one key or for several together."""
    keys = (keys,) if isinstance(keys, str) else keys
    return Axis(name, {shown(value): dict.fromkeys(keys, value) for value in values})


def shown(value: Any) -> str:
    """A value as it stands in a table."""
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


class Grid(NamedTuple):
    """A bundled scenario run with all combinations of two settings; its claims are checked in each.

    ``claims`` are those of the scenario by their statistic, or tables of their own; with ``columns`` the first
    comparison is shown.  ``laws`` are closed forms, numbers of the run's result.
    """

    title: str
    scenario: str
    claims: tuple[str | Changes, ...]
    rows: Axis
    columns: Axis = NOTHING
    changes: Changes = NONE
    laws: Mapping[str, Law] = MappingProxyType({})


class Tuned(NamedTuple):
    """Groups that are compared each at the best of the same rates.

    Best is the smallest number of ``best``, a claim's statistic.  The rates are chosen with the scenario's seed, and
    the claims are checked with the next one.  With ``shares``, ``by`` of a claim is a share of what training gains:
    the median loss at the start less the best loss.
    """

    title: str
    scenario: str
    groups: Mapping[str, Changes]
    rates: tuple[float, ...]
    claims: tuple[Changes, ...]
    rows: Axis = NOTHING
    changes: Changes = NONE
    best: Changes = LOSS
    shares: bool = False


class Timed(NamedTuple):
    """Rows of the lecture's table, those called ``names``, as ``errsurf batches`` measures them on some surfaces."""

    title: str
    surfaces: Mapping[str, Changes]
    names: tuple[str, ...]


class Study(NamedTuple):
    """A claim by its number, in what bounds it holds, why, and who disputes it: [Dinh 2017] is a key of REFERENCES."""

    lecture: int
    says: str
    bounds: str
    why: str
    tables: tuple[Grid | Tuned | Timed, ...]
    disputed: str = ""
