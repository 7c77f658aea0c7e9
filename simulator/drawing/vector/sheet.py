"""A figure in pixels from its upper left corner, a hundred to the inch, as all other pictures are laid out."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Colour, Pixels
from errsurf.drawing.layout_parts import mark_place
from errsurf.drawing.lettering.fonts import Face
from errsurf.drawing.lettering.formulas import Formula
from errsurf.drawing.lettering.text import Type, ascent, line_height, pieces, text_width
from errsurf.drawing.look import Look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS = 0.72
"""Points of a pixel."""


class Sheet(NamedTuple):
    """A figure of ``size`` (width, height) in pixels."""

    figure: "Figure"
    size: tuple[int, int]


def sheet(size: tuple[int, int], paper: Colour) -> Sheet:
    """An empty figure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(size[0] / 100, size[1] / 100), dpi=100, facecolor=tone(paper))
    FigureCanvasAgg(figure)
    return Sheet(figure, size)


def axes(page: Sheet, box: Box) -> Any:
    """Axes that fill a box."""
    width, height = page.size
    place = (box.left / width, 1 - box.bottom / height, box.width / width, box.height / height)
    return page.figure.add_axes(place, facecolor="none")


def tone(colour: Colour | Pixels) -> tuple[float, float, float]:
    """A colour as matplotlib takes it."""
    red, green, blue = (float(part) / 255 for part in np.asarray(colour))
    return red, green, blue


def write(
    page: Sheet, text: str, left: float, top: float, kind: Type, colour: Colour, halo: Colour | None = None
) -> None:
    """Put one line of text, its top left corner at (left, top), with a rim below it if asked.

    The rim is outlines of letters; the text over it is text.
    """
    from matplotlib.patheffects import Stroke

    width, height = page.size
    base = 1 - (top + ascent(kind)) / height
    rim = [Stroke(linewidth=0.28 * kind.size * POINTS, foreground=tone(halo), joinstyle="round")] if halo else []
    for piece in pieces(text, kind):
        blanks, font = 0.0, dict[str, Any]()
        if isinstance(piece, Formula):
            words, font = piece.text, {"fontsize": piece.size * POINTS}
        else:
            words = piece.text.strip().replace("$", "\\$")
            blanks = _blanks(piece.text, kind)
            font = {"fontsize": kind.size * POINTS, **_font(piece.face)}
        for effects in ([rim] if rim else []) + [None] if words else []:
            page.figure.text(
                (left + blanks) / width, base, words, color=tone(colour), path_effects=effects, va="baseline", **font
            )
        left += max(piece.width, formula_width(piece)) if isinstance(piece, Formula) else piece.width


def write_right(page: Sheet, text: str, right: float, top: float, kind: Type, colour: Colour) -> None:
    """Put one line of text that ends at ``right``."""
    write(page, text, right - text_width(text, kind), top, kind, colour)


def write_mark(page: Sheet, text: str, area: Box, gap: int, top: float, look: Look, *, taken: int = 0) -> None:
    """A number beside the left edge of an area; inside and on its line, below ``taken``, if it is too long for that."""
    left, inside = mark_place(text, area.left, gap, look)
    higher = max(top - line_height(look.tick) // 2, area.top)
    if not inside:
        write(page, text, left, top, look.tick, look.theme.grey)
    elif higher >= taken:
        write(page, text, left, higher, look.tick, look.theme.grey, look.theme.paper)


def fill(page: Sheet, box: Box, colour: Colour | Pixels) -> None:
    """Paint a box."""
    from matplotlib.patches import Rectangle

    width, height = page.size
    place = (box.left / width, 1 - box.bottom / height)
    page.figure.add_artist(Rectangle(place, box.width / width, box.height / height, color=tone(colour), linewidth=0))


def _blanks(text: str, kind: Type) -> float:
    """Width of the spaces before a text's words: SVG swallows them."""
    return (len(text) - len(text.lstrip())) * text_width(" ", kind)


def formula_width(piece: Formula) -> float:
    """Width in pixels of a formula whose letters are not fitted to pixels."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    found = MathTextParser("path").parse(piece.text, dpi=72, prop=FontProperties(size=piece.size))
    return float(found.width)


def _font(face: Face) -> dict[str, Any]:
    """Family and weight of a font, which matplotlib knows from now on."""
    from matplotlib.font_manager import fontManager

    found = _entry(face)
    if found is None:
        fontManager.addfont(face.file)
        found = _entry(face)
    return {"family": found.name, "weight": found.weight, "style": found.style} if found else {}


def _entry(face: Face) -> Any:
    """What matplotlib knows of a font; before its version 3.11 only of a file's first one."""
    from matplotlib.font_manager import fontManager

    same = [entry for entry in fontManager.ttflist if entry.fname == face.file]
    return next((entry for entry in same if getattr(entry, "index", 0) == face.number), same[0] if same else None)
