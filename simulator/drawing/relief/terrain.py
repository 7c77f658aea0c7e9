"""The loss as heights of a block over the window: what a relief is made of, wherever it is seen from."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from errsurf.drawing.boxes import Box
from errsurf.drawing.history.contours import Grid, drawable, is_level
from errsurf.drawing.history.frames import Array
from errsurf.drawing.history.window import Window

Floats: TypeAlias = NDArray[np.float32]

FLOOR, _RISE = -0.04, 0.29
_MIDDLE, _REACH, _PLAIN = 0.42, 60.0, 1e-3
_SHARPEST, _STRAIGHT = 0.01, 1e3
_FLATTEST, _SLIMMEST = 1.8, 0.6


class Scale(NamedTuple):
    """How losses become heights from 0 at ``low`` to 1 at ``high``; losses beyond are clipped to these.

    Heights follow asinh((loss - low) / bend): straight where the loss is small, ever flatter above ``bend``.
    """

    low: float
    high: float
    bend: float

    def height(self, loss: Array) -> Array:
        """Height in [0, 1] of each loss; 1 where it is no number."""
        part = np.clip((np.nan_to_num(loss, nan=self.high, posinf=self.high) - self.low) / self.bend, 0.0, self._top)
        return np.asarray(np.arcsinh(part) / np.arcsinh(self._top))

    @property
    def _top(self) -> float:
        return (self.high - self.low) / self.bend


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
    return lowered(unit, _RISE)


def lowered(land: Terrain, factor: float) -> Terrain:
    """The same relief, so many times as high."""
    heights, slopes = (np.asarray(each * np.float32(factor)) for each in (land.heights, land.slopes))
    return land._replace(rise=land.rise * factor, heights=heights, slopes=slopes, levels=land.levels * factor)


def height_scale(loss: Array, level_scale: str) -> Scale:
    """The scale of heights of a loss map, by what the contours follow.

    "linear" is straight; "log" bends at the first contour above the lowest loss; "area" bends as far as it takes to
    have the middle loss at two fifths of the height, and cuts off what is higher than 60 times the middle; where half
    of the map is a plain, it is straight.
    """
    drawn = drawable(loss)
    low, high = float(drawn.min()), float(drawn.max())
    if is_level(low, high):
        return Scale(low, low + max(1.0, abs(low)), 1e9 * max(1.0, abs(low)))
    span = high - low
    if level_scale == "log":
        return Scale(low, high, max(1e-4 * span, min(low, span) if low > 0 else 0.0))
    middle = float(np.median(drawn)) - low
    if level_scale == "linear" or not _PLAIN * span < middle < _MIDDLE * span:
        return Scale(low, high, _STRAIGHT * span)
    span = min(span, _REACH * middle)
    return Scale(low, low + span, span * _bend(middle / span))


def _bend(middle: float) -> float:
    """The bend, in units of the span, that brings this share of it to the middle height, or near to it."""

    def above(bend: float) -> float:
        return float(np.arcsinh(middle / bend) / np.arcsinh(1 / bend)) - _MIDDLE

    return float(brentq(above, _SHARPEST, _STRAIGHT)) if above(_SHARPEST) > 0 else _SHARPEST


def _sides(area: Box) -> tuple[float, float]:
    """The base's sides along x and y, as long to one another as the map's unless that is very slim."""
    shape = min(max(area.width / area.height, _SLIMMEST), _FLATTEST)
    diagonal = float(np.hypot(shape, 1.0))
    return shape / diagonal, 1.0 / diagonal
