"""The parts of a picture's layout, and the boxes of one map, one chart and one row of the legend."""

from typing import NamedTuple

from errsurf.drawing.boxes import NOWHERE, Box
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, text_width


class Contents(NamedTuple):
    """What a picture holds: how many groups, a title, lines of caption, a map for each group, a legend, charts.

    ``clock`` is the width of the clock's longest text, None where nothing else stands in its line.  ``pair`` is a
    second map beside the first, ``foot`` the height of what stands below the clock, ``bar`` one of the map's colours.
    """

    groups: int
    title: bool = True
    caption: int = 0
    panels: bool = False
    legend: bool = True
    charts: int = 1
    clock: int | None = None
    pair: bool = False
    foot: int = 0
    bar: bool = False


class Row(NamedTuple):
    """One group's place in the legend: colour swatch, label, and numbers below, None where there is no room."""

    swatch: Box
    label: Box
    numbers: Box | None


class ChartSpace(NamedTuple):
    """One chart's place: its title, and the box of its curves."""

    title: Box
    box: Box


class Layout(NamedTuple):
    """The boxes of a picture of ``size`` (width, height); what has no room or is not wanted is empty.

    There is one map, or one for each group; ``outer`` says of each whether numbers stand at its left and below it.
    ``rows`` may be fewer than the groups; then ``rest`` has room to say so.  ``clock`` is a line below the maps, and
    ``key`` the rest of that line, for the meaning of markers; ``foot`` is below the clock.  ``beside`` is a second map,
    and then ``heads`` are lines above the two; ``bar`` is for the map's colours.
    """

    size: tuple[int, int]
    style: Style
    title: Box
    maps: tuple[Box, ...]
    outer: tuple[tuple[bool, bool], ...]
    clock: Box
    key: Box
    rows: tuple[Row, ...]
    rest: Box
    charts: tuple[ChartSpace, ...]
    caption: Box
    foot: Box = NOWHERE
    beside: Box = NOWHERE
    heads: tuple[Box, ...] = ()
    bar: Box = NOWHERE

    @property
    def map(self) -> Box:
        """The map, or the first of them."""
        return self.maps[0]


def only_map(size: tuple[int, int], style: Style, area: Box) -> Layout:
    """A layout of one map with its numbers, and nothing else."""
    return Layout(size, style, NOWHERE, (area,), ((True, True),), NOWHERE, NOWHERE, (), NOWHERE, (), NOWHERE)


def map_box(region: Box, style: Style) -> Box:
    """The map within a region that has its marks and the line of the clock as well."""
    bottom = region.bottom - line_height(style.label) - line_height(style.tick) - 5
    return Box(region.left + mark_width(style), region.top, region.right, bottom)


def barred(area: Box, style: Style, contents: Contents) -> tuple[Box, Box]:
    """The map without room at its right for a bar of its colours with numbers, and the bar."""
    if not contents.bar:
        return area, NOWHERE
    cut, gap = area.right - mark_width(style) - round(26 * style.unit), round(12 * style.unit)
    top = area.top + line_height(style.tick) + style.tick.size // 3
    return area._replace(right=cut), Box(cut + gap, top, cut + gap + round(12 * style.unit), area.bottom)


def footed(region: Box, style: Style, contents: Contents) -> tuple[Box, Box]:
    """The region without its foot, and the foot, as wide as the maps."""
    if not contents.foot:
        return region, NOWHERE
    cut = region.bottom - contents.foot
    return region._replace(bottom=cut), region._replace(left=region.left + mark_width(style), top=cut)


def clock_boxes(region: Box, style: Style, contents: Contents) -> tuple[Box, Box]:
    """The clock at the foot of the maps' region, and at its right the key of markers."""
    left = region.left + mark_width(style)
    line = Box(left, region.bottom - line_height(style.label), region.right, region.bottom)
    if contents.clock is None:
        return line, NOWHERE
    cut = min(left + contents.clock + style.label.size, region.right - 1)
    return line._replace(right=cut), line._replace(left=cut)


def chart_spaces(panel: Box, style: Style, count: int) -> tuple[ChartSpace, ...]:
    """So many charts in a panel, one above the other or, where it is wide, side by side; fewer where it is small."""
    for most in range(count, 0, -1):
        found = [_chart_space(part, style) for part in _parts(panel, style, most)]
        if all(space.box.height for space in found):
            return tuple(found)
    return ()


def _parts(panel: Box, style: Style, count: int) -> list[Box]:
    """A panel cut into so many parts."""
    gap = round(22 * style.unit)
    if panel.width > 1.7 * panel.height:
        each = (panel.width + gap) // count
        return [
            panel._replace(left=panel.left + k * each, right=panel.left + (k + 1) * each - gap) for k in range(count)
        ]
    gap = round(9 * style.unit)
    each = (panel.height + gap) // count
    return [panel._replace(top=panel.top + k * each, bottom=panel.top + (k + 1) * each - gap) for k in range(count)]


def _chart_space(panel: Box, style: Style) -> ChartSpace:
    """The chart's title and the chart in a panel; both empty where it would be too small."""
    tick = line_height(style.tick)
    title = panel._replace(bottom=panel.top + tick)
    left = panel.left + mark_width(style) - 1
    chart = Box(
        left,
        title.bottom + max(round(6 * style.unit), tick // 2),
        panel.right - round(4 * style.unit),
        panel.bottom - tick - 5,
    )
    fits = chart.height >= 2 * tick and chart.width >= 4 * tick
    return ChartSpace(title, chart) if fits else ChartSpace(NOWHERE, NOWHERE)


def map_style(layout: Layout) -> Style:
    """The style of what is drawn on the maps: thinner lines and smaller dots on small maps."""
    width, height = layout.size
    share = layout.map.width * layout.map.height / (0.4 * width * height)
    return layout.style._replace(line=layout.style.line * max(0.6, min(1.0, share**0.25)))


def mark_width(style: Style) -> int:
    """Room for the numbers left of a map or chart."""
    return text_width("\N{MINUS SIGN}0.25", style.tick) + 7


def mark_spare(style: Style) -> int:
    """What a number left of a map or chart may take of the gap beyond its own room."""
    return round(12 * style.unit)


def mark_place(text: str, edge: int, gap: int, style: Style) -> tuple[int, bool]:
    """Left end of a number that belongs beside an edge, and whether it is inside: it is too long for the margin."""
    width = text_width(text, style.tick)
    inside = width > mark_width(style) + mark_spare(style) - gap
    return (edge + gap if inside else edge - gap - width), inside


def row_heights(style: Style) -> tuple[int, int, int]:
    """Heights of a label's line, of the numbers' line, and the gap below them."""
    return line_height(style.label), line_height(style.number), round(7 * style.unit)


def row_boxes(left: int, right: int, top: int, style: Style, *, numbers: bool) -> Row:
    """One row of the legend."""
    first, second, _ = row_heights(style)
    side = round(style.label.size * 0.85)
    down = top + (first - side) // 2
    label = Box(left + side + round(7 * style.unit), top, right, top + first)
    below = label._replace(top=label.bottom, bottom=label.bottom + second) if numbers else None
    return Row(Box(left, down, left + side, down + side), label, below)
