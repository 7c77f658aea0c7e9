"""The parts of a picture's layout, and the boxes of one map, one chart and one row of the legend."""

from typing import NamedTuple

from simulator.drawing.boxes import NOWHERE, Box
from simulator.drawing.lettering.text import line_height, text_width
from simulator.drawing.look import Look


class Contents(NamedTuple):
    """What a picture holds: how many groups, a title, lines of caption, a map for each group, a legend, a chart.

    ``clock`` is the width of the clock's longest text, None where nothing else stands in its line.
    """

    groups: int
    title: bool = True
    caption: int = 0
    panels: bool = False
    legend: bool = True
    chart: bool = True
    clock: int | None = None


class Row(NamedTuple):
    """One group's place in the legend: colour swatch, label, and numbers below, None where there is no room."""

    swatch: Box
    label: Box
    numbers: Box | None


class Layout(NamedTuple):
    """The boxes of a picture of ``size`` (width, height); what has no room or is not wanted is empty.

    There is one map, or one for each group; ``outer`` says of each whether numbers stand at its left and below it.
    ``rows`` may be fewer than the groups; then ``rest`` has room to say so.  ``clock`` is a line below the maps, and
    ``key`` the rest of that line, for the meaning of markers.
    """

    size: tuple[int, int]
    look: Look
    title: Box
    maps: tuple[Box, ...]
    outer: tuple[tuple[bool, bool], ...]
    clock: Box
    key: Box
    rows: tuple[Row, ...]
    rest: Box
    chart_title: Box
    chart: Box
    caption: Box

    @property
    def map(self) -> Box:
        """The map, or the first of them."""
        return self.maps[0]


def map_box(region: Box, look: Look) -> Box:
    """The map within a region that has its marks and the line of the clock as well."""
    bottom = region.bottom - line_height(look.label) - line_height(look.tick) - 5
    return Box(region.left + mark_width(look), region.top, region.right, bottom)


def clock_boxes(region: Box, look: Look, contents: Contents) -> tuple[Box, Box]:
    """The clock at the foot of the maps' region, and at its right the key of markers."""
    left = region.left + mark_width(look)
    line = Box(left, region.bottom - line_height(look.label), region.right, region.bottom)
    if contents.clock is None:
        return line, NOWHERE
    cut = min(left + contents.clock + look.label.size, region.right - 1)
    return line._replace(right=cut), line._replace(left=cut)


def chart_boxes(panel: Box, look: Look) -> tuple[Box, Box]:
    """The chart's title and the chart in a panel; both empty where it would be too small."""
    tick = line_height(look.tick)
    title = panel._replace(bottom=panel.top + tick)
    left = panel.left + mark_width(look) - 1
    chart = Box(left, title.bottom + round(6 * look.unit), panel.right - round(4 * look.unit), panel.bottom - tick - 5)
    return (title, chart) if chart.height >= 3 * tick and chart.width >= 4 * tick else (NOWHERE, NOWHERE)


def map_look(layout: Layout) -> Look:
    """The look of what is drawn on the maps: thinner lines and smaller dots on small maps."""
    width, height = layout.size
    share = layout.map.width * layout.map.height / (0.4 * width * height)
    return layout.look._replace(line=layout.look.line * max(0.6, min(1.0, share**0.25)))


def mark_width(look: Look) -> int:
    """Room for the numbers left of a map or chart."""
    return text_width("\N{MINUS SIGN}0.25", look.tick) + 7


def row_heights(look: Look) -> tuple[int, int, int]:
    """Heights of a label's line, of the numbers' line, and the gap below them."""
    return line_height(look.label), line_height(look.number), round(7 * look.unit)


def row_boxes(left: int, right: int, top: int, look: Look, *, numbers: bool) -> Row:
    """One row of the legend."""
    first, second, _ = row_heights(look)
    side = round(look.label.size * 0.85)
    down = top + (first - side) // 2
    label = Box(left + side + round(7 * look.unit), top, right, top + first)
    below = label._replace(top=label.bottom, bottom=label.bottom + second) if numbers else None
    return Row(Box(left, down, left + side, down + side), label, below)
