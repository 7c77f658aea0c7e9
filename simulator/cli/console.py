"""Rich's console for untrusted text."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from errsurf.system.text import printable


class PlainConsole(Console):
    """A console that treats strings as plain text, and shows control characters as escapes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """As in rich, with all text but rich's control codes made printable."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=_printable_lines(segment.text))


def _printable_lines(text: str) -> str:
    return "\n".join(map(printable, text.split("\n")))
