"""The charts of the panel at a clock value: axes, curves over the clock, paths and points over other numbers."""

from collections.abc import Iterator, Sequence

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import PIXELS, Band, Canvas, Dots, Drawing, Stroke
from errsurf.drawing.charts import Chart, Curve, Marks
from errsurf.drawing.colours import Colour, Pixels, colour_list
from errsurf.drawing.history.frames import Array, latest
from errsurf.drawing.layout.parts import ChartSpace
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import Type, line_height, longest, shortened, text_width
from errsurf.drawing.map.axes import write_mark
from errsurf.drawing.map.strokes import dashed


def draw_chart(
    canvas: Canvas, box: Box, chart: Chart, clock: float, colours: Pixels, style: Style, until: float | None = None
) -> None:  # fmt: skip
    """Draw the chart at a clock value: curves, paths or points up to there, and a dot for each group.

    Curves over the clock reach to ``until``, by default the clock value, and a line marks the clock.
    """
    if chart.joined:
        _draw_points(canvas, box, chart, clock, colours, style)
    elif all(curve.at is None for curve in chart.curves):
        share, key = (clock if until is None else until) / max(chart.end, 1.0), (id(chart), box)
        canvas.growing(box, share, key, lambda on, area: _draw_curves(on, area, chart, colours, style))
        column = box.left + round(min(clock / max(chart.end, 1.0), 1.0) * (box.width - 1))
        canvas.fill(Box(column, box.top, column + 1, box.bottom), style.theme.grey)
    else:
        _draw_paths(canvas, box, chart, clock, colours, style)
    around = _around(box, style)
    for curve, colour in zip(chart.curves, colours, strict=True):
        spot = place(chart, curve, clock, box) + np.subtract(box[:2], around[:2])
        canvas.dots(around, spot[None, None], PIXELS, Dots(SIZES.head * style.line), colour[None])


def place(chart: Chart, curve: Curve, clock: float, box: Box) -> Array:
    """Where a curve is at a clock value, (2,), in pixels of the box; NaN where it has no height between 0 and 1."""
    if not len(curve.clock):
        return np.full(2, np.nan)
    row = latest(curve.clock, clock)
    height = float(curve.height[row])
    column = np.rint(chart.place(curve, row, clock) * (box.width - 1)) + 0.5
    return np.array([column, (1 - height) * box.height]) if 0 <= height <= 1 else np.full(2, np.nan)


def path(curve: Curve, rows: int, *, second: bool = False) -> Array:
    """The first rows of a curve whose places are its own, shape (rows, 2): in [0, 1] both."""
    heights = curve.dashed if second else curve.height
    assert curve.at is not None
    assert heights is not None
    return np.stack([curve.at[:rows], heights[:rows]], axis=1)


def joined_points(chart: Chart, clock: float, *, second: bool = False) -> Array:
    """The lowest, or highest, of the points over each place at a clock value, from left to right, shape (n, 2)."""
    now = [path(curve, len(curve.clock), second=second)[latest(curve.clock, clock)] for curve in chart.curves]
    sign = 1 if chart.joined == "lowest" else -1
    best: dict[float, float] = {}
    for at, height in (each.tolist() for each in now if np.isfinite(each).all()):
        best[at] = min(best.get(at, height), height, key=lambda value: sign * value)
    return np.array(sorted(best.items()), dtype=np.float64).reshape(-1, 2)


def chart_axes(canvas: Canvas, space: ChartSpace, chart: Chart, style: Style) -> None:
    """Draw the chart's title, its marks and pale lines across it, and the numbers along its width."""
    box, heading, kind, theme = space.box, space.title, style.tick, style.theme
    canvas.write(longest(chart.titles, heading.width, kind), heading.left, heading.top, kind, theme.foreground)
    draw_frame(canvas, box, chart, style, heading.bottom)


