"""Where everything stands in a picture of a given size."""

from errsurf.drawing.boxes import NOWHERE, Box
from errsurf.drawing.layout.grid import best_cells, cell, grid_layout
from errsurf.drawing.layout.parts import (
    ChartSpace,
    Contents,
    Layout,
    Row,
    barred,
    chart_spaces,
    clock_boxes,
    footed,
    map_box,
    row_boxes,
    row_heights,
)
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height

CHARTS = (0.0, 0.38, 0.6)
"""The share of the panel that is kept for no chart, one chart, and several."""


def layout(size: tuple[int, int], style: Style, contents: Contents) -> Layout:
    """The map at the left and the panel at its right, or below it where the picture is not wide."""
    title, body, caption = _frame(size, style, contents)
    if contents.panels and contents.groups > 1:
        return grid_layout(size, style, contents, title, body, caption)
    if contents.pair:
        return _pair(size, style, contents, (title, body, caption))
    region, panel = _halves(body, style) if contents.legend or contents.charts else (body, NOWHERE)
    region, foot = footed(region, style, contents)
    area, bar = barred(map_box(region, style), style, contents)
    clock, key = clock_boxes(region, style, contents)
    if panel.left > body.left:
        panel = panel._replace(bottom=area.bottom + line_height(style.tick) + 5)
    rows, rest, charts = _panel(panel, style, contents)
    return Layout(size, style, title, (area,), ((True, True),), clock, key, rows, rest, charts, caption, foot, bar=bar)


def _pair(size: tuple[int, int], style: Style, contents: Contents, frame: tuple[Box, Box, Box]) -> Layout:
    """Two maps side by side or one above the other, whichever are larger, and the panel below or at their right."""
    title, body, caption = frame
    two = contents._replace(groups=2, legend=False, charts=contents.charts or int(contents.legend))
    best = best_cells(body, style, two)
    (first, area), (second, beside) = (cell(best, style, two, k) for k in range(2))
    outer = (True, beside.top == area.top)
    clock, key = clock_boxes(best.region, style, contents)
    rows, rest, charts = _panel(best.panel, style, contents)
    heads = (first.label._replace(left=area.left), second.label._replace(left=beside.left))
    return Layout(
        size, style, title, (area,), (outer,), clock, key, rows, rest, charts, caption, best.foot, beside, heads
    )  # fmt: skip


def _frame(size: tuple[int, int], style: Style, contents: Contents) -> tuple[Box, Box, Box]:
    """Title, what is between, and caption."""
    width, height = size
    margin, below = round(14 * style.unit), height - round(7 * style.unit)
    first = round(9 * style.unit)
    title = Box(margin, first, width - margin, first + line_height(style.title)) if contents.title else NOWHERE
    caption = Box(margin, below - contents.caption * line_height(style.number), width - margin, below)
    top = title.bottom + round(8 * style.unit) if contents.title else margin
    bottom = caption.top - round(3 * style.unit) if contents.caption else below
    return title, Box(margin, top, width - margin, bottom), caption if contents.caption else NOWHERE


def _halves(body: Box, style: Style) -> tuple[Box, Box]:
    """The map's part and the panel's."""
    gap = round(22 * style.unit)
    if body.width > 1.3 * body.height:
        cut = body.left + round(body.width * 0.625)
        return body._replace(right=cut), body._replace(left=cut + gap)
    cut = body.top + round(body.height * 0.64)
    return body._replace(bottom=cut), body._replace(top=cut + gap // 2)


def _panel(panel: Box, style: Style, contents: Contents) -> tuple[tuple[Row, ...], Box, tuple[ChartSpace, ...]]:
    """The rows, what stands below them if there are too many, and the charts."""
    count = contents.charts
    if panel is NOWHERE:
        return (), NOWHERE, ()
    if not contents.legend:
        return (), NOWHERE, chart_spaces(panel, style, count)
    if count and panel.width > 1.7 * panel.height:
        cut = panel.left + round(panel.width * (0.45 if count == 1 else 0.32))
        rows, rest, _ = _rows(panel._replace(right=cut - round(22 * style.unit)), style, contents.groups, charts=0)
        return rows, rest, chart_spaces(panel._replace(left=cut), style, count)
    rows, rest, below = _rows(panel, style, contents.groups, charts=count)
    if rest is NOWHERE or not count:
        return rows, rest, chart_spaces(panel._replace(top=below), style, count)
    # All names have no room in the whole panel: some of them, and the charts.
    names = panel._replace(bottom=panel.top + round((1 - CHARTS[min(count, 2)]) * panel.height))
    some, more, below = _rows(names, style, contents.groups, charts=0)
    charts = chart_spaces(panel._replace(top=below), style, count)
    return (some, more, charts) if charts else (rows, rest, ())


def _rows(panel: Box, style: Style, groups: int, *, charts: int) -> tuple[tuple[Row, ...], Box, int]:
    """Rows with numbers where they leave enough for the charts, else without; as many as there is room for."""
    first, second, gap = row_heights(style)
    numbers = groups * (first + second + gap) <= panel.height * (1 - CHARTS[min(charts, 2)])
    each = first + gap + (second if numbers else 0)
    fit = max(1, (panel.height + gap) // each)
    shown = groups if groups <= fit else max(1, fit - 1)
    rows = tuple(row_boxes(panel.left, panel.right, panel.top + k * each, style, numbers=numbers) for k in range(shown))
    below = panel.top + shown * each
    rest = panel._replace(top=below, bottom=below + first) if 1 < fit < groups else NOWHERE
    return rows, rest, max(below, rest.bottom) + round(4 * style.unit)
