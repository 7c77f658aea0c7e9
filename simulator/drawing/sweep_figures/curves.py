"""A panel of a sweep as lines: the statistic over one setting, a line and its band for each value of another."""

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Band, Canvas, frame
from errsurf.drawing.charts import Marks, Scale
from errsurf.drawing.charts._scales import scale_marks, spanning
from errsurf.drawing.colours import Colour, Pixels, colour_list, group_colours, ramp_colours
from errsurf.drawing.group_looks import draw_shape, draw_swatch, group_shape
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, shortened, text_width
from errsurf.drawing.map.strokes import ring
from errsurf.drawing.sweep_figures.panels import Panel, dashed_line, line, place_of, write_below, write_left
from errsurf.drawing.sweep_figures.plot import LOG_FACTOR, SweepPlot

_BESIDE, _CAP = 11.0, 7.0
"""How far beside a line's best the bar stands that says what it gave once more, and how wide bars are."""
_BAND, _DOT = 70, 1.15
"""How opaque bands are, of 255, and how large the dots of lines."""
LOW_ROOM = 1.2
"""The lowest number over the end of a logarithmic scale: its ring is whole."""
MOST_MARKS = 15
"""So many lines of the grid; powers of ten between them are left out."""


def value_scale(plot: SweepPlot) -> Scale:
    """The scale of all panels: it holds the numbers, and their intervals up to once their span beside them."""
    known = np.concatenate([plot.value.ravel(), [] if plot.again is None else plot.again.ravel()])
    known = known[np.isfinite(known)]
    if not len(known):
        return Scale(0.0, 1.0)
    ends = np.concatenate([part[np.isfinite(part)] for part in (plot.low, plot.high)])
    found = spanning([known], bottom=0.0, factor=plot.log_factor)
    low, high = (float(pick(known)) for pick in (np.min, np.max))
    if found.log:
        factor = max(high / low, LOG_FACTOR)
        ends = np.clip(ends, low / factor, high * factor)
    elif high > low:
        ends = np.clip(ends, 2 * low - high, 2 * high - low)
    found = spanning([known, ends], bottom=0.0, factor=1.0 if found.log else np.inf)
    return found._replace(low=found.low / LOW_ROOM) if found.log else found


def is_cut(plot: SweepPlot) -> bool:
    """Whether some interval goes on beyond the frame."""
    scale, drawn = value_scale(plot), plot.low < np.inf
    return bool(((plot.low < scale.low) | (plot.high > scale.high))[drawn].any())


def value_marks(plot: SweepPlot) -> Marks:
    """Numbers at the left, by their place from 0 to 1."""
    scale = value_scale(plot)
    marks = scale_marks(scale)
    return [(float(scale.height(np.array(value))), text) for value, text in marks[:: ceil(len(marks) / MOST_MARKS)]]


def line_colours(plot: SweepPlot, style: Style) -> Pixels:
    """One colour a line: along a ramp for rising numbers, else those of groups."""
    count = len(plot.y.values)
    return ramp_colours(style.theme, count) if plot.y.numbers is not None else group_colours(style.theme, range(count))


def draw_lines(canvas: Canvas, plot: SweepPlot, k: int, panel: Panel, style: Style) -> None:
    """Draw panel k: grid, bands, lines, dots, the stability limit and the best point of each line."""
    area, scale, places = panel.area, value_scale(plot), plot.x.places
    for share, _ in value_marks(plot):
        y = area.bottom - round(share * area.height)
        canvas.fill(Box(area.left, y, area.right, y + 1), style.theme.pale)
    tones = colour_list(line_colours(plot, style))
    x = places * area.width
    for row, tone in enumerate(tones):
        _band(canvas, plot, (k, row), (area, x), tone, style)
    for row, tone in enumerate(tones):
        _line(canvas, _points(plot.value[k, row], scale, x, area), row, area, tone, style)
    _draw_limits(canvas, plot, k, panel, tones, style)
    frame(canvas, area, style.theme.grey)
    for row in range(len(tones)):
        if (column := plot.best_column(k, row)) is not None:
            at = _points(plot.value[k, row], scale, x, area)[column]
            line(canvas, area, ring(at, 7.0 * style.line, 1.0).path, style.theme.foreground, 1.0, style)
    if plot.again is not None:
        _draw_again(canvas, plot, k, area, tones, style)
    write_below(canvas, panel, plot.x, places, style)
    write_left(canvas, panel, value_marks(plot), style)


