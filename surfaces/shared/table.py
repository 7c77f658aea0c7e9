"""Reading numbers from a CSV file, with a message for every fault."""

import csv
from array import array
from collections.abc import Iterator, Sequence
from math import isfinite, nan
from pathlib import Path
from typing import TextIO

import numpy as np

from errsurf.errors import DataFileError
from errsurf.records.names import cut, listed
from errsurf.settings.bounds import LARGEST
from errsurf.surfaces.shared.record import Array

MAX_LETTERS = 2**24
LONGEST = 60


class DataFile(str):
    """Name of a data file, below the folder of the scenario file that names it."""

    suffix = words = ""


class Csv(DataFile):
    """Name of a CSV file."""

    suffix, words = "csv", "a CSV file"


def csv_columns(path: str | Path, names: Sequence[str]) -> Array:
    """The named columns of a CSV file with a header line, shape (rows, names); no other column is kept.

    Raises DataFileError for a missing file or column, a cell that is no finite number, no rows, or a row too long.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = _rows(path, file)
            first, head = next(rows, (1, []))
            header = [cell.strip() for cell in head]
            picked = [_place(path, first, name, header) for name in names]
            values = array("d")
            for line, row in rows:
                values.extend(_numbers(path, line, row, picked, header))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataFileError(f"{path}: cannot be read ({error})") from None
    if not values:
        raise DataFileError(f"{path}: no rows below the header; at least one example is needed")
    return np.frombuffer(values).reshape(-1, len(names))


def csv_header(path: str | Path) -> list[str]:
    """Names of the columns of a CSV file, at least one; raises DataFileError."""
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            _, head = next(_rows(path, file), (1, []))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataFileError(f"{path}: cannot be read ({error})") from None
    if not head:
        raise DataFileError(f"{path}: empty; allowed: a header line, then rows of numbers")
    return [cell.strip() for cell in head]


def _rows(path: str | Path, file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Rows and the lines they end in, without empty lines; only one row is held at a time."""
    letters = 0

    def lines() -> Iterator[str]:
        nonlocal letters
        while line := file.readline(MAX_LETTERS + 1 - letters):
            letters += len(line)
            if letters > MAX_LETTERS:
                raise DataFileError(f"{path}, line {reader.line_num + 1}: a row of more than {MAX_LETTERS:,} letters")
            yield line

    reader = csv.reader(lines())
    for row in reader:
        letters = 0
        if row:
            yield reader.line_num, row


def _place(path: str | Path, line: int, name: str, header: list[str]) -> int:
    if name not in header:
        known = listed(header) or "nothing"
        raise DataFileError(f"{path}, line {line}: no column `{cut(name, LONGEST)}`; the header has {known}")
    return header.index(name)


def _numbers(path: str | Path, line: int, row: list[str], picked: list[int], header: list[str]) -> list[float]:
    """The picked cells of a row."""
    try:
        found = [float(row[k]) for k in picked]
    except (ValueError, IndexError):
        found = [nan]
    if all(abs(value) <= LARGEST for value in found):
        return found
    k, value = next((k, value) for k in picked if not abs(value := _number(row, k)) <= LARGEST)
    cell = cut(row[k].strip(), LONGEST) if k < len(row) else ""
    problem = f"of a size above {LARGEST:g}" if isfinite(value) else "not a finite number"
    raise DataFileError(f"{path}, line {line}, column `{cut(header[k], LONGEST)}`: `{cell}` is {problem}")


def _number(row: list[str], k: int) -> float:
    try:
        return float(row[k])
    except (ValueError, IndexError):
        return nan
