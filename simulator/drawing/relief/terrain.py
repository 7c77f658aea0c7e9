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

FLOOR, _DEPTH, _TALLEST = -0.04, 1.6, 0.8
_FLATTEST, _SLIMMEST = 1.8, 0.6


class Terrain(NamedTuple):
    """A block with a base of ``sides`` around its middle, whose diagonal is 1, under the window.

    ``heights`` (rows, columns) reach from 0 to ``rise``, row 0 at the smallest y; ``slopes`` (rows, columns, 3) are
    their derivatives along x and y of the base and how much darker a place is for lying low among others, and
    ``levels`` (n,) the heights of the contours, lowest and highest included.
    """

    window: Window
    sides: tuple[float, float]
    scale: Scale
    rise: float
    heights: Floats
    slopes: Floats
    levels: Array


def terrain(
    grid: Grid, levels: Array, window: Window, area: Box, level_scale: str, exaggeration: float | None = None
) -> Terrain:  # fmt: skip
    """The block under a map that would fill ``area``; ``levels`` are losses.

    With an ``exaggeration`` a unit of loss is so many times as long as one of x; what is too high for that is cut off.
    """
    loss, sides = grid[2], _sides(area)
    scale, rise = height_scale(loss, "linear" if exaggeration else level_scale), RISE
    if exaggeration:
        each = exaggeration * sides[0] / (window[0][1] - window[0][0])
        scale = scale._replace(high=min(scale.high, scale.low + _TALLEST / each))
        rise = each * (scale.high - scale.low)
    heights = scale.height(loss)
    down, across = np.gradient(heights, sides[1] / (len(heights) - 1), sides[0] / (heights.shape[1] - 1))
    slopes = np.ascontiguousarray(np.stack([across, down, _hollow(heights)], axis=-1), dtype=np.float32)
    unit = Terrain(window, sides, scale, 1.0, heights.astype(np.float32), slopes, scale.height(levels))
    return lowered(unit, rise)


def _hollow(heights: Array) -> Array:
    """How much less of the sky is seen than from a plain, (rows, columns): what lies lower than its surroundings."""
    from scipy.ndimage import gaussian_filter

    found = np.zeros_like(heights)
    for share in (0.03, 0.09):
        reach = share * min(heights.shape)
        found += np.clip(gaussian_filter(heights, reach, mode="nearest") - heights, 0.0, None)
    return _DEPTH * found


def lowered(land: Terrain, factor: float) -> Terrain:
    """The same relief, so many times as high."""
    heights, slopes = (np.asarray(each * np.float32(factor)) for each in (land.heights, land.slopes))
    return land._replace(rise=land.rise * factor, heights=heights, slopes=slopes, levels=land.levels * factor)


def _sides(area: Box) -> tuple[float, float]:
    """The base's sides along x and y, as long to one another as the map's unless that is very slim."""
    shape = min(max(area.width / area.height, _SLIMMEST), _FLATTEST)
    diagonal = float(np.hypot(shape, 1.0))
    return shape / diagonal, 1.0 / diagonal
