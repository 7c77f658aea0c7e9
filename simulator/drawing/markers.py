"""Marks at chosen updates, on the trails and on the curves of the chart, and what they mean in words."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Pixels, mixed
from errsurf.drawing.frames import Array, Ints, clock_values, latest
from errsurf.drawing.kernels import paste
from errsurf.drawing.lettering.text import line_height, text_width, write
from errsurf.drawing.look import Look

if TYPE_CHECKING:
    from errsurf.run.result import Group

# Distances of the corners from the middle, and the direction of the first, as a share of the angle between corners:
# diamond, square, triangle up, triangle down, star, hexagon.
_SHAPES = (
    ((1.0,) * 4, 0.0),
    ((0.9,) * 4, 0.5),
    ((1.0,) * 3, 0.0),
    ((1.0,) * 3, 0.5),
    ((1.15, 0.5) * 5, 0.0),
    ((0.9,) * 6, 0.0),
)


class Marker(NamedTuple):
    """What one group shows of one chosen update from the clock value ``clock`` on.

    ``points`` (n, 2) are where its particles with trails are.
    """

    group: int
    shape: int
    clock: float
    points: Array


def markers(wanted: Sequence[int], groups: Sequence["Group"], chosen: Ints, clock: str) -> list[Marker]:
    """The recorded frame at each chosen update, or the last one before it, of every group that gets so far."""
    found = []
    for k, group in enumerate(groups):
        values = clock_values(group, clock)
        for shape, update in enumerate(wanted):
            if update <= group.update[-1]:
                frame = latest(group.update, update)
                going = (group.diverged[chosen] < 0) | (group.diverged[chosen] > group.update[frame])
                points = np.where(going[:, None], np.asarray(group.position[frame][chosen], dtype=np.float64), np.nan)
                found.append(Marker(k, shape, float(values[frame]), points))
    return found


def marker_key(out: Pixels, box: Box, wanted: Sequence[int], look: Look) -> None:
    """Every shape and its update, at the right end of a box; from the last one on, as many as there is room for."""
    kind, right, side = look.tick, box.right, len(stamp(0, look.line, True))
    top, middle = (box.top + box.bottom - line_height(kind)) // 2, (box.top + box.bottom - side) // 2
    for shape, update in reversed(list(enumerate(wanted))):
        text = f"{update:,}" if shape < len(wanted) - 1 else f"{update:,} updates"
        left = right - text_width(text, kind)
        if left - side < box.left:
            return
        write(out, text, left, top, kind, look.theme.ink)
        paste(out, stamp(shape, look.line, False), left - side, middle, look.theme.ink)
        right = left - side - kind.size // 2


def marker_colour(colour: Pixels, look: Look) -> Pixels:
    """A group's colour closer to the ink, shape (1, 3)."""
    return np.array([mixed(colour, look.theme.ink, 0.5)], dtype=np.uint8)


@lru_cache(maxsize=64)
def stamp(shape: int, unit: float, rim: bool) -> Pixels:
    """Coverage of a shape, or of the larger one behind it, square with an odd side."""
    distances, turn = _SHAPES[shape % len(_SHAPES)]
    radius, half, fine = (7.6 if rim else 5.2) * unit, int(np.ceil(8.8 * unit)), 4
    angles = 2 * np.pi * (np.arange(len(distances)) + turn) / len(distances)
    middle = (half + 0.5) * fine
    reach = fine * radius * np.array(distances)
    corners = np.stack([middle + reach * np.sin(angles), middle - reach * np.cos(angles)], axis=-1)
    image = Image.new("L", ((2 * half + 1) * fine, (2 * half + 1) * fine))
    ImageDraw.Draw(image).polygon([(float(x), float(y)) for x, y in corners], fill=255)
    mask = np.array(image.resize((2 * half + 1, 2 * half + 1), Image.Resampling.BOX))
    mask.setflags(write=False)
    return mask
