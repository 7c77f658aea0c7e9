"""The chart of the panel: one curve a group against the clock, drawn up to now."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulator.drawing.background import bare_axes, pixels
from simulator.drawing.boxes import Box, fill
from simulator.drawing.colours import Pixels
from simulator.drawing.frames import Array, Ints, latest
from simulator.drawing.history import History
from simulator.drawing.kernels import dots
from simulator.drawing.landmarks import Basins
from simulator.drawing.layout_parts import Layout
from simulator.drawing.lettering.text import line_height, longest, shortened, text_width, write, write_right
from simulator.drawing.look import Look
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
    """What the chart says, in full and ever shorter, and one curve a group; the clock runs from 0 to ``end``."""

    titles: tuple[str, ...]
    scale: Scale
    marks: list[tuple[float, str]]
    curves: list[Curve]
    end: float

    @property
    def title(self) -> str:
        """What it says, in full."""
        return self.titles[0]


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
    titles: tuple[str, ...] = ("training loss; dashed: test", "loss; dashed: test", "loss")
    if histories[0].particles > 1:
        titles = ("training loss: median, 90% band; dashed: test", "training loss, median; dashed: test", *titles[1:])
    return Chart(titles, scale, _loss_marks(scale), curves, end)


def basin_chart(histories: Sequence[History], basins: Basins, end: float) -> Chart:
    """Share of all particles in the basin of the flattest minimum."""
    scale = Scale(-0.02, 1.02)
    curves = [Curve(h.clock, scale.height(h.share[:, basins.followed])) for h in histories]
    name = basins.titles[basins.followed]
    titles = (f"particles in the basin of the {name}", f"share in the {name}", name)
    return Chart(titles, scale, [(0.0, "0%"), (0.5, "50%"), (1.0, "100%")], curves, end)


def chart_axes(out: Pixels, layout: Layout, chart: Chart, word: str) -> None:
    """The chart's title, its marks, pale lines across it, and the ends of the clock, whose name is ``word``."""
    box, heading, kind, theme = layout.chart, layout.chart_title, layout.look.tick, layout.look.theme
    write(out, longest(chart.titles, heading.width, kind), heading.left, heading.top, kind, theme.ink)
    room = max(2, box.height // (2 * line_height(kind)))
    for value, text in chart.marks[:: -(-len(chart.marks) // room)]:
        y = min(box.bottom - round(float(chart.scale.height(np.array(value))) * box.height), box.bottom - 1)
        fill(out, Box(box.left, y, box.right, y + 1), theme.pale)
        top = min(max(y - line_height(kind) // 2, heading.bottom), box.bottom - line_height(kind))
        write_right(out, text, box.left - 5, top, kind, theme.grey)
    fill(out, Box(box.left - 1, box.top, box.left, box.bottom + 1), theme.grey)
    fill(out, Box(box.left - 1, box.bottom, box.right, box.bottom + 1), theme.grey)
    end = f"{chart.end:,.0f}"
    write(out, "0", box.left - 2, box.bottom + 4, kind, theme.grey)
    write_right(out, end, box.right, box.bottom + 4, kind, theme.grey)
    word = shortened(word, box.width - 2 * text_width(end, kind) - 2 * kind.size, kind)
    write(out, word, (box.left + box.right - text_width(word, kind)) // 2, box.bottom + 4, kind, theme.grey)


def finished_curves(base: Pixels, chart: Chart, colours: Pixels, box: Box, look: Look) -> Pixels:
    """All curves to their ends over what ``base`` has in the box, shape (box height, box width, 3)."""
    figure, axes = bare_axes(box)
    axes.set(xlim=(0.0, max(chart.end, 1.0)), ylim=(0.0, 1.0))
    for curve, colour in zip(chart.curves, colours / 255.0, strict=True):
        tone = tuple(colour)
        if curve.band is not None:
            axes.fill_between(curve.clock, *curve.band.T, step="post", color=tone, alpha=0.15, linewidth=0)
        if curve.dashed is not None:
            thin = 0.9 * look.line
            axes.plot(curve.clock, curve.dashed, linewidth=thin, dashes=(4, 2.5), drawstyle="steps-post", color=tone)
        axes.plot(curve.clock, curve.height, linewidth=1.7 * look.line, drawstyle="steps-post", color=tone)
    drawn = pixels(figure).astype(np.float64)
    share, below = drawn[..., 3:] / 255, base[box.top : box.bottom, box.left : box.right]
    return np.rint(drawn[..., :3] * share + below * (1 - share)).astype(np.uint8)


def draw_curves(
    out: Pixels, box: Box, chart: Chart, finished: Pixels, clock: float, head: Pixels, colours: Pixels, look: Look
) -> None:
    """Copy the finished curves up to the clock value, and put a line there and a dot on each curve."""
    now = round(min(clock / max(chart.end, 1.0), 1.0) * (box.width - 1))
    out[box.top : box.bottom, box.left : box.left + now] = finished[:, :now]
    out[box.top : box.bottom, box.left + now] = look.theme.grey
    heights = [c.height[latest(c.clock, clock)] for c in chart.curves]
    on_chart(out, box, np.array([[[float(now), h]] for h in heights]), head, colours)


def on_chart(out: Pixels, box: Box, points: Array, stamp: Pixels, colours: Pixels) -> None:
    """Put a stamp at points, shape (groups, n, 2): columns of the chart, and heights in [0, 1]."""
    half = stamp.shape[0] // 2
    around = (box.left - half, box.top - half, box.right + half, box.bottom + half)
    dots(out, points, around, (-float(half), 1.0, 1.0 + half / box.height, float(box.height)), stamp, colours)


def _loss_marks(scale: Scale) -> list[tuple[float, str]]:
    if not scale.log:
        return marks(scale.low, scale.high, 7)
    first, last = int(np.ceil(np.log10(scale.low))), int(np.floor(np.log10(scale.high)))
    return [(10.0**k, number_text(10.0**k)) for k in range(first, last + 1)]
