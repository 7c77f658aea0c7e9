"""What is searched: the same settings of every group, and every combination of their values."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

from errsurf import optimizers
from errsurf.errors import UserError
from errsurf.records.names import listed, nearest
from errsurf.scenario import OptimizerGroup, Scenario
from errsurf.scenario.tables import GroupTable
from errsurf.settings.value_lists import Value, flat, listed_values
from errsurf.sweeps.axes import MOST_CELLS, Axis, Block
from errsurf.sweeps.cells import GROUP
from errsurf.system.text import printable

ALL_GROUPS = "optimizer."
UPDATES = "run.updates"
NAMES = ("label", "color", "changes")
"""Keys of a group in which nothing can be tuned."""

Settings = Mapping[str, Value]
"""Tuned settings of a group with a value each."""
Lists = Mapping[str, Mapping[str, tuple[Value, ...]]]
"""The values of every group's tuned settings, by its label."""


class Trial(NamedTuple):
    """A group with values of its tuned settings, and the updates that it gets."""

    label: str
    settings: Settings
    updates: int = 0


def tuned_settings(scenario: Scenario, tune: Mapping[str, Any]) -> dict[str, dict[str, tuple[Value, ...]]]:
    """The values of every tuned setting, for each group by its label; raises UserError.

    A key is a setting of all groups or, behind a label and a dot, of one.
    """
    labels = [group.label for group in scenario.optimizer]
    common: dict[str, tuple[Value, ...]] = {}
    own: dict[str, dict[str, tuple[Value, ...]]] = {label: {} for label in labels}
    for key, given in flat(tune).items():
        label = max((each for each in labels if key.startswith(f"{each}.")), key=len, default=None)
        setting = key.removeprefix(ALL_GROUPS) if label is None else key[len(label) + 1 :]
        for group in scenario.optimizer:
            if label in (None, group.label):
                _check_setting(setting, group, key, labels)
        (common if label is None else own[label])[setting] = _values(key, given)
    found = {label: common | own[label] for label in labels}
    _check(found)
    return found


def _values(key: str, given: Any) -> tuple[Value, ...]:
    try:
        values = listed_values(given)
    except UserError as error:
        raise UserError(f"tune {printable(key, 80)}: {error}") from None
    return tuple(value for k, value in enumerate(values) if value not in values[:k])


def _check_setting(setting: str, group: OptimizerGroup, key: str, labels: Sequence[str]) -> None:
    """Raise UserError unless a group has such a setting."""
    kind = optimizers.optimizer(group.kind)
    known = [name for name in ("kind", *kind.settings._fields, *GroupTable._fields) if name not in NAMES]
    first = setting.partition(".")[0]
    if first in known:
        return
    near = nearest(first, [*known, *labels])
    words = f"closest: {near}" if near else f"allowed: {listed(known)}, or a group's label, a dot and one of these"
    raise UserError(
        f"tune {printable(key, 80)}: {printable(group.label, 80)} ({group.kind}) has no such setting; {words}"
    )


def _check(found: Lists) -> None:
    """Raise UserError unless every group is tuned, or none, and the number of combinations is within bounds."""
    bare = [label for label, lists in found.items() if not lists]
    if 0 < len(bare) < len(found):
        raise UserError(
            f"nothing of {listed([printable(label, 80) for label in bare])} is tuned; "
            "give --tune KEY=VALUES, such as lr=log:1e-4:1:13, or tune no group"
        )
    count = sum(prod(map(len, lists.values())) for lists in found.values())
    if count > MOST_CELLS:
        raise UserError(f"{count:,} combinations; allowed: up to {MOST_CELLS:,}")


def trials(lists: Lists) -> Iterator[Trial]:
    """Every combination of every group."""
    for label, own in lists.items():
        for values in product(*own.values()):
            yield Trial(label, dict(zip(own, values, strict=True)))


def block_of(tried: Sequence[Trial]) -> Block:
    """The axes of a sweep that runs these, each by itself."""
    keys = dict.fromkeys(key for each in tried for key in each.settings)
    axes = [Axis(GROUP, tuple(each.label for each in tried))]
    axes += [Axis(ALL_GROUPS + key, tuple(each.settings.get(key) for each in tried)) for key in keys]
    if any(each.updates for each in tried):
        axes.append(Axis(UPDATES, tuple(each.updates for each in tried)))
    return tuple(axes)
