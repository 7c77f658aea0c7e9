"""Records of the user's own, checked: when they are loaded, and more thoroughly by `errsurf check`."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

from errsurf.own_records import other_kinds, rules, surfaces
from errsurf.own_records.fields import field_faults, setting_faults
from errsurf.own_records.source import Source
from errsurf.records.faults import RecordFault

_TEXTS: dict[str, Callable[..., None]] = {
    "surfaces": surfaces.text_faults,
    "optimizers": rules.text_faults,
    "wrappers": rules.text_faults,
}
_NUMBERS: dict[str, Callable[..., None]] = {
    "surfaces": surfaces.number_faults,
    "optimizers": rules.number_faults,
    "wrappers": rules.number_faults,
}
_BY_NAME: dict[str, Callable[..., None]] = {
    "schedules": other_kinds.schedule_faults,
    "starts": other_kinds.start_faults,
}


def load_faults(kind: str, file: Path, record: Any) -> list[RecordFault]:
    """The faults of a record that need no compiled code and no run: some milliseconds.

    ``kind`` is that of the record, such as "surfaces".
    """
    source = Source(file)
    field_faults(source, record)
    if not source.faults and hasattr(record, "settings"):
        setting_faults(source, record.settings, needed=kind in _TEXTS)
    if kind in _TEXTS and not any(_is_of_type(fault) for fault in source.faults):
        source.call(_TEXTS[kind], source, record)
    return source.faults


def check_faults(kind: str, file: Path, record: Any) -> list[RecordFault]:
    """The faults of a record that was loaded: derivatives, rates, kernels, and small runs.

    Kernels are compiled, which takes seconds, where nothing was found without them.
    """
    from errsurf.own_records import small_runs

    source = Source(file)
    if not ast.get_docstring(source.tree):
        source.fault(1, "the file has no docstring", "write one line that says what it is, which lists show")
    if kind in _NUMBERS:
        source.call(_NUMBERS[kind], source, record)
    elif kind in _BY_NAME:
        source.call(_BY_NAME[kind], source, record, file.stem)
    if not source.faults:
        source.call(small_runs.run_faults, source, kind, record, file.stem)
    return source.faults


def _is_of_type(fault: RecordFault) -> bool:
    """Whether a fault says that a field is of a wrong type, with which no formula can be called."""
    return "is no named tuple" in fault.problem or "is no function" in fault.problem
