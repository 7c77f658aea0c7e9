"""The figure of measured times: one update and one epoch against batch size, side by side, both axes logarithmic."""

from functools import partial
from math import ceil, floor, log10
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image

from errsurf.batch_times.words import NAMES, in_time
from errsurf.drawing.background import laid_over, rendered
from errsurf.drawing.boxes import Box, fill, frame
from errsurf.drawing.colours import Colour, Pixels, group_colours, hexadecimal
from errsurf.drawing.layout import layout
from errsurf.drawing.layout_parts import Contents, Layout
from errsurf.drawing.lettering.text import Type, line_height, longest, shortened, text_width, write
from errsurf.drawing.look import Look, scenario_look
from errsurf.system.atomic_write import whole_file

if TYPE_CHECKING:
    from errsurf.batch_times.records import BatchTimes, Series
    from errsurf.claims.uncertainty import Estimate

TITLES = ("time of one update", "time of one epoch")
AXIS = "batch size"
DRAWN = ("dashed: drawing the batch, too (full batch draws nothing)", "dashed: drawing the batch, too", "drawing, too")
DASHES = (4, 2)
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


def write_batch_figure(found: "BatchTimes", path: str | Path) -> None:
    """Write the figure as a PNG of the scenario's picture size; raises OSError."""
    with whole_file(path) as file:
        Image.fromarray(batch_figure(found)).save(file, format="PNG", compress_level=6)


def batch_figure(found: "BatchTimes") -> Pixels:
    """Both panels, shape (height, width, 3), uint8; a line is the median of the repeats, its band the 95% interval."""
    plan = _plan(found)
    out = np.full((plan.size[1], plan.size[0], 3), plan.look.theme.paper, dtype=np.uint8)
    for panel in _panels(found, plan):
        _grid(out, found, panel, plan.look)
        _paste(out, rendered(panel.area, partial(_curves, found, panel, plan.look)), panel.area)
        frame(out, panel.area, plan.look.theme.grey)
    for entry in _legend(found, plan):
        _paste(out, rendered(entry.sample, partial(_sample, entry, plan.look)), entry.sample)
    for each in batch_texts(found):
        write(out, *each)
    return out


def batch_texts(found: "BatchTimes") -> list[Text]:
    """All texts of the figure, where they stand."""
    plan = _plan(found)
    look, theme, left = plan.look, plan.look.theme, plan.title.left
    title = shortened(f"Time by batch size, N = {found.examples:,}", plan.title.width, look.title)
    texts = [Text(title, left, plan.title.top, look.title, theme.ink)]
    texts += [Text(each.text, each.left, each.sample.top, look.number, theme.ink) for each in _legend(found, plan)]
    for panel in _panels(found, plan):
        texts += _axis_texts(found, panel, look)
    high = line_height(look.number)
    for k, line in enumerate(reversed(_notes(found))):
        top = plan.size[1] - round(7 * look.unit) - (k + 1) * high
        texts.append(Text(shortened(line, plan.title.width, look.number), left, top, look.number, theme.grey))
    return texts


def _plan(found: "BatchTimes") -> Layout:
    size = (int(found.scenario.picture.size[0]), int(found.scenario.picture.size[1]))
    return layout(size, scenario_look(found.scenario, size), Contents(1))


def _panels(found: "BatchTimes", plan: Layout) -> list[Panel]:
    """The two charts side by side, with room for times at the left and sizes below."""
    look, tick, number = plan.look, line_height(plan.look.tick), line_height(plan.look.number)
    side = text_width("100 ms", look.tick) + round(9 * look.unit)
    gap = side + round(14 * look.unit)
    wide = (plan.title.width - side - gap) // 2
    top = plan.title.bottom + number + line_height(look.label) + round(18 * look.unit)
    bottom = plan.size[1] - 2 * tick - len(_notes(found)) * number - round(18 * look.unit)
    lefts = (plan.title.left + side, plan.title.left + side + wide + gap)
    seconds = ([each.update for each in found.series], [each.epoch(found.examples) for each in found.series])
    return [
        Panel(title, Box(left, top, left + wide, bottom), times)
        for title, left, times in zip(TITLES, lefts, seconds, strict=True)
    ]


