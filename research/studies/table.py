"""The numbers of a sweep that a study needs, as a small CSV file."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def read_rows(file: Path) -> list[Row]:
    """The rows of a CSV file, numbers as numbers."""
    with file.open(encoding="utf-8", newline="") as stream:
        return [{key: _number(text) for key, text in row.items()} for row in csv.DictReader(stream)]


def write_rows(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """A CSV file of rows with the same columns."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def distinct(rows: Iterable[Row], key: str) -> list[Any]:
    """The different values of a column, in order."""
    return list(dict.fromkeys(row[key] for row in rows))


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table, the first column of which is text."""
    line = ["---", *("--:" for _ in heads[1:])]
    return [f"| {' | '.join(cells)} |" for cells in (heads, line, *rows)]


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
