"""A table of numbers in a CSV file: a row for each y, a column for each x."""

from array import array
from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import NamedTuple

import numpy as np

from errsurf.errors import DataFileError
from errsurf.surfaces.shared.cells import is_marked, plain
from errsurf.surfaces.shared.record import Array
from errsurf.surfaces.shared.table import MarkedError, Row, csv_rows, numbers_of, read_faults, table_mark

LONG = "is a list of points, not a table; in pandas, .pivot(index='y', columns='x', values='{}').to_csv(FILE) makes one"


class Matrix(NamedTuple):
    """Numbers (H, W), with x (W,) and y (H,) if the first row and the first column have them."""

    x: Array | None
    y: Array | None
    values: Array


def csv_matrix(path: str | Path, most: int) -> Matrix:
    """The table of a CSV file; a first cell without a number means that x and y are there.

    Raises DataFileError for rows of different length, cells that are no finite numbers, and more than ``most`` numbers.
    """
    try:
        return _matrix(path, None, most)
    except MarkedError:
        return _matrix(path, table_mark(path, _rows(path)), most)


def _rows(path: str | Path) -> Iterator[Row]:
    """The rows; ``picked`` leaves out a first cell without a number."""
    with read_faults(path), Path(path).open(encoding="utf-8-sig", newline="") as file:
        header = list[str]()
        for line, cells in csv_rows(path, file):
            corner = not header and not _is_number(cells[0])
            header = header or [str(k + 1) for k in range(len(cells))]
            if corner and len(cells) > 1 and not _is_number(cells[1]):
                raise DataFileError(f"{path}, line {line}: {LONG.format(cells[-1].strip()[:40])}")
            if len(cells) != len(header):
                raise DataFileError(f"{path}, line {line}: {len(cells):,} cells; the first line has {len(header):,}")
            yield Row(line, cells, header, list(range(int(corner), len(cells))))


def _is_number(cell: str) -> bool:
    return is_marked(cell) or not isnan(plain(cell))


def _matrix(path: str | Path, decimal: str | None, most: int) -> Matrix:
    """The numbers of all rows; without a decimal mark, as Python reads numbers."""
    across, rest, width = list[float](), array("d"), 1
    for row in _rows(path):
        width = len(row.header)
        found = numbers_of(path, row, decimal)
        if row.picked[:1] == [1]:
            across = found
        else:
            rest.extend(found)
        if len(rest) > most:
            raise DataFileError(f"{path}: more than {most:,} numbers")
    table = np.array(rest).reshape(-1, width)
    if not across:
        return Matrix(None, None, table)
    upwards = table[::-1] if len(table) > 1 and table[0, 0] > table[-1, 0] else table
    return Matrix(np.array(across), upwards[:, 0].copy(), upwards[:, 1:].copy())
