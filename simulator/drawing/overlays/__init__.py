"""What is drawn on maps beside particles, one file each; a new file in this folder is a new overlay.

They are drawn in the order of their names: what is below particles first, then what is above them.
"""

from collections.abc import Sequence

from errsurf.drawing.canvas import Canvas
from errsurf.drawing.layout.style import Style
from errsurf.drawing.map.maps import Maps
from errsurf.drawing.overlays._batch import BatchSurface
from errsurf.drawing.overlays._edge import data_edge
from errsurf.drawing.overlays._foot import draw_key, foot_height, foot_lines, key_lines
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, draw_lines
from errsurf.drawing.overlays._undefined import undefined
from errsurf.records import listing
from errsurf.scenario import Picture

__all__ = [
    "BatchSurface",
    "Entry",
    "Overlay",
    "Ready",
    "draw_key",
    "draw_lines",
    "draw_still",
    "entries_height",
    "fixed_foot",
    "foot_room",
    "key_entries",
    "key_room",
    "overlay",
    "overlay_names",
    "overlays",
]


@listing.cached
def overlay_names() -> tuple[str, ...]:
    """Names of the overlays, sorted."""
    return listing.names(__name__)


@listing.cached
def overlay(name: str) -> Overlay:
    """The overlay with this name; KeyError if no file has it."""
    return listing.record(__name__, name, Overlay)


def foot_room(picture: Picture, style: Style) -> int:
    """Height in pixels that the wanted overlays take below the clock; 0 for a picture without any."""
    wanted = _wanted(picture)
    return foot_height(sum(each.entries for each in wanted), any(each.strip for each in wanted), style)


def fixed_foot(style: Style) -> int:
    """Height in pixels of a foot that stays the same whatever overlays are switched on: a strip and two lines."""
    return 2 * foot_height(1, strip=False, style=style) + foot_height(0, strip=True, style=style)


def overlays(maps: Maps) -> list[Ready]:
    """The edge of measured losses, the wanted overlays that the layout has room for, and where a loss is undefined."""
    wanted = [each.ready(maps) for each in _wanted(maps.result.scenario.picture) if each.room(maps.plan)]
    return [*data_edge(maps), *wanted, *undefined(maps)]


def draw_still(canvas: Canvas, maps: Maps, ready: Sequence[Ready]) -> None:
    """Draw what stays the same of overlays, and their key, on as many lines as the foot has."""
    for each in ready:
        each.still(canvas)
    foot, style = maps.plan.foot, maps.plan.style
    strip = any(each.strip for each in _wanted(maps.result.scenario.picture))
    draw_key(canvas, foot, key_entries(ready), foot_lines(foot.height, strip, style), style)


def key_entries(ready: Sequence[Ready]) -> list[Entry]:
    """What is in the key; what fills the map comes first."""
    return sorted((entry for each in ready for entry in each.entries), key=lambda entry: entry.sample is not None)


def entries_height(picture: Picture, style: Style) -> int:
    """Height in pixels of the key of the wanted overlays."""
    return foot_height(sum(each.entries for each in _wanted(picture)), strip=False, style=style)


def key_room(picture: Picture, style: Style) -> int:
    """Lines that the key of the wanted overlays has."""
    return key_lines(sum(each.entries for each in _wanted(picture)), style)


def _wanted(picture: Picture) -> Sequence[Overlay]:
    named = {name: overlay(name) for name in overlay_names()}
    return [found for name, found in named.items() if name in picture.overlays or found.wanted(picture)]
