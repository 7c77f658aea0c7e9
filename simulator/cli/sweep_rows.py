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

STATISTIC = "train_loss"
NO_BREAK = "\N{NO-BREAK SPACE}"


def show_best(sweep: "Sweep") -> None:
    """Print a row for each group: the settings with the lowest training loss at the end, and the loss."""
    best = _best(sweep.over_seeds())
    several = len(sweep.seeds) > 1
    ends = ("_seeds_low", "_seeds_high") if several else ("_low", "_high")
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    names = short_names([axis.key for axis in sweep.axes])
    for head in ("group", *names, "train loss", f"95% over {'seeds' if several else 'particles'}"):
        table.add_column(head, justify="left" if head == "group" else "right", overflow="fold")
    for row in best.values():
        low, high = (_number(row.get(STATISTIC + end)) for end in ends)
        settings = (_number(row.get(axis.key)) for axis in sweep.axes)
        interval = f"{low} to {high}".replace(" ", NO_BREAK) if several or row.get(f"{STATISTIC}_n") != 1 else ""
        table.add_row(str(row["group"]), *settings, _number(row[STATISTIC]), interval)
    if not best:
        echo("no group has a training loss: every particle diverged")
        return
    echo("lowest training loss of each group")
    PlainConsole().print(table)


def short_names(keys: Sequence[str]) -> list[str]:
    """The last parts of keys, where these differ."""
    short = [key.rpartition(".")[2] for key in keys]
    return short if len(set(short)) == len(short) else list(keys)


def _best(rows: "list[Row]") -> "dict[Cell, Row]":
    """The row of each group with the lowest loss."""
    found: dict[Cell, Row] = {}
    for row in rows:
        if _loss(row) < _loss(found.get(row["group"], {})):
            found[row["group"]] = row
    return found


def _loss(row: "Row") -> float:
    value = row.get(STATISTIC)
    return value if isinstance(value, float) else inf


def _number(value: Cell) -> str:
    return number_text(value) if isinstance(value, float) else "" if value is None else value_word(value)
