"""The loss over a map, and the levels of its contours."""

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.history.frames import Array
from errsurf.drawing.history.window import Window
from errsurf.drawing.layout.style import Style

if TYPE_CHECKING:
    from errsurf.engine.landscape import Landscape

Grid: TypeAlias = tuple[Array, Array, Array]

_HIGHEST, _ROUNDING = 1e300, 1e-12


def loss_grid(landscape: "Landscape", window: Window, area: Box, which: str = "train") -> Grid:
    """x (columns,), y (rows,) and the training or test loss (rows, columns) on a grid about three pixels wide."""
    columns, rows = (int(np.clip(n // 3, 80, 320)) for n in (area.width, area.height))
    x, y = np.linspace(*window[0], columns), np.linspace(*window[1], rows)
    points = np.stack(np.meshgrid(x, y), axis=-1)
    return x, y, np.asarray(landscape.loss(points, which), dtype=np.float64)


def contour_levels(loss: Array, wanted: int | Sequence[float], scale: str = "area") -> Array:
    """Rising levels from the lowest to the highest loss, between them the ``wanted`` ones.

    A number of levels is, by ``scale``, closer where more of the map lies ("area"), "linear", or even in the
    logarithm of the loss ("log"); where the lowest loss is not positive, "log" counts from it.  These levels are
    rounded, by a tenth of their distance at most.
    """
    drawn = drawable(loss)
    low, high = float(drawn.min()), float(drawn.max())
    if is_level(low, high):
        high = low + max(1.0, abs(low))
    if not isinstance(wanted, int):
        inner = [float(level) for level in wanted if low < level < high]
        return np.array([low, *inner, high])
    return _rounded(np.unique(even_levels(drawn, low, high, wanted, scale)))


def drawable(loss: Array) -> Array:
    """The losses that a map tells apart, shape (n,), at least one: no larger than 1e300, so that sums stay finite."""
    found = loss[np.abs(loss) <= _HIGHEST]
    return found if len(found) else np.zeros(1)


def is_level(low: float, high: float) -> bool:
    """Whether losses from ``low`` to ``high`` differ by no more than rounding errors."""
    return not high - low > _ROUNDING * max(abs(low), abs(high))


def _rounded(levels: Array) -> Array:
    """Rising levels with as few digits as leave all but the first and last within a tenth of their distance."""
    gaps = 0.1 * np.minimum(np.diff(levels)[:-1], np.diff(levels)[1:])
    inner = [
        next(v for digits in count() if abs((v := float(f"{level:.{digits}e}")) - level) <= gap)
        for level, gap in zip(levels[1:-1].tolist(), gaps.tolist(), strict=True)
    ]
    return np.array([levels[0], *inner, levels[-1]])


def even_levels(drawn: Array, low: float, high: float, wanted: int, scale: str) -> Array:
    """The levels of ``contour_levels`` for a number of them, before they are rounded; ``drawn`` (n,) is drawable."""
    share = np.linspace(0.0, 1.0, wanted + 1)
    if scale == "log":
        positive = low * _HIGHEST > high
        first = low if positive else 1e-4 * (high - low)
        edges = first * (high / first if positive else (high - low) / first) ** share
        return np.asarray(edges if positive else low + np.where(share > 0, edges, 0.0))
    if scale == "linear":
        return low + (high - low) * share
    middle = np.clip((np.median(drawn) - low) / (high - low), 0.5**6.0, 0.5**0.6)
    return low + (high - low) * share ** float(np.log(middle) / np.log(0.5))


def contour_width(style: Style) -> float:
    """Width in pixels of the contours of a map."""
    return 0.5 * max(style.line, 0.6) / 0.72
