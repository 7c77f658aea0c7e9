"""A table for a terminal: the share of starts that end in each basin, with an explanation."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from errsurf.cli.console import PlainConsole
from errsurf.cli.terminal import echo
from errsurf.run_analysis.basin_map import DIVERGED, NO_MINIMUM, Array, BasinMap, GroupBasins, mean_interval
from errsurf.system.numbers import number_text
from errsurf.system.text import printable
from errsurf.words import said

OFF_TERMINAL = 100
MAX_LABEL = 24
CELL = 9
ABOUT = "share of the starts that end in each basin, by gradient flow from the position after the last update"
SPREAD = "±: 95% interval of the mean over seeds (Student's t)"


def show_areas(found: BasinMap) -> None:
    """Print the share of starts that lead to each minimum, to none, and to infinity, one row for each group."""
    console, told = PlainConsole(), partial(said, language=found.scenario.language)
    if not console.is_terminal:
        console = PlainConsole(width=OFF_TERMINAL)
    label = min(max(cell_len(printable(group.label)) for group in found.groups), MAX_LABEL)
    columns = _columns(found, console.width - label - 7)
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1, 0, 0))
    table.add_column(told("group"), style="bold", width=max(label, 5), overflow="fold")
    table.add_column(told("seeds"), justify="right", min_width=5)
    for head, _ in columns:
        table.add_column(told(head), justify="right", no_wrap=True, min_width=CELL - 1)
    for group in found.groups:
        table.add_row(Text(printable(group.label)), str(len(group.ends)), *(_cell(group, ends) for _, ends in columns))
    console.print(table, crop=False, width=max(console.width, console.measure(table).maximum))
    echo(told(ABOUT))
    if any(len(group.ends) > 1 for group in found.groups):
        echo(told(SPREAD))
    alone = sum(len(ends) == 1 and ends[0] >= 0 for _, ends in columns)
    for name, m, lowest in zip(found.names[:alone], found.minima, found.lowest, strict=False):
        what = f"{m.word}, its middle" if m.is_floor else f"{'the lowest ' if lowest else ''}{m.word}"
        x, y, loss, sharpness = map(number_text, (m.x, m.y, m.loss, m.sharpness))
        echo(told(f"{name}: {what} at ({x}, {y}), training loss {loss}, sharpness {sharpness}"))


def _columns(found: BasinMap, room: int) -> list[tuple[str, Sequence[int]]]:
    """Heading and ends of each column: as many minima as fit, the others together, and other ends that occur."""
    last = [
        (head, [end])
        for head, end in (("no\nminimum", NO_MINIMUM), ("diver-\nged", DIVERGED))
        if any((group.ends == end).any() for group in found.groups)
    ]
    fit, count = max(1, room // CELL - len(last)), len(found.minima)
    alone = count if count <= fit else fit - 1
    columns: list[tuple[str, Sequence[int]]] = [(found.names[k], [k]) for k in range(alone)]
    if count > alone:
        columns.append((f"{count - alone} {'other' * (alone > 0)}\nminima", range(alone, count)))
    return [*columns, *last]


def _cell(group: GroupBasins, ends: Sequence[int]) -> Text:
    """The mean share, and its uncertainty below."""
    shares: Array = np.sum([group.area(end) for end in ends], axis=0)
    cell = Text(f"{shares.mean():.1%}")
    return cell.append(f"\n± {mean_interval(shares):.2%}", style="dim") if len(shares) > 1 else cell
