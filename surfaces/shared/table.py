"""Reading numbers from a CSV file, with a message for every fault."""

import csv
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from math import isfinite, nan
from pathlib import Path
from typing import NamedTuple, TextIO

import numpy as np

from errsurf.errors import DataFileError
from errsurf.records.names import cut, listed
from errsurf.settings.bounds import LARGEST
from errsurf.surfaces.shared.cells import Cell, UnclearError, decimal_mark, is_marked, marked, plain
from errsurf.surfaces.shared.record import Array

MAX_LETTERS = 2**24
LONGEST = 60
DELIMITERS = ("\t", ";", ",")
NUMERIC = re.compile(r"[-+\d.,;\s eE]*")
MISSING = ("", "na", "nan", "n/a", "none", "null", "-", "?")


class DataFile(str):
    """Name of a data file, below the folder of the scenario file that names it."""

    suffixes: tuple[str, ...] = ()
    words = ""


class Csv(DataFile):
    """Name of a CSV file."""

    suffixes, words = (".csv",), "a CSV file"


def csv_columns(path: str | Path, names: Sequence[str]) -> Array:
    """The named columns of a CSV file with a header line, shape (rows, names); no other column is kept.

    Commas, semicolons or tabs are between cells, as in the header.  Numbers may have a decimal comma, and marks between
    thousands.  Raises DataFileError for a missing file or column, a cell that is no finite number or can be two, no
    rows, or a row too long.
    """
    try:
        values = _values(path, names, None)
    except MarkedError:
        values = _values(path, names, table_mark(path, _picked(path, names)))
    if not values:
        raise DataFileError(f"{path}: no rows below the header; at least one example is needed")
    return np.frombuffer(values).reshape(-1, len(names))


def csv_header(path: str | Path) -> list[str]:
    """Names of the columns of a CSV file, at least one; raises DataFileError."""
    with read_faults(path), Path(path).open(encoding="utf-8-sig", newline="") as file:
        _, head = next(csv_rows(path, file), (1, []))
    if not head:
        raise DataFileError(f"{path}: empty; allowed: a header line, then rows of numbers")
    return [cell.strip() for cell in head]


def csv_texts(path: str | Path, name: str) -> Iterator[str]:
    """The cells of a column as they are written; raises DataFileError as ``csv_columns``, but for what they hold."""
    return (row.cells[k] if k < len(row.cells) else "" for row in _picked(path, [name]) for k in row.picked)


class MarkedError(Exception):
    """A number has a decimal comma or marks between thousands, so that the whole table must be looked at."""


class Row(NamedTuple):
    """A row with the line that it ends in, the header above it, and the places of the columns that are read."""

    line: int
    cells: list[str]
    header: list[str]
    picked: list[int]


def _values(path: str | Path, names: Sequence[str], decimal: str | None) -> "array[float]":
    """The numbers of the columns, row by row; without a decimal mark, as Python reads numbers."""
    values = array("d")
    for row in _picked(path, names):
        values.extend(numbers_of(path, row, decimal))
    return values


def _picked(path: str | Path, names: Sequence[str]) -> Iterator[Row]:
    with read_faults(path), Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = csv_rows(path, file)
        first, head = next(rows, (1, []))
        header = [cell.strip() for cell in head]
        picked = [_place(path, first, name, header) for name in names]
        for line, cells in rows:
            _check_length(path, line, cells, header)
            yield Row(line, cells, header, picked)


def table_mark(path: str | Path, rows: Iterable[Row]) -> str:
    """The decimal mark of the numbers in some rows; raises DataFileError where it is not clear."""
    cells = (Cell(row.cells[k], row.line, row.header[k]) for row in rows for k in row.picked if k < len(row.cells))
    try:
        return decimal_mark(cells)
    except UnclearError as error:
        raise DataFileError(f"{_where(path, error.cell)} {error}") from None


