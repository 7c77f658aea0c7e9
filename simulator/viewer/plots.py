"""Charts of a running experiment, drawn in a millisecond, with a line at the clock."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas
from errsurf.drawing.charts import Chart
from errsurf.drawing.colours import Pixels
from errsurf.drawing.layout.parts import chart_spaces
from errsurf.drawing.layout.style import Style
from errsurf.drawing.panel.chart import chart_axes, draw_chart
from errsurf.drawing.panel.chart_room import with_room


@dataclass(frozen=True)
class Plot:
    """A chart in its box; charts with equal ``stamp`` look the same."""

    name: str
    box: Box
    stamp: Hashable
    tip: str
    paint: Callable[[Canvas, Box, Style], None] = field(compare=False)

    def draw(self, canvas: Canvas, style: Style) -> None:
        """Draw it."""
        self.paint(canvas, self.box, style)


def draw_plot(
    canvas: Canvas, box: Box, chart: Chart, clock: float, newest: float, colours: Pixels, style: Style
) -> None:
    """Draw a chart with its axes: curves over the clock up to the newest value, others up to the clock."""
    for space in with_room(chart_spaces(box, style, 1), (chart,), style):
        chart_axes(canvas, space, chart, colours, style)
        draw_chart(canvas, space.box, chart, clock, colours, style, until=newest)
