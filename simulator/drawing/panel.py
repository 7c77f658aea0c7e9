"""One row a group beside the map: its colour and label, which stay, and its numbers, which move."""

from collections.abc import Sequence

import numpy as np

from simulator.drawing.colours import GREY, INK, PALE, WARNING, WHITE, Pixels, mixed
from simulator.drawing.frames import Array
from simulator.drawing.history import History
from simulator.drawing.landmarks import Basins
from simulator.drawing.layout import Box, Row, Sizes, fill
from simulator.drawing.text import line_height, shortened, text_width, write, write_right


def legend_row(out: Pixels, row: Row, label: str, h: History, colour: Pixels, sizes: Sizes) -> None:
    """Swatch and label; room is kept for the count of lost particles if there will be any."""
    fill(out, row.swatch, mixed(colour, WHITE, 0.0))
    lost = max((text_width(_lost(row, h, at, sizes), sizes.tick) for at in range(len(h.frame))), default=0)
    room = row.label.width - (lost + sizes.label if lost else 0)
    write(out, shortened(label, room, sizes.label, bold=True), row.label.left, row.label.top, sizes.label, bold=True)


def lost_count(out: Pixels, row: Row, h: History, at: int, sizes: Sizes) -> None:
    """How many particles cannot be seen, at the right end of the label's line."""
    text, size = _lost(row, h, at, sizes), sizes.tick
    write_right(out, text, row.label.right, row.label.bottom - line_height(size), size, WARNING)


def loss_line(out: Pixels, box: Box, h: History, at: int, decimals: int | None, sizes: Sizes) -> None:
    """The (median) loss and, if there is room, the updates so far."""
    size = sizes.number
    left = f"{'median ' if h.particles > 1 else ''}loss {loss_text(float(h.train[at, 1]), decimals)}"
    right = counted(int(h.update[at]), "update")
    write(out, shortened(left, box.width, size), box.left, box.top, size, GREY)
    if text_width(left, size) + text_width(right, size) + size < box.width:
        write_right(out, right, box.right, box.top, size, GREY)


def share_bar(out: Pixels, box: Box, share: Array, basins: Basins, colour: Pixels, sizes: Sizes) -> None:
    """The share of particles in each basin, from left to right as on the map; the flattest in the full colour."""
    bar, size = Box(box.left, box.top + 1, box.right, box.bottom - 1), sizes.tick
    fill(out, bar, PALE)
    edges = bar.left + np.rint(np.cumsum([0.0, *share[basins.order]]) * bar.width).astype(np.int64)
    for k, m in enumerate(basins.order):
        part = Box(int(edges[k]), bar.top, int(edges[k + 1]), bar.bottom)
        full = m == basins.followed
        fill(out, part, mixed(colour, WHITE, 0.0 if full else 0.7))
        percent = f"{share[m]:.0%}"
        text = _longest((f"{basins.names[m]} {percent}", percent), part.width - size // 2, size)
        middle = (part.left + part.right - text_width(text, size)) // 2
        write(out, text, middle, (bar.top + bar.bottom - line_height(size)) // 2, size, WHITE if full else INK)


def loss_text(loss: float, decimals: int | None) -> str:
    """A loss with so many decimals, or of three digits; a dash if there is none."""
    if not np.isfinite(loss):
        return "\N{EN DASH}"
    text = f"{loss:#.3g}".rstrip(".") if decimals is None or abs(loss) >= 1e5 else f"{loss:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "\N{MINUS SIGN}")


def counted(number: int, word: str) -> str:
    """A number of things, in words."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _lost(row: Row, h: History, at: int, sizes: Sizes) -> str:
    """Counts of particles outside the map and diverged, in at most two thirds of the label's line."""
    counts = ((int(h.outside[at]), "outside"), (int(h.diverged[at]), "diverged"))
    words = [f"{n:,} {word}" for n, word in counts if n]
    total = f"{int(h.outside[at] + h.diverged[at]):,} lost" if words else ""
    return _longest((", ".join(words), total), row.label.width * 2 // 3, sizes.tick)


def _longest(texts: Sequence[str], room: int, size: int) -> str:
    return next((text for text in texts if text_width(text, size) <= room), "")
