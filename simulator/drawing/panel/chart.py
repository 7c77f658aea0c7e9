"""The charts of the panel at a clock value: axes, curves over the clock, paths and points over other numbers."""

from collections.abc import Sequence

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import PIXELS, Band, Canvas, Dots, Drawing, Stroke
from errsurf.drawing.charts import ZERO_ROOM, Chart, Curve, Data
from errsurf.drawing.colours import Colour, Pixels, colour_list, mixed
from errsurf.drawing.group_looks import draw_shape, group_shape
from errsurf.drawing.history.frames import Array, latest
from errsurf.drawing.layout.parts import ChartSpace
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, longest, text_width
from errsurf.drawing.map.strokes import dashed
from errsurf.drawing.panel.chart_room import (
    MARK_GAP,
    end_names,
    few_marks,
    name_below,
    name_gap,
    own_line,
    texts_below,
)


def draw_chart(
    canvas: Canvas, box: Box, chart: Chart, clock: float, colours: Pixels, style: Style, until: float | None = None
) -> None:  # fmt: skip
    """Draw the chart at a clock value: curves, paths or points up to there, and a dot for each group.

    Curves over the clock reach to ``until``, by default the clock value, and a line marks the clock.
    """
    if chart.data:
        _draw_profiles(canvas, box, chart, clock, colours, style)
    elif chart.joined:
        _draw_points(canvas, box, chart, clock, colours, style)
    elif all(curve.at is None for curve in chart.curves):
        share, key = float(chart.time.share(clock if until is None else until)), (id(chart), box)
        canvas.growing(box, share, key, lambda on, area: _draw_curves(on, area, chart, colours, style))
        column = box.left + round(float(chart.time.share(clock)) * (box.width - 1))
        canvas.fill(Box(column, box.top, column + 1, box.bottom), style.theme.grey)
    else:
        _draw_paths(canvas, box, chart, clock, colours, style)
    around = _around(box, style)
    for curve, colour in zip(chart.curves, colours, strict=True):
        spot = place(chart, curve, clock, box) + np.subtract(box[:2], around[:2])
        draw_shape(canvas, around, spot[None], group_shape(curve.number), SIZES.head * style.line, colour)


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


def chart_axes(canvas: Canvas, space: ChartSpace, chart: Chart, colours: Pixels, style: Style) -> None:
    """Draw the chart's title, its marks and pale lines across it, the numbers along its width and all names."""
    heading, kind, theme = space.title, style.tick, style.theme
    canvas.write(longest(chart.titles, heading.width, kind), heading.left, heading.top, kind, theme.foreground)
    draw_frame(canvas, space.box, chart, style)
    if chart.data:
        _draw_data(canvas, space.box, chart.data, style)
    for name in end_names(chart, space, style):
        tone = mixed(colours[name.k], theme.foreground, 0.2)
        canvas.write(name.text, name.left, name.top, kind, tone)
        gap, middle = name_gap(style), name.top + line_height(kind) // 2
        ends = np.array([[0.3 * gap, name.end - space.box.top], [0.85 * gap, middle - space.box.top]])
        area = space.box._replace(left=space.box.right, right=name.left)
        _lines(canvas, area, {0: ends}, [tone], style, 0.4)


def draw_frame(canvas: Canvas, box: Box, chart: Chart, style: Style) -> None:
    """Draw marks, pale lines and axes around the box of a chart; the middle of a number is at its value."""
    kind, theme = style.tick, style.theme
    for value, text in few_marks(chart.marks, box, kind):
        y = min(box.bottom - round(float(chart.scale.height(np.array(value))) * box.height), box.bottom - 1)
        canvas.fill(Box(box.left, y, box.right, y + 1), theme.pale)
        left = box.left - MARK_GAP - text_width(text, kind)
        canvas.write(text, left, y - line_height(kind) // 2, kind, theme.grey)
    canvas.fill(Box(box.left - 1, box.top, box.left, box.bottom + 1), theme.grey)
    canvas.fill(Box(box.left - 1, box.bottom, box.right, box.bottom + 1), theme.grey)
    if chart.scale.zero:
        _draw_break(canvas, box, style)
    for text, left in texts_below(chart, box, kind):
        canvas.write(text, left, box.bottom + 4, kind, theme.grey)
    text, left = name_below(chart, box, kind)
    canvas.write(text, left, box.bottom + 4 + (line_height(kind) if own_line(chart) else 0), kind, theme.grey)


def _draw_break(canvas: Canvas, box: Box, style: Style) -> None:
    """Two slanting lines across the axis, where a logarithmic scale ends above the place of zeros."""
    reach = round(4 * style.line) + 1
    middle = box.bottom - round(0.55 * ZERO_ROOM * box.height)
    area = Box(box.left - reach, middle - reach, box.left + reach, middle + reach)
    canvas.fill(Box(box.left - 1, middle - reach // 2, box.left, middle + reach // 2 - 1), style.theme.background)
    for k, shift in enumerate((-0.5, 0.5)):
        ends = np.array([[0.2, 0.65], [1.6, 0.35]]) * reach + (0.0, reach * (0.5 + shift))
        _lines(canvas, area, {k: ends}, [style.theme.grey] * 2, style, 0.5)


def _draw_curves(canvas: Canvas, box: Box, chart: Chart, colours: Pixels, style: Style) -> None:
    """Each group's band, dashed curve and curve, to the end of the clock."""
    tones, share = colour_list(colours), chart.time.share
    for curve, colour in zip(chart.curves, tones, strict=True):
        if curve.band is not None and len(curve.clock):
            low, high = (_steps(share(curve.clock), edge, box) for edge in curve.band.T)
            canvas.band(box, Band(low[:, 0], low[:, 1], high[:, 1]), colour, SIZES.curve_band)
    each = list(enumerate(chart.curves))
    second = {k: _steps(share(curve.clock), curve.dashed, box) for k, curve in each if curve.dashed is not None}
    _lines(canvas, box, _dashes(second, style), tones, style, SIZES.curve_dashed)
    first = {k: _steps(share(curve.clock), curve.height, box) for k, curve in each}
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


def _draw_data(canvas: Canvas, box: Box, data: Data, style: Style) -> None:
    """Training examples as dots, test examples as rings."""
    grey, background = (np.array([tone], dtype=np.uint8) for tone in (style.theme.grey, style.theme.background))
    around = _around(box, style)
    for points, hollow in ((data.train, False), (data.test, True)):
        places = _in_box(points, box) + np.subtract(box[:2], around[:2])
        canvas.dots(around, places[None], PIXELS, Dots(2.3 * style.line), grey)
        if hollow:
            canvas.dots(around, places[None], PIXELS, Dots(1.3 * style.line), background)


def _draw_profiles(canvas: Canvas, box: Box, chart: Chart, clock: float, colours: Pixels, style: Style) -> None:
    """Each group's curves of the moment."""
    strokes = []
    for k, curve in enumerate(chart.curves):
        if curve.profile is not None and len(curve.clock):
            every = curve.profile[latest(curve.clock, clock)]
            at = np.linspace(0.0, 1.0, every.shape[-1])
            paths = [_in_box(np.stack([at, heights], axis=1), box) for heights in every]
            strokes += [Stroke(each, 0.7 * SIZES.curve * style.line, k) for each in paths]
    canvas.strokes(box, Drawing(strokes, colour_list(colours)), 0.0, style.theme.background)


def _around(box: Box, style: Style) -> Box:
    """The box with room for a dot on its edge."""
    room = int(np.ceil(1.6 * SIZES.head * style.line)) + 1
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
