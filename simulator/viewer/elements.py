"""The elements around the map: named tuples with a box in the window, each drawn on its own.

Equal elements look the same, so only those that changed are drawn again.

A library of widgets, pygame_gui, takes 45 MB with what it needs, and its fonts look unlike those of the pictures.
"""

from typing import NamedTuple, Protocol

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, frame, write_right
from errsurf.drawing.colours import Colour, Theme, mixed
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import fitted, line_height, longest, shortened, text_width, wrapped


class Element(Protocol):
    """Something with a name, a box, and a tip."""

    @property
    def name(self) -> str:
        """The action it runs, or its own name."""
        ...

    @property
    def box(self) -> Box:
        """The pixels it covers."""
        ...

    @property
    def tip(self) -> str:
        """A sentence shown while the pointer rests on it; empty if it cannot be used."""
        ...

    def draw(self, canvas: Canvas, style: Style) -> None:
        """Draw it on the background."""
        ...


class Words(NamedTuple):
    """A line of text."""

    name: str
    box: Box
    text: str
    size: str = "label"
    grey: bool = False
    tip: str = ""
    right: bool = False

    def draw(self, canvas: Canvas, style: Style) -> None:
        """Write the text, smaller or shortened if necessary."""
        text, kind = fitted(self.text, self.box.width, getattr(style, self.size))
        top = (self.box.top + self.box.bottom - line_height(kind)) // 2
        left = self.box.right - text_width(text, kind) if self.right else self.box.left
        canvas.write(text, left, top, kind, style.theme.grey if self.grey else style.theme.foreground)


