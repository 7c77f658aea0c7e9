"""The axes of the map: its frame, a few marks, and the names of the two parameters."""

from inspect import signature

from simulator.drawing.colours import GREY, Pixels
from simulator.drawing.landmarks import named, paste_all
from simulator.drawing.layout import Box, Layout, fill, frame
from simulator.drawing.text import line_height, text_width, write, write_right
from simulator.drawing.window import Window, marks
from surfaces import surface


def axis_names(kind: str) -> tuple[str, str]:
    """The two parameters as the surface's own formula calls them."""
    first, second, *_ = signature(surface(kind).loss).parameters
    return first, second


def map_axes(out: Pixels, layout: Layout, window: Window, names: tuple[str, str]) -> None:
    """Draw the map's frame, the marks below it and at its left, and the names inside two corners."""
    area, size = layout.map, layout.sizes.tick
    frame(out, area, GREY)
    (x0, x1), (y0, y1) = window
    for value, text in marks(x0, x1, max(2, min(6, area.width // (6 * size)))):
        x = min(area.left + round((value - x0) / (x1 - x0) * area.width), area.right - 1)
        fill(out, Box(x, area.bottom, x + 1, area.bottom + 5), GREY)
        width = text_width(text, size)
        write(out, text, min(max(x - width // 2, area.left), area.right - width), area.bottom + 5, size, GREY)
    for value, text in marks(y0, y1, max(2, min(5, area.height // (4 * size)))):
        y = min(area.top + round((y1 - value) / (y1 - y0) * area.height), area.bottom - 1)
        fill(out, Box(area.left - 5, y, area.left, y + 1), GREY)
        top = min(max(y - line_height(size) // 2, area.top), area.bottom - line_height(size))
        write_right(out, text, area.left - 7, top, size, GREY)
    gap = size // 2
    right = area.right - gap - text_width(names[0], size)
    paste_all(out, named(names[0], right, area.bottom - gap - line_height(size), size))
    paste_all(out, named(names[1], area.left + gap, area.top + gap // 2, size))
