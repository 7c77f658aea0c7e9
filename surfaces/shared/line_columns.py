"""Which columns of a CSV file a line is fitted through: the first column of numbers to the last one."""

from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from errsurf.errors import DataFileError
from errsurf.records.names import cut
from errsurf.surfaces.shared.cells import is_marked, plain
from errsurf.surfaces.shared.points import scaling
from errsurf.surfaces.shared.record import Array
from errsurf.surfaces.shared.table import LONGEST, csv_columns, csv_header, csv_texts
from errsurf.system.numbers import counted, number_text


class LineColumns(NamedTuple):
    """The two columns, their numbers (rows, 2), and why others are left out."""

    input: str
    target: str
    values: Array
    left_out: dict[str, str]

    def told(self) -> Iterator[str]:
        """What was chosen and why, and what standardizing it does, in lines."""
        pair = (self.input, self.target)
        yield f"input {_name(pair[0])}, target {_name(pair[1])} (the last column of numbers), {_rows(self.values)}"
        yield from (f"{_name(column)} is left out: {why}" for column, why in self.left_out.items())
        for column, (mean, deviation) in zip(pair, scaling(self.values, (0, 1)).T, strict=True):
            yield f"{_name(column)} is standardized: {scaling_text(mean, deviation)}"


def scaling_text(mean: float, deviation: float) -> str:
    """By what a column is standardized."""
    return f"less its mean {number_text(mean)}, over its deviation {number_text(deviation)}"


def line_columns(file: Path) -> LineColumns:
    """The first and the last column of numbers.

    Raises DataFileError where one of them has a cell that is no number, where the header is one of numbers, and where
    there are not two.
    """
    header = [name for name in csv_header(file) if name]
    if header and all(map(_is_number, header)):
        raise DataFileError(
            f"{file}, line 1: numbers, {', '.join(map(_name, header[:3]))}; the first line must name the columns, "
            "such as input,target"
        )
    faults = {name: _fault(file, name) for name in dict.fromkeys(header)}
    mostly = [name for name, fault in faults.items() if not fault or _mostly_numbers(file, name)]
    if len(mostly) < 2:
        raise DataFileError(_too_few(file, faults, mostly))
    first, last = mostly[0], mostly[-1]
    for name in (first, last):
        if faults[name]:
            raise DataFileError(faults[name])
    others = {name: fault for name, fault in faults.items() if name not in (first, last)}
    left_out = {name: fault.removeprefix(f"{file}, ") or "a line has one input" for name, fault in others.items()}
    return LineColumns(first, last, csv_columns(file, (first, last)), left_out)


def _too_few(file: Path, faults: dict[str, str], mostly: list[str]) -> str:
    """Why there is no line through the columns."""
    fault = next(filter(None, faults.values()), "")
    if fault:
        return fault
    names = " and ".join(map(_name, mostly))
    return f"{file}: has one column, {names}; a line needs two, such as `input` and `target`"


def _fault(file: Path, column: str) -> str:
    """What is wrong with a column of numbers; empty if nothing is."""
    try:
        csv_columns(file, [column])
    except DataFileError as error:
        return str(error)
    return ""


def _mostly_numbers(file: Path, column: str) -> bool:
    texts = list(csv_texts(file, column))
    return 2 * sum(map(_is_number, texts)) >= len(texts) > 0


def _is_number(text: str) -> bool:
    return isfinite(plain(text)) or is_marked(text)


def _name(column: str) -> str:
    return f"`{cut(column, LONGEST)}`"


def _rows(values: Array) -> str:
    return counted(len(values), "row")
