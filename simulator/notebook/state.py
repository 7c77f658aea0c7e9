"""The settings of a page that computes its run, as a scenario: what ``page/state.js`` and ``page/toml.js`` do there."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from errsurf.drawing.page.live_page import rules_of
from errsurf.drawing.page.records_table import NONE, page_tables, records_table
from errsurf.errors import UserError
from errsurf.optimizers import optimizer_names
from errsurf.scenario import Scenario, scenario_from

Table: TypeAlias = dict[str, Any]

_CHOOSERS = {"kind": "optimizers", "schedule.decay": "schedules", "clip.kind": "clip", "noise.kind": "noise"}
_SIDES = ("group", "above", "below", "equals")
_LABEL = 80


class Told(NamedTuple):
    """What a page knows of a scenario: its tables, the fields of its settings, and the rules that have kernels."""

    scenario: Scenario
    tables: Table
    records: Table
    rules: Collection[str]


def told(scenario: Scenario) -> Told:
    """What a page is told of the scenario; see ``live_page``."""
    names = optimizer_names()
    return Told(scenario, page_tables(scenario), records_table(scenario, names), rules_of(scenario, names).keys())


def state_scenario(page: Told, groups: Sequence[int], settings: Mapping[str, Any]) -> Scenario:
    """The scenario that a page saves: see ``scenarioToml``.

    ``groups`` are the places of the scenario's groups that the page's are copies of; ``settings`` maps paths such as
    "0.lr", "swarm.particles" or "run.seed" to values, the number being that of the page's group.  Raises UserError for
    a path that is none, and ScenarioError for values that cannot be.
    """
    tables = state_tables(page, groups, settings)
    for path in settings:
        if _field(page.records, tables, path) is None:
            raise UserError(f"settings: `{path:.80}` is no setting of this page")
    labels = state_labels(page, groups, settings)
    for table, label in zip(tables["optimizer"], labels, strict=True):
        table["label"] = label
    tables["run"]["rounding"] = "portable"
    _rename(page, groups, tables, labels)
    for part in (tables, tables["surface"], tables["swarm"], tables["run"]):
        if isinstance(part.get("seed"), str):
            part["seed"] = int(part["seed"])
    return scenario_from(tables, page.scenario.folder, page.scenario.name)


def state_tables(page: Told, groups: Sequence[int], settings: Mapping[str, Any]) -> Table:
    """The scenario's tables with the settings changed; paths that choose a kind come first."""
    tables = deepcopy({**page.tables, "optimizer": []})
    tables["optimizer"] = [deepcopy(page.tables["optimizer"][k]) for k in groups]
    for path in sorted(settings, key=lambda path: not _chooses(path)):
        if _field(page.records, tables, path) is not None:
            _change(page, tables, path, deepcopy(settings[path]))
    return tables


def _chooses(path: str) -> bool:
    return path == "swarm.start" or re.sub(r"^\d+\.", "", path) in _CHOOSERS


def _field(records: Table, tables: Table, path: str) -> Table | None:
    """The field of a path in tables; None if there is no such setting."""
    first, _, rest = path.partition(".")
    if first in ("run", "picture"):
        return _among(records[first], rest)
    if first == "swarm":
        return _among([*records["swarm"], *records["starts"].get(tables["swarm"]["start"], ())], rest)
    if not re.fullmatch(r"[0-9]{1,9}", first) or int(first) >= len(tables["optimizer"]):
        return None
    group = tables["optimizer"][int(first)]
    part, _, key = rest.partition(".")
    if part == "schedule" and key:
        return _among([*records["schedule"], *records["schedules"][group["schedule"]["decay"]]["settings"]], key)
    if part in ("clip", "noise") and key:
        fields = records[part]["kinds"] if key == "kind" else records[part].get(group.get(part, {}).get("kind"), ())
        return _among(fields, key)
    return _among([*records["group"], *records["optimizers"][group["kind"]]["settings"]], rest)


def _among(fields: Sequence[Table], key: str) -> Table | None:
    return next((field for field in fields if field["key"] == key), None)


def _change(page: Told, tables: Table, path: str, value: Any) -> None:
    """Set one value in tables."""
    first, _, rest = path.partition(".")
    table = tables["optimizer"][int(first)] if first.isdigit() else tables[first]
    if _chooses(path):
        _choose(page, table, rest, "starts" if path == "swarm.start" else _CHOOSERS[rest], value)
        return
    if path in ("run.epochs", "run.updates"):
        table.pop("epochs", None)
        table.pop("updates", None)
    *parts, key = rest.split(".")
    for part in parts:
        table = table.setdefault(part, {})
    for place in (table, tables["swarm"]) if path == "run.seed" else (table,):
        if value is None:
            place.pop(key, None)
        else:
            place[key] = value


