"""One row a group beside the map: its colour and label, which stay, and its numbers, which move."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, write_right
from errsurf.drawing.colours import Colour, Pixels, contrasting, mixed
from errsurf.drawing.group_looks import draw_swatch
from errsurf.drawing.history.frames import Ints
from errsurf.drawing.history.numbers import History
from errsurf.drawing.layout.parts import Row
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import Type, fitted, line_height, longest, shortened, text_width
from errsurf.system.numbers import MINUS, counted, drawn_number, share_text

if TYPE_CHECKING:
    from errsurf.analysis import Names


def legend_row(
    canvas: Canvas, row: Row, number: int, text: str, kind: Type, colour: Pixels | Colour, style: Style
) -> None:  # fmt: skip
    """The group's shape, and its label in a type."""
    draw_swatch(canvas, row.swatch, number, colour)
    top = row.label.top + (line_height(style.label) - line_height(kind)) // 2
    canvas.write(text, row.label.left, top, kind, style.theme.foreground)


def legend_texts(
    rows: Sequence[Row], labels: Sequence[str], histories: Sequence[History], style: Style
) -> tuple[list[str], Type]:
    """The labels of the rows as they fit, and the type of all; room is kept for counts of lost particles."""
    rooms = [_label_room(*each, style) for each in zip(rows, labels, histories, strict=False)]
    pairs = list(zip(labels, rooms, strict=False))
    kind = min((fitted(*pair, style.label)[1] for pair in pairs), key=lambda each: each.size, default=style.label)
    return [shortened(*pair, kind) for pair in pairs], kind


def _label_room(row: Row, label: str, h: History, style: Style) -> int:
    lost = max((text_width(lost_text(row, label, h, at, style), style.tick) for at in range(len(h.frame))), default=0)
    return row.label.width - (lost + style.label.size if lost else 0)


def lost_count(canvas: Canvas, row: Row, label: str, h: History, at: int, style: Style) -> None:
    """How many particles cannot be seen, at the right end of the label's line."""
    top = row.label.bottom - line_height(style.tick)
    write_right(canvas, lost_text(row, label, h, at, style), row.label.right, top, style.tick, style.theme.warning)


def loss_line(
    canvas: Canvas, box: Box, h: History, at: int, decimals: int | None, style: Style, *, updates: bool
) -> None:
    """The (median) loss and, if asked for, the updates so far."""
    kind, grey = style.number, style.theme.grey
    canvas.write(longest(loss_texts(h, at, decimals), box.width, kind), box.left, box.top, kind, grey)
    if updates:
        write_right(canvas, counted(int(h.update[at]), "update"), box.right, box.top, kind, grey)


def updates_fit(rows: Sequence[Row], histories: Sequence[History], decimals: int | None, style: Style) -> bool:
    """Whether every row has room for its loss and its updates at all times."""
    kind = style.number
    return all(
        text_width(loss_texts(h, at, decimals)[0], kind) + text_width(counted(int(h.update[at]), "update"), kind)
        < row.label.width - kind.size
        for row, h in zip(rows, histories, strict=False)
        for at in range(len(h.frame))
    )


def where_shares(where: Ints, names: "Names") -> tuple[tuple[str, float, float], ...]:
    """Word, share and strength of colour of each part of a bar, from left to right, from counts (parts,).

    The flattest minimum has the full colour, the others and other critical points less, the way to them none.
    """
    strength = [1.0 if k == names.flattest else 0.3 for k in names.order] + [0.3, 0.0]
    shares = where / max(int(where.sum()), 1)
    return tuple((word, float(share), tone) for word, share, tone in zip(names.parts, shares, strength, strict=False))


def share_bar(
    canvas: Canvas, box: Box, parts: Sequence[tuple[str, float, float]], colour: Pixels | Colour, style: Style
) -> None:
    """Draw where particles are: words, shares and strengths of ``where_shares``; those it lacks are lost."""
    bar, kind, theme = Box(box.left, box.top + 1, box.right, box.bottom - 1), style.tick, style.theme
    canvas.fill(bar, theme.pale)
    edges = bar.left + np.rint(np.cumsum([0.0, *(share for _, share, _ in parts)]) * bar.width).astype(np.int64)
    for k, (name, share, strength) in enumerate(parts):
        part = Box(int(edges[k]), bar.top, int(edges[k + 1]), bar.bottom)
        tone = mixed(colour, theme.background, 1 - strength) if strength else theme.pale
        canvas.fill(part, tone)
        text = longest((f"{name} {share_text(share)}", share_text(share)), part.width - kind.size // 2, kind)
        middle = (part.left + part.right - text_width(text, kind)) // 2
        canvas.write(text, middle, (bar.top + bar.bottom - line_height(kind)) // 2, kind, contrasting(tone, theme))


def loss_text(loss: float, decimals: int | None) -> str:
    """A loss with so many decimals, or of three digits; a dash if there is none."""
    if not np.isfinite(loss):
        return "\N{EN DASH}"
    if decimals is None or abs(loss) >= 1e5:
        return drawn_number(loss, 3)
    return f"{loss:z,.{decimals}f}".replace("-", MINUS)


def lost_text(row: Row, label: str, h: History, at: int, style: Style) -> str:
    """Counts of particles outside the map and diverged, in what the label leaves of its line, a third at least."""
    free = row.label.width - text_width(label, style.label) - style.label.size
    room = min(max(free, row.label.width // 3), row.label.width * 2 // 3)
    counts = ((int(h.outside[at]), "outside"), (int(h.diverged[at]), "diverged"))
    words = [f"{n:,} {word}" for n, word in counts if n]
    full = ", ".join(words).replace("outside", "outside the map")
    total = f"{int(h.outside[at] + h.diverged[at]):,} lost" if words else ""
    return longest((full, ", ".join(words), total), room, style.tick)


def loss_texts(h: History, at: int, decimals: int | None) -> tuple[str, ...]:
    """The (median) loss in words, in full and shorter."""
    number = f"loss {loss_text(float(h.train[at, 1]), decimals)}"
    return (f"median {number}", number) if h.particles > 1 else (number,)
