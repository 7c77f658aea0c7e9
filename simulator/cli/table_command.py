"""Put the numbers of several result folders side by side, one row a group.

Settings in which the runs differ are columns, too.  Each number has its 95% interval over particles.  A sweep,
finished or not, has a row for each cell and group, and with --over-seeds one for each combination of settings and
group: means over seeds, of times medians, with 95% intervals over seeds, which in the CSV end in _seeds_low and
_seeds_high.

\b
Examples:
  errsurf table results/mine results/other
  errsurf table results/mine --columns train_loss,share_diverged
  errsurf table lab --over-seeds --csv
"""

import io
import os
import sys
from collections.abc import Mapping, Sequence
from math import nan
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from errsurf.cli.options import folder_options
from errsurf.cli.terminal import complain, echo, echo_exactly
from errsurf.errors import UserError

if TYPE_CHECKING:
    from errsurf.measures.rows import Cell

USUAL = ("train_loss", "test_loss", "sharpness", "share_diverged")
NEVER_SHOWN = ("cell", "examples_seen", "diverged")
HEADS = 2
"""Columns that begin every part of a table that is cut: the run and the group."""


@click.command("table", help=__doc__)
@folder_options
@click.argument("result", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--columns", metavar="A,B,...", help="Numbers to show in place of the usual ones; --csv names them all.")
@click.option("--over-seeds", "means", is_flag=True, help="Of a sweep: means over the seeds of each combination.")
@click.option("--csv", "as_csv", is_flag=True, help="Print every column as CSV, with all digits.")
@click.option("--json", "as_json", is_flag=True, help="Print every column as JSON, with all digits.")
def command(result: tuple[Path, ...], columns: str | None, means: bool, as_csv: bool, as_json: bool) -> None:
    """Open all folders before anything is printed."""
    from errsurf.system.json_text import json_text

    rows = _rows(result, over_seeds=means)
    if as_json:
        echo_exactly(json_text(rows))
    elif as_csv:
        echo(*_csv(rows).split("\n"))
    else:
        echo(*_lines(rows, _chosen(rows, columns)))


def _rows(folders: Sequence[Path], *, over_seeds: bool) -> "Sequence[Mapping[str, Cell]]":
    """The rows of runs, or those of sweeps."""
    from errsurf.cli.source import opened_result
    from errsurf.results.side_by_side import side_by_side
    from errsurf.sweeps.store import SWEEP

    runs = [folder for folder in folders if not (folder / SWEEP).is_file()]
    if runs and (over_seeds or len(runs) < len(folders)):
        raise UserError(f"{runs[0]}: no folder of a sweep; runs and sweeps have tables of their own")
    if runs:
        return side_by_side({folder: opened_result(folder) for folder in folders})
    found = [row for folder in folders for row in _rows_of_sweep(folder, over_seeds=over_seeds)]
    every = dict.fromkeys(key for row in found for key in row)
    return [{key: row.get(key) for key in every} for row in found]


def _rows_of_sweep(folder: Path, *, over_seeds: bool) -> "list[dict[str, Cell]]":
    """The rows of a sweep, below its folder; that it is not finished is said."""
    from errsurf.sweeps.sweeping import open_sweep

    found = open_sweep(folder)
    if not found.complete:
        complain(f"{folder}: unfinished; {found.finished:,} of {found.cells:,} cells are computed")
    if not (rows := found.over_seeds() if over_seeds else list(found.rows)):
        raise UserError(f"{folder}: no cell is finished yet")
    return [{"run": str(folder), **row} for row in rows]


def _csv(rows: "Sequence[Mapping[str, Cell]]") -> str:
    from errsurf.system.spreadsheet import write_table

    stream = io.StringIO()
    write_table(stream, list(rows[0]), rows, end="\n")
    return stream.getvalue().rstrip("\n")


def _chosen(rows: "Sequence[Mapping[str, Cell]]", columns: str | None) -> list[str]:
    """The columns that are shown: those that say what a row is, and numbers."""
    from errsurf.measures.rows import heads_of, measures_among
    from errsurf.settings.value_lists import split_at_commas

    every = list(rows[0])
    heads = [key for key in heads_of(every) if key not in NEVER_SHOWN and len({row[key] for row in rows}) > 1]
    heads = [key for key in heads if not _said_already(rows, key, heads)]
    if columns is None:
        wanted = [*measures_among(every), *(key for key in USUAL if key in every)]
    else:
        wanted = [_column(name, every) for name in split_at_commas(columns)]
    return [*dict.fromkeys(["run", "group", *heads, *wanted])]


def _said_already(rows: "Sequence[Mapping[str, Cell]]", key: str, heads: Sequence[str]) -> bool:
    """Whether a varied key has the same values as a setting: ``optimizer.lr`` those of ``lr``."""
    longer = [other for other in heads if other.endswith(f".{key}")]
    return any(all(str(row[key]) == str(row[other]) for row in rows) for other in longer)


def _column(given: str, every: Sequence[str]) -> str:
    """A column by its name, or by that of its statistic alone where no other has it."""
    from errsurf.records.names import listed, nearest

    name = given.strip()
    alike = [name] if name in every else [key for key in every if key.startswith(f"{name}(") and f"{key}_n" in every]
    if len(alike) == 1:
        return alike[0]
    near = nearest(name, [key for key in every if key != name])
    hint = f"; did you mean `{near}`?" if near and not alike else ""
    which = f"several such columns: {listed(alike)}" if alike else f"no such column; there are {listed(every)}"
    raise UserError(f"--columns {name}: {which}{hint}")


def _lines(rows: "Sequence[Mapping[str, Cell]]", columns: Sequence[str]) -> list[str]:
    """The table as text, every column as wide as its longest cell; what a terminal has no room for stands below."""
    from errsurf.system.text import printable

    cells = [[printable(key) for key in columns], *([_text(row, key) for key in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    parts = [[*range(HEADS), *part] for part in _parts(widths, _room())]
    return [line for part in parts for line in _part(cells, widths, part, last=part == parts[-1])]


def _part(cells: Sequence[Sequence[str]], widths: Sequence[int], part: Sequence[int], *, last: bool) -> list[str]:
    """The lines of some columns, and an empty one if others follow."""
    lines = ["  ".join(f"{line[k]:{widths[k]}}" for k in part).rstrip() for line in cells]
    return lines if last else [*lines, ""]


def _parts(widths: Sequence[int], room: int) -> list[list[int]]:
    """The columns after the first ones, cut so that each part has room beside those; at least one a part."""
    parts: list[list[int]] = [[]]
    left = room
    for k in range(HEADS, len(widths)):
        if parts[-1] and left < widths[k] + 2:
            parts.append([])
        if not parts[-1]:
            left = room - sum(width + 2 for width in widths[:HEADS]) + 2
        parts[-1].append(k)
        left -= widths[k] + 2
    return parts


def _room() -> int:
    """Letters in a line of the terminal; without end where the table goes into a file."""
    if not (sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal()):
        return sys.maxsize
    return get_terminal_size().columns


def _text(row: "Mapping[str, Cell]", key: str) -> str:
    """A cell, a number with its interval where it has one."""
    from errsurf.claims.wording import estimate_text
    from errsurf.measures.intervals import Estimate
    from errsurf.system.numbers import came_text, number_text
    from errsurf.system.text import printable

    value = row[key]
    if f"{key}_low" in row:
        over = "_seeds" if f"{key}_seeds_low" in row else ""
        ends = ("", f"{over}_low", f"{over}_high")
        came, seeds = int(_number(row.get(f"{key}_seeds_n") or 0)), int(_number(row.get("seeds") or 0))
        return estimate_text(
            Estimate(*(_number(row[f"{key}{end}"]) for end in ends)), came_text(came, seeds), "infinite"
        )
    return number_text(value) if isinstance(value, float) else printable("" if value is None else str(value))


def _number(value: "Cell") -> float:
    return float(value) if isinstance(value, int | float) else nan
