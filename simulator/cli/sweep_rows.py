"""What a finished sweep prints: the best combination of settings for each group."""

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING

from rich.table import Table

from errsurf.cli.console import PlainConsole
from errsurf.cli.terminal import echo
from errsurf.measures.rows import Cell
from errsurf.settings.value_lists import value_word
from errsurf.system.numbers import number_text

if TYPE_CHECKING:
    from errsurf.sweeps.sweep import Sweep
    from errsurf.sweeps.table import Row

LOSS = "train_loss"
NO_BREAK = "\N{NO-BREAK SPACE}"


def show_best(sweep: "Sweep") -> None:
    """Print, for the training loss at the end and the scenario's first measure, the settings with the lowest number."""
    rows = sweep.over_seeds()
    _show_lowest(sweep, rows, LOSS, "training loss")
    for column in sweep.measures[:1]:
        _show_lowest(sweep, rows, column, column)


def _show_lowest(sweep: "Sweep", rows: "list[Row]", column: str, name: str) -> None:
    """Print a row for each group: the settings with the lowest number in a column, and the number."""
    best = _best(rows, column)
    several = len(sweep.seeds) > 1
    ends = ("_seeds_low", "_seeds_high") if several else ("_low", "_high")
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    names = short_names([axis.key for axis in sweep.axes])
    for head in (
        "group",
        *names,
        "train loss" if column == LOSS else "number",
        f"95% over {'seeds' if several else 'particles'}",
    ):
        table.add_column(head, justify="left" if head == "group" else "right", overflow="fold")
    for row in best.values():
        low, high = (_number(row.get(column + end)) for end in ends)
        settings = (_number(row.get(axis.key)) for axis in sweep.axes)
        interval = _interval(low, high) if several or row.get(f"{column}_n") != 1 else ""
        table.add_row(str(row["group"]), *settings, _number(row[column]), interval)
    if not best:
        echo(f"no group has a {name}: every particle diverged" if column == LOSS else f"{name}: none is finite")
        return
    echo(f"lowest {name} of each group")
    PlainConsole().print(table)


def _interval(low: str, high: str) -> str:
    """What is known of an interval, the ends of which are empty where they are not."""
    if low and high:
        words = f"{low} to {high}"
    else:
        words = f"{low} or more" if low else f"up to {high}" if high else "no interval"
    return words.replace(" ", NO_BREAK)


def short_names(keys: Sequence[str]) -> list[str]:
    """The last parts of keys, where these differ."""
    short = [key.rpartition(".")[2] for key in keys]
    return short if len(set(short)) == len(short) else list(keys)


def _best(rows: "list[Row]", column: str) -> "dict[Cell, Row]":
    """The row of each group with the lowest number in a column."""
    groups = dict.fromkeys(row["group"] for row in rows)
    best = {name: min((r for r in rows if r["group"] == name), key=lambda r: _finite(r, column)) for name in groups}
    return {name: row for name, row in best.items() if _finite(row, column) < inf}


def _finite(row: "Row", column: str) -> float:
    value = row.get(column)
    return float(value) if isinstance(value, int | float) else inf


def _number(value: Cell) -> str:
    return number_text(value) if isinstance(value, float) else "" if value is None else value_word(value)
