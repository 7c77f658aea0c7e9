"""What is drawn on maps beside particles, one file each; a new file in this folder is a new overlay.

They are drawn in the order of their names: what is below particles first, then what is above them.
"""

from collections.abc import Sequence
from functools import cache

from errsurf.drawing.look import Look
from errsurf.drawing.overlays._batch import BatchSurface
from errsurf.drawing.overlays._foot import draw_key, foot_height, key_lines, key_spots
from errsurf.drawing.overlays._ground import Follower, Ground, View
from errsurf.drawing.overlays._record import Entry, Overlay, Ready
from errsurf.drawing.overlays._strokes import RIM, Drawing, draw_strokes
from errsurf.records import listing
from errsurf.scenario import Picture

__all__ = [
    "RIM",
    "BatchSurface",
    "Drawing",
    "Entry",
    "Follower",
    "Ground",
    "Overlay",
    "Ready",
    "View",
    "draw_strokes",
    "foot_room",
    "key_entries",
    "key_room",
    "key_spots",
    "overlay",
    "overlay_names",
    "overlays",
]


@cache
def overlay_names() -> tuple[str, ...]:
    """Names of the overlays, sorted."""
    return listing.names(__name__)


@cache
def overlay(name: str) -> Overlay:
    """The overlay with this name; KeyError if no file has it."""
    return listing.record(__name__, name, Overlay)


def foot_room(picture: Picture, look: Look) -> int:
    """Height in pixels that the wanted overlays take below the clock; 0 for a picture without any."""
    wanted = _wanted(picture)
    return foot_height(sum(each.entries for each in wanted), any(each.strip for each in wanted), look)


def overlays(ground: Ground) -> list[Ready]:
    """The wanted overlays, ready to be drawn; what stands still of them, and their key, goes into ``ground.base``."""
    ready = [each.ready(ground) for each in _wanted(ground.result.scenario.picture)]
    draw_key(ground, key_entries(ready), key_room(ground.result.scenario.picture))
    return ready


def key_room(picture: Picture) -> int:
    """Lines that the key of the wanted overlays has."""
    return key_lines(sum(each.entries for each in _wanted(picture)))


def key_entries(ready: Sequence[Ready]) -> list[Entry]:
    """What stands in the key; what the map itself is comes first."""
    return sorted((entry for each in ready for entry in each.entries), key=lambda entry: entry.sample is not None)


def _wanted(picture: Picture) -> Sequence[Overlay]:
    return [found for found in map(overlay, overlay_names()) if found.wanted(picture)]
