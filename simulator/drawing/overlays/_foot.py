"""Below the clock: the strip of examples, and the key of what overlays mean."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, shortened, text_width

if TYPE_CHECKING:
    from errsurf.drawing.overlays._record import Entry

_A_LINE, _SMALL = 3, 0.75


def foot_height(entries: int, strip: bool, style: Style) -> int:
    """Height of a strip and of a key with up to so many entries."""
    return strip * strip_height(style) + key_lines(entries, style) * _line(style)


def foot_lines(height: int, strip: bool, style: Style) -> int:
    """Lines that a key has in a foot of this height."""
    return max(0, height - strip * strip_height(style)) // _line(style)


def key_lines(entries: int, style: Style) -> int:
    """Lines of a key with up to so many entries; small pictures have fewer in a line."""
    return -(-entries // (_A_LINE if style.unit > _SMALL else _A_LINE - 1))


def strip_height(style: Style) -> int:
    """Height of the strip, and of the gaps above and below it."""
    return line_height(style.tick) + round(10 * style.unit)


class Spot(NamedTuple):
    """Where an entry of a key stands: its sample, and its words."""

    sample: Box
    text: str
    left: int
    entry: "Entry"


def draw_key(canvas: Canvas, foot: Box, entries: Sequence["Entry"], lines: int, style: Style) -> None:
    """Draw samples and words from left to right."""
    for spot in key_spots(foot, entries, lines, style):
        if spot.entry.sample:
            drawing = spot.entry.sample(spot.sample.width, spot.sample.height)
            canvas.strokes(spot.sample, drawing, SIZES.rim * style.line, style.theme.background)
        canvas.write(spot.text, spot.left, spot.sample.top, style.tick, style.theme.foreground)


def key_spots(foot: Box, entries: Sequence["Entry"], lines: int, style: Style) -> list[Spot]:
    """The entries in the last lines of a foot, in the longest words that fit."""
    if not entries or not foot.height:
        return []
    for words in range(max(len(entry.texts) for entry in entries)):
        texts = [entry.texts[min(words, len(entry.texts) - 1)] for entry in entries]
        places = _places(entries, texts, foot.width, style)
        if _fits(entries, texts, places, foot.width, style) and places[-1][1] < lines:
            break
    top, found = foot.bottom - lines * _line(style), []
    for entry, text, (left, line) in zip(entries, texts, places, strict=True):
        corner = top + line * _line(style)
        sample = Box(foot.left + left, corner, foot.left + left + _sample(style), corner + line_height(style.tick))
        begin = sample.right + style.tick.size // 3 if entry.sample else sample.left
        if line < lines:
            found.append(Spot(sample, shortened(text, foot.right - begin, style.tick), begin, entry))
    return found


def _fits(
    entries: Sequence["Entry"], texts: Sequence[str], places: Sequence[tuple[int, int]], room: int, style: Style
) -> bool:
    """Whether no entry reaches beyond the room."""
    whole = zip(entries, texts, places, strict=True)
    return all(left + _width(entry, text, style) <= room for entry, text, (left, _) in whole)


def _places(entries: Sequence["Entry"], texts: Sequence[str], room: int, style: Style) -> list[tuple[int, int]]:
    """Where each entry begins, and in which line."""
    places, left, line = [], 0, 0
    for entry, text in zip(entries, texts, strict=True):
        width = _width(entry, text, style)
        if left and left + width > room:
            left, line = 0, line + 1
        places.append((left, line))
        left += width + round(1.2 * style.tick.size)
    return places


def _width(entry: "Entry", text: str, style: Style) -> int:
    return text_width(text, style.tick) + (_sample(style) + style.tick.size // 3 if entry.sample else 0)


def _sample(style: Style) -> int:
    return round(1.9 * style.tick.size)


def _line(style: Style) -> int:
    return line_height(style.tick) + round(2 * style.unit)
