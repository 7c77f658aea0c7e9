"""Labels with formulas for the page: words as text, each formula as the paths of its glyphs."""

from typing import TypedDict

import numpy as np

from errsurf.drawing.lettering.formulas import outline, parts
from errsurf.drawing.page.markup import Markup, filled, markup

_SIZE = 16.0
_LETTERS = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}
_SVG = (
    '<svg class="formula" role="img" aria-label="$formula" height="$height" viewBox="$view">'
    '<path fill="currentColor" d="$path"/></svg>'
)


class Drawn(TypedDict):
    """A formula as an SVG picture in the colour of the text around it: its text and three attributes."""

    formula: str
    height: str
    view: str
    path: str


def label_pieces(text: str) -> list[str | Drawn]:
    """A text cut into words and formulas."""
    return [_drawn(part) if is_formula else part.replace(r"\$", "$") for part, is_formula in parts(text)]


def label_markup(text: str) -> Markup:
    """A text as HTML."""
    pieces = label_pieces(text)
    return Markup("".join(markup(piece) if isinstance(piece, str) else filled(_SVG, **piece) for piece in pieces))


def _drawn(formula: str) -> Drawn:
    path, width = outline(formula, _SIZE)
    x0, y0, x1, y1 = (0.0, 0.0, width, 0.0)
    if np.size(path.vertices):
        (x0, y0), (x1, y1) = path.get_extents().get_points()
    low, high = min(y0, -0.25 * _SIZE), max(y1, 0.8 * _SIZE)
    words = []
    for corners, code in path.iter_segments(simplify=False):
        letter = _LETTERS[int(code)]
        numbers = () if letter == "Z" else corners.reshape(-1, 2) * (1, -1)
        words.append(letter + " ".join(f"{x:.2f} {y:.2f}" for x, y in numbers))
    view = f"{x0 - 1:.2f} {-high:.2f} {x1 - x0 + 2:.2f} {high - low:.2f}"
    height = f"{(high - low) / _SIZE:.3f}em"
    return Drawn(formula=formula[1:-1], height=height, view=view, path="".join(words))
