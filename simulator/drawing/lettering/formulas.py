"""Formulas between dollar signs, as matplotlib writes them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser

from simulator.drawing.colours import Pixels

_FORMULA = re.compile(r"(?<!\\)\$(?:\\.|[^$\\])+\$")


class Formula(NamedTuple):
    """A formula with its dollar signs in a size of type, its coverage and width in pixels, and rows above the base."""

    text: str
    size: float
    mask: Pixels
    width: float
    above: int


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """A text cut into plain parts and formulas with their dollar signs; a single dollar sign is plain."""
    at = 0
    for match in _FORMULA.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], False
        yield match.group(), True
        at = match.end()
    if at < len(text):
        yield text[at:], False


@lru_cache(maxsize=256)
def formula(text: str, size: int, height: int) -> Formula | str:
    """A formula in type of this size, smaller where it would be higher than ``height``; or what is wrong with it."""
    try:
        drawn = _drawn(text, size)
        part = 1.0
        while len(drawn.mask) > height:
            part *= 0.98 * height / len(drawn.mask)
            drawn = _drawn(text, size * part)
        return drawn
    except (ValueError, RuntimeError) as error:
        return str(error).strip().rpartition("\n")[2].partition("(")[0].removeprefix("ParseSyntaxException: ").strip()


def _drawn(text: str, size: float) -> Formula:
    found = MathTextParser("agg").parse(text, dpi=72, prop=FontProperties(size=size))
    image = np.asarray(found.image, dtype=np.uint8)
    rows = np.flatnonzero(image.any(axis=1))
    first, last = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 0)
    return Formula(text, size, image[first:last], float(found.width), len(image) - round(float(found.depth)) - first)
