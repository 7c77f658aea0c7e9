"""Numbers read from a CSV file, with every fault of the file said in words."""

import csv
from collections.abc import Sequence
from math import isfinite
from pathlib import Path

import numpy as np

from surfaces._record import Array


class DataFile(str):
    """Name of a data file, below the folder of the scenario file that names it."""

    suffix = words = ""


class Csv(DataFile):
    """Name of a CSV file."""

    suffix, words = "csv", "a CSV file"


class TableError(ValueError):
    """A data file that cannot be used; the message says which line and why."""


def csv_columns(path: str | Path, names: Sequence[str]) -> Array:
    """The named columns of a CSV file with a header line, shape (rows, names).

    Raises TableError for a missing file or column, a cell that is no finite number, or no rows.
    """
    try:
        lines = list(csv.reader(Path(path).read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{path}: cannot be read ({error})") from None
    header = [cell.strip() for cell in lines[0]] if lines else []
    for name in names:
        if name not in header:
            raise TableError(f"{path}, line 1: no column `{name}`; the header has {', '.join(header) or 'nothing'}")
    picked = [header.index(name) for name in names]
    rows = [[_number(path, at, row, k, header) for k in picked] for at, row in enumerate(lines[1:], 2) if row]
    if not rows:
        raise TableError(f"{path}: no rows below the header; at least one example is needed")
    return np.array(rows, dtype=np.float64)


def _number(path: str | Path, line: int, row: list[str], k: int, header: list[str]) -> float:
    cell = row[k].strip() if k < len(row) else ""
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise TableError(f"{path}, line {line}, column `{header[k]}`: `{cell}` is not a finite number")
    return value