def _choose(page: Told, table: Table, path: str, kinds: str, value: str) -> None:
    """Another kind of optimizer, schedule, start, clipping or noise, with its default settings."""
    records = page.records
    if kinds in ("clip", "noise"):
        table.pop(kinds, None)
        if value != NONE:
            table[kinds] = {"kind": value, **_defaults(records[kinds][value])}
    elif kinds == "schedules":
        record = records["schedules"][value]
        common = {field["key"] for field in records["schedule"]} if record["warmup"] else set()
        kept = {key: each for key, each in table["schedule"].items() if key in common}
        table["schedule"] = {**kept, "decay": value, **deepcopy(record["example"]), **_defaults(record["settings"])}
    elif kinds == "optimizers":
        _replace(table, "kind", value, {name: each["settings"] for name, each in records["optimizers"].items()}, {})
        names = "+".join((value, *(each["kind"] for each in table.get("wrappers", ()))))
        table["wrappers"] = table.get("wrappers", []) if names in page.rules else []
    else:
        _replace(table, path, value, records["starts"], records["examples"].get(value, {}))
        if _among(records["starts"][value], "at") is None:
            table.pop("at", None)


def _replace(table: Table, key: str, value: str, fields: Mapping[str, Sequence[Table]], example: Table) -> None:
    """Another kind in place of a table's, without the settings of the one before, but its place ``at``."""
    at = table.get("at")
    for field in fields.get(table[key], ()):
        if field["key"] != "at":
            table.pop(field["key"], None)
    table |= {key: value, **deepcopy(example), **_defaults(fields[value])}
    if at is not None:
        table["at"] = at


def _defaults(fields: Sequence[Table]) -> Table:
    return {field["key"]: deepcopy(field["default"]) for field in fields if field["default"] is not None}


def state_labels(page: Told, groups: Sequence[int], settings: Mapping[str, Any]) -> list[str]:
    """The groups' labels with what is changed in each, each another one: see ``stateLabels``."""
    tables, found = state_tables(page, groups, settings)["optimizer"], list[str]()
    for k, place in enumerate(groups):
        own = page.tables["optimizer"][place]
        lost = () if tables[k].get("wrappers") else own.get("wrappers", ())
        changes = [*_changes(settings, k), *(f"without {each['kind']}" for each in lost)]
        first = f"{own['label']} ({', '.join(changes)})" if changes else own["label"]
        label, number = first if len(first) <= _LABEL else f"{first[: _LABEL - 1]}\u2026", 2
        while label in found:
            label, number = f"{first[:74]} #{number}", number + 1
        found.append(label)
    return found


def _changes(settings: Mapping[str, Any], k: int) -> Iterator[str]:
    """What is changed in a group, in words."""
    for path, value in settings.items():
        if path.startswith(f"{k}.") and path != f"{k}.label":
            yield f"{path.partition('.')[2]} {NONE if value is None else _text(value)}"


def _text(value: Any) -> str:
    """A value as JavaScript writes it in a link."""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        numbers = all(isinstance(part, (int, float)) and not isinstance(part, bool) for part in value)
        return ",".join(map(_text, value)) if numbers else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return _number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else json.dumps(value)


def _number(value: float) -> str:
    """The shortest digits, with an exponent below 1e-6 and from 1e21 on."""
    if value == 0 or 1e-6 <= abs(value) < 1e21:
        return np.format_float_positional(float(value) + 0.0, trim="-")
    return re.sub(r"e([-+])0*", r"e\1", np.format_float_scientific(value, trim="-"))


def _rename(page: Told, groups: Sequence[int], tables: Table, labels: Sequence[str]) -> None:
    """Let claims and the picture name groups as the page does; what is about a group that is gone goes."""
    own = [table["label"] for table in page.tables["optimizer"]]
    names: dict[Any, str | None] = {
        label: labels[groups.index(k)] if k in groups else None for k, label in enumerate(own)
    }
    claims = [_renamed(claim, names) for claim in tables.get("claim", ())]
    tables["claim"] = [claim for claim in claims if claim is not None]
    measures = [_renamed(measure, names) for measure in tables.get("measure", ())]
    tables["measure"] = [measure for measure in measures if measure is not None]
    changed = len(groups) != len(own) or len(claims) != len(tables["claim"])
    if changed:
        tables.pop("translation", None)
    for key in ("groups", "follow"):
        given = tables["picture"].get(key)
        if changed:
            tables["picture"].pop(key, None)
        elif isinstance(given, (str, list)):
            tables["picture"][key] = _named(given, names)


def _renamed(claim: Table, names: Mapping[Any, str | None]) -> Table | None:
    """A claim or measure about groups by their labels on the page; None if one of them is gone."""
    found = claim | {key: _named(claim[key], names) for key in _SIDES if key in claim}
    sides = [found[key] for key in _SIDES if key in found]
    return None if any(side is None or (isinstance(side, list) and None in side) for side in sides) else found


def _named(given: Any, names: Mapping[Any, str | None]) -> Any:
    if isinstance(given, list):
        return [_named(each, names) for each in given]
    return names.get(given, given) if isinstance(given, str) else given
