"""What errsurf knows of one overlay.  Each file of this folder ends with one such record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, Drawing
from errsurf.drawing.layout.parts import Layout
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.map.maps import Maps, View
from errsurf.scenario import Picture


def _nothing(_canvas: Canvas, _clock: float) -> None:
    """Nothing moves."""


def _no_still(_canvas: Canvas) -> None:
    """Nothing stays."""


def _by_name(_picture: Picture) -> bool:
    """``picture.overlays`` names it."""
    return False


def _anywhere(_plan: Layout) -> bool:
    """It is drawn on the maps."""
    return True


class Entry(NamedTuple):
    """What a part of an overlay means: words, in full and ever shorter, and its sample for a width and a height."""

    texts: tuple[str, ...]
    sample: Callable[[int, int], Drawing] | None = None


class Ready(NamedTuple):
    """An overlay of one picture: ``still(canvas)`` draws what stays the same during the run.

    ``under(canvas, clock)`` draws what changes and is below the particles, ``over(canvas, clock)`` what is above
    them.  ``entries`` are its part of the key.
    """

    still: Callable[[Canvas], None] = _no_still
    under: Callable[[Canvas, float], None] = _nothing
    over: Callable[[Canvas, float], None] = _nothing
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Overlay:
    """One thing that is drawn on maps.

    ``ready(maps)`` makes it ready, ``wanted(picture)`` says whether a key of ``[picture]`` asks for it; otherwise
    ``overlays = ["its name"]`` does.  It has up to ``entries`` in the key, and a ``strip`` below the map if it says so.
    ``room(plan)`` says whether a layout has a place for it.
    """

    ready: Callable[[Maps], Ready]
    wanted: Callable[[Picture], bool] = _by_name
    entries: int = 0
    strip: bool = False
    room: Callable[[Layout], bool] = _anywhere


def line_overlay(maps: Maps, lines: Callable[[View, float], Drawing], entries: tuple[Entry, ...] = ()) -> Ready:
    """An overlay of lines above the particles of all maps."""

    def over(canvas: Canvas, clock: float) -> None:
        for view in maps.views:
            draw_lines(canvas, maps, view.area, lines(view, clock))

    return Ready(over=over, entries=entries)


def draw_lines(canvas: Canvas, maps: Maps, area: Box, drawing: Drawing) -> None:
    """Draw strokes on a map."""
    canvas.strokes(area, drawing, SIZES.rim * maps.style.line, maps.style.theme.background)
