"""Columns of numbers, one number an example: drawn from a distribution, read from a CSV file, or all the same."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import islice
from keyword import iskeyword
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np

from errsurf.errors import DataFileError, FormulaError, FormulaFault, SettingsError, SettingsFault
from errsurf.surfaces.formulas.numbers import number, worked_out
from errsurf.surfaces.formulas.reading import ANY, CONSTANTS, FUNCTIONS, Tree, formula_tree
from errsurf.surfaces.shared.examples import Example as GenericExample
from errsurf.surfaces.shared.record import Array, Draw
from errsurf.surfaces.shared.table import Csv, csv_columns

MAX_COLUMNS = 16
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}", re.ASCII)
TAKEN = ("x", "y", *CONSTANTS, *FUNCTIONS, *GenericExample._fields)


class CsvColumn(NamedTuple):
    """One column of a CSV file, ``file.csv:column`` in a scenario."""

    file: Csv
    column: str

    def __str__(self) -> str:
        return f"{self.file}:{self.column}"


Column: TypeAlias = float | str | CsvColumn


class Columns(dict[str, Column]):
    """Columns by their names: a number, the text of a distribution, or a column of a CSV file."""


class Distribution(NamedTuple):
    """Numbers for ``count`` examples: ``drawn(draw, count, *arguments)``, if ``holds(*arguments)``."""

    arguments: int
    usage: str
    holds: Callable[..., bool]
    allowed: str
    drawn: Callable[..., Array]


DISTRIBUTIONS = {
    "normal": Distribution(
        2,
        "normal(mean, sd)",
        lambda _mean, sd: sd >= 0,
        "sd of at least 0",
        lambda draw, count, mean, sd: mean + sd * draw.normal(count),
    ),
    "uniform": Distribution(
        2,
        "uniform(low, high)",
        lambda low, high: low < high,
        "low below high",
        lambda draw, count, low, high: low + (high - low) * draw.uniform(count),
    ),
    "lognormal": Distribution(
        2,
        "lognormal(mean, sd)",
        lambda mean, sd: abs(mean) <= 20 and 0 <= sd <= 5,
        "mean of the logarithms from -20 to 20, their sd from 0 to 5",
        lambda draw, count, mean, sd: np.exp(mean + sd * draw.normal(count)),
    ),
    "exponential": Distribution(
        1,
        "exponential(mean)",
        lambda mean: mean > 0,
        "mean above 0",
        lambda draw, count, mean: -mean * np.log1p(-draw.uniform(count)),
    ),
    "choice": Distribution(
        ANY,
        "choice(a, b, ...)",
        lambda *_values: True,
        "any numbers",
        lambda draw, count, *values: np.array(values)[(draw.uniform(count) * len(values)).astype(int)],
    ),
    "linspace": Distribution(
        2,
        "linspace(low, high)",
        lambda _low, _high: True,
        "any numbers",
        lambda _draw, count, low, high: np.linspace(low, high, count),
    ),
}
USAGE = "a number, " + ", ".join(each.usage for each in DISTRIBUTIONS.values()) + ' or "file.csv:column"'


def column_faults(columns: Columns) -> list[SettingsFault]:
    """What is wrong with the names and the distributions of columns; data files are not opened."""
    faults = []
    if len(columns) > MAX_COLUMNS:
        faults.append(SettingsFault("columns", f"{len(columns)} columns", allowed=f"up to {MAX_COLUMNS}"))
    for name, column in islice(columns.items(), MAX_COLUMNS):
        if not usable(name):
            allowed = f"a letter, then letters, digits and _, up to 32 characters, and none of {', '.join(TAKEN)}"
            faults.append(SettingsFault(f"columns.{name}", "cannot be the name of a column", allowed=allowed))
        if isinstance(column, str):
            faults += _distribution_faults(f"columns.{name}", column)
    return faults


def usable(name: str) -> bool:
    """Whether a column may have this name."""
    return bool(NAME.fullmatch(name)) and name not in TAKEN and not iskeyword(name)


def column_table(columns: Columns, count: int, draw: Draw) -> Array:
    """The columns' numbers, shape (examples, columns): the rows of the data files, or ``count`` without any.

    Raises SettingsError for data files that cannot be used or are not of the same length.
    """
    faults: list[SettingsFault] = []
    read = _read({name: column for name, column in columns.items() if isinstance(column, CsvColumn)}, faults)
    lengths = {name: len(numbers) for name, numbers in read.items()}
    if not faults and len(set(lengths.values())) > 1:
        words = ", ".join(f"`{name}` has {length:,}" for name, length in lengths.items())
        faults.append(SettingsFault("columns", f"the files' columns differ in length: {words}", allowed="one length"))
    if faults:
        raise SettingsError(faults)
    count = next(iter(lengths.values()), count)
    table = np.empty((count, len(columns)))
    for k, (name, column) in enumerate(columns.items()):
        table[:, k] = read[name] if isinstance(column, CsvColumn) else drawn(column, count, draw)
    return table


def drawn(column: float | str, count: int, draw: Draw) -> Array:
    """Numbers of one column, shape (count,); raises FormulaError if the text is no distribution."""
    if not isinstance(column, str):
        return np.full(count, float(column))
    name, arguments = _distribution(column)
    return DISTRIBUTIONS[name].drawn(draw, count, *arguments) if name else np.full(count, arguments[0])


def _read(columns: dict[str, CsvColumn], faults: list[SettingsFault]) -> dict[str, Array]:
    """The columns that come from files; each file is read once, and only a faulty one again for each of its columns."""
    found: dict[str, Array] = {}
    for file in dict.fromkeys(column.file for column in columns.values()):
        mine = {name: column.column for name, column in columns.items() if column.file == file}
        try:
            found |= zip(mine, csv_columns(file, list(mine.values())).T, strict=True)
        except DataFileError as error:
            if len(mine) == 1:
                faults.append(SettingsFault(f"columns.{next(iter(mine))}", str(error).replace(file, Path(file).name)))
            else:
                for name in mine:
                    found |= _read({name: columns[name]}, faults)
    return found


def _distribution_faults(key: str, text: str) -> list[SettingsFault]:
    try:
        _distribution(text)
    except FormulaError as error:
        return [SettingsFault(key, *said(text, fault)) for fault in error.faults]
    return []


# What is kept is taken as it is by portable formulas: numbers worked out in a text are those of this machine's library.
@lru_cache(256)
def _distribution(text: str) -> tuple[str, tuple[float, ...]]:
    """Name and arguments of a distribution; no name stands for one number."""
    tree = formula_tree(text, (), {name: each.arguments for name, each in DISTRIBUTIONS.items()})
    parts = tree.parts if tree.kind == "call" else (tree,)
    if inner := next((call for part in parts for call in _calls(part)), None):
        raise FormulaError(
            [FormulaFault(inner.at, "a distribution must stand alone, with numbers as arguments", USAGE)]
        )
    arguments = tuple(number(worked_out(part)) or 0.0 for part in parts)
    known = DISTRIBUTIONS.get(tree.name)
    if known and not known.holds(*arguments):
        raise FormulaError([FormulaFault(tree.at, f"{known.usage} with invalid numbers", known.allowed)])
    return tree.name, arguments


def _calls(tree: Tree) -> Sequence[Tree]:
    here = [tree] if tree.kind == "call" else []
    return [*here, *(call for part in tree.parts for call in _calls(part))]


def said(text: str, fault: FormulaFault) -> tuple[str, str, str, str]:
    """Problem, given, allowed and nearest name of a fault in a text, with its line and column."""
    before = text[: fault.at]
    line, column = before.count("\n") + 1, fault.at - (before.rfind("\n") + 1) + 1
    place = f"line {line}, column {column}" if "\n" in text.strip() else f"column {column}"
    first = max(0, min(fault.at - 20, len(text) - 50))
    part = text[first : first + 50]
    shown = f"{'...' if first else ''}{part}{'...' if first + 50 < len(text) else ''}"
    shown = re.sub(r"\s", " ", shown)
    return f"{place}: {fault.problem}", f'"{shown}"', fault.allowed, fault.nearest
