"""Marks at chosen updates, on the trails and on the curves of the chart, and what they mean in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas
from errsurf.drawing.colours import Colour, Pixels, mixed
from errsurf.drawing.history.frames import Array, Ints
from errsurf.drawing.history.profile import plain
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.run.paths import kept_paths

if TYPE_CHECKING:
    from errsurf.run.result import Result

# Distances of the corners from the middle, and the direction of the first, as a share of the angle between corners:
# diamond, square, triangle up, triangle down, star, hexagon.
SHAPES = (
    ((1.0,) * 4, 0.0),
    ((0.9,) * 4, 0.5),
    ((1.0,) * 3, 0.0),
    ((1.0,) * 3, 0.5),
    ((1.15, 0.5) * 5, 0.0),
    ((0.9,) * 6, 0.0),
)

_HOLLOW = 0.42


class Marker(NamedTuple):
    """What one group shows of one chosen update from the clock value ``clock`` on.

    ``points`` (n, 2) are where its particles with trails are.
    """

    group: int
    shape: int
    clock: float
    points: Array


def markers(result: "Result", shown: Sequence[int], chosen: Ints) -> list[Marker]:
    """Where chosen particles are at each update that the picture marks, of every group that gets so far."""
    picture, found = result.scenario.picture, []
    for place, k in enumerate(shown) if picture.markers else ():
        for part in kept_paths(plain(result), k, chosen):
            clock = part.examples_seen if picture.clock == "examples" else part.update
            for shape, update in enumerate(picture.markers):
                row = int(np.searchsorted(part.update, update, "right")) - 1
                if row >= 0 and part.update[row] == update:
                    found.append(Marker(place, shape, float(clock[row]), part.position[row]))
    return found


def draw_marker(canvas: Canvas, area: Box, places: Array, marker: Marker, colour: Pixels, style: Style) -> None:
    """Draw the hollow shape of a chosen update on a rim of background at places (n, 2) in pixels of an area."""
    canvas.polygon(area, places, corners(marker.shape, SIZES.marker_rim * style.line), style.theme.background)
    for share, tone in ((1.0, marker_colour(colour, style)), (_HOLLOW, style.theme.background)):
        canvas.polygon(area, places, corners(marker.shape, share * SIZES.marker * style.line), tone)


def marker_key(canvas: Canvas, box: Box, wanted: Sequence[int], style: Style) -> None:
    """Draw every shape and its update, at the right end of a box; from the last one on, as many as have room."""
    kind, right, side = style.tick, box.right, marker_side(style)
    top = (box.top + box.bottom - line_height(kind)) // 2
    for shape, update in reversed(list(enumerate(wanted))):
        text = f"{update:,}" if shape < len(wanted) - 1 else f"{update:,} updates"
        left = right - text_width(text, kind)
        if left - side < box.left:
            return
        canvas.write(text, left, top, kind, style.theme.foreground)
        middle = np.array([[left - box.left - side / 2, (box.bottom - box.top) / 2]])
        for share, tone in ((1.0, style.theme.foreground), (_HOLLOW, style.theme.background)):
            canvas.polygon(box, middle, corners(shape, share * SIZES.marker * style.line), tone)
        right = left - side - kind.size // 2


def marker_side(style: Style) -> int:
    """Width of a shape in the key."""
    return 2 * int(np.ceil(8.8 * style.line)) + 1


def marker_colour(colour: Pixels, style: Style) -> Colour:
    """A group's colour closer to the foreground."""
    return mixed(colour, style.theme.foreground, 0.5)


def corners(shape: int, radius: float) -> Array:
    """The corners of a shape around (0, 0), shape (n, 2)."""
    distances, turn = SHAPES[shape % len(SHAPES)]
    angles = 2 * np.pi * (np.arange(len(distances)) + turn) / len(distances)
    return np.asarray(radius * np.array(distances)[:, None] * np.stack([np.sin(angles), -np.cos(angles)], axis=1))
