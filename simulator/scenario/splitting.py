"""Groups that several values make of one: ``--set optimizer.lr=0.1,0.01``."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from itertools import product
from math import prod
from typing import Any, NamedTuple

from errsurf import optimizers
from errsurf.errors import UserError
from errsurf.scenario.labels import MOST_LETTERS, batch_text, labels_of, setting_text
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.renaming import Made, rename
from errsurf.scenario.tables import GroupTable
from errsurf.scenario.value_text import value_text
from errsurf.scenario.values import assign
from errsurf.scenario.wording import Finding
from errsurf.settings.bounds import MAX_GROUPS
from errsurf.settings.value_lists import RANGE, Value, listed_values, read_value

ONE_TEXT = ("label", "color")
"""Keys of a group whose texts may hold commas."""

DECIMAL_COMMA = re.compile(r"(?<![\w.])0,(\d+)(?![\w.])")
"""A number below 1 with the comma of other countries."""


class Choice(NamedTuple):
    """A key below a group, as ``--set`` was given it, and the values of which each makes a group."""

    address: str
    key: KeyPath
    values: tuple[Value, ...]


Choices = dict[int, dict[KeyPath, Choice]]
"""What is chosen below each group."""


def several(path: KeyPath, given: object, findings: list[Finding]) -> tuple[Value, ...] | None:
    """The values of a text that has several for a key of a group; None if it is one value.

    What is wrong with a list of values joins the findings, and there are none then.
    """
    if path[:1] != ("optimizer",) or len(path) < 3 or path[2] in ONE_TEXT or not isinstance(given, str):
        return None
    if read_value(given) is not given or not (RANGE.fullmatch(given) or "," in given):
        return None
    if path[-1] == "lr" and (meant := DECIMAL_COMMA.sub(r"0.\1", given)) != given:
        findings.append(
            Finding(path, "two values, of which an lr of 0 moves nothing", value_text(given), nearest=meant)
        )
        return ()
    try:
        return listed_values(given)
    except UserError as error:
        findings.append(Finding(path, str(error), value_text(given)))
        return ()


def takers(tables: Mapping[str, Any], paths: Iterable[KeyPath]) -> list[KeyPath]:
    """The paths of a key whose groups have it."""
    groups = {path: _group(tables, path) for path in paths}
    return [path for path, group in groups.items() if group is not None and _takes(group, str(path[2]))]


def add_choices(choices: Choices, choice: Choice, paths: Iterable[KeyPath]) -> None:
    """Note what is chosen at paths of one key."""
    for path in paths if choice.values else ():
        choices.setdefault(int(path[1]), {})[path[2:]] = choice._replace(key=path[2:])


def drop_choices(choices: Choices, paths: Iterable[KeyPath]) -> None:
    """Forget what was chosen at paths that have one value since."""
    for path in paths:
        if path[0] == "optimizer" and len(path) > 2:
            choices.get(int(path[1]), {}).pop(path[2:], None)


def _group(tables: Mapping[str, Any], path: KeyPath) -> Any:
    """The group of a path, None if there is none."""
    groups, k = tables.get("optimizer"), path[1]
    found = groups[k] if isinstance(groups, list) and isinstance(k, int) and 0 <= k < len(groups) else None
    return found if isinstance(found, dict) else None


def _takes(group: Mapping[str, Any], key: str) -> bool:
    kind = group.get("kind")
    own = optimizers.optimizer(kind).settings._fields if kind in optimizers.optimizer_names() else ()
    return key in ("kind", *GroupTable._fields, *own)


def split_groups(tables: dict[str, Any], choices: Choices) -> list[Finding]:
    """Put in the place of each group those of all combinations of its values; faults leave the tables as they are.

    What names a group names those in its place; a claim about it is made of each combination.
    """
    groups = tables.get("optimizer")
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        return []
    labels, lists = labels_of(groups), [[*choices.get(k, {}).values()] for k in range(len(groups))]
    if (count := sum(prod(len(choice.values) for choice in each) for each in lists)) > MAX_GROUPS:
        first = next(k for k, each in enumerate(lists) if each)
        words = f"up to {MAX_GROUPS:,}; `errsurf sweep --vary` runs any number of values, one after the other"
        return [Finding(("optimizer", first, *lists[first][0].key), f"makes {count:,} groups", "", words)]
    parts = zip(groups, labels, lists, strict=True)
    made = [each for group, label, chosen in parts for each in _made(group, label, chosen)]
    tables["optimizer"] = [each.group for each in made]
    named = [each._replace(label=label) for each, label in zip(made, labels_of(tables["optimizer"]), strict=True)]
    return rename(tables, labels, named)


def _made(group: Any, label: str, choices: Sequence[Choice]) -> Iterator[Made]:
    """The groups of one, in the order of the values, the last choice changing fastest."""
    for values in product(*(choice.values for choice in choices)):
        one = deepcopy(group)
        told = {choice.address: _told(choice.key, value) for choice, value in zip(choices, values, strict=True)}
        for choice, value in zip(choices, values, strict=True):
            assign(one, choice.key, value)
        if told and one.get("label"):
            end = "".join(f", {each}" for each in told.values())
            one["label"] = one["label"][: max(0, MOST_LETTERS - len(end))] + end
        if told:
            one.pop("color", None)
        yield Made(one, label, label, told)


def _told(key: KeyPath, value: Value) -> str:
    """A setting as a label says it: ``lr 0.1``."""
    name = next(part for part in reversed(key) if isinstance(part, str))
    return batch_text(value) if key == ("batch",) else f"{name} {setting_text(value)}"
