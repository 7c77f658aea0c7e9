"""Temporary layers over the window: tips, notices, and the list of keys."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import RasterCanvas, frame
from errsurf.drawing.colours import Pixels, mixed
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import Type, line_height, text_width, wrapped
from errsurf.viewer.actions import ACTIONS, key_text
from errsurf.viewer.elements import Element
from errsurf.viewer.places import Places
from errsurf.viewer.view_state import ViewState


class Layer(NamedTuple):
    """Pixels, shape (height, width, 3), drawn over the window with their corner at (left, top)."""

    left: int
    top: int
    pixels: Pixels


_SMALLEST = 8
MOUSE = (
    ("Wheel over the map", "Zoom at the pointer"),
    ("Drag the map", "Move it"),
    ("Click the map", "Drop a cloud of particles there and start again"),
    ("Shift and click", "Drop one more cloud"),
    ("Click a number", "Type another one, Enter to apply it"),
)


def tip_layer(state: ViewState, under: Element | None, at: Places) -> list[Layer]:
    """The tip of the element under the resting pointer, below or above it."""
    if under is None or state.grip is not None or state.menu is not None or state.helped or not state.rested:
        return []
    style = at.style
    margin, kind = round(6 * style.unit), style.number
    lines = wrapped(under.tip, round(0.6 * at.size[0]), kind, 6)
    width = max(text_width(line, kind) for line in lines) + 2 * margin
    height = len(lines) * line_height(kind) + 2 * (margin // 2)
    canvas = sheet_canvas(width, height, style, inverse=True)
    for k, line in enumerate(lines):
        canvas.write(line, margin, margin // 2 + k * line_height(kind), kind, style.theme.background)
    box = under.box
    left = min(max(box.left, 4), at.size[0] - width - 4)
    below = box.bottom + margin
    top = below if below + height < at.size[1] else box.top - margin - height
    return [Layer(max(left, 0), max(top, 0), canvas.out)]


def notice_layer(state: ViewState, area: Box, style: Style) -> list[Layer]:
    """Notices and progress, at the bottom of the map."""
    notices = state.current_notices()
    if not notices:
        return []
    margin, kind, height = round(8 * style.unit), style.number, line_height(style.number)
    found, bottom = [], area.bottom - margin
    for notice in notices:
        lines = wrapped(notice.text, area.width - 4 * margin, kind, 6)
        width = max(text_width(line, kind) for line in lines) + 2 * margin
        width = max(width, area.width // 2) if notice.share is not None else width
        canvas = sheet_canvas(width, len(lines) * height + margin, style)
        for k, line in enumerate(lines):
            canvas.write(line, margin, margin // 2 + k * height, kind, style.theme.foreground)
        if notice.share is not None:
            done = 1 + round(notice.share * (width - 2))
            canvas.fill(Box(1, canvas.size[1] - max(3, margin // 2), done, canvas.size[1] - 1), style.theme.foreground)
        bottom -= canvas.size[1]
        found.append(Layer(area.left + margin, bottom, canvas.out))
        bottom -= margin // 2
    return found


def help_layer(state: ViewState, at: Places) -> list[Layer]:
    """All keys, from the table of actions, and what the mouse does."""
    return [_help(at.size, at.style)] if state.helped else []


@lru_cache(maxsize=1)
def _help(size: tuple[int, int], style: Style) -> Layer:
    rows = [(", ".join(map(key_text, each.keys)), each.what) for each in ACTIONS if each.keys]
    rows += MOUSE
    kinds = [style.number._replace(size=size) for size in range(style.number.size, _SMALLEST, -1)]
    smallest = style.number._replace(size=_SMALLEST)
    kind = next((each for each in kinds if _fits(rows, each, style, size)), smallest)
    out = _table(rows, kind, style, size)
    return Layer((size[0] - out.shape[1]) // 2, (size[1] - out.shape[0]) // 2, out)


class _Columns(NamedTuple):
    """Two halves of a table, the widths of their keys and descriptions, and the size of the table."""

    parts: tuple[Sequence[tuple[str, str]], ...]
    firsts: list[int]
    seconds: list[int]
    width: int
    height: int


def _columns(rows: Sequence[tuple[str, str]], kind: Type, style: Style) -> _Columns:
    margin, gap, bold = round(14 * style.unit), round(24 * style.unit), kind._replace(faces=style.label.faces)
    half = -(-len(rows) // 2)
    parts = (rows[:half], rows[half:])
    firsts = [max(text_width(key, bold) for key, _ in part) + kind.size for part in parts]
    seconds = [max(text_width(what, kind) for _, what in part) for part in parts]
    height = half * (line_height(kind) + 1) + 2 * margin
    return _Columns(parts, firsts, seconds, sum(firsts) + sum(seconds) + gap + 2 * margin, height)


def _fits(rows: Sequence[tuple[str, str]], kind: Type, style: Style, size: tuple[int, int]) -> bool:
    """Whether a table fits into a window."""
    columns = _columns(rows, kind, style)
    return columns.width <= size[0] and columns.height <= size[1]


def _table(rows: Sequence[tuple[str, str]], kind: Type, style: Style, size: tuple[int, int]) -> Pixels:
    """Keys and descriptions in two columns."""
    columns, bold = _columns(rows, kind, style), kind._replace(faces=style.label.faces)
    margin, gap, height = round(14 * style.unit), round(24 * style.unit), line_height(kind) + 1
    canvas, left = sheet_canvas(min(columns.width, size[0]), min(columns.height, size[1]), style), margin
    for part, first, second in zip(columns.parts, columns.firsts, columns.seconds, strict=True):
        for k, (key, what) in enumerate(part):
            canvas.write(key, left, margin + k * height, bold, style.theme.foreground)
            canvas.write(what, left + first, margin + k * height, kind, style.theme.foreground)
        left += first + second + gap
    return canvas.out


def sheet_canvas(width: int, height: int, style: Style, *, inverse: bool = False) -> RasterCanvas:
    """An empty sheet with a border; ``inverse`` swaps its colours."""
    theme = style.theme
    canvas = RasterCanvas.blank((width, height), theme.foreground if inverse else theme.background)
    frame(
        canvas,
        Box(1, 1, width - 1, height - 1),
        theme.foreground if inverse else mixed(theme.grey, theme.foreground, 0.3),
    )
    return canvas
