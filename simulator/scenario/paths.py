"""Data files that a scenario names: they stay below the scenario's folder."""

import re
from pathlib import Path
from typing import Any

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from simulator.scenario.faults import nearest
from surfaces._table import Csv

MOST_BYTES = 256 * 2**20


def below_folder(given: str, info: ValidationInfo) -> Csv:
    """The absolute path of a data file given relative to the scenario's folder, the validation context."""
    folder = Path(info.context or "")
    if not given or re.search(r"[\\\x00-\x1f]|^/|^[A-Za-z]:|(^|/)\.\.(/|$)", given):
        raise _fault("a path below the scenario's folder is needed, with / between its parts and without ..")
    try:
        home, path = folder.resolve(), (folder / given).resolve()
        if not path.is_relative_to(home):
            raise _fault(f"leads out of the scenario's folder, to {path}")
        if not path.is_file():
            found = sorted(str(file.relative_to(home)) for file in path.parent.glob("*.csv") if file.is_file())
            raise _fault(f"no such file in {home}", nearest(given, found))
        if path.stat().st_size > MOST_BYTES:
            raise _fault(f"the file is larger than {MOST_BYTES // 2**20} MiB")
    except (OSError, RuntimeError) as error:
        raise _fault(f"cannot be opened: {getattr(error, 'strerror', None) or 'no usable path'}") from None
    return Csv(path)


def _fault(problem: str, near: str = "") -> Any:
    return PydanticCustomError("file", "file", {"problem": problem, "nearest": near})