def _where(path: str | Path, cell: Cell) -> str:
    text = cut(cell.text.strip(), LONGEST)
    return f"{path}, line {cell.line}, column `{cut(cell.column, LONGEST)}`: `{text}`"


@contextmanager
def read_faults(path: str | Path) -> Iterator[None]:
    """Faults of a file as a DataFileError."""
    try:
        yield
    except UnicodeDecodeError:
        raise DataFileError(f"{path}: cannot be read: it is not UTF-8 text; save it as CSV in UTF-8") from None
    except (OSError, csv.Error) as error:
        raise DataFileError(f"{path}: cannot be read ({error})") from None


def csv_rows(path: str | Path, file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Rows and the lines they end in, without empty lines; only one row is held at a time."""
    letters = line_num = 0

    def lines() -> Iterator[str]:
        nonlocal letters, line_num
        while line := file.readline(MAX_LETTERS + 1 - letters):
            letters += len(line)
            line_num += 1
            if letters > MAX_LETTERS:
                raise DataFileError(f"{path}, line {line_num}: a row of more than {MAX_LETTERS:,} letters")
            yield line

    given = lines()
    head = next((line for line in given if line.strip()), "")
    for row in csv.reader(chain([head], given), delimiter=_delimiter(head), skipinitialspace=True):
        letters = 0
        if row:
            yield line_num, row


def _delimiter(head: str) -> str:
    """What is most often between the cells of a first line; commas in numbers are decimal commas beside another."""
    bare = re.sub(r'"[^"]*"', "", head)
    others = [mark for mark in DELIMITERS if mark in bare and mark != ","]
    if others and NUMERIC.fullmatch(bare):
        return others[0]
    return max(DELIMITERS, key=bare.count) if others else ","


def _place(path: str | Path, line: int, name: str, header: list[str]) -> int:
    if header.count(name) > 1:
        raise DataFileError(f"{path}, line {line}: two columns are called `{cut(name, LONGEST)}`; rename one")
    if name not in header:
        known = listed(header) or "nothing"
        raise DataFileError(
            f"{path}, line {line}: no column `{cut(name, LONGEST)}`; the header has {known}{_way(header)}"
        )
    return header.index(name)


def _way(header: list[str]) -> str:
    """What may be wrong with a header as a whole."""
    if header and all(isfinite(plain(cell)) for cell in header):
        return "; its first line must name the columns"
    if len(header) == 1 and re.search(r"\S[\s|:]+\S", header[0]):
        return "; commas, semicolons or tabs stand between columns"
    return ""


def _check_length(path: str | Path, line: int, row: list[str], header: list[str]) -> None:
    """More cells than columns are a decimal comma, or a text with commas."""
    if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
        counts = f"{len(row):,} cells for {len(header):,} column{'s' * (len(header) > 1)}"
        way = "quotation marks around a cell that has commas, or semicolons between all cells"
        raise DataFileError(f"{path}, line {line}: {counts}; a decimal comma needs {way}")


def numbers_of(path: str | Path, row: Row, decimal: str | None) -> list[float]:
    """The picked cells of a row; raises MarkedError where a number has marks and the decimal mark is not known."""
    try:
        found = [float(row.cells[k]) if decimal is None else marked(row.cells[k], decimal) for k in row.picked]
    except (ValueError, IndexError):
        found = [nan]
    if all(abs(value) <= LARGEST for value in found):
        return found
    texts = {k: row.cells[k] if k < len(row.cells) else "" for k in row.picked}
    numbers = {k: plain(text) if decimal is None else marked(text, decimal) for k, text in texts.items()}
    k = next(k for k, value in numbers.items() if not abs(value) <= LARGEST)
    if decimal is None and is_marked(texts[k]):
        raise MarkedError
    problem = f"is of a size above {LARGEST:g}" if isfinite(numbers[k]) else "is not a finite number"
    if texts[k].strip().lower() in MISSING:
        problem = "is missing; leave the row out, or fill it in"
    raise DataFileError(f"{_where(path, Cell(texts[k], row.line, row.header[k]))} {problem}")
