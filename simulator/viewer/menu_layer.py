"""An open menu: it lies over the panel beside the map, so that map and sliders stay free, unless it is large."""

from functools import lru_cache
from typing import NamedTuple

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import RasterCanvas, frame, write_right
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, longest, shortened, text_width, wrapped
from errsurf.viewer.dialogs import Layer, sheet_canvas
from errsurf.viewer.menus import Item, Menu
from errsurf.viewer.places import Places
from errsurf.viewer.view_state import ViewState

_HINTS = ("Enter or click to choose, Escape to close", "Enter: choose, Escape: close", "")
_SLIM = 1.3


class MenuPlaces(NamedTuple):
    """The ``sheet``, the lines of the items that fit, the index of the ``first`` of them, and the description."""

    sheet: Box
    items: tuple[Box, ...]
    first: int
    about: Box


def menu_places(menu: Menu, at: Places) -> MenuPlaces:
    """Where an open menu is: the description is below the items, or beside them where the panel is wide."""
    (width, height), style, margin = at.size, at.style, round(10 * at.style.unit)
    across, down = round(0.07 * width), round(0.07 * height)
    sheet = Box(across, down, width - across, height - down) if menu.large else at.panel
    each, line = line_height(style.number) + round(3 * style.unit), line_height(style.number)
    top = sheet.top + margin + line_height(style.label) + margin // 2
    body = Box(sheet.left + margin, top, sheet.right - margin, sheet.bottom - margin - line_height(style.tick))
    wide = body.width > _SLIM * body.height
    most = max((len(item.about) for item in menu.items), default=0)
    below = min(9, 2 + most // 40) * line if most else 0
    split = body._replace(right=body.left + body.width // 2) if wide else body._replace(bottom=body.bottom - below)
    room = max(1, split.height // each)
    first = min(max(0, menu.at - room // 2), max(0, len(menu.items) - room))
    items = tuple(
        Box(split.left, top + k * each, split.right, top + (k + 1) * each) for k in range(min(room, len(menu.items)))
    )
    about = body._replace(left=split.right + margin) if wide else body._replace(top=split.bottom + margin // 2)
    return MenuPlaces(sheet, items, first, about)


def menu_layer(state: ViewState, at: Places) -> list[Layer]:
    """A menu, with the description of the current item."""
    return [] if state.menu is None else [_menu(state.menu, at)]


@lru_cache(maxsize=2)
def _menu(menu: Menu, at: Places) -> Layer:
    style, (sheet, boxes, first, about) = at.style, menu_places(menu, at)
    canvas, margin = sheet_canvas(sheet.width, sheet.height, style), round(10 * style.unit)
    title = shortened(menu.title, sheet.width - 2 * margin, style.label)
    canvas.write(title, margin, margin, style.label, style.theme.foreground)
    for k, box in enumerate(boxes):
        _draw_item(canvas, menu.items[first + k], _within(box, sheet), style, at=first + k == menu.at)
    _write_about(canvas, menu.item.about, _within(about, sheet), style)
    hint = longest(_HINTS, sheet.width - 2 * margin, style.tick)
    top = sheet.height - margin // 2 - line_height(style.tick)
    canvas.write(hint, margin, top, style.tick, style.theme.grey)
    return Layer(sheet.left, sheet.top, canvas.out)


def _draw_item(canvas: RasterCanvas, item: Item, box: Box, style: Style, *, at: bool) -> None:
    """Draw an item: a square that is full for a switch that is on, its name and its key."""
    theme, kind = style.theme, style.number
    if at:
        canvas.fill(box, theme.foreground)
    foreground, grey = (theme.background, theme.background) if at else (theme.foreground, theme.grey)
    top, left = (box.top + box.bottom - line_height(kind)) // 2, box.left + 4
    side = round(0.6 * kind.size)
    if item.on is not None:
        square = Box(left, (box.top + box.bottom - side) // 2, left + side, (box.top + box.bottom + side) // 2)
        frame(canvas, square, foreground)
        if item.on:
            canvas.fill(square, foreground)
    left += side + kind.size // 2 if item.key else 0
    write_right(canvas, item.key, box.right - 4, top, kind, grey)
    room = box.right - left - (text_width(item.key, kind) + kind.size if item.key else 4)
    canvas.write(shortened(item.name, room, kind), left, top, kind, foreground)


def _within(box: Box, sheet: Box) -> Box:
    return Box(box.left - sheet.left, box.top - sheet.top, box.right - sheet.left, box.bottom - sheet.top)


def _write_about(canvas: RasterCanvas, text: str, box: Box, style: Style) -> None:
    """Write paragraphs into a box, as many lines as fit."""
    top, kind = box.top, style.number
    for paragraph in text.split("\n"):
        most = max(1, (box.bottom - top) // line_height(kind))
        for line in wrapped(paragraph, box.width, kind, most):
            canvas.write(line, box.left, top, kind, style.theme.foreground)
            top += line_height(kind)
        top += kind.size // 2
        if top + line_height(kind) > box.bottom:
            return