def _legend(found: "BatchTimes", plan: Layout) -> list[Entry]:
    """A device a colour, in one line below the title, and what dashes mean."""
    look = plan.look
    left, top, wide = plan.title.left, plan.title.bottom + round(4 * look.unit), round(30 * look.unit)
    said = [((NAMES[each.device],), _colour(each, look), False) for each in found.series if not each.drawn]
    entries: list[Entry] = []
    drawn = DRAWN[found.scenario.run.sampling.kind == "replacement" :]
    for texts, colour, dashed in (*said, (drawn, look.theme.ink, True)):
        sample = Box(left, top, left + wide, top + line_height(look.number))
        begin = sample.right + round(7 * look.unit)
        text = longest(texts, plan.title.right - begin, look.number)
        entries.append(Entry(sample, begin, text, colour, dashed))
        left = begin + text_width(text, look.number) + round(22 * look.unit)
    return entries


def _axis_texts(found: "BatchTimes", panel: Panel, look: Look) -> list[Text]:
    """The panel's title above it, times at its left, sizes and their name below."""
    area, kind, grey = panel.area, look.tick, look.theme.grey
    high = line_height(kind)
    title = Text(panel.title, area.left, area.top - line_height(look.label) - 2, look.label, look.theme.ink)
    texts = [title]
    for k in _marked(panel.decades, area.height, 2 * high):
        text, y = in_time(10.0**k), area.bottom - round(_height(k, panel) * area.height)
        top = min(max(y - high // 2, area.top), area.bottom - high)
        texts.append(Text(text, area.left - round(6 * look.unit) - text_width(text, kind), top, kind, grey))
    widest = text_width(f"{found.examples:,}", kind) + kind.size
    for k in _marked((0, floor(log10(found.examples))), area.width, widest):
        text, x = f"{10**k:,}", area.left + round(_across(k, found) * area.width)
        left = min(max(x - text_width(text, kind) // 2, area.left), area.right - text_width(text, kind))
        texts.append(Text(text, left, area.bottom + 5, kind, grey))
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


def _grid(out: Pixels, found: "BatchTimes", panel: Panel, look: Look) -> None:
    """A pale line at each power of ten."""
    area, pale = panel.area, look.theme.pale
    for k in range(*panel.decades):
        y = area.bottom - round(_height(k, panel) * area.height)
        fill(out, Box(area.left, y, area.right, y + 1), pale)
    for k in range(floor(log10(found.examples)) + 1):
        x = area.left + round(_across(k, found) * area.width)
        fill(out, Box(x, area.top, x + 1, area.bottom), pale)


def _curves(found: "BatchTimes", panel: Panel, look: Look, axes: Any) -> None:
    axes.set(xlim=(0.0, 1.0), ylim=(0.0, 1.0))
    for series, seconds in zip(found.series, panel.seconds, strict=True):
        tone = hexadecimal(_colour(series, look))
        across = [_across(log10(batch), found) for batch in series.batches]
        middle, low, high = ([_height(log10(value), panel) for value in each] for each in zip(*seconds, strict=True))
        axes.fill_between(across, low, high, color=tone, alpha=0.2, linewidth=0)
        axes.plot(across, middle, color=tone, **_line(look, dashed=series.drawn))
        if not series.drawn:
            axes.plot(across, middle, "o", color=tone, markersize=3.2 * look.line, markeredgewidth=0)


def _sample(entry: Entry, look: Look, axes: Any) -> None:
    axes.set(xlim=(0.0, 1.0), ylim=(0.0, 1.0))
    axes.plot([0, 1], [0.45, 0.45], color=hexadecimal(entry.colour), **_line(look, dashed=entry.dashed))


def _line(look: Look, *, dashed: bool) -> dict[str, Any]:
    return {"linewidth": 1.3 * look.line, "dashes": DASHES} if dashed else {"linewidth": 2.0 * look.line}


def _paste(out: Pixels, drawn: Pixels, area: Box) -> None:
    """Put what was drawn over what is there."""
    below = out[area.top : area.bottom, area.left : area.right]
    below[:] = laid_over(below, drawn)


def _colour(series: "Series", look: Look) -> Colour:
    """One colour a device, whichever others were measured."""
    r, g, b = (int(c) for c in group_colours(look.theme, [list(NAMES).index(series.device)])[0])
    return r, g, b


def _notes(found: "BatchTimes") -> list[str]:
    group, run = found.scenario.optimizer[0], found.scenario.run
    what = f"one particle, {group.kind} on {found.scenario.surface.kind} in {run.precision}"
    return [
        f"{what}; median of {found.repeats} runs, band: its 95% interval",
        f"{found.processor}, {found.threads} threads",
    ]
