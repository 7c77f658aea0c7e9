"""Where everything stands in a picture of a given size."""

from typing import NamedTuple

from simulator.drawing.colours import Pixels
from simulator.drawing.text import line_height, text_width


class Box(NamedTuple):
    """Pixels from ``left`` up to but not including ``right``, ``top`` up to but not including ``bottom``."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    def inside(self, other: "Box") -> bool:
        """Whether no pixel of this box lies outside the other."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom

    def overlaps(self, other: "Box") -> bool:
        """Whether the two boxes share a pixel."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Sizes(NamedTuple):
    """Heights of the texts in pixels, and the unit in which gaps are measured."""

    title: int
    label: int
    number: int
    tick: int
    unit: float


class Row(NamedTuple):
    """One group's place in the panel: colour swatch, label, and numbers below, None where there is no room."""

    swatch: Box
    label: Box
    numbers: Box | None


class Layout(NamedTuple):
    """The boxes of a picture of ``size`` (width, height); the chart and its title are empty where there is no room."""

    size: tuple[int, int]
    sizes: Sizes
    title: Box
    map: Box
    clock: Box
    rows: tuple[Row, ...]
    chart_title: Box
    chart: Box


def layout(size: tuple[int, int], groups: int) -> Layout:
    """The map at the left and the panel at its right, or below it where the picture is tall.

    ``size`` is (width, height); at 960 x 540 the title is 22 pixels high and no text is below 13.
    """
    width, height = size
    wide = width >= height
    unit = min(width / 960, height / 540) if wide else min(width / 540, height / 960)
    title_size, label, number, tick_size = (max(8, round(k * unit)) for k in (22, 15, 14, 13))
    sizes = Sizes(title_size, label, number, tick_size, unit)
    margin, tick = round(14 * unit), line_height(sizes.tick)
    title = Box(margin, round(9 * unit), width - margin, round(9 * unit) + line_height(sizes.title))
    bottom = height - margin // 2 if wide else round(height * 0.58)
    left, right = margin + text_width("-0.25", sizes.tick) + 4, round(width * 0.62) if wide else width - margin
    clock = Box(left, bottom - line_height(sizes.label), right, bottom)
    area = Box(left, title.bottom + round(8 * unit), right, clock.top - tick - 5)
    if wide:
        panel = Box(right + round(22 * unit), area.top, width - margin, area.bottom + tick + 5)
    else:
        panel = Box(margin, bottom + round(14 * unit), width - margin, height - margin // 2)
    rows, below = _rows(sizes, panel, groups)
    caption = Box(panel.left, below, panel.right, below + tick)
    chart_left = panel.left + text_width("-0.25", sizes.tick) + 6
    chart = Box(chart_left, caption.bottom + round(6 * unit), panel.right - round(4 * unit), panel.bottom - tick - 5)
    if chart.height < 4 * tick:
        caption = chart = Box(0, 0, 0, 0)
    return Layout(size, sizes, title, area, clock, rows, caption, chart)


def _rows(sizes: Sizes, panel: Box, groups: int) -> tuple[tuple[Row, ...], int]:
    """The rows of the panel and where the space below them begins."""
    first, second, gap = line_height(sizes.label), line_height(sizes.number), round(7 * sizes.unit)
    double = groups * (first + second + gap) <= panel.height
    side, indent = round(13 * sizes.unit), panel.left + round(20 * sizes.unit)
    rows, top = [], panel.top
    for _ in range(groups):
        down = top + (first - side) // 2
        label = Box(indent, top, panel.right, top + first)
        numbers = Box(indent, label.bottom, panel.right, label.bottom + second) if double else None
        rows.append(Row(Box(panel.left, down, panel.left + side, down + side), label, numbers))
        top += first + gap + (second if double else 0)
    return tuple(rows), top + round(4 * sizes.unit)


def fill(out: Pixels, box: Box, colour: tuple[int, int, int]) -> None:
    """Paint a box."""
    out[box.top : box.bottom, box.left : box.right] = colour


def frame(out: Pixels, box: Box, colour: tuple[int, int, int]) -> None:
    """A line of one pixel around a box, outside it."""
    outer = Box(box.left - 1, box.top - 1, box.right + 1, box.bottom + 1)
    fill(out, outer._replace(bottom=box.top), colour)
    fill(out, outer._replace(top=box.bottom), colour)
    fill(out, outer._replace(right=box.left), colour)
    fill(out, outer._replace(left=box.right), colour)
