"""Where everything stands in a picture of a given size."""

from simulator.drawing.boxes import NOWHERE, Box
from simulator.drawing.grid import grid_layout
from simulator.drawing.layout_parts import (
    Contents,
    Layout,
    Row,
    chart_boxes,
    clock_boxes,
    map_box,
    row_boxes,
    row_heights,
)
from simulator.drawing.lettering.text import line_height
from simulator.drawing.look import Look


def layout(size: tuple[int, int], look: Look, contents: Contents) -> Layout:
    """The map at the left and the panel at its right, or below it where the picture is not wide."""
    title, body, caption = _frame(size, look, contents)
    if contents.panels and contents.groups > 1:
        return grid_layout(size, look, contents, title, body, caption)
    region, panel = _halves(body, look) if contents.legend or contents.chart else (body, NOWHERE)
    area, (clock, key) = map_box(region, look), clock_boxes(region, look, contents)
    if panel.left > body.left:
        panel = panel._replace(bottom=area.bottom + line_height(look.tick) + 5)
    rows, rest, chart_title, chart = _panel(panel, look, contents)
    return Layout(size, look, title, (area,), ((True, True),), clock, key, rows, rest, chart_title, chart, caption)


def _frame(size: tuple[int, int], look: Look, contents: Contents) -> tuple[Box, Box, Box]:
    """Title, what is between, and caption."""
    width, height = size
    margin, below = round(14 * look.unit), height - round(7 * look.unit)
    first = round(9 * look.unit)
    title = Box(margin, first, width - margin, first + line_height(look.title)) if contents.title else NOWHERE
    caption = Box(margin, below - contents.caption * line_height(look.number), width - margin, below)
    top = title.bottom + round(8 * look.unit) if contents.title else margin
    bottom = caption.top - round(3 * look.unit) if contents.caption else below
    return title, Box(margin, top, width - margin, bottom), caption if contents.caption else NOWHERE


def _halves(body: Box, look: Look) -> tuple[Box, Box]:
    """The map's part and the panel's."""
    gap = round(22 * look.unit)
    if body.width > 1.3 * body.height:
        cut = body.left + round(body.width * 0.625)
        return body._replace(right=cut), body._replace(left=cut + gap)
    cut = body.top + round(body.height * 0.64)
    return body._replace(bottom=cut), body._replace(top=cut + gap // 2)


def _panel(panel: Box, look: Look, contents: Contents) -> tuple[tuple[Row, ...], Box, Box, Box]:
    """The rows, what stands below them if there are too many, the chart's title and the chart."""
    if panel is NOWHERE:
        return (), NOWHERE, NOWHERE, NOWHERE
    if not contents.legend:
        return (), NOWHERE, *chart_boxes(panel, look)
    if contents.chart and panel.width > 1.7 * panel.height:
        cut = panel.left + round(panel.width * 0.45)
        rows, rest, _ = _rows(panel._replace(right=cut - round(22 * look.unit)), look, contents.groups, chart=False)
        return rows, rest, *chart_boxes(panel._replace(left=cut), look)
    rows, rest, below = _rows(panel, look, contents.groups, chart=contents.chart)
    if not contents.chart or rest is not NOWHERE:
        return rows, rest, NOWHERE, NOWHERE
    return rows, rest, *chart_boxes(panel._replace(top=below), look)


def _rows(panel: Box, look: Look, groups: int, *, chart: bool) -> tuple[tuple[Row, ...], Box, int]:
    """Rows with numbers where they leave enough for the chart, else without; as many as there is room for."""
    first, second, gap = row_heights(look)
    numbers = groups * (first + second + gap) <= panel.height * (0.62 if chart else 1.0)
    each = first + gap + (second if numbers else 0)
    fit = max(1, (panel.height + gap) // each)
    shown = groups if groups <= fit else max(1, fit - 1)
    rows = tuple(row_boxes(panel.left, panel.right, panel.top + k * each, look, numbers=numbers) for k in range(shown))
    below = panel.top + shown * each
    rest = panel._replace(top=below, bottom=below + first) if 1 < fit < groups else NOWHERE
    return rows, rest, below + round(4 * look.unit)
