"""Values that a scenario can hold: tables, lists, texts, numbers, true and false."""

from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from errsurf.scenario.lines import KeyPath
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding

DEEPEST = 8
MAX_FINDINGS = 500


def plain_values(value: Any, path: KeyPath, findings: list[Finding]) -> Any:
    """A value with dicts, lists, texts and numbers only; None stands for what a file cannot hold."""
    value = value.tolist() if hasattr(value, "tolist") else str(value) if isinstance(value, Path) else value
    if isinstance(value, Mapping) and len(path) < DEEPEST:
        return {str(key): plain_values(part, (*path, str(key)), findings) for key, part in value.items()}
    if isinstance(value, (list, tuple)) and len(path) < DEEPEST:
        return [plain_values(part, (*path, k), findings) for k, part in enumerate(value)]
    problem = _problem(value)
    if problem and len(findings) < MAX_FINDINGS:
        findings.append(Finding(path, problem, value_text(value)))
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
            return "is a date or a time, which no key accepts"
    return "is not a value that a scenario can have"


def assign(tables: Any, path: KeyPath, value: object) -> bool:
    """Put a value at a path, making tables on the way; False if something else is in the way."""
    holder = tables
    for key in path[:-1]:
        if isinstance(holder, dict):
            holder = holder.setdefault(key, {})
        elif isinstance(holder, list) and isinstance(key, int) and 0 <= key < len(holder):
            holder = holder[key]
        else:
            return False
    key = path[-1]
    fits = isinstance(key, int) and 0 <= key < len(holder) if isinstance(holder, list) else isinstance(holder, dict)
    if fits:
        holder[key] = value
    return fits