def _draw_again(canvas: Canvas, plot: SweepPlot, k: int, area: Box, tones: list[Colour], style: Style) -> None:
    """A bar beside each line's best, in its colour: what it gave once more, with its interval where that is known."""
    assert plot.again is not None
    scale, wide, taken = value_scale(plot), _CAP * style.line, list[float]()
    for row, tone in enumerate(tones):
        again, column = plot.again[k, row], plot.best_column(k, row)
        if column is None or not np.isfinite(again[0]):
            continue
        ends = np.where(np.isnan(again), again[0], again)
        at = ((1 - np.clip(scale.height(ends), 0, 1)) * area.height).tolist()
        best = float(plot.x.places[column]) * area.width
        steps = [_BESIDE * style.line + wide / 2 + step * 1.5 * wide for step in range(len(tones))]
        room = [
            best + sign * step for step in steps for sign in (1, -1) if 0 < best + sign * step < area.width - wide / 2
        ]
        middle = next((x for x in room if all(abs(x - other) > wide for other in taken)), best)
        taken.append(middle)
        _bar(canvas, area, middle, at, tone, style)


def _points(values: Array, scale: Scale, x: Array, area: Box) -> Array:
    """Values over x in pixels of an area, NaN where there is no number."""
    height = np.where(np.isfinite(values), scale.height(np.where(np.isfinite(values), values, 1.0)), np.nan)
    return np.stack([x, (1 - height) * area.height], axis=1)


def _band(
    canvas: Canvas, plot: SweepPlot, place: tuple[int, int], at: tuple[Box, Array], tone: Colour, style: Style
) -> None:
    """Tint the intervals where they are known, a bar at a place by itself; an infinite end reaches to the edge."""
    scale = value_scale(plot)
    area, x = at
    low = np.where(np.isposinf(plot.low[place]), np.nan, plot.low[place])
    low, high = (np.nan_to_num(part, nan=np.nan, posinf=1e300, neginf=-1e300) for part in (low, plot.high[place]))
    for some in _runs(np.isfinite(low) & np.isfinite(high)):
        ends = [(1 - np.clip(scale.height(part[some]), 0, 1)) * area.height for part in (low, high)]
        if len(ends[0]) > 1:
            canvas.band(area, Band(x[some], *ends), tone, _BAND)
        else:
            _bar(canvas, area, float(x[some][0]), [float(end[0]) for end in ends], tone, style)


def _bar(canvas: Canvas, area: Box, x: float, at: Sequence[float], tone: Colour, style: Style) -> None:
    """A bar from the lowest to the highest of some heights, with a cap at each."""
    half = _CAP * style.line / 2
    for bar in [[(x, max(at)), (x, min(at))], *([(x - half, y), (x + half, y)] for y in at)]:
        line(canvas, area, np.array(bar), tone, 0.8, style)


def _runs(known: NDArray[np.bool_]) -> list[slice]:
    """The stretches of places where something is known."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], known.astype(int), [0]])))
    return [slice(a, b) for a, b in edges.reshape(-1, 2).tolist()]


def _line(canvas: Canvas, points: Array, row: int, area: Box, tone: Colour, style: Style) -> None:
    line(canvas, area, points, tone, SIZES.curve, style)
    for point in points[np.isfinite(points).all(axis=1)]:
        draw_shape(
            canvas, area, point[None], group_shape(row), _DOT * SIZES.head * style.line, np.array(tone, np.uint8)
        )


def _draw_limits(canvas: Canvas, plot: SweepPlot, k: int, panel: Panel, tones: list[Colour], style: Style) -> None:
    """A dashed line at each largest stable lr, in the colour of its line unless it is that of all lines."""
    limits = plot.limits[k]
    same = len(set(limits.tolist())) == 1
    for row, limit in list(enumerate(limits.tolist()))[: 1 if same else None]:
        at = place_of(plot.x, plot.x.places, limit) * panel.area.width
        if np.isfinite(at):
            ends = np.array([[at, panel.area.height], [at, 0.0]])
            dashed_line(canvas, panel.area, ends, style.theme.foreground if same else tones[row], style)


def has_key(plot: SweepPlot) -> bool:
    """Whether it is written what each line is."""
    return bool(plot.y.name) and plot.scenario.picture.legend


def key_width(plot: SweepPlot, style: Style) -> int:
    """Width of the key of lines; nothing for a single line without a name, or without ``picture.legend``."""
    if not has_key(plot):
        return 0
    widest = max(text_width(text, style.number) for text in plot.y.texts)
    name = text_width(plot.y.name, style.number)
    return round(1.3 * style.number.size) + max(widest, name) + round(10 * style.unit)


def draw_key(canvas: Canvas, plot: SweepPlot, box: Box, style: Style) -> None:
    """Write what each line is, one below the other, under the name of the setting, if there is one."""
    if not has_key(plot):
        return
    kind, high, side = style.number, line_height(style.number), round(0.8 * style.number.size)
    canvas.write(shortened(plot.y.name, box.width, kind), box.left, box.top, kind, style.theme.grey)
    colours = line_colours(plot, style)
    for row, text in enumerate(plot.y.texts):
        top = box.top + (row + 1) * high
        if top + high > box.bottom:
            return
        swatch = Box(box.left, top + (high - side) // 2, box.left + side, top + (high + side) // 2)
        draw_swatch(canvas, swatch, row, colours[row])
        left = box.left + side + kind.size // 2
        canvas.write(shortened(text, box.right - left, kind), left, top, kind, style.theme.foreground)
