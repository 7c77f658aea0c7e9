"""Where the panels of a sweep's picture stand, and the axes around them."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, Drawing, Stroke
from errsurf.drawing.charts import Marks
from errsurf.drawing.colours import Colour
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, shortened, text_width
from errsurf.drawing.map.strokes import dashed
from errsurf.drawing.sweep_figures.plot import LINEAR, Axis, SweepPlot

DASH, DASH_GAP = 7.0, 4.0
_SHAPE = 1.5


class Panel(NamedTuple):
    """One panel: its box, and whether numbers stand at its left and below it."""

    area: Box
    at_left: bool
    below: bool


def panels(plot: SweepPlot, room: Box, style: Style, rows: Sequence[str]) -> list[Panel]:
    """A panel for each of the plot's, as large as the room allows; ``rows`` are the numbers that stand at the left."""
    count = len(plot.panels)
    return max((_grid(plot, room, style, rows, columns) for columns in range(1, count + 1)), key=_worth)


def _grid(plot: SweepPlot, room: Box, style: Style, rows: Sequence[str], columns: int) -> list[Panel]:
    count, tick = len(plot.panels), line_height(style.tick)
    down = ceil(count / columns)
    left, below, gap = _left(rows, style), 2 * tick + 8, round(8 * style.unit)
    head = line_height(style.label) + 2 if any(plot.panels) else 0
    right = text_width(plot.x.texts[-1], style.tick) // 2
    across = right + text_width(plot.x.texts[0], style.tick) // 2 + gap
    width = (room.width - left - right - (columns - 1) * across) // columns
    height = (room.height - below - (down - 1) * gap) // down - head
    found = []
    for k in range(count):
        row, column = divmod(k, columns)
        x = room.left + left + column * (width + across)
        y = room.top + row * (height + head + gap) + head
        found.append(Panel(Box(x, y, x + max(width, 1), y + max(height, 1)), column == 0, k + columns >= count))
    return found


def _worth(found: Sequence[Panel]) -> float:
    area = found[0].area
    return min(area.width, _SHAPE * area.height) * min(area.height, area.width)


def _left(rows: Sequence[str], style: Style) -> int:
    return max(text_width(text, style.tick) for text in rows) + line_height(style.tick) + 8


def write_head(canvas: Canvas, text: str, area: Box, style: Style) -> None:
    """Write a panel's name above it, if it has one."""
    if not text:
        return
    top = area.top - line_height(style.label) - 2
    canvas.write(shortened(text, area.width, style.label), area.left, top, style.label, style.theme.foreground)


def write_below(canvas: Canvas, panel: Panel, axis: Axis, places: Array, style: Style) -> None:
    """Write the values of an axis below a panel, those that have room, and its name."""
    area, kind, grey = panel.area, style.tick, style.theme.grey
    at = [area.left + round(float(share) * area.width) for share in places]
    told = _step(axis.texts, at, style)
    for k, (text, x) in enumerate(zip(axis.texts, at, strict=True)):
        canvas.fill(Box(x, area.bottom, x + 1, area.bottom + 4), grey)
        if panel.below and k % told == 0:
            canvas.write(text, x - text_width(text, kind) // 2, area.bottom + 5, kind, grey)
    if panel.below:
        name = shortened(axis.name, area.width, kind)
        middle = (area.left + area.right - text_width(name, kind)) // 2
        canvas.write(name, middle, area.bottom + 5 + line_height(kind), kind, style.theme.foreground)


def _step(texts: Sequence[str], at: Sequence[int], style: Style) -> int:
    """Every how manieth text has room beside the others."""
    halves = [text_width(text, style.tick) / 2 for text in texts]
    for step in range(1, len(at)):
        kept = range(0, len(at), step)
        if all(at[b] - at[a] >= halves[a] + halves[b] + style.tick.size // 2 for a, b in pairwise(kept)):
            return step
    return max(len(at), 1)


def write_left(canvas: Canvas, panel: Panel, marks: Marks, style: Style) -> None:
    """Write numbers at the left of a panel, those that have room; a mark's place is 0 at the bottom, 1 at the top."""
    area, kind, grey, high = panel.area, style.tick, style.theme.grey, line_height(style.tick)
    taken = area.bottom + 6
    for share, text in marks:
        y = area.bottom - round(share * area.height)
        canvas.fill(Box(area.left - 4, y, area.left, y + 1), grey)
        if panel.at_left and y + high // 2 <= taken:
            canvas.write(text, area.left - 7 - text_width(text, kind), y - high // 2, kind, grey)
            taken = y - high // 2


def line(canvas: Canvas, area: Box, points: Array, colour: Colour, radius: float, style: Style) -> None:
    """Draw a polyline in pixels of an area."""
    canvas.strokes(area, Drawing([Stroke(points, radius * style.line)], [colour]), 0.0, style.theme.background)


def dashed_line(canvas: Canvas, area: Box, points: Array, colour: Colour, style: Style) -> None:
    """Draw a dashed polyline in pixels of an area, on a rim of the background."""
    cut = dashed(points, DASH * style.line, DASH_GAP * style.line)
    canvas.strokes(area, Drawing([Stroke(cut, 1.0 * style.line)], [colour]), 1.2 * style.line, style.theme.background)


def place_of(axis: Axis, places: Array, value: float) -> float:
    """Where between the values of an axis a number stands, NaN outside them: linear in its logarithm if positive.

    It is linear in the number itself where a linear scale is asked for.
    """
    numbers = axis.numbers
    if numbers is None or not numbers[0] <= value <= numbers[-1]:
        return float("nan")
    log = numbers[0] > 0 and axis.wanted != LINEAR
    return float(np.interp(np.log(value) if log else value, np.log(numbers) if log else numbers, places))
