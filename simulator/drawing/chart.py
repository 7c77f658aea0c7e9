"""The chart of the panel: one curve a group against the clock, drawn up to now."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulator.drawing.background import bare_axes, pixels
from simulator.drawing.colours import GREY, PALE, Pixels
from simulator.drawing.frames import Array, Ints, latest
from simulator.drawing.history import History
from simulator.drawing.kernels import dots
from simulator.drawing.landmarks import Basins
from simulator.drawing.layout import Box, Layout, fill
from simulator.drawing.text import line_height, shortened, text_width, write, write_right
from simulator.drawing.window import marks, number_text


class Scale(NamedTuple):
    """The range of values along the chart's height."""

    low: float
    high: float
    log: bool = False

    @property
    def decimals(self) -> int | None:
        """As many as tell values apart by a few thousandths of the range; None on a logarithmic scale."""
        return None if self.log else int(np.clip(np.ceil(-np.log10((self.high - self.low) / 3)) + 2, 0, 8))

    def height(self, values: Array) -> Array:
        """Place of each value between the bottom, 0, and the top, 1, and at most one chart's height beyond."""
        if self.log:
            part = (np.log(np.maximum(values, self.low)) - np.log(self.low)) / (np.log(self.high) - np.log(self.low))
        else:
            part = (np.clip(values, -1e300, 1e300) - self.low) / (self.high - self.low)
        return np.asarray(np.clip(part, -1.0, 2.0))


class Curve(NamedTuple):
    """One group's curve: clock values and heights in [0, 1], each (rows,), with a band (rows, 2) and a second curve."""

    clock: Ints
    height: Array
    band: Array | None = None
    dashed: Array | None = None


class Chart(NamedTuple):
    """What the chart says, and one curve a group; the clock runs from 0 to ``end``."""

    title: str
    scale: Scale
    marks: list[tuple[float, str]]
    curves: list[Curve]
    end: float


def loss_chart(histories: Sequence[History], loss: Array, end: float) -> Chart:
    """Median training loss with its 5% to 95% band, dashed the median test loss.

    The axis ends at the highest ``loss`` of the map, and lower if groups that stay in it need less; it is
    logarithmic where all losses are positive and span more than a factor of 200.
    """
    top = float(np.max(loss[np.isfinite(loss)], initial=-np.inf))
    staying = [h for h in histories if 2 * (h.outside[-1] + h.diverged[-1]) < h.particles] or histories
    values = np.concatenate([np.append(h.train, h.test[:, None], axis=1).ravel() for h in staying])
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), min(float(finite.max()), top)) if len(finite) else (0.0, 1.0)
    if low > 0 and high > 200 * low:
        scale = Scale(max(low, high * 1e-12), high * 1.2, True)
    else:
        margin = 0.05 * (high - low) if high > low else 0.5
        scale = Scale(low - margin, high + margin)
    curves = [
        Curve(h.clock, scale.height(h.train[:, 1]), scale.height(h.train[:, ::2]), scale.height(h.test))
        for h in histories
    ]
    many = ": median, 90% band" if histories[0].particles > 1 else ""
    return Chart(f"training loss{many}; dashed: test", scale, _loss_marks(scale), curves, end)


def basin_chart(histories: Sequence[History], basins: Basins, end: float) -> Chart:
    """Share of all particles in the basin of the flattest minimum."""
    scale = Scale(-0.02, 1.02)
    curves = [Curve(h.clock, scale.height(h.share[:, basins.followed])) for h in histories]
    title = f"particles in the basin of the {basins.titles[basins.followed]}"
    return Chart(title, scale, [(0.0, "0%"), (0.5, "50%"), (1.0, "100%")], curves, end)


def chart_axes(out: Pixels, layout: Layout, chart: Chart, word: str) -> None:
    """The chart's title, its marks, pale lines across it, and the ends of the clock, whose name is ``word``."""
    box, caption, size = layout.chart, layout.chart_title, layout.sizes.tick
    write(out, shortened(chart.title, caption.width, size), caption.left, caption.top, size)
    room = max(2, box.height // (2 * line_height(size)))
    for value, text in chart.marks[:: -(-len(chart.marks) // room)]:
        y = min(box.bottom - round(float(chart.scale.height(np.array(value))) * box.height), box.bottom - 1)
        fill(out, Box(box.left, y, box.right, y + 1), PALE)
        top = min(max(y - line_height(size) // 2, caption.bottom), box.bottom - line_height(size))
        write_right(out, text, box.left - 5, top, size, GREY)
    fill(out, Box(box.left - 1, box.top, box.left, box.bottom + 1), GREY)
    fill(out, Box(box.left - 1, box.bottom, box.right, box.bottom + 1), GREY)
    end = f"{chart.end:,.0f}"
    write(out, "0", box.left - 2, box.bottom + 4, size, GREY)
    write_right(out, end, box.right, box.bottom + 4, size, GREY)
    word = shortened(word, box.width - 2 * text_width(end, size) - 2 * size, size)
    write(out, word, (box.left + box.right - text_width(word, size)) // 2, box.bottom + 4, size, GREY)


def finished_curves(chart: Chart, colours: Pixels, box: Box, unit: float) -> Pixels:
    """All curves to their ends on white, shape (box height, box width, 3)."""
    figure, axes = bare_axes(box)
    axes.set(xlim=(0.0, max(chart.end, 1.0)), ylim=(0.0, 1.0))
    for curve, colour in zip(chart.curves, colours / 255.0, strict=True):
        tone = tuple(colour)
        if curve.band is not None:
            axes.fill_between(curve.clock, *curve.band.T, step="post", color=tone, alpha=0.15, linewidth=0)
        if curve.dashed is not None:
            axes.plot(
                curve.clock, curve.dashed, linewidth=0.9 * unit, dashes=(4, 2.5), drawstyle="steps-post", color=tone
            )
        axes.plot(curve.clock, curve.height, linewidth=1.7 * unit, drawstyle="steps-post", color=tone)
    return pixels(figure)


def draw_curves(
    out: Pixels, box: Box, chart: Chart, finished: Pixels, clock: float, head: Pixels, colours: Pixels
) -> None:
    """Copy the finished curves up to the clock value, and put a line there and a dot on each curve."""
    now = round(min(clock / max(chart.end, 1.0), 1.0) * (box.width - 1))
    part = out[box.top : box.bottom, box.left : box.left + now]
    np.minimum(part, finished[:, :now], out=part)
    out[box.top : box.bottom, box.left + now] = GREY
    heights = [c.height[latest(c.clock, clock)] for c in chart.curves]
    ends = np.array([[[float(now), h]] for h in heights])
    half = head.shape[0] // 2
    around = (box.left - half, box.top - half, box.right + half, box.bottom + half)
    dots(out, ends, around, (-float(half), 1.0, 1.0 + half / box.height, float(box.height)), head, colours)


def _loss_marks(scale: Scale) -> list[tuple[float, str]]:
    if not scale.log:
        return marks(scale.low, scale.high, 7)
    first, last = int(np.ceil(np.log10(scale.low))), int(np.floor(np.log10(scale.high)))
    return [(10.0**k, number_text(10.0**k)) for k in range(first, last + 1)]