class Told(NamedTuple):
    """A sentence on a few lines, which begins with a ``head`` in bold; it warns if ``bad``."""

    name: str
    box: Box
    head: str
    text: str
    tip: str
    bad: bool = False

    def draw(self, canvas: Canvas, style: Style) -> None:
        """Write as much of it as there is room for."""
        kind, bold = style.number, style.number._replace(faces=style.label.faces)
        room = self.box.width - text_width(self.head, bold) + text_width(self.head, kind)
        lines = wrapped(f"{self.head} {self.text}".strip(), room, kind, self.box.height // line_height(kind))
        for k, line in enumerate(lines):
            top, left = self.box.top + k * line_height(kind), self.box.left
            if k == 0 and self.head and line.startswith(self.head):
                colour = style.theme.warning if self.bad else style.theme.foreground
                canvas.write(self.head, left, top, bold, colour)
                line, left = line[len(self.head) :].strip(), left + text_width(self.head + " ", bold)
                line = shortened(line, self.box.right - left, kind)
            canvas.write(line, left, top, kind, style.theme.foreground)


class Button(NamedTuple):
    """A button; ``on`` for a switch that is on, ``over`` while the pointer is on it, ``shut`` if disabled."""

    name: str
    box: Box
    text: str
    tip: str
    on: bool = False
    over: bool = False
    shut: bool = False
    small: bool = False
    icon: str = ""

    def draw(self, canvas: Canvas, style: Style) -> None:
        """Draw a box with centred text."""
        theme = style.theme
        colour: Colour = theme.foreground if self.on else theme.pale
        if self.over and not self.shut:
            colour = mixed(colour, theme.grey, 0.3)
        rounded(canvas, self.box, theme.background if self.shut else colour, theme)
        foreground = theme.grey if self.shut else theme.background if self.on else theme.foreground
        kind = style.tick if self.small else style.number
        side = round(0.6 * kind.size) if self.icon else 0
        text = shortened(self.text, self.box.width - 4 - 2 * side, kind)
        wide = 2 * side + kind.size // 3 if self.icon else 0
        left = (self.box.left + self.box.right - text_width(text, kind) + wide) // 2
        if self.icon:
            _icon(canvas, self.icon, left - wide, (self.box.top + self.box.bottom) // 2, side, foreground)
        canvas.write(text, left, (self.box.top + self.box.bottom - line_height(kind)) // 2, kind, foreground)


class Slider(NamedTuple):
    """A value between two ends: its name, a bar with a grip at ``share``, and a text field with the value.

    ``typed`` is the text being typed.  ``bar`` and ``field`` are parts of the box, in one line or with the bar below;
    ``mark`` is a share of the bar with its name.
    """

    name: str
    box: Box
    label: str
    tip: str
    share: float
    value: str
    bar: Box
    field: Box
    typed: str | None = None
    over: bool = False
    shut: bool = False
    mark: tuple[float, tuple[str, ...]] | None = None

    def draw(self, canvas: Canvas, style: Style) -> None:
        """Draw name, bar, mark, grip and value."""
        theme, kind = style.theme, style.number
        middle, line = ((each.top + each.bottom) // 2 for each in (self.bar, self.field))
        below = self.bar.top > line
        thick = max(2, round((4 if below else 2) * style.unit))
        words = shortened(self.label, (self.field if below else self.bar).left - self.box.left - 4, kind)
        foreground = theme.grey if self.shut else theme.foreground
        canvas.write(words, self.box.left, line - line_height(kind) // 2, kind, foreground)
        canvas.fill(Box(self.bar.left, middle - thick, self.bar.right, middle + thick), theme.pale)
        if not self.shut:
            x, half = self.grip(style)
            canvas.fill(Box(self.bar.left, middle - thick, x, middle + thick), theme.grey)
            self._draw_mark(canvas, style)
            high = min(2 * half, self.bar.height // 2)
            grip = Box(x - half, middle - high, x + half, middle + high)
            rounded(canvas, grip, theme.grey if self.over else theme.foreground, theme)
        if self.field.width:
            self._draw_field(canvas, style, line)

    def _draw_mark(self, canvas: Canvas, style: Style) -> None:
        """Draw the mark across the bar, and its name above it where there is room beside the field."""
        if self.mark is None:
            return
        half, (share, texts), kind = self.grip(style)[1], self.mark, style.tick
        x = self.bar.left + half + round(share * (self.bar.width - 2 * half))
        thick, ends = max(1, round(style.unit)), (self.field.right + kind.size // 2, self.bar.right)
        canvas.fill(Box(x - thick, self.bar.top, x + thick, self.bar.bottom), style.theme.warning)
        text = longest(texts, ends[1] - ends[0], kind)
        at = min(max(x - text_width(text, kind) // 2, ends[0]), ends[1] - text_width(text, kind))
        canvas.write(text, at, self.bar.top - line_height(kind), kind, style.theme.warning)

    def grip(self, style: Style) -> tuple[int, int]:
        """The x of the grip's centre, and half its width."""
        half = max(3, round(4 * style.unit), self.bar.height // 4 if self.bar.top > self.field.top else 0)
        return self.bar.left + half + round(self.share * (self.bar.width - 2 * half)), half

    def share_at(self, x: int, style: Style) -> float:
        """The share at an x of the window."""
        half = self.grip(style)[1]
        return float(np.clip((x - self.bar.left - half) / max(self.bar.width - 2 * half, 1), 0.0, 1.0))

    def _draw_field(self, canvas: Canvas, style: Style, middle: int) -> None:
        theme, kind = style.theme, style.number
        if not self.shut:
            frame(canvas, self.field, theme.foreground if self.typed is not None else theme.pale)
        text = self.value if self.typed is None else self.typed + "|"
        text = shortened(text, self.field.width - 4, kind)
        write_right(
            canvas,
            text,
            self.field.right - 4,
            middle - line_height(kind) // 2,
            kind,
            theme.grey if self.shut else theme.foreground,
        )


class Scrub(NamedTuple):
    """The whole run as a bar: ``reached`` is the share computed, ``share`` that of the clock."""

    name: str
    box: Box
    share: float
    reached: float
    tip: str
    over: bool = False

    def draw(self, canvas: Canvas, style: Style) -> None:
        """Draw a thick line, filled up to the clock, and a grip."""
        theme, middle = style.theme, (self.box.top + self.box.bottom) // 2
        thick, half = max(3, round(4 * style.unit)), self.half(style)
        left, right = self.box.left, self.box.right
        canvas.fill(Box(left, middle - thick, right, middle + thick), theme.pale)
        reached = left + round(self.reached * self.box.width)
        canvas.fill(Box(left, middle - thick, reached, middle + thick), mixed(theme.pale, theme.grey, 0.5))
        x = left + half + round(self.share * (self.box.width - 2 * half))
        canvas.fill(Box(left, middle - thick, x, middle + thick), theme.grey)
        high = min(2 * half, self.box.height // 2)
        grip = Box(x - half, middle - high, x + half, middle + high)
        rounded(canvas, grip, theme.grey if self.over else theme.foreground, theme)

    def share_at(self, x: int, style: Style) -> float:
        """The share at an x of the window."""
        half = self.half(style)
        return float(np.clip((x - self.box.left - half) / max(self.box.width - 2 * half, 1), 0.0, 1.0))

    @staticmethod
    def half(style: Style) -> int:
        """Half the grip's width."""
        return max(4, round(5 * style.unit))


def _icon(canvas: Canvas, name: str, left: int, middle: int, side: int, colour: Colour) -> None:
    """Draw the triangle of Play or the two bars of Pause, ``2 * side`` high."""
    if name == "pause":
        bar = max(2, side // 2)
        for x in (left, left + 2 * bar):
            canvas.fill(Box(x, middle - side, x + bar, middle + side), colour)
        return
    for x in range(2 * side - 1):
        high = side - (x + 1) // 2
        canvas.fill(Box(left + x, middle - high, left + x + 1, middle + high), colour)


def rounded(canvas: Canvas, box: Box, colour: Colour, theme: Theme) -> None:
    """Draw a filled box with a border and cut corners."""
    edge = mixed(theme.pale, theme.grey, 0.45)
    canvas.fill(box, edge)
    canvas.fill(Box(box.left + 1, box.top + 1, box.right - 1, box.bottom - 1), colour)
    for x in (box.left, box.right - 1):
        for y in (box.top, box.bottom - 1):
            canvas.fill(Box(x, y, x + 1, y + 1), theme.background)


def hit(elements: list[Element], place: tuple[int, int]) -> Element | None:
    """The topmost element with a tip at this pixel, or None."""
    x, y = place
    found = (e for e in reversed(elements) if e.tip and e.box.left <= x < e.box.right and e.box.top <= y < e.box.bottom)
    return next(found, None)
