"""Tables that spreadsheets open."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_table(stream: IO[str], columns: Sequence[str], rows: Iterable[Mapping[str, Any]], end: str = "\r\n") -> None:
    """A line of column names and one for each row, as CSV."""
    csv.writer(stream, lineterminator=end).writerow(map(_safe, columns))
    write_rows(stream, columns, rows, end)


def write_rows(stream: IO[str], columns: Sequence[str], rows: Iterable[Mapping[str, Any]], end: str = "\r\n") -> None:
    """One line for each row, as CSV; what a row lacks is empty."""
    writer = csv.writer(stream, lineterminator=end)
    writer.writerows([_safe(row.get(key)) for key in columns] for row in rows)


def _safe(value: Any) -> Any:
    """An apostrophe before a text that a spreadsheet would take for a formula; numbers as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
