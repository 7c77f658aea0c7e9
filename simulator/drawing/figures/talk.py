"""The words of a still for a talk: a title that names groups in their colours, a message, and whether it is so."""

import re
from collections.abc import Iterator, Sequence

from errsurf.claims.checking import checked_claim, decisive
from errsurf.claims.wording import lines
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas
from errsurf.drawing.colours import Colour, colour_list
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import Type, balanced, line_height, text_width, wrapped
from errsurf.drawing.scene import Scene
from errsurf.run_analysis.findings import Findings
from errsurf.system.numbers import MINUS
from errsurf.words import said

_MESSAGE_LINES, _NUMBER_LINES = 7, 5
_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff]"
"""A letter of a script that has spaces between words."""


def talk_style(own: Style) -> Style:
    """Type and lines for a talk: those of a projector at least, and a title half as large again."""
    larger = max(1.0, 1.35 / own.theme.type)

    def grown(kind: Type, factor: float = 1.0) -> Type:
        return kind._replace(size=round(kind.size * larger * factor))

    line = own.line * max(1.0, 1.4 / own.theme.line)
    return own._replace(
        title=grown(own.title, 1.35), label=grown(own.label), number=grown(own.number), tick=grown(own.tick), line=line
    )


def named_parts(text: str, labels: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Where a text names groups: first and last character, and the group; of two labels the longer one counts."""
    words = [label for label in sorted(labels, key=len, reverse=True) if label.strip()]
    if words:
        pattern = "|".join(rf"(?<!{_LETTER}){re.escape(word)}(?!{_LETTER})" for word in words)
        for found in re.finditer(pattern, text, re.IGNORECASE):
            lowered = [label.lower() for label in labels]
            yield found.start(), found.end(), lowered.index(found[0].lower())


def write_title(canvas: Canvas, box: Box, shown: Scene, style: Style) -> None:
    """Write the title in up to two lines with each group's name in its colour."""
    _write(canvas, box, balanced(shown.result.scenario.title, box.width, style.title, 2), style.title, shown)


def write_message(canvas: Canvas, box: Box, shown: Scene, style: Style) -> None:
    """Write the caption, or else what the first claim says, and at the foot its verdict where that is asked for.

    Of several comparisons the one that decides is told.
    """
    scenario, foot = shown.result.scenario, box.bottom
    if scenario.picture.verdict and scenario.claim:
        found = checked_claim(Findings(shown.result), scenario.claim[0])
        numbers = re.sub(r"(?<![\w.])-(?=\d)", MINUS, next(lines(decisive(found), language=scenario.language), ""))
        told = wrapped(numbers, box.width, style.number, _NUMBER_LINES)
        foot -= line_height(style.label) + len(told) * line_height(style.number)
        canvas.write(said(found.verdict, scenario.language), box.left, foot, style.label, style.theme.foreground)
        below = box._replace(top=foot + line_height(style.label))
        _write(canvas, below, told, style.number, shown, style.theme.grey)
    message = scenario.picture.caption or next((claim.says for claim in scenario.claim), "")
    kind = style.label._replace(faces=style.number.faces)
    room = min(_MESSAGE_LINES, (foot - box.top) // line_height(kind))
    _write(canvas, box, wrapped(message, box.width, kind, room) if room > 0 else [], kind, shown)


def _write(
    canvas: Canvas, box: Box, told: Sequence[str], kind: Type, shown: Scene, plain: Colour | None = None
) -> None:  # fmt: skip
    """Write lines of one text with each group's name in its colour, all else in the colour ``plain``."""
    labels = [group.label for group in shown.result.groups]
    parts = list(named_parts(" ".join(told), labels))
    colours = dict(zip(shown.maps.shown, colour_list(shown.maps.colours), strict=True))
    plain = plain or shown.plan.style.theme.foreground
    begin = 0
    for row, line in enumerate(told):
        left = box.left
        for text, group in _cut(line, begin, parts):
            colour = plain if group is None else colours.get(group, plain)
            canvas.write(text, left, box.top + row * line_height(kind), kind, colour)
            left += text_width(text, kind)
        begin += len(line) + 1


def _cut(line: str, begin: int, parts: Sequence[tuple[int, int, int]]) -> Iterator[tuple[str, int | None]]:
    """The pieces of a line that begins at a place of the whole text, each with the group that it names."""
    at = 0
    for first, last, group in parts:
        low, high = max(first - begin, at), min(last - begin, len(line))
        if low < high:
            yield line[at:low], None
            yield line[low:high], group
            at = high
    yield line[at:], None
