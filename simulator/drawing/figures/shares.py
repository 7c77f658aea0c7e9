"""Where particles are: a bar for each group's share at each minimum and elsewhere, with its interval."""

import numpy as np

from errsurf.analysis import wilson_interval
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, write_right
from errsurf.drawing.colours import Colour, colour_list
from errsurf.drawing.history.frames import Ints, latest
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import Type, line_height, text_width
from errsurf.drawing.scene import Scene
from errsurf.system.numbers import share_text


def draw_shares(canvas: Canvas, box: Box, shown: Scene, clock: float, style: Style) -> None:
    """Draw where each group's particles are at a clock value, in shares with their 95% intervals (Wilson 1927)."""
    rows, kind, theme = _shares(shown, clock), style.tick, style.theme
    names = max(text_width(name, kind) for name, _ in rows) + kind.size // 2
    area = box._replace(left=box.left + names, right=box.right - text_width("99.9%", kind) - kind.size // 2)
    each = area.height / len(rows)
    thick = min(0.8 * each / len(shown.labels), 1.4 * line_height(kind))
    for row, (name, counts) in enumerate(rows):
        middle = area.top + (row + 0.5) * each
        top = round(middle - line_height(kind) / 2)
        write_right(canvas, name, area.left - kind.size // 2, top, kind, theme.foreground)
        for k, (count, h, colour) in enumerate(
            zip(counts, shown.histories, colour_list(shown.maps.colours), strict=True)
        ):
            at = middle + thick * (k + 0.5 - len(counts) / 2)
            _draw_bar(canvas, area, at, thick, (int(count), h.particles), colour, style)
    canvas.fill(Box(area.left - 1, area.top, area.left, area.bottom + 1), theme.grey)
    canvas.fill(Box(area.left - 1, area.bottom, area.right, area.bottom + 1), theme.grey)
    for share in (0.0, 0.5, 1.0):
        text = f"{share:.0%}"
        left = round(area.left + share * area.width - text_width(text, kind) / 2)
        canvas.write(text, max(left, area.left), area.bottom + 4, kind, theme.grey)


def _draw_bar(
    canvas: Canvas, area: Box, at: float, thick: float, part: tuple[int, int], colour: Colour, style: Style
) -> None:  # fmt: skip
    """One bar, its interval, and the share in numbers where the bar is high enough for them."""
    (count, total), unit = part, min(style.line, 0.2 * thick)
    share, (low, high) = count / total, wilson_interval(count, total)
    top, bottom = round(at - 0.44 * thick), round(at + 0.44 * thick)
    canvas.fill(Box(area.left, top, area.left + round(share * area.width), max(bottom, top + 1)), colour)
    left, right = (area.left + round(edge * area.width) for edge in (low, high))
    for width, hue in ((3.2, style.theme.background), (1.5, style.theme.foreground)):
        first = round(at - width * unit / 2)
        canvas.fill(Box(left, first, right, max(first + round(width * unit), first + 1)), hue)
    size = min(style.tick.size, round(thick * 0.95))
    if size >= 0.6 * style.tick.size:
        kind = Type(size, style.tick.faces)
        canvas.write(
            share_text(share), right + kind.size // 2, round(at - line_height(kind) / 2), kind, style.theme.foreground
        )


def _shares(shown: Scene, clock: float) -> list[tuple[str, Ints]]:
    """Words and counts, (groups,): of the minima from left to right, and of those other places that hold a particle."""
    assert shown.basins
    names = shown.basins.names
    counts = np.array([h.where[latest(h.clock, clock)] for h in shown.histories])
    return [(word, counts[:, k]) for k, word in enumerate(names.parts) if k < len(names.order) or counts[:, k].any()]
