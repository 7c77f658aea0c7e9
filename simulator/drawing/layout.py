"""Where everything stands in a picture of a given size."""

from errsurf.drawing.boxes import NOWHERE, Box
from errsurf.drawing.grid import best_cells, cell, grid_layout
from errsurf.drawing.layout_parts import (
    ChartSpace,
    Contents,
    Layout,
    Row,
    chart_spaces,
    clock_boxes,
    footed,
    map_box,
    row_boxes,
    row_heights,
)
from errsurf.drawing.lettering.text import line_height
from errsurf.drawing.look import Look


def layout(size: tuple[int, int], look: Look, contents: Contents) -> Layout:
    """The map at the left and the panel at its right, or below it where the picture is not wide."""
    title, body, caption = _frame(size, look, contents)
    if contents.panels and contents.groups > 1:
        return grid_layout(size, look, contents, title, body, caption)
    if contents.pair:
        return _pair(size, look, contents, (title, body, caption))
    region, panel = _halves(body, look) if contents.legend or contents.charts else (body, NOWHERE)
    region, foot = footed(region, look, contents)
    area, (clock, key) = map_box(region, look), clock_boxes(region, look, contents)
    if panel.left > body.left:
        panel = panel._replace(bottom=area.bottom + line_height(look.tick) + 5)
    rows, rest, charts = _panel(panel, look, contents)
    return Layout(size, look, title, (area,), ((True, True),), clock, key, rows, rest, charts, caption, foot)


def _pair(size: tuple[int, int], look: Look, contents: Contents, frame: tuple[Box, Box, Box]) -> Layout:
    """Two maps side by side or one above the other, whichever are larger, and the panel below or at their right."""
    title, body, caption = frame
    two = contents._replace(groups=2, legend=False, charts=contents.charts or int(contents.legend))
    best = best_cells(body, look, two)
    (first, area), (second, beside) = (cell(best, look, two, k) for k in range(2))
    outer = (True, beside.top == area.top)
    clock, key = clock_boxes(best.region, look, contents)
    rows, rest, charts = _panel(best.panel, look, contents)
    heads = (first.label._replace(left=area.left), second.label._replace(left=beside.left))
    return Layout(
        size, look, title, (area,), (outer,), clock, key, rows, rest, charts, caption, best.foot, beside, heads
    )  # fmt: skip


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


def _panel(panel: Box, look: Look, contents: Contents) -> tuple[tuple[Row, ...], Box, tuple[ChartSpace, ...]]:
    """The rows, what stands below them if there are too many, and the charts."""
    count = contents.charts
    if panel is NOWHERE:
        return (), NOWHERE, ()
    if not contents.legend:
        return (), NOWHERE, chart_spaces(panel, look, count)
    if count and panel.width > 1.7 * panel.height:
        cut = panel.left + round(panel.width * (0.45 if count == 1 else 0.32))
        rows, rest, _ = _rows(panel._replace(right=cut - round(22 * look.unit)), look, contents.groups, charts=0)
        return rows, rest, chart_spaces(panel._replace(left=cut), look, count)
    rows, rest, below = _rows(panel, look, contents.groups, charts=count)
    return rows, rest, () if rest is not NOWHERE else chart_spaces(panel._replace(top=below), look, count)


def _rows(panel: Box, look: Look, groups: int, *, charts: int) -> tuple[tuple[Row, ...], Box, int]:
    """Rows with numbers where they leave enough for the charts, else without; as many as there is room for."""
    first, second, gap = row_heights(look)
    numbers = groups * (first + second + gap) <= panel.height * (1.0, 0.62, 0.4)[min(charts, 2)]
    each = first + gap + (second if numbers else 0)
    fit = max(1, (panel.height + gap) // each)
    shown = groups if groups <= fit else max(1, fit - 1)
    rows = tuple(row_boxes(panel.left, panel.right, panel.top + k * each, look, numbers=numbers) for k in range(shown))
    below = panel.top + shown * each
    rest = panel._replace(top=below, bottom=below + first) if 1 < fit < groups else NOWHERE
    return rows, rest, below + round(4 * look.unit)
