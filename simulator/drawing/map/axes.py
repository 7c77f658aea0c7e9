"""The axes of the map: its frame, a few marks, and the names of the two parameters."""

from inspect import signature
from typing import TYPE_CHECKING

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, frame
from errsurf.drawing.history.window import Window, marks
from errsurf.drawing.layout.parts import mark_place
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.surfaces import surface

if TYPE_CHECKING:
    from errsurf.scenario.scenario import Surface


def axis_names(chosen: "Surface") -> tuple[str, str]:
    """The two parameters as the picture calls them, or else the surface or its formula."""
    if chosen.axes is not None:
        return chosen.axes
    record = surface(chosen.kind, chosen.settings)
    first, second, *_ = signature(record.loss).parameters
    return record.axes or (first, second)


def map_axes(
    canvas: Canvas, area: Box, style: Style, window: Window, names: tuple[str, str], outer: tuple[bool, bool]
) -> None:
    """Draw the map's frame, the names inside two corners, and the marks.

    ``outer`` says whether numbers have room at the left and below; between maps there are marks only.
    """
    kind, grey = style.tick, style.theme.grey
    frame(canvas, area, grey)
    (x0, x1), (y0, y1) = window
    at_left, below = outer
    widest = max(text_width(text, kind) for _, text in marks(x0, x1, 4)) + kind.size
    for value, text in marks(x0, x1, max(1, min(6, area.width // widest))):
        x = min(area.left + round((value - x0) / (x1 - x0) * area.width), area.right - 1)
        width = text_width(text, kind)
        roomy = x + width // 2 <= area.right + round(10 * style.unit) and (
            at_left or x - width // 2 >= area.left - round(8 * style.unit)
        )
        if below and roomy:
            canvas.fill(Box(x, area.bottom, x + 1, area.bottom + 5), grey)
            canvas.write(text, x - width // 2, area.bottom + 5, kind, grey)
    for value, text in marks(y0, y1, max(1, min(5, area.height // (4 * kind.size)))):
        y = min(area.top + round((y1 - value) / (y1 - y0) * area.height), area.bottom - 1)
        if at_left:
            canvas.fill(Box(area.left - 5, y, area.left, y + 1), grey)
            top = y - line_height(kind) // 2
            write_mark(canvas, text, area, 7, top, style, taken=area.top + kind.size // 4 + line_height(kind))
    gap, theme = kind.size // 2, style.theme
    right, lower = area.right - gap - text_width(names[0], kind), area.bottom - gap - line_height(kind)
    canvas.write(names[0], right, lower, kind, theme.foreground, theme.background)
    canvas.write(names[1], area.left + gap, area.top + gap // 2, kind, theme.foreground, theme.background)


def write_mark(canvas: Canvas, text: str, area: Box, gap: int, top: int, style: Style, *, taken: int = 0) -> None:
    """Write a number beside the left edge of an area; inside and on its line, below ``taken``, if it is too long."""
    left, inside = mark_place(text, area.left, gap, style)
    if not inside:
        canvas.write(text, left, top, style.tick, style.theme.grey)
    elif (higher := max(top - line_height(style.tick) // 2, area.top)) >= taken:
        canvas.write(text, left, higher, style.tick, style.theme.grey, style.theme.background)
