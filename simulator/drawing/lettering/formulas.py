"""Formulas between dollar signs, as matplotlib writes them; one function says which of them it can."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from errsurf.drawing.colours import Pixels
from errsurf.drawing.matplotlib_defaults import matplotlib_defaults

if TYPE_CHECKING:
    from matplotlib.path import Path

_FORMULA = re.compile(r"(?<!\\)\$(?:\\.|[^$\\])+\$")
_BRACKETS = re.compile(r"\\(?:left|right)(?![A-Za-z])|(?<!\\)[{}]")
# Deeper ones end in a RecursionError of pyparsing; larger ones are no text any more.
_DEEPEST = 8
_WIDEST, _HIGHEST = 400.0, 20.0
_TRIED, _MAX_TRIES = 16.0, 8


class Formula(NamedTuple):
    """A formula with its dollar signs in a size of type, its coverage and width in pixels, and rows above the base."""

    text: str
    size: float
    mask: Pixels
    width: float
    above: int


class Outline(NamedTuple):
    """A formula's letters as one path, y upwards from the base line, and how far it takes the line on."""

    path: "Path"
    width: float


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """A text cut into plain parts and formulas with their dollar signs.

    A single dollar sign is plain, and so is a formula that cannot be drawn.
    """
    at = 0
    for match in _FORMULA.finditer(text):
        if formula_fault(match.group()):
            continue
        if match.start() > at:
            yield text[at : match.start()], False
        yield match.group(), True
        at = match.end()
    if at < len(text):
        yield text[at:], False


def faulty(text: str) -> Iterator[tuple[str, str]]:
    """What stands between dollar signs and is no formula that can be drawn, each with the reason."""
    for match in _FORMULA.finditer(text):
        if wrong := formula_fault(match.group()):
            yield match.group(), wrong


@lru_cache(maxsize=1024)
def formula_fault(text: str) -> str:
    """Why a formula with its dollar signs cannot be drawn, empty if it can; work and memory are bounded."""
    if _depth(text) > _DEEPEST:
        return f"more than {_DEEPEST} brackets in each other"
    try:
        if not _is_bounded(text):
            return f"larger than {_WIDEST:g} x {_HIGHEST:g} letters"
        _drawn(text, _TRIED)
        outline(text, _TRIED)
    except Exception as error:  # whatever matplotlib and pyparsing run into
        return _reason(error)
    return ""


@lru_cache(maxsize=256)
def formula(text: str, size: int, height: int) -> Formula | None:
    """A formula in type of this size, smaller where it would be higher than ``height``; None if it cannot be drawn."""
    part = 1.0
    with suppress(Exception):  # matplotlib may fail in one size alone
        for _ in range(0 if formula_fault(text) else _MAX_TRIES):
            drawn = _drawn(text, size * part)
            if len(drawn.mask) <= height:
                return drawn
            part *= 0.98 * height / len(drawn.mask)
    return None


@matplotlib_defaults()
def outline(text: str, size: float) -> Outline:
    """A formula as a path, in type of this size."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.textpath import text_to_path

    scale = size / text_to_path.FONT_SCALE
    corners, codes = text_to_path.get_text_path(FontProperties(), text, ismath=True)
    width, *_ = text_to_path.get_text_width_height_descent(text, FontProperties(size=size), ismath=True)
    path = Path(np.asarray(corners) * scale, codes) if len(codes) else Path(np.empty((0, 2)))
    return Outline(path, float(width))


@matplotlib_defaults()
def _drawn(text: str, size: float) -> Formula:
    blank = _parsed("path", text, size)
    if not blank.glyphs and not blank.rects:
        return Formula(text, size, np.zeros((0, ceil(blank.width)), np.uint8), float(blank.width), 0)
    found = _parsed("agg", text, size)
    image = np.asarray(found.image, dtype=np.uint8)
    rows = np.flatnonzero(image.any(axis=1))
    first, last = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 0)
    return Formula(text, size, image[first:last], float(found.width), len(image) - round(float(found.depth)) - first)


def _parsed(output: Literal["path", "agg"], text: str, size: float) -> Any:
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    return MathTextParser(output).parse(text, dpi=72, prop=FontProperties(size=size))


def _depth(text: str) -> int:
    """How many brackets stand in each other at most."""
    depth = deepest = 0
    for sign in _BRACKETS.findall(text):
        depth += 1 if sign in ("{", "\\left") else -1
        deepest = max(deepest, depth)
    return deepest


@matplotlib_defaults()
def _is_bounded(text: str) -> bool:
    """Whether all glyphs and lines lie within so many sizes of type: it is laid out without pixels to see that."""
    found = _parsed("path", text, _TRIED)
    corners = [(x + part, y + part) for _, size, *_, x, y in found.glyphs for part in (-size, size)]
    corners += [corner for x, y, width, height in found.rects for corner in ((x, y), (x + width, y + height))]
    across, up = np.array([*corners, (0, 0), (found.width, found.height)], dtype=float).T
    return bool(found.width >= 0 and np.ptp(across) <= _WIDEST * _TRIED and np.ptp(up) <= _HIGHEST * _TRIED)


def _reason(error: Exception) -> str:
    """The last line of a message, without the name of the parser's own error."""
    said = str(error).strip().rpartition("\n")[2].partition("(")[0]
    words = re.sub(r"^Parse\w*Exception: ", "", said).strip()
    return words if words and isinstance(error, ValueError) else f"matplotlib fails with {type(error).__name__}"
