"""The boxes of everything in a window of a given size."""

from collections.abc import Sequence
from typing import NamedTuple

from errsurf.drawing.boxes import Box
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, text_width, wrapped
from errsurf.drawing.overlays import fixed_foot

CLAIM_LINES = 2


class Places(NamedTuple):
    """The boxes of a window of ``size`` (width, height).

    ``tools`` are the buttons at the top, with the scenario's ``claim`` below them, ``knobs`` the sliders of a lesson
    and ``times`` the buttons at the bottom, in the order of their labels; ``map`` includes axes and clock; ``panel`` is
    beside it, or below it in a window that is higher than wide; ``whole`` is for the button that resets the view, in
    the line of the clock.
    """

    size: tuple[int, int]
    style: Style
    title: Box
    tools: tuple[Box, ...]
    claim: Box
    map: Box
    whole: Box
    scrub: Box
    panel: Box
    knobs: tuple[Box, ...]
    times: tuple[Box, ...]
    speed: Box


def places(
    size: tuple[int, int], style: Style, tools: Sequence[str], times: Sequence[str], claim: str, knobs: int
) -> Places:
    """The boxes of a window; ``tools`` and ``times`` are the labels of buttons, ``knobs`` is the number of sliders."""
    width, height = size
    margin, gap, edge = round(10 * style.unit), round(6 * style.unit), round(7 * style.unit)
    side = button_height(style)
    head = Box(margin, edge, width - margin, edge + side)
    found = row(tools, head._replace(left=head.left + width // 5), style, right=True)
    title = head._replace(right=min((box.left for box in found), default=head.right) - 2 * gap)
    lines = len(wrapped(claim, head.width - 3 * style.number.size, style.number, CLAIM_LINES)) if claim else 0
    told = Box(
        margin, head.bottom + gap // 2, width - margin, head.bottom + gap // 2 + lines * line_height(style.number)
    )
    foot = Box(margin, height - edge - side, width - margin, height - edge)
    slider = max(round(150 * style.unit), text_width("Speed 10,000/s", style.number) + round(60 * style.unit))
    buttons = row(times, foot._replace(right=foot.right - slider - 3 * gap), style)
    speed = foot._replace(left=buttons[-1].right + 3 * gap)
    lesson = Box(margin, foot.top - gap - side - round(20 * style.unit), width - margin, foot.top - gap)
    region, panel = _halves(Box(margin, told.bottom + gap, width - margin, lesson.top - gap), style, gap)
    scrub = region._replace(top=region.bottom - round(18 * style.unit))
    area = region._replace(bottom=scrub.top - gap // 2)
    bottom = area.bottom - fixed_foot(style)
    clock = area._replace(top=bottom - line_height(style.label), bottom=bottom)
    (whole,) = row(("Whole map",), clock, style, right=True)
    return Places(
        size, style, title, found, told, area, whole, scrub, panel, _columns(lesson, knobs, 4 * gap), buttons, speed
    )


def _columns(region: Box, count: int, gap: int) -> tuple[Box, ...]:
    """Parts of equal width, side by side."""
    each = (region.width - (count - 1) * gap) // count
    lefts = [region.left + k * (each + gap) for k in range(count)]
    return tuple(region._replace(left=left, right=left + each) for left in lefts)


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
