"""The rows of finished cells, appended to a file as they come: a process that is killed loses none of them."""

import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from math import isfinite, isnan
from os import fsync
from pathlib import Path
from threading import Lock
from typing import IO, Any, NamedTuple

from errsurf.measures.rows import Cell
from errsurf.sweeps.computing import Rows

_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST = 1 << 64


class _Place(NamedTuple):
    """Where a line is in the file, and how many rows it holds."""

    start: int
    size: int
    rows: int


class Journal:
    """Rows by the names of cells, in a binary file for reading and writing: one line of JSON each.

    A last line that is torn, because the process that wrote it was killed, is taken off.  Only the places of lines are
    kept in memory; ``file`` is opened again to read rows once the journal is released.
    """

    def __init__(self, stream: IO[bytes], file: Path | None = None) -> None:
        self._stream, self._file = stream, file
        self._at: dict[str, _Place] = {}
        self._end, self._lock = 0, Lock()
        for line in self._lines():
            if (found := _read(line)) is not None:
                self._at[found[0]] = _Place(self._end, len(line), found[1])
            self._end += len(line)
        if stream.writable():
            stream.truncate(self._end)

    def __contains__(self, name: object) -> bool:
        """Whether a cell is finished."""
        return name in self._at

    def __len__(self) -> int:
        """How many cells are finished."""
        return len(self._at)

    def __iter__(self) -> Iterator[str]:
        """The names of finished cells, in the order in which they were finished."""
        return iter(self._at)

    def count(self, name: str) -> int:
        """How many rows a finished cell has; KeyError if it is not finished."""
        return self._at[name].rows

    def rows(self, name: str) -> Rows:
        """The rows of a finished cell; KeyError if it is not."""
        place = self._at[name]
        with self._lock, self._readable() as stream:
            stream.seek(place.start)
            kept = json.loads(stream.read(place.size))["rows"]
        return [{key: _cell(value) for key, value in row.items()} for row in kept]

    def add(self, name: str, rows: Rows) -> None:
        """Add a finished cell, in one piece."""
        kept = [{key: _kept(value) for key, value in row.items()} for row in rows]
        line = json.dumps({"cell": name, "rows": kept}, allow_nan=False)
        data = f"{line}\n".encode()
        with self._lock:
            self._stream.seek(self._end)
            self._stream.write(data)
            self._stream.flush()
            self._at[name] = _Place(self._end, len(data), len(rows))
            self._end += len(data)

    def release(self) -> None:
        """Write everything to the disk, and let others add cells; rows can still be read."""
        if self._stream.writable():
            with suppress(OSError):  # the disk is full, which was told
                fsync(self._stream.fileno())
        with suppress(OSError):
            self._stream.close()

    def _readable(self) -> AbstractContextManager[IO[bytes]]:
        """The file, to read from: opened again once it was released."""
        if self._stream.closed and self._file is not None:
            return self._file.open("rb")
        return nullcontext(self._stream)

    def _lines(self) -> Iterator[bytes]:
        """The whole lines of the file."""
        self._stream.seek(0)
        while (line := self._stream.readline()).endswith(b"\n"):
            yield line


def _kept(value: Cell) -> Cell | list[str]:
    """A value as JSON has it: nothing for NaN, and for an infinity a list with its text, which no text can be."""
    if not isinstance(value, float) or isfinite(value):
        return value
    return None if isnan(value) else [str(float(value))]


def _cell(kept: Cell | list[str]) -> Cell:
    """The value that is kept so."""
    return float(kept[0]) if isinstance(kept, list) else kept


def _read(line: bytes) -> tuple[str, int] | None:
    """The name of the cell whose rows a line holds, and their number; None if it holds none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    rows: Any = found.get("rows") if isinstance(found, dict) else None
    sound = isinstance(rows, list) and all(map(_is_row, rows))
    return (found["cell"], len(rows)) if sound and isinstance(found.get("cell"), str) else None


def _is_row(row: object) -> bool:
    return isinstance(row, dict) and all(map(_is_cell, (*row, *row.values())))


def _is_cell(value: object) -> bool:
    """Whether a value can stand in a table; half a surrogate pair is no text, and 10^400 is no number."""
    if isinstance(value, str):
        return _SURROGATE.search(value) is None
    if isinstance(value, int):
        return abs(value) < _MOST
    return value is None or isinstance(value, float) or value in (["inf"], ["-inf"])
