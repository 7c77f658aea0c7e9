"""A panel of a sweep as a map: a cell for each pair of settings, with the statistic as its colour and its number."""

from itertools import product
from math import isinf, isnan
from typing import NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, frame
from errsurf.drawing.charts import Scale
from errsurf.drawing.charts._scales import scale_marks, spanning
from errsurf.drawing.colours import Colour, Pixels, contrasting, map_colours
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.sweep_figures.panels import (
    Panel,
    dashed_line,
    place_of,
    write_below,
    write_left,
)
from errsurf.drawing.sweep_figures.plot import SweepPlot
from errsurf.system.numbers import drawn_number

_COLOURS = 64


class Shades(NamedTuple):
    """How numbers become colours: their scale, its colours (n, 3), and the colour of what is no number."""

    scale: Scale
    colours: Pixels
    nothing: Colour

    def of(self, value: float) -> Colour:
        """The colour of a number."""
        if not np.isfinite(value):
            return self.nothing
        share = min(max(float(self.scale.height(np.array(value))), 0.0), 1.0)
        red, green, blue = self.colours[round(share * (len(self.colours) - 1))].tolist()
        return red, green, blue


def shades(plot: SweepPlot, style: Style) -> Shades:
    """Colours from the lowest to the highest number of all panels."""
    return Shades(_scale(plot), map_colours(style.theme, _COLOURS), style.theme.pale)


def _scale(plot: SweepPlot) -> Scale:
    return spanning([plot.value], bottom=0.0, factor=plot.log_factor)


def bar_room(plot: SweepPlot, style: Style) -> int:
    """Width of the bar of colours and its numbers."""
    widest = max((text_width(text, style.tick) for _, text in scale_marks(_scale(plot))), default=0)
    return round(36 * style.unit) + widest


def draw_bar(canvas: Canvas, area: Box, found: Shades, style: Style) -> None:
    """Draw the bar of colours at the right edge of an area, with numbers."""
    kind, high = style.tick, line_height(style.tick)
    widest = max((text_width(text, kind) for _, text in scale_marks(found.scale)), default=0)
    right = area.right - widest - 6
    bar = Box(right - round(14 * style.unit), area.top, right, area.bottom)
    canvas.image(bar, np.repeat(_column(found, bar.height), bar.width, axis=1))
    frame(canvas, bar, style.theme.grey)
    taken = area.bottom + high
    for value, text in scale_marks(found.scale):
        y = bar.bottom - round(float(found.scale.height(np.array(value))) * bar.height)
        if bar.top <= y <= bar.bottom and y + high // 2 <= taken:
            canvas.write(text, bar.right + 5, y - high // 2, kind, style.theme.grey)
            taken = y - high // 2


def _column(found: Shades, height: int) -> Pixels:
    """One column of pixels from the highest colour down."""
    at = np.linspace(len(found.colours) - 1, 0, height).round().astype(int)
    return np.asarray(found.colours[at][:, None])


def draw_map(canvas: Canvas, plot: SweepPlot, k: int, panel: Panel, found: Shades, style: Style) -> None:
    """Draw panel k: cells, numbers, axes, the stability limit and the best cell."""
    rows, columns = plot.value[k].shape
    places = list(product(range(rows), range(columns)))
    boxes = {(i, j): _cell(panel.area, (i, rows), (j, columns)) for i, j in places}
    for place in places:
        canvas.fill(boxes[place], found.of(float(plot.value[k][place])))
    frame(canvas, panel.area, style.theme.grey)
    _draw_limit(canvas, plot, k, panel, style)
    texts = number_texts(plot, (panel.area.width // columns, panel.area.height // rows), style)[k]
    for i, j in places:
        if texts[i][j]:
            _write_number(canvas, boxes[i, j], texts[i][j], found.of(float(plot.value[k, i, j])), style)
    if best := plot.best_cell(k):
        _mark(canvas, boxes[best], style)
    write_below(canvas, panel, plot.x, _middles(columns), style)
    write_left(canvas, panel, list(zip(_middles(rows).tolist(), plot.y.texts, strict=True)), style)


def _middles(count: int) -> Array:
    return np.asarray((np.arange(count) + 0.5) / count)


def _cell(area: Box, row: tuple[int, int], column: tuple[int, int]) -> Box:
    """The box of a cell; the first row is at the bottom."""
    (i, rows), (j, columns) = row, column
    x = [area.left + round(area.width * part / columns) for part in (j, j + 1)]
    y = [area.bottom - round(area.height * part / rows) for part in (i + 1, i)]
    return Box(x[0], y[0], x[1], y[1])


def number_texts(plot: SweepPlot, cell: tuple[int, int], style: Style) -> list[list[list[str]]]:
    """What is written in the cells of each panel: with as many digits as have room in all, or nothing."""
    width, height = cell
    for digits in (3, 2):
        texts = [
            [[_text(plot, (k, i, j), digits) for j in range(plot.value.shape[2])] for i in range(plot.value.shape[1])]
            for k in range(plot.value.shape[0])
        ]
        widest = max(text_width(text, style.tick) for panel in texts for row in panel for text in row)
        if widest + 4 <= width and line_height(style.tick) <= height:
            return texts
    return [[["" for _ in row] for row in panel] for panel in plot.value.tolist()]


def _text(plot: SweepPlot, place: tuple[int, int, int], digits: int) -> str:
    value = float(plot.value[place])
    if isinf(value):
        return plot.never_text(place).removesuffix(" seeds")
    return "none" if isnan(value) else drawn_number(value, digits)


def _write_number(canvas: Canvas, box: Box, text: str, colour: Colour, style: Style) -> None:
    """Write a number in the middle of its cell."""
    kind = style.tick
    left = (box.left + box.right - text_width(text, kind)) // 2
    top = (box.top + box.bottom - line_height(kind)) // 2
    canvas.write(text, left, top, kind, contrasting(colour, style.theme), colour)


def _mark(canvas: Canvas, box: Box, style: Style) -> None:
    """Frame the best cell in two colours, so that it is seen on any."""
    wide = max(2, round(2 * style.line))
    for k in range(2 * wide):
        inner = Box(box.left + k, box.top + k, box.right - k, box.bottom - k)
        frame(canvas, inner, style.theme.foreground if k < wide else style.theme.background)


def _draw_limit(canvas: Canvas, plot: SweepPlot, k: int, panel: Panel, style: Style) -> None:
    """A dashed line through the rows at the largest stable lr."""
    rows, area = len(plot.limits[k]), panel.area
    at = [place_of(plot.x, _middles(len(plot.x.values)), float(limit)) for limit in plot.limits[k]]
    edges = area.height * (1 - np.repeat(np.arange(rows + 1), 2)[1:-1] / rows)
    points = np.stack([np.repeat(at, 2) * area.width, edges], axis=1)
    if np.isfinite(points).all(axis=1).any():
        dashed_line(canvas, area, points, style.theme.foreground, style)
