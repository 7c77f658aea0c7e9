"""What errsurf knows of one overlay.  Each file of this folder ends with one such record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from errsurf.drawing.colours import Pixels
from errsurf.drawing.overlays._ground import Ground, View
from errsurf.drawing.overlays._strokes import Drawing, draw_strokes
from errsurf.scenario import Picture


def _nothing(_out: Pixels, _clock: float) -> None:
    """Nothing moves."""


def _no_lines(_view: View, _clock: float) -> Drawing:
    return Drawing([], [])


def _no_figure(_axes: Any, _view: View, _clock: float) -> None:
    """Nothing but lines."""


class Entry(NamedTuple):
    """What a part of an overlay means: words, in full and ever shorter, and its sample for a width and a height."""

    texts: tuple[str, ...]
    sample: Callable[[int, int], Drawing] | None = None


class Ready(NamedTuple):
    """An overlay of one picture: what to draw at each clock value below and above the particles, and its key.

    ``lines`` are those above the particles of one map; pictures of lines and letters draw them too, and what
    ``figure`` puts into a map's axes of matplotlib.
    """

    under: Callable[[Pixels, float], None] = _nothing
    over: Callable[[Pixels, float], None] = _nothing
    lines: Callable[[View, float], Drawing] = _no_lines
    figure: Callable[[Any, View, float], None] = _no_figure
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Overlay:
    """One thing that is drawn on maps.

    ``wanted(picture)`` says whether ``[picture]`` asks for it, ``ready(ground)`` makes it ready and draws what stands
    still.  It has up to ``entries`` in the key, and a ``strip`` below the map if it says so.
    """

    wanted: Callable[[Picture], bool]
    ready: Callable[[Ground], Ready]
    entries: int = 0
    strip: bool = False


def line_overlay(ground: Ground, lines: Callable[[View, float], Drawing], entries: tuple[Entry, ...] = ()) -> Ready:
    """An overlay of lines above the particles of all maps."""

    def over(out: Pixels, clock: float) -> None:
        for view in ground.views:
            draw_strokes(out, view.area, lines(view, clock), ground.look)

    return Ready(over=over, lines=lines, entries=entries)
