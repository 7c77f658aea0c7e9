"""Files that a scenario names, data and fonts: they stay below the scenario's folder."""

import re
from collections.abc import Sequence
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from errsurf.records.names import nearest
from errsurf.settings.bounds import RANGE, in_range
from errsurf.surfaces.formulas.columns import Column, CsvColumn
from errsurf.surfaces.shared.table import Csv, DataFile

MAX_BYTES, MAX_FONT_BYTES = 256 * 2**20, 32 * 2**20
MAX_LETTERS, MAX_NEARBY = 4096, 1000

File = TypeVar("File", bound=DataFile)


def below_folder(given: str, info: ValidationInfo, kind: type[File]) -> File:
    """The absolute path of a data file given relative to the scenario's folder, the validation context."""
    return kind(file_below(Path(info.context or ""), given, MAX_BYTES, kind.suffixes))


def file_below(folder: Path, given: str, most: int, suffixes: Sequence[str]) -> Path:
    """The absolute path of a regular file of at most so many bytes, given relative to a folder that it may not leave.

    Links are followed first; nothing is opened.  Raises PydanticCustomError, with the nearest name that has one of the
    suffixes.
    """
    if not 0 < len(given) <= MAX_LETTERS or re.search(r"[\\\x00-\x1f]|^/|^[A-Za-z]:|(^|/)\.\.(/|$)", given):
        raise _fault("a path below the scenario's folder is needed, with / between its parts and without ..")
    try:
        home, path = folder.resolve(), (folder / given).resolve()
        if not path.is_relative_to(home):
            raise _fault(f"points outside the scenario's folder, to {path}")
        if path.is_dir():
            raise _fault("is a folder, not a file")
        if path.exists() and not path.is_file():
            raise _fault("is not a regular file")
        if not path.is_file():
            files = (file for file in path.parent.glob("*") if file.suffix.lower() in suffixes and file.is_file())
            near = {file.relative_to(home).with_suffix("").as_posix(): file for file in islice(files, MAX_NEARBY)}
            found = near.get(nearest(str(Path(given).with_suffix("")), sorted(near)))
            raise _fault(f"no such file in {home}", found.relative_to(home).as_posix() if found else "")
        if path.stat().st_size > most:
            raise _fault(f"the file is larger than {most // 2**20} MiB")
    except (OSError, RuntimeError) as error:
        raise _fault(f"cannot be opened: {getattr(error, 'strerror', None) or 'no usable path'}") from None
    return path


def number_or_text(given: Any) -> Any:
    """A column as it is given, if it is a number in range or a text at all."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise _fault("is neither a number nor a text", instead=0.0)
    if not isinstance(given, str) and not in_range(given):
        raise _fault(f"out of range; allowed: {RANGE}" if isfinite(given) else "is not a finite number", instead=0.0)
    return given


def below_folder_column(given: float | str, info: ValidationInfo) -> Column:
    """What a scenario says of a column: as it is, or for ``file.csv:column`` that column of a file below the folder."""
    if not isinstance(given, str) or not re.search(r":|\.csv\b", given, re.IGNORECASE):
        return given
    file, _, column = (part.strip() for part in given.partition(":"))
    try:
        if not column or not file.lower().endswith(".csv"):
            raise _fault("the name of a CSV file, a colon and the name of a column are needed, such as data.csv:target")
        return CsvColumn(below_folder(file, info, Csv), column)
    except PydanticCustomError as error:
        said = error.context or {}
        raise _fault(said["problem"], said["nearest"], instead=0.0) from None


def _fault(problem: str, near: str = "", instead: float | None = None) -> PydanticCustomError:
    return PydanticCustomError("file", "file", {"problem": problem, "nearest": near, "instead": instead})
