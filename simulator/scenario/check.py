"""From the raw tables of a file to a scenario, or to all that is wrong with them."""

import json
from collections.abc import Mapping
from datetime import date, time
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simulator.scenario.faults import shown
from simulator.scenario.lines import KeyPath
from simulator.scenario.models import scenario_model
from simulator.scenario.resolve import resolved
from simulator.scenario.scenario import Scenario
from simulator.scenario.wording import UNKNOWN, Finding, finding

DEEPEST = 8
ROUNDS = 5


def checked(tables: Mapping[str, Any], name: str, folder: Path | None) -> tuple[Scenario | None, list[Finding]]:
    """The scenario of these tables, None if anything is wrong, and all that is wrong.

    What pydantic refuses is taken out or replaced by its nearest name, so that the rest can be checked too.
    """
    findings: list[Finding] = []
    data = _plain(tables, (), findings)
    for _ in range(ROUNDS):
        try:
            model = scenario_model().model_validate_json(json.dumps(data), context=folder or Path())
        except ValidationError as error:
            fresh = [finding(entry, scenario_model()) for entry in islice(error.errors(include_url=False), 1000)]
            findings = findings + [found for found in fresh if not _known(found.path, findings)]
            for found in sorted(fresh, key=lambda found: len(found.path), reverse=True):
                _mend(data, found)
        else:
            scenario, more = resolved(model, name, folder, {found.path for found in findings})
            return (None if findings else scenario), findings + more
    return None, findings


def _known(path: KeyPath, findings: list[Finding]) -> bool:
    """Whether a path lies in or around one that was already found faulty."""
    return any(path[: len(found.path)] == found.path[: len(path)] for found in findings)


def _mend(data: Any, found: Finding) -> None:
    """Take out what is faulty, or what cannot stand without what is missing; take a misspelled name for the nearest."""
    holder = _at(data, found.path[:-1])
    if not found.path or holder is None:
        return
    key = found.path[-1]
    if not isinstance(holder, dict) or key not in holder:
        _mend(data, Finding(found.path[:-1], UNKNOWN))
    elif found.nearest and found.problem != UNKNOWN:
        holder[key] = found.nearest
    else:
        del holder[key]


def _at(data: Any, path: KeyPath) -> Any:
    """The table or list at a path, None if the path leads nowhere."""
    for key in path:
        if isinstance(data, dict):
            data = data.get(str(key))
        else:
            data = data[key] if isinstance(data, list) and isinstance(key, int) and key < len(data) else None
    return data if isinstance(data, (dict, list)) else None


def _plain(value: Any, path: KeyPath, findings: list[Finding]) -> Any:
    """A value with dicts, lists, texts and numbers only; None stands for what a file cannot hold."""
    value = value.tolist() if hasattr(value, "tolist") else str(value) if isinstance(value, Path) else value
    if isinstance(value, Mapping) and len(path) < DEEPEST:
        return {str(key): _plain(part, (*path, str(key)), findings) for key, part in value.items()}
    if isinstance(value, (list, tuple)) and len(path) < DEEPEST:
        return [_plain(part, (*path, k), findings) for k, part in enumerate(value)]
    problem = _problem(value)
    if problem:
        findings.append(Finding(path, problem, shown(value)))
    return None if problem else value


def _problem(value: Any) -> str:
    match value:
        case bool() | float():
            return ""
        case int():
            return "" if -(2**63) <= value < 2**63 else "is too large for a whole number of 64 bits"
        case str():
            return "" if value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value) else "is not valid text"
        case Mapping() | list() | tuple():
            return "is nested too deep"
        case date() | time():
            return "is a date or a time, which no key takes"
    return "is no value that a scenario can hold"
