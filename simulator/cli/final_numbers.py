"""The final numbers as tables for a terminal of any width, and where particles ended."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from errsurf.analysis import Range
from errsurf.cli.console import PlainConsole
from errsurf.drawing.history.clock import clock_of
from errsurf.drawing.scene import ends_on_map
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.measured import ends_beyond
from errsurf.system.numbers import number_text, share_text
from errsurf.system.text import printable
from errsurf.words import said

Array = NDArray[np.float64]

LABEL_LINES = 3
LEAST_LABEL = 6
NARROWEST = 60
GAP = 1


class Column(NamedTuple):
    """A heading and one cell for each group, of up to three lines."""

    head: str
    cells: tuple[str, ...]

    @property
    def width(self) -> int:
        """Width of the column in characters, with the gap after it."""
        return GAP + max(cell_len(line) for text in (self.head, *self.cells) for line in text.split("\n"))

    def told(self, language: str) -> "Column":
        """The same in a language."""
        cells = ("\n".join(said(line, language) for line in cell.split("\n")) for cell in self.cells)
        return Column(said(self.head, language), tuple(cells))


def tables(findings: Findings, width: int, labels: Sequence[str], language: str) -> list[Table]:
    """All numbers in one table if it fits the terminal's width, else those of the ends in a second one.

    ``labels`` are what groups are called; heads are in a ``language``.
    """
    labels = [printable(label) for label in labels]
    found, names = findings.statistics, findings.names
    width = max(width, NARROWEST)
    numbers = [column.told(language) for column in _numbers(findings)]
    sharpness = _column("sharp-\nness", [number_text(each.sharpness, 3) for each in found]).told(language)
    counts = ends_on_map(findings)
    parts, total = counts / counts.sum(axis=1, keepdims=True), len(names.order)
    heads = (f"at\n{names.parts[total]}", "on the\nway", "outside\nthe map")
    rest = [_share(head, parts[:, total + k]) for k, head in enumerate(heads) if k == 1 or counts[:, total + k].any()]
    beyond = [ends_beyond(findings.landscape, group) / len(group.diverged) for group in findings.result.groups]
    if any(beyond):
        rest.append(_share("beyond\nthe data", np.array(beyond)))
    rest.append(_column("diver-\nged", [f"{each.diverged:,}" for each in found]))
    rest = [column.told(language) for column in rest]
    points = [findings.critical[k] for k in names.order]
    shares = [
        _share(f"at {_broken(names.short[k])}\n({m.x:z.2f},\n{m.y:z.2f})", parts[:, place]).told(language)
        for place, (k, m) in enumerate(zip(names.order, points, strict=True))
    ]
    group = said("group", language)
    whole = [*numbers, *shares, *rest, sharpness]
    if _room(whole, width) >= _label_width(labels, width):
        return [_table(group, labels, whole, width)]
    room = _room(rest, width) - _label_width(labels, width)
    return [
        _table(group, labels, [*numbers, sharpness], width),
        _table(group, labels, [*_fitting(shares, parts[:, :total], room, language), *rest], width),
    ]


def _broken(name: str) -> str:
    """A name, in two lines if it is long."""
    return name.replace("non-smooth ", "non-smooth\n")


def _numbers(findings: Findings) -> Iterator[Column]:
    found = findings.statistics
    counts = clock_of("examples", (group.kind for group in findings.result.groups), 1).noun
    yield _column("updates", [f"{each.updates:,}" for each in found])
    yield _column(f"{counts}s".replace(" ", "\n"), [f"{each.examples_seen:,}" for each in found])
    yield _column("training\nloss\n5%, 95%", [_range(each.train_loss) for each in found])
    yield _column("test\nloss\n5%, 95%", [_range(each.test_loss) for each in found])


def _fitting(shares: list[Column], parts: Array, room: int, language: str) -> list[Column]:
    """The columns of the minima at which most particles ended, as many as fit, and one for the other minima."""
    if sum(column.width for column in shares) <= room:
        return shares
    kept: list[int] = []
    for k in np.argsort(-parts.sum(axis=0), kind="stable").tolist():
        if sum(shares[j].width for j in (*kept, k)) + _others(parts, [*kept, k], language).width > room:
            break
        kept.append(k)
    return [*(shares[k] for k in sorted(kept)), _others(parts, kept, language)]


def _others(parts: Array, kept: Sequence[int], language: str) -> Column:
    """The column of all minima but those with a column of their own."""
    others = _share(f"{parts.shape[1] - len(kept)} other\nminima", np.delete(parts, kept, axis=1).sum(axis=1))
    return others.told(language)


def _table(group: str, labels: Sequence[str], columns: Sequence[Column], width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, GAP, 0, 0))
    longest = max(cell_len(group), *(cell_len(label) for label in labels))
    table.add_column(group, style="bold", width=min(longest, _room(columns, width)), overflow="fold")
    for column in columns:
        table.add_column(column.head, justify="right", no_wrap=True, min_width=column.width - GAP)
    for k, label in enumerate(labels):
        table.add_row(Text(label), *(_dimmed(column.cells[k]) for column in columns))
    return table


def _room(columns: Sequence[Column], width: int) -> int:
    """Width left for the labels, in characters."""
    return width - GAP - sum(column.width for column in columns)


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
    return next(fits, width // 2)


def _column(head: str, cells: Sequence[str]) -> Column:
    return Column(head, tuple(cells))


def _share(head: str, shares: Array) -> Column:
    return _column(head, [share_text(share, 1) for share in shares])


def _range(spread: Range) -> str:
    """The median, and below it the range of the middle 90%."""
    return "\n".join(number_text(value, 3) for value in (spread.median, spread.low, spread.high))


def _dimmed(cell: str) -> Text:
    """Emphasize the first line."""
    first, line, rest = cell.partition("\n")
    return Text(first).append(line + rest, style="dim")
