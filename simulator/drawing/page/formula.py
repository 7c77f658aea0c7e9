"""Labels with formulas as markup: words as escaped text, each formula as the paths of its glyphs."""

import re
from html import escape

_FORMULA = re.compile(r"(?<!\\)\$(.+?)(?<!\\)\$")
_SIZE = 16.0


def label_markup(text: str) -> str | None:
    """Markup of a text that holds formulas between dollar signs; None if it has none, or one that cannot be read."""
    pieces = _FORMULA.split(text)
    if len(pieces) == 1:
        return None
    try:
        drawn = [_drawn(piece) if k % 2 else escape(piece.replace(r"\$", "$")) for k, piece in enumerate(pieces)]
    except ValueError:
        return None
    return "".join(drawn)


def _drawn(formula: str) -> str:
    """A formula as an SVG picture in the colour of the text around it."""
    from matplotlib.textpath import TextPath

    path = TextPath((0, 0), f"${formula}$", size=_SIZE)
    box = path.get_extents()
    low, high = min(float(box.y0), -0.25 * _SIZE), max(float(box.y1), 0.8 * _SIZE)
    words = []
    for corners, code in path.iter_segments(simplify=False):
        letter = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}[int(code)]
        numbers = () if letter == "Z" else corners.reshape(-1, 2) * (1, -1)
        words.append(letter + " ".join(f"{x:.2f} {y:.2f}" for x, y in numbers))
    view = f"{box.x0 - 1:.2f} {-high:.2f} {box.width + 2:.2f} {high - low:.2f}"
    return (
        f'<svg class="formula" role="img" aria-label="{escape(formula)}" height="{(high - low) / _SIZE:.3f}em" '
        f'viewBox="{view}">'
        f'<path fill="currentColor" d="{"".join(words)}"/></svg>'
    )
