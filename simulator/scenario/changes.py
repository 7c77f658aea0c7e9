"""Changes to a scenario from outside it: ``run.epochs=10``, ``full batch.lr=0.1``."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from errsurf.records.names import listed, nearest
from errsurf.scenario.labels import labels_of
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.models import scenario_model
from errsurf.scenario.splitting import Choice, Choices, add_choices, drop_choices, several, split_groups, takers
from errsurf.scenario.value_text import value_text
from errsurf.scenario.values import assign, plain_values
from errsurf.scenario.wording import Finding, table_of
from errsurf.settings.value_lists import read_value

EXCLUSIVE = {("run", "epochs"): ("run", "updates"), ("run", "updates"): ("run", "epochs")}
TRANSLATED: dict[KeyPath, str] = {("title",): "title", ("about",): "about", ("picture", "caption"): "caption"}
LISTED = (("optimizer", "label", "labels"), ("claim", "says", "says"))
PART = re.compile(r"([A-Za-z0-9_-]+)((?:\[[0-9]{1,6}\])*)")


def change(tables: dict[str, Any], changes: Mapping[str, object], findings: list[Finding]) -> set[KeyPath]:
    """Apply changes to the tables; the paths that were changed.  Changes that lead nowhere join the findings.

    A key is a path as in fault messages, ``surface.test.examples``, ``optimizer[2].lr``; ``optimizer.lr``
    means all groups, and ``<label>.lr`` the group of that label.  A text is read as a TOML value if it is one; several
    values between commas make groups of each group, one for each value.
    """
    done: set[KeyPath] = set()
    choices: Choices = {}
    groups, known = _labels(tables), scenario_model(tables).model_fields if changes else {}
    for address, given in changes.items():
        paths = list(_paths(address, known, groups))
        if not paths:
            findings.append(_lost(address, given, groups))
        elif (values := several(paths[0], given, findings)) is not None and (taking := takers(tables, paths)):
            add_choices(choices, Choice(address, (), values), taking)
            done.update(taking)
        else:
            done |= _assigned(tables, paths, given, findings)
            drop_choices(choices, paths)
    if any(choices.values()):
        findings += split_groups(tables, choices)
        done.add(("optimizer",))
        _untranslate(tables, ("optimizer",))
        _untranslate(tables, ("claim",))
    for path, other in EXCLUSIVE.items():
        if path in done and other not in done and isinstance(tables.get("run"), dict):
            tables["run"].pop(other[1], None)
    return done


def _assigned(tables: dict[str, Any], paths: Iterable[KeyPath], given: object, findings: list[Finding]) -> set[KeyPath]:
    """Put a value at all of the paths; those that lead there."""
    done = set()
    for path in paths:
        if assign(tables, path, plain_values(toml_value(given), path, findings)):
            done.add(path)
            _untranslate(tables, path)
        else:
            findings.append(_blocked(tables, path, toml_value(given)))
    return done


def _lost(address: str, given: object, labels: list[str]) -> Finding:
    """That an address leads nowhere, and where it may have been meant to lead."""
    root, head = scenario_model(), address.partition(".")[0]
    table = table_of(address, root)
    near = f"{table}.{address}" if table else nearest(head, [*root.model_fields, *labels])
    named = f": {listed(list(dict.fromkeys(labels)), '; ')}" if labels else ""
    words = f"a table, a dot and a key, such as run.epochs, or a group's label instead of the table{named}"
    return Finding((address,), "leads to no key", value_text(given), words, near)


def _untranslate(tables: dict[str, Any], path: KeyPath) -> None:
    """A text that is changed from outside is shown in every language, and so are all labels or claims if one is."""
    listed = next((key for table, text, key in LISTED if path[0] == table and (len(path) == 1 or path[-1] == text)), "")
    key = TRANSLATED.get(path, listed)
    for each in tables["translation"] if isinstance(tables.get("translation"), list) else ():
        if isinstance(each, dict):
            each.pop(key, None)


def _labels(tables: dict[str, Any]) -> list[str]:
    """Label of every group, given or derived; empty where the file is too faulty to tell."""
    groups = tables.get("optimizer")
    tables_only = [group if isinstance(group, dict) else {} for group in groups] if isinstance(groups, list) else []
    return labels_of(tables_only)


def _paths(address: str, known: Collection[str], labels: list[str]) -> Iterator[KeyPath]:
    """The paths that an address means, among the ``known`` tables; none if it means nothing."""
    head = re.match(r"[a-z]+", address)
    if head and head.group() in known and address[head.end() :][:1] in ("", ".", "["):
        path = _split(address)
        if path and path[0] == "optimizer" and len(path) > 1 and isinstance(path[1], str):
            yield from (("optimizer", k, *path[1:]) for k in range(len(labels)))
        elif path:
            yield path
        return
    meant = max((label for label in labels if label and address.startswith(label + ".")), key=len, default=None)
    rest = _split(address[len(meant) + 1 :]) if meant else ()
    yield from (("optimizer", k, *rest) for k, label in enumerate(labels) if rest and label == meant)


def _split(address: str) -> KeyPath:
    """``a.b[2].c`` as ("a", "b", 1, "c"); empty if it is written otherwise."""
    path: list[str | int] = []
    for part in address.split("."):
        match = PART.fullmatch(part)
        if match is None:
            return ()
        path += [match[1], *(int(number) - 1 for number in re.findall(r"[0-9]+", match[2]))]
    return tuple(path)


def _blocked(tables: dict[str, Any], path: KeyPath, given: object) -> Finding:
    """What is in the way of a path: a value that is no table, or a list, whose parts have numbers."""
    holder: Any = tables
    for key in path:
        if isinstance(holder, list):
            if not isinstance(key, int) or not 0 <= key < len(holder):
                allowed = f"numbers from 1 to {len(holder)} in brackets" if holder else "nothing, as the list is empty"
                return Finding(path, "leads to no part of a list", value_text(given), allowed)
            holder = holder[key]
        elif isinstance(holder, dict):
            holder = holder.get(key)
    return Finding(path, "is below a value that is not a table", value_text(given))


def toml_value(given: object) -> object:
    """A text as the TOML value that it is, if it is one; all else as it is."""
    return read_value(given) if isinstance(given, str) else given