def draw_frame(canvas: Canvas, box: Box, chart: Chart, style: Style, highest: int) -> None:
    """Draw marks, pale lines and axes around the box of a chart; no number begins above the row ``highest``."""
    kind, theme = style.tick, style.theme
    for value, text in few_marks(chart.marks, box, kind):
        y = min(box.bottom - round(float(chart.scale.height(np.array(value))) * box.height), box.bottom - 1)
        canvas.fill(Box(box.left, y, box.right, y + 1), theme.pale)
        top = min(max(y - line_height(kind) // 2, highest), box.bottom - line_height(kind))
        write_mark(canvas, text, box, 5, top, style)
    canvas.fill(Box(box.left - 1, box.top, box.left, box.bottom + 1), theme.grey)
    canvas.fill(Box(box.left - 1, box.bottom, box.right, box.bottom + 1), theme.grey)
    for text, left in texts_below(chart, box, kind):
        canvas.write(text, left, box.bottom + 4, kind, theme.grey)


def few_marks(marks: Marks, box: Box, kind: Type) -> Marks:
    """As many marks as there is room for beside a chart."""
    room = max(2, box.height // (2 * line_height(kind)))
    return marks[:: -(-len(marks) // room)] if marks else []


def texts_below(chart: Chart, box: Box, kind: Type) -> Iterator[tuple[str, int]]:
    """The marks along a chart's width and, where these are its two ends, what they count; each with its left end."""
    ends = [text_width(text, kind) for _, text in chart.below]
    if [share for share, _ in chart.below] == [0.0, 1.0]:
        yield chart.below[0][1], box.left - 2
        yield chart.below[1][1], box.right - ends[1]
        word = shortened(chart.word, box.width - 2 * ends[1] - 2 * kind.size, kind)
        yield word, (box.left + box.right - text_width(word, kind)) // 2
        return
    taken = box.left - 2 - kind.size
    for (share, text), width in zip(chart.below, ends, strict=True):
        left = round(box.left + share * box.width) - width // 2
        left = max(min(left, box.right - width), box.left - 2)
        if left >= taken + kind.size // 2:
            yield text, left
            taken = left + width


def _draw_curves(canvas: Canvas, box: Box, chart: Chart, colours: Pixels, style: Style) -> None:
    """Each group's band, dashed curve and curve, to the end of the clock."""
    end, tones = max(chart.end, 1.0), colour_list(colours)
    for curve, colour in zip(chart.curves, tones, strict=True):
        if curve.band is not None and len(curve.clock):
            low, high = (_steps(curve.clock / end, edge, box) for edge in curve.band.T)
            canvas.band(box, Band(low[:, 0], low[:, 1], high[:, 1]), colour, SIZES.curve_band)
    each = list(enumerate(chart.curves))
    second = {k: _steps(curve.clock / end, curve.dashed, box) for k, curve in each if curve.dashed is not None}
    _lines(canvas, box, _dashes(second, style), tones, style, SIZES.curve_dashed)
    first = {k: _steps(curve.clock / end, curve.height, box) for k, curve in each}
    _lines(canvas, box, first, tones, style, SIZES.curve)


def _steps(share: Array, height: Array, box: Box) -> Array:
    """A curve that stays at each height until the next one, and at the last one, (points, 2) in pixels of a box."""
    x = np.append(share, 1.0)
    return np.stack([np.repeat(x, 2)[1:-1] * box.width, (1 - np.repeat(height, 2)) * box.height], axis=1)


def _draw_paths(canvas: Canvas, box: Box, chart: Chart, clock: float, colours: Pixels, style: Style) -> None:
    """Each group's path up to now, and dashed its second one."""
    rows = [latest(curve.clock, clock) + 1 for curve in chart.curves]
    each = list(enumerate(zip(chart.curves, rows, strict=True)))
    second = {k: _in_box(path(curve, n, second=True), box) for k, (curve, n) in each if curve.dashed is not None}
    _lines(canvas, box, _dashes(second, style), colour_list(colours), style, SIZES.curve_dashed)
    first = {k: _in_box(path(curve, n), box) for k, (curve, n) in each}
    _lines(canvas, box, first, colour_list(colours), style, SIZES.curve)


def _draw_points(canvas: Canvas, box: Box, chart: Chart, clock: float, colours: Pixels, style: Style) -> None:
    """Lines through the best points, dashed ones through the second points, and a bar and a ring for each group."""
    grey, around = [style.theme.grey], _around(box, style)
    _lines(canvas, box, {0: _in_box(joined_points(chart, clock), box)}, grey, style, 0.7)
    if all(curve.dashed is not None for curve in chart.curves):
        second = _dashes({0: _in_box(joined_points(chart, clock, second=True), box)}, style)
        _lines(canvas, box, second, grey, style, 0.6)
    background, corner = np.array([style.theme.background], dtype=np.uint8), np.subtract(box[:2], around[:2])
    for curve, colour in zip(chart.curves, colours, strict=True):
        row = latest(curve.clock, clock)
        column = place(chart, curve, clock, box)[0]
        if curve.band is not None:
            ends = np.array([[column, column], (1 - curve.band[row]) * box.height]).T
            _lines(canvas, box, {0: ends}, colour_list(colour[None]), style, 0.7)
        if curve.dashed is not None:
            spot = np.array([[[column, (1 - curve.dashed[row]) * box.height]]]) + corner
            canvas.dots(around, spot, PIXELS, Dots(SIZES.head * style.line), colour[None])
            canvas.dots(around, spot, PIXELS, Dots(max(1.4 * style.line, 1.0)), background)


def _around(box: Box, style: Style) -> Box:
    """The box with room for a dot on its edge."""
    room = int(np.ceil(SIZES.head * style.line)) + 1
    return Box(box.left - room, box.top - room, box.right + room, box.bottom + room)


def _in_box(points: Array, box: Box) -> Array:
    """Points in [0, 1] in pixels of a box."""
    return np.asarray(points * (box.width - 1, -box.height) + (0.0, box.height))


def _dashes(paths: dict[int, Array], style: Style) -> dict[int, Array]:
    dash, gap = SIZES.dash * style.line, SIZES.dash_gap * style.line
    return {k: dashed(each, dash, gap) for k, each in paths.items()}


def _lines(
    canvas: Canvas, box: Box, paths: dict[int, Array], colours: Sequence[Colour], style: Style, radius: float
) -> None:  # fmt: skip
    """Draw polylines in pixels of a box, each in the colour of its number."""
    strokes = [Stroke(each, radius * style.line, k) for k, each in paths.items() if len(each)]
    canvas.strokes(box, Drawing(strokes, colours), 0.0, style.theme.background)
