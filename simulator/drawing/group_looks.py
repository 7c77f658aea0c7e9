"""How groups are told apart: a colour each, and a shape, so that colour is never alone."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import PIXELS, Canvas, Dots
from errsurf.drawing.colours import Colour, Pixels, Theme, ramp_colours
from errsurf.drawing.history.frames import Array

if TYPE_CHECKING:
    from errsurf.scenario import OptimizerGroup

SHAPES: tuple[tuple[tuple[float, ...], float], ...] = (
    ((), 0.0),
    ((1.0,) * 4, 0.5),
    ((1.0,) * 3, 0.0),
    ((1.0,) * 4, 0.0),
    ((1.0,) * 3, 0.5),
    ((1.0, 0.45) * 5, 0.0),
    ((1.0, 0.36) * 4, 0.0),
)
"""Disc, square, triangle up, diamond, triangle down, star, cross: as in ``markers.SHAPES``; the disc has no corners."""


def scenario_colours(chosen: Theme, groups: Sequence["OptimizerGroup"], numbers: Iterable[int]) -> Pixels:
    """The colours of the groups with these numbers, counted from 0, shape (n, 3).

    A group's own ``color`` comes first.  Among groups with different batches full batch has the theme's colour for it,
    and where one optimizer is run with a batch size for each group, these have its ramp.  All others have the theme's
    colours in order.
    """
    found = {k: _rgb(group.color) for k, group in enumerate(groups) if group.color}
    whole = [k for k, group in enumerate(groups) if group.batch == "full"]
    if len(whole) == 1 < len(groups):
        found.setdefault(whole[0], chosen.full)
    sizes = {k: group.batch * group.accumulate for k, group in enumerate(groups) if isinstance(group.batch, int)}
    alike = len({(group.kind, group.wrappers) for group in groups}) == 1 and len(whole) < 2
    if alike and 1 < len(sizes) == len(set(sizes.values())):
        ordered = sorted(sizes, key=lambda k: sizes[k])
        found = dict(zip(ordered, map(_tuple, ramp_colours(chosen, len(ordered))), strict=True)) | found
    rest = [k for k in range(len(groups)) if k not in found]
    found |= {k: chosen.groups[place % len(chosen.groups)] for place, k in enumerate(rest)}
    return np.array([found[k] for k in numbers], dtype=np.uint8).reshape(-1, 3)


def group_shape(number: int) -> int:
    """The shape of the group with this number, counted from 0."""
    return number % len(SHAPES)


@lru_cache(maxsize=512)
def shape_corners(shape: int, radius: float) -> Array:
    """The corners of a shape as large as a disc of this radius, around (0, 0), shape (n, 2); none of the disc."""
    distances, turn = SHAPES[shape]
    if not distances:
        return np.empty((0, 2))
    angles = 2 * np.pi * (np.arange(len(distances)) + turn) / len(distances)
    found = np.array(distances)[:, None] * np.stack([np.sin(angles), -np.cos(angles)], axis=1)
    x, y = found.T
    area = abs(float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))) / 2
    found = np.asarray(found * radius * np.sqrt(np.pi / area))
    found.setflags(write=False)
    return found


def draw_shape(canvas: Canvas, area: Box, places: Array, shape: int, radius: float, colour: Pixels | Colour) -> None:
    """Draw a group's shape at places (n, 2) in pixels of an area."""
    tone = np.asarray(colour, dtype=np.uint8)
    if SHAPES[shape][0]:
        canvas.polygon(area, places, shape_corners(shape, radius), _tuple(tone))
    else:
        canvas.dots(area, places[None], PIXELS, Dots(radius), tone[None])


def draw_swatch(canvas: Canvas, box: Box, number: int, colour: Pixels | Colour) -> None:
    """Draw the shape of the group with this number as large as a box of a legend."""
    room, radius = box.height // 3, 0.44 * min(box.width, box.height)
    around = Box(box.left - room, box.top - room, box.right + room, box.bottom + room)
    draw_shape(canvas, around, np.array([[around.width, around.height]]) / 2, group_shape(number), radius, colour)


def _rgb(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue


def _tuple(colour: Pixels) -> Colour:
    red, green, blue = (int(part) for part in colour)
    return red, green, blue
