"""The boxes of everything in a window of a given size."""

from collections.abc import Sequence
from typing import NamedTuple

from errsurf.drawing.boxes import Box
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, text_width


class Places(NamedTuple):
    """The boxes of a window of ``size`` (width, height).

    ``tools`` are the buttons at the top, ``switches`` those below the map, ``times`` those at the bottom, in the order
    of their labels; ``map`` includes axes and clock; ``panel`` is beside it, or below it in a window that is higher
    than wide; ``whole`` is for the button that resets the view, in the line of the clock.
    """

    size: tuple[int, int]
    style: Style
    title: Box
    tools: tuple[Box, ...]
    map: Box
    switches: tuple[Box, ...]
    whole: Box
    scrub: Box
    panel: Box
    times: tuple[Box, ...]
    speed: Box


def places(
    size: tuple[int, int], style: Style, tools: Sequence[str], switches: Sequence[str], times: Sequence[str]
) -> Places:
    """The boxes of a window; ``tools``, ``switches`` and ``times`` are the labels of the buttons."""
    width, height = size
    margin, gap, edge = round(10 * style.unit), round(6 * style.unit), round(7 * style.unit)
    side = button_height(style)
    head = Box(margin, edge, width - margin, edge + side)
    found = row(tools, head._replace(left=head.left + width // 5), style, right=True)
    title = head._replace(right=min((box.left for box in found), default=head.right) - 2 * gap)
    foot = Box(margin, height - edge - side, width - margin, height - edge)
    slider = max(round(150 * style.unit), text_width("Speed 10,000/s", style.number) + round(60 * style.unit))
    buttons = row(times, foot._replace(right=foot.right - slider - 3 * gap), style)
    speed = foot._replace(left=buttons[-1].right + 3 * gap)
    region, panel = _halves(Box(margin, head.bottom + gap, width - margin, foot.top - gap), style, gap)
    scrub = region._replace(top=region.bottom - round(18 * style.unit))
    area, below = _switches(region._replace(bottom=scrub.top - gap // 2), switches, style)
    clock = area._replace(top=area.bottom - line_height(style.label))
    (whole,) = row(("Whole map",), clock, style, right=True)
    return Places(size, style, title, found, area, below, whole, scrub, panel, buttons, speed)


def button_height(style: Style) -> int:
    """The height of a button."""
    return line_height(style.number) + round(9 * style.unit)


def button_width(text: str, style: Style) -> int:
    """The width of a button."""
    return text_width(text, style.number) + round(16 * style.unit)


def row(words: Sequence[str], region: Box, style: Style, *, right: bool = False) -> tuple[Box, ...]:
    """A box for each label, from the left end of a line or up to its right end; narrower if necessary."""
    gap, widths = round(6 * style.unit), [button_width(text, style) for text in words]
    room = region.width - gap * (len(words) - 1)
    factor = min(1.0, room / max(sum(widths), 1))
    widths = [int(each * factor) for each in widths]
    left = region.right - sum(widths) - gap * (len(words) - 1) if right else region.left
    boxes = []
    for each in widths:
        boxes.append(Box(left, region.top, left + each, region.bottom))
        left += each + gap
    return tuple(boxes)


def _halves(body: Box, style: Style, gap: int) -> tuple[Box, Box]:
    """The parts of the map and of the panel."""
    if body.width > 1.15 * body.height:
        cut = body.right - max(round(0.355 * body.width), min(round(300 * style.unit), round(0.42 * body.width)))
        return body._replace(right=cut - gap), body._replace(left=cut + gap)
    cut = body.top + round(0.55 * body.height)
    return body._replace(bottom=cut - gap), body._replace(top=cut + gap)


def _switches(region: Box, switches: Sequence[str], style: Style) -> tuple[Box, tuple[Box, ...]]:
    """The map's part of a region, and the switches below it, on as many lines as they need."""
    side, between = line_height(style.tick) + round(6 * style.unit), round(4 * style.unit)
    lines = _lines([text_width(text, style.tick) + round(12 * style.unit) for text in switches], region, between)
    top = region.bottom - len(lines) * side - (len(lines) - 1) * between
    boxes = []
    for number, widths in enumerate(lines):
        x, y = region.left, top + number * (side + between)
        for each in widths:
            boxes.append(Box(x, y, x + each, y + side))
            x += each + between
    return region._replace(bottom=top - between), tuple(boxes)


def _lines(widths: Sequence[int], region: Box, between: int) -> list[list[int]]:
    """Widths grouped into lines that fit the region."""
    lines: list[list[int]] = [[]]
    for each in widths:
        if lines[-1] and sum(lines[-1]) + between * len(lines[-1]) + each > region.width:
            lines.append([])
        lines[-1].append(each)
    return lines
