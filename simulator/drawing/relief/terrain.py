"""The loss as heights of a block over the window: what a relief is made of, wherever it is seen from."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.history.contours import Grid
from errsurf.drawing.history.frames import Array
from errsurf.drawing.history.heights import RISE, Scale, height_scale
from errsurf.drawing.history.window import Window

Floats: TypeAlias = NDArray[np.float32]

FLOOR = -0.04
_FLATTEST, _SLIMMEST = 1.8, 0.6


class Terrain(NamedTuple):
    """A block with a base of ``sides`` around its middle, whose diagonal is 1, under the window.

    ``heights`` (rows, columns) reach from 0 to ``rise``, row 0 at the smallest y; ``slopes`` (rows, columns, 2) are
    their derivatives along x and y of the base, and ``levels`` (n,) the heights of the contours, lowest and highest
    included.
    """

    window: Window
    sides: tuple[float, float]
    scale: Scale
    rise: float
    heights: Floats
    slopes: Floats
    levels: Array


def terrain(grid: Grid, levels: Array, window: Window, area: Box, level_scale: str) -> Terrain:
    """The block under a map that would fill ``area``; ``levels`` are losses."""
    loss = grid[2]
    scale = height_scale(loss, level_scale)
    heights, sides = scale.height(loss), _sides(area)
    down, across = np.gradient(heights, sides[1] / (len(heights) - 1), sides[0] / (heights.shape[1] - 1))
    slopes = np.ascontiguousarray(np.stack([across, down], axis=-1), dtype=np.float32)
    unit = Terrain(window, sides, scale, 1.0, heights.astype(np.float32), slopes, scale.height(levels))
    return lowered(unit, RISE)


def lowered(land: Terrain, factor: float) -> Terrain:
    """The same relief, so many times as high."""
    heights, slopes = (np.asarray(each * np.float32(factor)) for each in (land.heights, land.slopes))
    return land._replace(rise=land.rise * factor, heights=heights, slopes=slopes, levels=land.levels * factor)


def _sides(area: Box) -> tuple[float, float]:
    """The base's sides along x and y, as long to one another as the map's unless that is very slim."""
    shape = min(max(area.width / area.height, _SLIMMEST), _FLATTEST)
    diagonal = float(np.hypot(shape, 1.0))
    return shape / diagonal, 1.0 / diagonal
