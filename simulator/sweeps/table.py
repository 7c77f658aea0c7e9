"""The rows of a sweep in the order of its cells, and ``table.csv``, which is written while the sweep runs."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import IO, TypeAlias, overload

from errsurf.measures.rows import Cell
from errsurf.settings.value_lists import Value, value_word
from errsurf.sweeps.cells import Cells
from errsurf.sweeps.columns import Column
from errsurf.sweeps.journal import Journal
from errsurf.system.spreadsheet import write_rows, write_table

Row: TypeAlias = dict[str, Cell]


class Rows(Sequence[Row]):
    """All rows of the cells that are finished, in the order of cells; each is read when it is asked for.

    Each has the name of its cell, the value of every varied key, and the columns of ``group_rows``.  ``groups`` are
    what the groups are called in all cells, and ``known`` says what the numbers of columns are.
    """

    def __init__(
        self, cells: Cells, names: Sequence[str], groups: Sequence[str], journal: Journal, known: Mapping[str, Column]
    ) -> None:
        self.cells, self.names, self.groups, self.journal, self.known = cells, names, groups, journal, known
        self._finished: list[int] = []
        self._ends: list[int] = []

    def of_cell(self, k: int) -> list[Row]:
        """The rows of cell k, which is finished."""
        head: Row = {"cell": self.names[k]}
        head |= {key: _word(value) for key, value in self.cells.values(k).items()}
        rows = self.journal.rows(self.names[k])
        called = [*self.groups, *(row.get("group") for row in rows[len(self.groups) :])]
        return [head | row | {"group": name} for row, name in zip(rows, called, strict=False)]

    def __len__(self) -> int:
        """How many rows there are by now."""
        return self._places()[-1] if self._places() else 0

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        """One row, or some."""
        if isinstance(place, slice):
            return [self[k] for k in range(*place.indices(len(self)))]
        ends, place = self._places(), place + len(self) * (place < 0)
        if not 0 <= place < len(self):
            raise IndexError(f"row {place} of {len(self)}")
        at = bisect_right(ends, place)
        return self.of_cell(self._finished[at])[place - (ends[at - 1] if at else 0)]

    def _places(self) -> list[int]:
        """How many rows the finished cells have up to each of them."""
        if len(self._finished) < len(self.names):
            self._finished = [k for k, name in enumerate(self.names) if name in self.journal]
            self._ends = list(accumulate(self.journal.count(self.names[k]) for k in self._finished))
        return self._ends

    def columns(self) -> list[str]:
        """The columns of all rows."""
        found: list[str] = []
        for k, name in enumerate(self.names):
            if name in self.journal:
                found = merged(found, self.of_cell(k))
        return found


def merged(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> list[str]:
    """Columns with those of more rows, each new one after the one before it in its row."""
    found = list(columns)
    for row in rows:
        before = -1
        for key in row:
            before = found.index(key) if key in found else before + 1
            if key not in found:
                found.insert(before, key)
    return found


class Table:
    """``table.csv`` while a sweep runs: a cell's rows are written as soon as all cells before it are finished.

    It is written anew when a cell has a column that none before it had.
    """

    def __init__(self, file: Path, rows: Rows) -> None:
        self.columns: list[str] = []
        self._rows, self._next = rows, 0
        self._stream: IO[str] = file.open("w", newline="", encoding="utf-8")

    def advance(self) -> None:
        """Write the rows of all cells up to the first that is not finished."""
        while self._next < len(self._rows.names) and self._rows.names[self._next] in self._rows.journal:
            self._take(self._rows.of_cell(self._next))
            self._next += 1
        self._stream.flush()

    def close(self) -> None:
        """Write the rows of finished cells behind one that is not, too."""
        self.advance()
        for k in range(self._next, len(self._rows.names)):
            if self._rows.names[k] in self._rows.journal:
                self._take(self._rows.of_cell(k), k)
        self._stream.close()

    def _take(self, rows: list[Row], k: int = -1) -> None:
        columns = merged(self.columns, rows)
        if columns != self.columns:
            self.columns = columns
            self._begin(k if k >= 0 else self._next)
        self._write(rows)

    def _begin(self, end: int) -> None:
        """Write the head and the rows of cells before ``end``."""
        self._stream.seek(0)
        self._stream.truncate()
        write_table(self._stream, self.columns, ())
        for k in range(end):
            if self._rows.names[k] in self._rows.journal:
                self._write(self._rows.of_cell(k))

    def _write(self, rows: list[Row]) -> None:
        write_rows(self._stream, self.columns, rows)


def _word(value: Value | None) -> Cell:
    """A value of a varied key as a cell."""
    return value if value is None or isinstance(value, int | float | str) else value_word(value)
