"""From the raw tables of a file to a scenario, or to all that is wrong with them."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from errsurf.optimizers import optimizer_names
from errsurf.scenario.labels import labels_of
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.models import scenario_model
from errsurf.scenario.resolve import resolved
from errsurf.scenario.scenario import Scenario
from errsurf.scenario.values import MAX_FINDINGS
from errsurf.scenario.wording import UNKNOWN, Finding, finding, is_echo

ROUNDS = 5


def checked(
    data: dict[str, Any], name: str, folder: Path | None, findings: list[Finding]
) -> tuple[Scenario | None, list[Finding]]:
    """The scenario of plain values, None if anything is or was found wrong, and all that is wrong.

    What pydantic refuses is taken out of ``data`` or replaced by its nearest name, so that the rest can be
    checked too.
    """
    for _ in range(ROUNDS):
        try:
            model = scenario_model(data).model_validate_json(json.dumps(data), context=folder or Path())
        except ValidationError as error:
            entries = islice((entry for entry in error.errors(include_url=False) if not is_echo(entry)), MAX_FINDINGS)
            fresh = [finding(entry, scenario_model()) for entry in entries]
            findings = findings + [found for found in fresh if not _known(found.path, findings)]
            if len(findings) >= MAX_FINDINGS:
                return None, findings
            for found in sorted(fresh, key=lambda found: len(found.path), reverse=True):
                _repair(data, found)
        else:
            scenario, more = resolved(
                model, labels_of(data["optimizer"]), name, folder, {found.path for found in findings}
            )
            return (None if findings else scenario), findings + more
    return None, findings


def _known(path: KeyPath, findings: list[Finding]) -> bool:
    """Whether a path lies in or around one that was already found faulty."""
    return any(path[: len(found.path)] == found.path[: len(path)] for found in findings)


def _repair(data: Any, found: Finding) -> None:
    """Take out what is faulty, or what cannot stand without what is missing; take a misspelled name for the nearest."""
    holder = _at(data, found.path[:-1])
    if not found.path or holder is None:
        return
    key = found.path[-1]
    if isinstance(holder, list) and isinstance(key, int) and found.path[:-1] == ("optimizer",):
        holder[key] = {"kind": optimizer_names()[0]}  # in its place, so that the other groups and the run are checked
    elif not isinstance(holder, dict) or key not in holder:
        _repair(data, Finding(found.path[:-1], UNKNOWN))
    elif found.instead is not None:
        holder[key] = found.instead
    elif found.nearest and not found.problem.startswith(UNKNOWN):
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
