"""The part of the plane that is drawn, and its axis marks."""

from functools import lru_cache
from math import ceil, log10
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.history.frames import Array
from errsurf.drawing.matplotlib_defaults import matplotlib_defaults
from errsurf.run_analysis.extent import extent
from errsurf.system.numbers import drawn_number

if TYPE_CHECKING:
    from errsurf.run.result import Result

Window: TypeAlias = tuple[tuple[float, float], tuple[float, float]]

_SQUEEZED = 30.0


def picture_window(result: "Result", area: Box) -> Window:
    """The scenario's window, or else one that holds what ``extent`` says, with the same scale along x and y.

    Where one axis would be squeezed to a thirtieth of the other, each has its own scale, as in a profile.
    """
    if result.scenario.picture.window is not None:
        (x0, x1), (y0, y1) = result.scenario.picture.window
        return (float(x0), float(x1)), (float(y0), float(y1))
    low, high = extent(result)
    middle, half = (low + high) / 2, (high - low) / 2
    units = half / (area.width, area.height)
    units = np.full(2, units.max()) if units.max() < _SQUEEZED * units.min() else units
    (x0, y0), (x1, y1) = (middle + sign * units * (area.width, area.height) for sign in (-1, 1))
    return (float(x0), float(x1)), (float(y0), float(y1))


def inside(points: Array, window: Window) -> NDArray[np.bool_]:
    """Which points, shape (n, 2), lie in the window."""
    (x0, x1), (y0, y1) = window
    x, y = points[:, 0], points[:, 1]
    return np.asarray((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))


def pixel_scale(window: Window, area: Box) -> tuple[float, float, float, float]:
    """(x0, pixels per x, y1, pixels per y) of a map that fills the area."""
    (x0, x1), (y0, y1) = window
    return x0, area.width / (x1 - x0), y1, area.height / (y1 - y0)


def marks(low: float, high: float, count: int) -> list[tuple[float, str]]:
    """About ``count`` round numbers from low to high, with their texts."""
    slack = 1e-9 * (high - low)
    ticks = _ticks(low, high, count)
    steps_from_zero = max(abs(low), abs(high)) / (ticks[1] - ticks[0])
    digits = max(4, ceil(log10(steps_from_zero)) + 1)
    kept = [t for t in ticks if low - slack <= t <= high + slack]
    return [(t, drawn_number(0.0 if abs(t) < slack else t, digits)) for t in kept]


@lru_cache(maxsize=512)
@matplotlib_defaults()
def _ticks(low: float, high: float, count: int) -> tuple[float, ...]:
    """Round numbers from below ``low`` to above ``high``."""
    return tuple(float(t) for t in MaxNLocator(count, steps=[1, 2, 5, 10]).tick_values(low, high))
