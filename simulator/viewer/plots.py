"""Charts of a running experiment, drawn in a millisecond, with a line at the clock."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import numpy as np

from errsurf.drawing.boxes import Box, fill
from errsurf.drawing.chart import ReadyChart, chart_axes, dashed, draw_chart, draw_lines, on_chart
from errsurf.drawing.charts import Chart, Curve
from errsurf.drawing.colours import Pixels
from errsurf.drawing.frames import Array, latest
from errsurf.drawing.layout_parts import chart_spaces
from errsurf.drawing.look import Look
from errsurf.drawing.swarm import disc

_BAND = 0.15


@dataclass(frozen=True)
class Plot:
    """A chart in its box; charts with equal ``stamp`` look the same."""

    name: str
    box: Box
    stamp: Hashable
    tip: str
    paint: Callable[[Pixels, Box, Look], None] = field(compare=False)

    def draw(self, out: Pixels, look: Look) -> None:
        """Draw it."""
        self.paint(out, self.box, look)


def draw_plot(out: Pixels, box: Box, chart: Chart, clock: float, newest: float, colours: Pixels, look: Look) -> None:
    """Draw a chart with its axes: curves over the clock up to the newest value, others up to the clock."""
    spaces = chart_spaces(box, look, 1)
    if not spaces:
        return
    area = spaces[0].box
    chart_axes(out, spaces[0], chart, look)
    if any(curve.at is not None for curve in chart.curves):
        draw_chart(out, ReadyChart(chart, area, out[:0]), clock, colours, look)
        return
    end = max(chart.end, 1.0)
    for curve, colour in zip(chart.curves, colours, strict=True):
        if curve.band is not None and len(curve.clock):
            _draw_band(out, area, curve, newest / end, end, colour)
    last, curves = newest / end, chart.curves
    second = [_steps(curve.clock / end, curve.dashed, last) for curve in curves if curve.dashed is not None]
    if len(second) == len(curves):
        size = (area.width - 1, area.height)
        draw_lines(out, area, [dashed(each, size, look.line) for each in second], colours, look, 0.5)
    first = [_steps(curve.clock / end, curve.height, last) for curve in curves]
    draw_lines(out, area, first, colours, look, 0.9)
    column = round(min(clock / end, 1.0) * (area.width - 1))
    fill(out, Box(area.left + column, area.top, area.left + column + 1, area.bottom), look.theme.grey)
    heights = [float(c.height[latest(c.clock, clock)]) if len(c.clock) else np.nan for c in curves]
    heads = [[[float(column), height]] for height in heights]
    on_chart(out, area, np.array(heads), disc(3.2 * look.line), colours)


def _steps(place: Array, height: Array, last: float) -> Array:
    """A curve of steps, constant until the next value and finally until ``last``, shape (points, 2)."""
    places = np.append(place, max(last, place[-1]) if len(place) else [])
    return np.stack([np.repeat(places, 2)[1:-1], np.repeat(height, 2)], axis=1) if len(place) else np.empty((0, 2))


def _draw_band(out: Pixels, area: Box, curve: Curve, last: float, end: float, colour: Pixels) -> None:
    """Tint the band of a curve."""
    assert curve.band is not None
    until = round(min(max(float(curve.clock[-1]) / end, last), 1.0) * (area.width - 1)) + 1
    clocks = np.arange(until) / max(area.width - 1, 1) * end
    row = np.maximum(np.searchsorted(curve.clock, clocks, "right") - 1, 0)
    low, high = area.height * (1 - curve.band[row].T)
    y = np.arange(area.height)[:, None]
    inside = (y + 0.5 > high) & (y + 0.5 < low)
    part = out[area.top : area.bottom, area.left : area.left + until]
    part[inside] = np.rint(part[inside] * (1 - _BAND) + colour * _BAND).astype(np.uint8)
