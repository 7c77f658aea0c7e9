"""What colours and shapes of a figure mean."""

from collections.abc import Sequence

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas
from errsurf.drawing.group_looks import draw_swatch
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, shortened, text_width
from errsurf.drawing.map.markers import marker_side
from errsurf.drawing.scene import Scene

_MAX_ROWS = 6


def group_key(canvas: Canvas, box: Box, shown: Scene, style: Style) -> None:
    """Draw the groups' colours and labels in rows from the upper left corner of a box."""
    kind, places = style.number, key_places(shown.labels, style, box.width)
    kept = [place for place in places if place[1] < _MAX_ROWS * line_height(kind)]
    told = zip(kept, shown.maps.shown, shown.labels, shown.maps.colours, strict=False)
    for (left, top), number, label, colour in told:
        side = line_height(kind)
        corner, down, swatch = (
            box.left + left,
            box.top + top + side // 2 - round(0.4 * kind.size),
            round(0.8 * kind.size),
        )
        draw_swatch(canvas, Box(corner, down, corner + swatch, down + swatch), number, colour)
        text = shortened(label, box.width - round(1.2 * kind.size), kind)
        canvas.write(text, box.left + left + round(1.2 * kind.size), box.top + top, kind, style.theme.foreground)
    if len(kept) < len(places):
        words = f"and {len(places) - len(kept)} more groups"
        canvas.write(words, box.left, box.top + _MAX_ROWS * line_height(kind), kind, style.theme.grey)


def key_height(labels: Sequence[str], style: Style, room: int) -> int:
    """Height of the groups' key in a width."""
    return min(key_places(labels, style, room)[-1][1], _MAX_ROWS * line_height(style.number)) + line_height(
        style.number
    )


def key_places(labels: Sequence[str], style: Style, room: int) -> list[tuple[int, int]]:
    """Where each group's part of the key begins, from its upper left corner."""
    kind = style.number
    places, left, top = [], 0, 0
    for label in labels:
        width = round(1.2 * kind.size) + text_width(label, kind)
        if left > 0 and left + width > room:
            left, top = 0, top + line_height(kind)
        places.append((left, top))
        left += width + round(1.5 * kind.size)
    return places


def marker_room(wanted: Sequence[int], style: Style) -> int:
    """Width of the key of markers and of the gap before it."""
    kind = style.tick
    words = [f"{update:,}" for update in wanted[:-1]] + [f"{update:,} updates" for update in wanted[-1:]]
    each = marker_side(style) + kind.size // 2
    return sum(text_width(text, kind) + each for text in words) + (kind.size if words else 0)
