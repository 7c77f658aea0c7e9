"""Numbers as people write them in tables: with a decimal point or comma, and with marks between thousands."""

import re
from collections.abc import Iterable
from math import nan
from typing import NamedTuple

_GROUPS = re.compile(r"[-+]?\d{1,3}(?:[ '\u00a0\u2009\u202f\u2019]\d{3})+(?![\d])")
"""Thousands between which stand blanks or apostrophes, which are no decimal marks."""
_BLANKS = re.compile(r"[ '\u00a0\u2009\u202f\u2019]")
_END = r"(?:[eE][-+]?\d+)?"
_ONE_MARK = r"[-+]?\d*{mark}\d*" + _END
_THOUSANDS = r"[-+]?[1-9]\d{{0,2}}(?:{other}\d{{3}}){least}"
OTHER = {",": ".", ".": ","}
WORDS = {",": "a decimal comma", ".": "a decimal point"}


class Cell(NamedTuple):
    """A cell, and the line and the column that it stands in."""

    text: str
    line: int
    column: str


class UnclearError(ValueError):
    """Numbers of which one cannot tell what they are; ``cell`` is one of them."""

    def __init__(self, cell: Cell, problem: str) -> None:
        self.cell = cell
        super().__init__(problem)


def plain(text: str) -> float:
    """The number that Python reads in a text; NaN if there is none."""
    try:
        return float(text)
    except ValueError:
        return nan


def marked(text: str, decimal: str) -> float:
    """The number of a text with this decimal mark, the other one between thousands; NaN if there is none."""
    number = _ungrouped(text)
    if re.search(r"[.,]", number) and decimal not in _decimals(text):
        return nan
    return plain(number.replace(OTHER[decimal], "").replace(decimal, "."))


def is_marked(text: str) -> bool:
    """Whether a text may be a number with marks that Python does not read."""
    return bool(_decimals(text))


def decimal_mark(cells: Iterable[Cell]) -> str:
    """The decimal mark of all of these numbers; raises UnclearError if they differ, or if it can be either."""
    certain: dict[str, Cell] = {}
    either: Cell | None = None
    for cell in cells:
        found = _decimals(cell.text)
        if len(found) == 1:
            certain.setdefault(found, cell)
        elif found and "," in cell.text:
            either = either or cell
    if len(certain) == 2:
        last, first = sorted(certain.values(), key=lambda cell: cell.line)[::-1]
        mark = next(mark for mark, cell in certain.items() if cell is last)
        other = f"`{first.text.strip()[:40]}` in line {first.line:,} has {WORDS[OTHER[mark]]}"
        raise UnclearError(last, f"has {WORDS[mark]}, and {other}; write all numbers in one way")
    if not certain and either is not None:
        one, two = (f"{marked(either.text, mark):g}" for mark in (",", "."))
        raise UnclearError(either, f"can be {one} or {two}; write one of them")
    return next(iter(certain), ".")


def _decimals(text: str) -> str:
    """The decimal marks that a number may have: one where it is certain, both where it is not; none of a text."""
    number = _ungrouped(text)
    if not re.search(r"[.,]", number):
        return ".," if number != text.strip() and re.fullmatch(r"[-+]?\d+" + _END, number) else ""
    return "".join(mark for mark in ".," if _may_be(number, mark))


def _may_be(number: str, decimal: str) -> bool:
    """Whether a number may have this decimal mark: at most one of them, and the other one between thousands only."""
    mark, other = re.escape(decimal), re.escape(OTHER[decimal])
    if OTHER[decimal] not in number:
        return bool(re.fullmatch(_ONE_MARK.format(mark=mark), number)) and bool(re.search(r"\d", number))
    thousands = _THOUSANDS.format(other=other, least="+")
    return bool(re.fullmatch(rf"{thousands}(?:{mark}\d*)?{_END}", number))


def _ungrouped(text: str) -> str:
    """A number without blanks and apostrophes between its thousands."""
    number = text.strip()[:400]
    found = _GROUPS.match(number)
    return _BLANKS.sub("", found.group()) + number[found.end() :] if found else number
