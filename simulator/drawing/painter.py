"""One frame of a run, drawn from its result and a clock value; every kind of picture uses this painter."""

from dataclasses import dataclass

import numpy as np

from errsurf.drawing.chart import ReadyChart, draw_chart, on_chart, place
from errsurf.drawing.colours import Pixels
from errsurf.drawing.frames import latest
from errsurf.drawing.history import History
from errsurf.drawing.kernels import dots
from errsurf.drawing.landmarks import Basins, Patch, paste_all
from errsurf.drawing.layout_parts import Layout
from errsurf.drawing.lettering.text import longest, write
from errsurf.drawing.markers import Marker, marker_colour, stamp
from errsurf.drawing.overlays import Ground, Ready
from errsurf.drawing.panel import counted, loss_line, lost_count, share_bar
from errsurf.drawing.swarm import Swarm, draw_swarm
from errsurf.drawing.window import Window


@dataclass(frozen=True)
class Painter:
    """All that is needed to draw any frame of one result at one size.

    ``base`` (height, width, 3) is what stands still, ``charts`` are those that have room; every map shows
    ``window`` in its box of ``layout.maps``, so a viewer can turn pixels into theta.  ``shown`` are the places of the
    groups in the result, ``colours`` theirs, (shown, 3); ``updates`` says whether the legend counts updates.
    ``overlays`` are drawn on ``ground``.
    """

    layout: Layout
    window: Window
    shown: list[int]
    colours: Pixels
    base: Pixels
    charts: list[ReadyChart]
    names: list[Patch]
    swarms: list[Swarm]
    markers: list[Marker]
    basins: Basins | None
    histories: list[History]
    updates: bool
    epoch: int | None
    decimals: int | None
    end: float
    ground: Ground
    overlays: list[Ready]

    @property
    def exact(self) -> Pixels:
        """The colours of flat areas and texts, which a palette should hold, shape (n, 3)."""
        theme = self.layout.look.theme
        return np.concatenate([self.colours, np.array([theme.paper, theme.ink, theme.warning], dtype=np.uint8)])

    def draw(self, clock: float, out: Pixels) -> None:
        """Draw the frame at this clock value into ``out``, shape (height, width, 3), uint8, best C-contiguous.

        The kernels are compiled once more for any other memory layout.
        """
        np.copyto(out, self.base)
        for each in self.overlays:
            each.under(out, clock)
        for swarm in self.swarms:
            draw_swarm(out, swarm, clock)
        self._mark_trails(out, clock)
        for each in self.overlays:
            each.over(out, clock)
        paste_all(out, self.names)
        self.draw_panel(out, clock)

    def draw_panel(self, out: Pixels, clock: float) -> None:
        """Draw what stands beside the maps: the numbers of the legend, the chart and the clock."""
        self._draw_numbers(out, clock)
        for chart in self.charts:
            self._draw_chart(out, chart, clock)
        box, look = self.layout.clock, self.layout.look
        words = longest(clock_texts(clock, self.epoch), box.width, look.label)
        write(out, words, box.left, box.top, look.label, look.theme.ink)

    def frame(self, clock: float) -> Pixels:
        """The frame at this clock value, shape (height, width, 3), uint8."""
        out = np.empty_like(self.base)
        self.draw(clock, out)
        return out

    def _draw_numbers(self, out: Pixels, clock: float) -> None:
        look = self.layout.look
        for row, h, colour in zip(self.layout.rows, self.histories, self.colours, strict=False):
            at = latest(h.clock, clock)
            lost_count(out, row, h, at, look)
            if row.numbers and self.basins:
                share_bar(out, row.numbers, h.share[at], self.basins, colour, look)
            elif row.numbers:
                loss_line(out, row.numbers, h, at, self.decimals, look, updates=self.updates)

    def _draw_chart(self, out: Pixels, ready: ReadyChart, clock: float) -> None:
        look = self.layout.look
        draw_chart(out, ready, clock, self.colours, look)
        for marker in self.passed(clock) if not ready.chart.joined else ():
            spot = np.array([[place(ready.chart, ready.chart.curves[marker.group], marker.clock, ready.box)]])
            for rim, colour in self.tones(marker):
                mask = stamp(marker.shape, 0.8 * look.line, rim)
                on_chart(out, ready.box, spot, mask, colour)

    def _mark_trails(self, out: Pixels, clock: float) -> None:
        for marker in self.passed(clock):
            swarm = self.swarms[marker.group if len(self.swarms) > 1 else 0]
            for rim, colour in self.tones(marker):
                mask = stamp(marker.shape, swarm.unit, rim)
                dots(out, marker.points[None], tuple(swarm.area), swarm.scale, mask, colour)

    def passed(self, clock: float) -> list[Marker]:
        """The marks that are there at a clock value."""
        return [marker for marker in self.markers if marker.clock <= clock]

    def tones(self, marker: Marker) -> list[tuple[bool, Pixels]]:
        """The colours of the rim and of the shape."""
        look = self.layout.look
        paper = np.array([look.theme.paper], dtype=np.uint8)
        return [(True, paper), (False, marker_colour(self.colours[marker.group], look))]


def clock_texts(clock: float, epoch: int | None) -> tuple[str, ...]:
    """The clock in words, in full and shorter: updates, or examples seen where an epoch has so many examples."""
    done = int(clock + 1e-9)
    if epoch is None:
        return (counted(done, "update"),)
    examples = counted(done, "example")
    return f"{examples} seen, epoch {done // epoch:,}", f"{examples}, epoch {done // epoch:,}", examples, f"{done:,}"
