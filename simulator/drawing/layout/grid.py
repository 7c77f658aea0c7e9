"""Where maps stand side by side, one for each group, with charts of all."""

from itertools import product
from typing import NamedTuple

from errsurf.drawing.boxes import NOWHERE, Box
from errsurf.drawing.layout.parts import (
    Contents,
    Layout,
    Row,
    chart_spaces,
    clock_boxes,
    footed,
    mark_width,
    row_boxes,
    row_heights,
)
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height


class Cells(NamedTuple):
    """The parts of the body: where the maps are, below them, and the chart's panel; columns, the sides of one map."""

    region: Box
    foot: Box
    panel: Box
    columns: int
    width: int
    height: int


def grid_layout(size: tuple[int, int], style: Style, contents: Contents, title: Box, body: Box, caption: Box) -> Layout:
    """One map for each group, with the charts of all."""
    best = best_cells(body, style, contents)
    rows, maps = zip(*(cell(best, style, contents, k) for k in range(contents.groups)), strict=True)
    outer = tuple((k % best.columns == 0, k + best.columns >= contents.groups) for k in range(contents.groups))
    clock, key = clock_boxes(best.region, style, contents)
    charts = chart_spaces(best.panel, style, contents.charts)
    return Layout(size, style, title, maps, outer, clock, key, rows, NOWHERE, charts, caption, best.foot)


def best_cells(body: Box, style: Style, contents: Contents) -> Cells:
    """As many columns, and the chart below, at the right or in a free cell, as make the maps largest."""
    columns = range(contents.groups, 0, -1)
    choices = [_cells(body, style, contents, count, side) for count, side in product(columns, _sides(contents))]
    return max((cells for cells in choices if cells), key=_worth)


def _sides(contents: Contents) -> tuple[str, ...]:
    return ("below", "right", "cell") if contents.charts else ("",)


def _worth(cells: Cells) -> float:
    """The size of one map, of which only a part counts if it is much wider than high or higher than wide."""
    return min(cells.width, 1.5 * cells.height) * min(cells.height, 1.2 * cells.width)


def _cells(body: Box, style: Style, contents: Contents, columns: int, side: str) -> Cells | None:
    """What becomes of the maps with so many columns and the chart at this side; None without a free cell for it."""
    region, panel, gap = body, NOWHERE, round(22 * style.unit)
    if side == "right":
        cut = body.left + round(body.width * 0.7)
        region = body._replace(right=cut)
        panel = body._replace(left=cut + gap, bottom=body.bottom - line_height(style.label))
        panel = panel._replace(bottom=min(panel.bottom, panel.top + round(1.7 * panel.width)))
    elif side == "below":
        cut = body.top + round(body.height * 0.68)
        region, panel = body._replace(bottom=cut), body._replace(top=cut + gap // 2)
    region, foot = footed(region, style, contents)
    rows, across, down = -(-contents.groups // columns), _across(style), _down(style)
    width = (region.width - mark_width(style) - (columns - 1) * across) // columns
    below = line_height(style.label) + line_height(style.tick) + 5
    height = (region.height - below - (rows - 1) * down) // rows - _head(style, contents)
    cells = Cells(region, foot, panel, columns, max(width, 1), max(height, 1))
    if side != "cell":
        return cells
    if rows * columns == contents.groups or columns == 1:
        return None
    _, free = cell(cells, style, contents, contents.groups)
    marks = line_height(style.tick) + 5
    top = free.top - _head(style, contents) + (marks if contents.groups > columns else 0)
    return cells._replace(panel=Box(free.left, top, region.right, free.bottom + marks))


def cell(cells: Cells, style: Style, contents: Contents, k: int) -> tuple[Row, Box]:
    """Label and map of group k."""
    row, column = divmod(k, cells.columns)
    left = cells.region.left + mark_width(style) + column * (cells.width + _across(style))
    top = cells.region.top + row * (cells.height + _head(style, contents) + _down(style))
    head = _head(style, contents)
    area = Box(left, top + head, left + cells.width, top + head + cells.height)
    return row_boxes(left, area.right, top, style, numbers=contents.legend), area


def _head(style: Style, contents: Contents) -> int:
    """Height of the label, and numbers, above a map."""
    first, second, gap = row_heights(style)
    return first + (second if contents.legend else 0) + gap // 2


def _across(style: Style) -> int:
    return round(20 * style.unit)


def _down(style: Style) -> int:
    return round(10 * style.unit)
