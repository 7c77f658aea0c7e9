"""The figure of measured times: one update and one epoch against batch size, side by side, both axes logarithmic."""

from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from errsurf.batch_times.words import NAMES, in_time
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import PIXELS, Band, Canvas, Dots, Drawing, Stroke, frame
from errsurf.drawing.colours import Colour, group_colours
from errsurf.drawing.figures.files import Figure
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.arrangement import layout
from errsurf.drawing.layout.parts import Contents, Layout
from errsurf.drawing.layout.style import Style, scenario_style
from errsurf.drawing.lettering.text import Type, line_height, longest, shortened, text_width
from errsurf.drawing.map.strokes import dashed as cut

if TYPE_CHECKING:
    from errsurf.batch_times.records import BatchTimes, Series
    from errsurf.measures.intervals import Estimate

TITLES = ("time of one update", "time of one epoch")
AXIS = "batch size"
DRAWN = ("dashed: drawing the batch, too (full batch draws nothing)", "dashed: drawing the batch, too", "drawing, too")
DASHES = (7.2, 3.6)
_BAND = 51
MARGIN = 0.02


class Text(NamedTuple):
    """One line of text, its top left corner, type and colour."""

    text: str
    left: int
    top: int
    kind: Type
    colour: Colour

    @property
    def box(self) -> Box:
        """The pixels that it may change."""
        return Box(self.left, self.top, self.left + text_width(self.text, self.kind), self.top + line_height(self.kind))


class Entry(NamedTuple):
    """A line of the legend: its sample, where its text begins, and what it says."""

    sample: Box
    left: int
    text: str
    colour: Colour
    dashed: bool


class Panel(NamedTuple):
    """One chart: its title, its box, and the times of each series."""

    title: str
    area: Box
    seconds: list[tuple["Estimate", ...]]

    @property
    def decades(self) -> tuple[int, int]:
        """The powers of ten between which all times lie."""
        values = [value for series in self.seconds for each in series for value in each]
        return floor(log10(min(values))), ceil(log10(max(values)))


def batch_figure(found: "BatchTimes") -> Figure:
    """Both panels; a line is the median of the repeats, its band the 95% interval."""
    plan = _plan(found)
    return Figure(found.scenario, plan.size, plan.style.theme.background, lambda canvas: _draw(canvas, found, plan))


def _draw(canvas: Canvas, found: "BatchTimes", plan: Layout) -> None:
    for panel in _panels(found, plan):
        _grid(canvas, found, panel, plan.style)
        _curves(canvas, found, panel, plan.style)
        frame(canvas, panel.area, plan.style.theme.grey)
    for entry in _legend(found, plan):
        ends = np.array([[0.0, 0.55], [1.0, 0.55]]) * (entry.sample.width, entry.sample.height)
        _line(canvas, entry.sample, ends, entry.colour, plan.style, dashed=entry.dashed)
    for each in batch_texts(found):
        canvas.write(*each)


def batch_texts(found: "BatchTimes") -> list[Text]:
    """All texts of the figure, where they stand."""
    plan = _plan(found)
    style, theme, left = plan.style, plan.style.theme, plan.title.left
    title = shortened(f"Time by batch size, N = {found.examples:,}", plan.title.width, style.title)
    texts = [Text(title, left, plan.title.top, style.title, theme.foreground)]
    texts += [
        Text(each.text, each.left, each.sample.top, style.number, theme.foreground) for each in _legend(found, plan)
    ]
    for panel in _panels(found, plan):
        texts += _axis_texts(found, panel, style)
    high = line_height(style.number)
    for k, line in enumerate(reversed(_notes(found))):
        top = plan.size[1] - round(7 * style.unit) - (k + 1) * high
        texts.append(Text(shortened(line, plan.title.width, style.number), left, top, style.number, theme.grey))
    return texts


def _plan(found: "BatchTimes") -> Layout:
    size = (int(found.scenario.picture.size[0]), int(found.scenario.picture.size[1]))
    return layout(size, scenario_style(found.scenario, size), Contents(1))


def _panels(found: "BatchTimes", plan: Layout) -> list[Panel]:
    """The two charts side by side, with room for times at the left and sizes below."""
    style, tick, number = plan.style, line_height(plan.style.tick), line_height(plan.style.number)
    side = text_width("100 ms", style.tick) + round(9 * style.unit)
    gap = side + round(14 * style.unit)
    last = text_width(f"{10 ** floor(log10(found.examples)):,}", style.tick) // 2
    wide = (plan.title.width - side - gap - last) // 2
    top = plan.title.bottom + number + line_height(style.label) + tick // 2 + round(18 * style.unit)
    bottom = plan.size[1] - 2 * tick - len(_notes(found)) * number - round(18 * style.unit)
    lefts = (plan.title.left + side, plan.title.left + side + wide + gap)
    seconds = ([each.update for each in found.series], [each.epoch(found.examples) for each in found.series])
    return [
        Panel(title, Box(left, top, left + wide, bottom), times)
        for title, left, times in zip(TITLES, lefts, seconds, strict=True)
    ]


