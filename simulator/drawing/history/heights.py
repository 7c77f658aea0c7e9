"""Losses as heights, and the light that falls on them: what relief and flat map have in common."""

from typing import NamedTuple

import numpy as np

from errsurf.drawing.history.contours import Grid, drawable, is_level
from errsurf.drawing.history.frames import Array

RISE = 0.29
"""The highest height over a base whose diagonal is 1."""
LAMP = np.array([-0.60, -0.34, 0.72])
"""Towards the viewer's right, away from the viewer and up: a lamp at the upper left, in front."""

_MIDDLE, _REACH, _PLAIN = 0.42, 60.0, 1e-3
_SHARPEST, _STRAIGHT = 0.01, 1e3
_HALVINGS = 52
_CONTRAST = 1.1


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


def height_scale(loss: Array, level_scale: str) -> Scale:
    """The scale of heights of a loss map, by what the contours follow.

    "linear" is straight; "log" bends at the first contour above the lowest loss; "area" bends as far as it takes to
    have the middle loss at two fifths of the height, and cuts off what is higher than 60 times the middle; where half
    of the map is a plain, it is straight.
    """
    drawn = drawable(loss)
    low, high = float(drawn.min()), float(drawn.max())
    if is_level(low, high):
        span = max(1.0, abs(low))
        return Scale(low, low + span, _STRAIGHT * span)
    span = high - low
    if level_scale == "log":
        return Scale(low, high, max(1e-4 * span, min(low, span) if low > 0 else 0.0))
    middle = float(np.median(drawn)) - low
    if level_scale == "linear" or not _PLAIN * span < middle < _MIDDLE * span:
        return Scale(low, high, _STRAIGHT * span)
    span = min(span, _REACH * middle)
    return Scale(low, low + span, span * _bend(middle / span))


def _bend(middle: float) -> float:
    """The bend, in units of the span, that brings this share of it to the middle height, or near to it.

    The height falls as the bend grows.  Bisection of its logarithm: scipy.optimize takes 0.3 s to import.
    """
    low, high = np.log(_SHARPEST), np.log(_STRAIGHT)
    for _ in range(_HALVINGS):
        half = (low + high) / 2
        bend = np.exp(half)
        above = np.arcsinh(middle / bend) > _MIDDLE * np.arcsinh(1 / bend)
        low, high = (half, high) if above else (low, half)
    return float(np.exp(low))


def light_from_above(grid: Grid, sides: tuple[float, float], level_scale: str) -> Array:
    """How bright the surface is, seen from straight above with a lamp at the upper left, (rows, columns).

    0.5 is level ground, 0 in the shade and 1 lit; ``sides`` are those of the map along x and y.
    """
    heights = RISE * height_scale(grid[2], level_scale).height(grid[2])
    unit = np.hypot(*sides)
    down, across = np.gradient(heights, sides[1] / unit / (len(heights) - 1), sides[0] / unit / (heights.shape[1] - 1))
    right, away, up = LAMP * (1.0, -1.0, 1.0) / np.linalg.norm(LAMP)
    lit = (up - right * across - away * down) / np.sqrt(1 + across**2 + down**2)
    return np.asarray(np.clip(0.5 + _CONTRAST * (lit - up), 0.0, 1.0))
