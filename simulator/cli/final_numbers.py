"""The final numbers as tables for a terminal of any width, and where particles are."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from errsurf.cli.console import PlainConsole
from errsurf.cli.final_columns import (
    Column,
    at_columns,
    coordinate_digits,
    coordinate_text,
    loss_columns,
    other_columns,
    other_minima,
    place_columns,
    shares_on_map,
)
from errsurf.drawing.scene import map_window
from errsurf.run_analysis.findings import Findings
from errsurf.system.text import printable
from errsurf.words import said

LABEL_LINES = 2
LEAST_LABEL = 6
MOST_POINTS = 12
NARROWEST = 50
"""Where a terminal is narrower, numbers stand below each other."""
GAP = 2


def points_line(findings: Findings, language: str) -> str:
    """Where the first minima are, in the order of their columns."""
    names, window = findings.names, map_window(findings)
    points = {k: (findings.critical[k].x, findings.critical[k].y) for k in names.order[:MOST_POINTS]}
    digits = [coordinate_digits(*pair) for pair in zip(window, zip(*points.values(), strict=True), strict=False)]
    places = {k: map(coordinate_text, point, digits) for k, point in points.items()}
    return "; ".join(said(f"{names.titles[k]} at ({', '.join(place)})", language) for k, place in places.items())


def tables(findings: Findings, width: int, labels: Sequence[str], language: str) -> list[Table | Text]:
    """All numbers in one table if it fits the terminal's width, else in several, those of the ends apart.

    ``labels`` are what groups are called; heads are in a ``language``.
    """
    labels = [printable(label) for label in labels]
    losses, places, shares, others = (
        [column.told(language) for column in columns(findings)]
        for columns in (loss_columns, place_columns, at_columns, other_columns)
    )
    if width < NARROWEST:
        return _lists(labels, [*losses, *places, *shares, *others])
    room = width - _label_width(labels, width)
    if _wide([*losses, *places, *shares, *others]) <= room:
        parts = [[*losses, *places, *shares, *others]]
    else:
        shares = _fitting(findings, shares, room - _wide(others), language)
        ends = [*places, *shares, *others]
        apart = [places, [*shares, *others]] if _wide(ends) > room else [ends]
        parts = [part for columns in (losses, *apart) for part in _balanced(columns, room)]
    return [_table(said("group", language), labels, part, width) for part in parts]


def _lists(labels: Sequence[str], columns: Sequence[Column]) -> list[Table | Text]:
    """One number a line, group by group."""
    return [Text("\n").join(_list(k, label, columns)) for k, label in enumerate(labels)]


def _list(k: int, label: str, columns: Sequence[Column]) -> Iterator[Text]:
    yield Text(label, style="bold")
    for column in columns:
        first, *more = column.cells[k].split("\n")
        head = column.head.split("\n")
        yield Text(f"  {' '.join(head[: len(head) - column.ranged])} {first}")
        yield from (Text(f"    {line}", style="dim") for line in more)


def _balanced(columns: Sequence[Column], room: int) -> list[list[Column]]:
    """The columns of as few tables as they need, about equally wide."""
    fewest = len(_parts(columns, room))
    fits = (parts for narrower in range(room) if len(parts := _parts(columns, narrower)) == fewest)
    return next(fits, _parts(columns, room))


def _parts(columns: Sequence[Column], room: int) -> list[list[Column]]:
    """The columns of each table, as many as fit, at least one."""
    parts: list[list[Column]] = [[]]
    for column in columns:
        if parts[-1] and _wide([*parts[-1], column]) > room:
            parts.append([])
        parts[-1].append(column)
    return parts


def _fitting(findings: Findings, shares: Sequence[Column], room: int, language: str) -> list[Column]:
    """The columns of the minima at which most particles ended, as many as fit, and one for the other minima."""
    if _wide(shares) <= room:
        return list(shares)
    parts = shares_on_map(findings)[:, : len(shares)]
    kept: list[int] = []

    def others(kept: Sequence[int]) -> Column:
        return other_minima(len(shares) - len(kept), np.delete(parts, kept, axis=1)).told(language)

    for k in np.argsort(-parts.sum(axis=0), kind="stable").tolist():
        if _wide([*(shares[j] for j in (*kept, k)), others([*kept, k])]) > room:
            break
        kept.append(k)
    return [*(shares[k] for k in sorted(kept)), others(kept)]


def _table(group: str, labels: Sequence[str], columns: Sequence[Column], width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, GAP, 0, 0))
    longest = max(cell_len(group), *(cell_len(each) for each in labels))
    table.add_column(group, style="bold", width=max(min(longest, width - _wide(columns)), 1), overflow="fold")
    for column in columns:
        table.add_column(column.head, justify="right", no_wrap=True, min_width=column.width)
    for k, each in enumerate(labels):
        table.add_row(Text(each), *(_dimmed(column.cells[k]) for column in columns))
    return table


def _wide(columns: Iterable[Column]) -> int:
    """Width of columns in characters, with the gaps before them."""
    return sum(GAP + column.width for column in columns)


def _label_width(labels: Sequence[str], width: int) -> int:
    """The least width at which every label takes the lines of its numbers and no more, its words whole if they can."""
    console = PlainConsole(width=width)
    words = (word for label in labels for word in label.split() if cell_len(word) == len(word))
    longest = max(map(len, words), default=0)
    fits = (
        room
        for room in range(min(max(LEAST_LABEL, longest), width // 3), width // 2)
        if all(len(Text(label).wrap(console, room)) <= LABEL_LINES for label in labels)
    )
    return next(fits, width // 3)


def _dimmed(cell: str) -> Text:
    """Emphasize the first line."""
    first, line, rest = cell.partition("\n")
    return Text(first).append(line + rest, style="dim")
