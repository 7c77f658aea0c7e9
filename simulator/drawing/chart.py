"""The charts of the panel, drawn up to now: axes, curves over the clock, paths and points over other numbers."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from errsurf.drawing.axes import write_mark
from errsurf.drawing.background import laid_over, rendered
from errsurf.drawing.boxes import Box, fill
from errsurf.drawing.charts import Chart, Curve
from errsurf.drawing.charts._scales import Marks
from errsurf.drawing.colours import Pixels
from errsurf.drawing.frames import Array, latest
from errsurf.drawing.kernels import dots, ink, stroke
from errsurf.drawing.layout_parts import ChartSpace
from errsurf.drawing.lettering.text import Type, line_height, longest, shortened, text_width, write
from errsurf.drawing.look import Look
from errsurf.drawing.swarm import disc

_DASH = (5.0, 3.5)


class ReadyChart(NamedTuple):
    """A chart and where it stands; ``finished`` (height, width, 3) are its curves to their ends, empty for others."""

    chart: Chart
    box: Box
    finished: Pixels


def ready_chart(base: Pixels, space: ChartSpace, chart: Chart, colours: Pixels, look: Look) -> ReadyChart:
    """Draw what stands still of a chart into ``base``, and the rest ahead where that is possible."""
    chart_axes(base, space, chart, look)
    over_clock = all(curve.at is None for curve in chart.curves)
    finished = finished_curves(base, chart, colours, space.box, look) if over_clock else base[:0]
    return ReadyChart(chart, space.box, finished)


def draw_chart(out: Pixels, ready: ReadyChart, clock: float, colours: Pixels, look: Look) -> None:
    """The chart at a clock value: curves up to there and a line, or paths, or points; and a dot for each group."""
    chart, box, head = ready.chart, ready.box, disc(3.2 * look.line)
    if len(ready.finished):
        now = round(min(clock / max(chart.end, 1.0), 1.0) * (box.width - 1))
        out[box.top : box.bottom, box.left : box.left + now] = ready.finished[:, :now]
        out[box.top : box.bottom, box.left + now] = look.theme.grey
    elif chart.joined:
        _draw_points(out, box, chart, clock, colours, look)
    else:
        _draw_paths(out, box, chart, clock, colours, look)
    places = np.array([place(chart, curve, clock, box) for curve in chart.curves])
    on_chart(out, box, np.stack([np.rint(places[:, 0]), places[:, 1]], axis=-1)[:, None], head, colours)


def place(chart: Chart, curve: Curve, clock: float, box: Box) -> tuple[float, float]:
    """Column of the chart, from its left, and height in [0, 1] at which a curve stands at a clock value."""
    row = latest(curve.clock, clock)
    return chart.place(curve, row, clock) * (box.width - 1), float(curve.height[row])


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


def chart_axes(out: Pixels, space: ChartSpace, chart: Chart, look: Look) -> None:
    """The chart's title, its marks and pale lines across it, and what stands along its width."""
    box, heading, kind, theme = space.box, space.title, look.tick, look.theme
    write(out, longest(chart.titles, heading.width, kind), heading.left, heading.top, kind, theme.ink)
    for value, text in few_marks(chart.marks, box, kind):
        y = min(box.bottom - round(float(chart.scale.height(np.array(value))) * box.height), box.bottom - 1)
        fill(out, Box(box.left, y, box.right, y + 1), theme.pale)
        top = min(max(y - line_height(kind) // 2, heading.bottom), box.bottom - line_height(kind))
        write_mark(out, text, box, 5, top, look)
    fill(out, Box(box.left - 1, box.top, box.left, box.bottom + 1), theme.grey)
    fill(out, Box(box.left - 1, box.bottom, box.right, box.bottom + 1), theme.grey)
    for text, left in texts_below(chart, box, kind):
        write(out, text, left, box.bottom + 4, kind, theme.grey)


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


def finished_curves(base: Pixels, chart: Chart, colours: Pixels, box: Box, look: Look) -> Pixels:
    """All curves to their ends over what ``base`` has in the box, shape (box height, box width, 3)."""
    drawn = rendered(box, lambda axes: _draw_finished(axes, chart, colours, look))
    return laid_over(base[box.top : box.bottom, box.left : box.right], drawn)


def _draw_finished(axes: Any, chart: Chart, colours: Pixels, look: Look) -> None:
    axes.set(xlim=(0.0, max(chart.end, 1.0)), ylim=(0.0, 1.0))
    for curve, colour in zip(chart.curves, colours / 255.0, strict=True):
        tone = tuple(colour)
        if curve.band is not None:
            axes.fill_between(curve.clock, *curve.band.T, step="post", color=tone, alpha=0.15, linewidth=0)
        if curve.dashed is not None:
            thin = 0.9 * look.line
            axes.plot(curve.clock, curve.dashed, linewidth=thin, dashes=(4, 2.5), drawstyle="steps-post", color=tone)
        axes.plot(curve.clock, curve.height, linewidth=1.7 * look.line, drawstyle="steps-post", color=tone)


def on_chart(out: Pixels, box: Box, points: Array, stamp: Pixels, colours: Pixels) -> None:
    """Put a stamp at points, shape (groups, n, 2): columns of the chart, and heights in [0, 1]."""
    half = stamp.shape[0] // 2
    around = (box.left - half, box.top - half, box.right + half, box.bottom + half)
    dots(out, points, around, (-float(half), 1.0, 1.0 + half / box.height, float(box.height)), stamp, colours)


def _draw_paths(out: Pixels, box: Box, chart: Chart, clock: float, colours: Pixels, look: Look) -> None:
    """Each group's path up to now, and dashed its second one."""
    size = (box.width - 1, box.height)
    rows = [latest(curve.clock, clock) + 1 for curve in chart.curves]
    if all(curve.dashed is not None for curve in chart.curves):
        second = [path(curve, n, second=True) for curve, n in zip(chart.curves, rows, strict=True)]
        draw_lines(out, box, [dashed(each, size, look.line) for each in second], colours, look, 0.5)
    first = [path(curve, n) for curve, n in zip(chart.curves, rows, strict=True)]
    draw_lines(out, box, first, colours, look, 0.9)


def _draw_points(out: Pixels, box: Box, chart: Chart, clock: float, colours: Pixels, look: Look) -> None:
    """Lines through the best points, dashed ones through the second points, and a bar and a ring for each group."""
    grey = np.array([look.theme.grey], dtype=np.uint8)
    draw_lines(out, box, [joined_points(chart, clock)], grey, look, 0.7)
    if all(curve.dashed is not None for curve in chart.curves):
        size = (box.width - 1, box.height)
        draw_lines(out, box, [dashed(joined_points(chart, clock, second=True), size, look.line)], grey, look, 0.6)
    ring, inner = disc(3.2 * look.line), disc(max(1.4 * look.line, 1.0))
    paper = np.array([look.theme.paper], dtype=np.uint8)
    for curve, colour in zip(chart.curves, colours, strict=True):
        row, tone = latest(curve.clock, clock), colour[None]
        column = place(chart, curve, clock, box)[0]
        if curve.band is not None:
            ends = np.array([[column, column], curve.band[row]]).T
            draw_lines(out, box, [ends / (box.width - 1, 1.0)], tone, look, 0.7)
        if curve.dashed is not None:
            spot = np.array([[[column, curve.dashed[row]]]])
            on_chart(out, box, spot, ring, tone)
            on_chart(out, box, spot, inner, paper)


def draw_lines(out: Pixels, box: Box, paths: list[Array], colours: Pixels, look: Look, width: float) -> None:
    """Polylines of points in [0, 1], each in its own colour."""
    line, edge, owner = (np.zeros((box.height, box.width), np.uint8) for _ in range(3))
    for k, each in enumerate(paths):
        points = each * (box.width - 1, -box.height) + (0.0, box.height)
        stroke(line, edge, owner, points, np.full(len(points), 255, np.uint8), width * look.line, 0.0, k)
    ink(out, line, line, owner, colours, np.array(look.theme.paper, np.uint8), box.left, box.top)


def dashed(points: Array, size: tuple[int, int], unit: float) -> Array:
    """A polyline cut into dashes, with NaN between them; points in [0, 1] of a size in pixels."""
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return points
    away = np.concatenate([[0.0], np.cumsum(np.hypot(*(np.diff(points, axis=0) * size).T))])
    on, off = (unit * part for part in _DASH)
    first = np.arange(0.0, max(away[-1], 1e-9), on + off)
    ends = np.stack([first, np.minimum(first + on, away[-1]), np.full(len(first), np.nan)], axis=1).ravel()
    return np.stack([np.interp(ends, away, points[:, axis]) for axis in (0, 1)], axis=1)