def _legend(found: "BatchTimes", plan: Layout) -> list[Entry]:
    """A device a colour, in one line below the title, and what dashes mean."""
    style = plan.style
    left, top, wide = plan.title.left, plan.title.bottom + round(4 * style.unit), round(30 * style.unit)
    said = [((NAMES[each.device],), _colour(each, style), False) for each in found.series if not each.drawn]
    entries: list[Entry] = []
    drawn = DRAWN[found.scenario.run.sampling.kind == "replacement" :]
    for texts, colour, dashed in (*said, (drawn, style.theme.foreground, True)):
        sample = Box(left, top, left + wide, top + line_height(style.number))
        begin = sample.right + round(7 * style.unit)
        text = longest(texts, plan.title.right - begin, style.number)
        entries.append(Entry(sample, begin, text, colour, dashed))
        left = begin + text_width(text, style.number) + round(22 * style.unit)
    return entries


def _axis_texts(found: "BatchTimes", panel: Panel, style: Style) -> list[Text]:
    """The panel's title above it, times at its left, sizes and their name below."""
    area, kind, grey = panel.area, style.tick, style.theme.grey
    high = line_height(kind)
    title = Text(
        panel.title, area.left, area.top - line_height(style.label) - high // 2, style.label, style.theme.foreground
    )
    texts = [title]
    for k in _marked(panel.decades, area.height, 2 * high):
        text, y = in_time(10.0**k), area.bottom - round(_height(k, panel) * area.height)
        left = area.left - round(6 * style.unit) - text_width(text, kind)
        texts.append(Text(text, left, y - high // 2, kind, grey))
    widest = text_width(f"{found.examples:,}", kind) + kind.size
    for k in _marked((0, floor(log10(found.examples))), area.width, widest):
        text, x = f"{10**k:,}", area.left + round(_across(k, found) * area.width)
        texts.append(Text(text, x - text_width(text, kind) // 2, area.bottom + 5, kind, grey))
    middle = (area.left + area.right - text_width(AXIS, kind)) // 2
    return [*texts, Text(AXIS, middle, area.bottom + 5 + high, kind, grey)]


def _marked(decades: tuple[int, int], room: int, each: int) -> range:
    """The powers of ten that get a mark: all, or every second or third where that would be too close."""
    first, last = decades
    return range(first, last + 1, max(1, ceil((last - first) * each / room)))


def _height(power: float, panel: Panel) -> float:
    """Place of a power of ten between the bottom, 0, and the top, 1."""
    low, high = panel.decades
    return (power - low) / max(high - low, 1)


def _across(power: float, found: "BatchTimes") -> float:
    """Place of a power of ten between the left edge, 0, and the right one, 1."""
    return MARGIN + (1 - 2 * MARGIN) * power / log10(found.examples)


def _grid(canvas: Canvas, found: "BatchTimes", panel: Panel, style: Style) -> None:
    """A pale line at each power of ten."""
    area, pale = panel.area, style.theme.pale
    for k in range(*panel.decades):
        y = area.bottom - round(_height(k, panel) * area.height)
        canvas.fill(Box(area.left, y, area.right, y + 1), pale)
    for k in range(floor(log10(found.examples)) + 1):
        x = area.left + round(_across(k, found) * area.width)
        canvas.fill(Box(x, area.top, x + 1, area.bottom), pale)


def _curves(canvas: Canvas, found: "BatchTimes", panel: Panel, style: Style) -> None:
    """Draw the band and the line of every series, and a dot at each batch size that was measured."""
    area = panel.area
    for series, seconds in zip(found.series, panel.seconds, strict=True):
        tone = _colour(series, style)
        x = np.array([_across(log10(batch), found) * area.width for batch in series.batches])
        middle, low, high = (
            area.height * (1 - np.array([_height(log10(value), panel) for value in each]))
            for each in zip(*seconds, strict=True)
        )
        canvas.band(area, Band(x, low, high), tone, _BAND)
        points = np.stack([x, middle], axis=1)
        _line(canvas, area, points, tone, style, dashed=series.drawn)
        if not series.drawn:
            canvas.dots(area, points[None], PIXELS, Dots(2.2 * style.line), np.array([tone], np.uint8))


def _line(canvas: Canvas, area: Box, points: Array, colour: Colour, style: Style, *, dashed: bool) -> None:
    path, radius = (cut(points, *(part * style.line for part in DASHES)), 0.9) if dashed else (points, 1.4)
    canvas.strokes(area, Drawing([Stroke(path, radius * style.line)], [colour]), 0.0, style.theme.background)


def _colour(series: "Series", style: Style) -> Colour:
    """One colour a device, whichever others were measured."""
    r, g, b = (int(c) for c in group_colours(style.theme, [list(NAMES).index(series.device)])[0])
    return r, g, b


def _notes(found: "BatchTimes") -> list[str]:
    group, run = found.scenario.optimizer[0], found.scenario.run
    what = f"one particle, {group.kind} on {found.scenario.surface.kind} in {run.precision}"
    return [
        f"{what}; median of {found.repeats} runs, band: its 95% interval",
        f"{found.processor}, {found.threads} threads",
    ]
