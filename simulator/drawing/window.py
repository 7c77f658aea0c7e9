"""The part of the plane that is drawn, and its axis marks."""

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from simulator.drawing.frames import Array, alive
from simulator.drawing.layout import Box
from surfaces import surface

if TYPE_CHECKING:
    from simulator.result import Result

Window: TypeAlias = tuple[tuple[float, float], tuple[float, float]]


def picture_window(result: "Result", area: Box) -> Window:
    """The scenario's window, or else one that holds the surface's own window and the particles.

    Particles count at the start and, without the outermost 1%, at the end; nobody stretches the window
    beyond three times the surface's own.  A window chosen so has the same scale along x and y.
    """
    if result.scenario.picture.window is not None:
        (x0, x1), (y0, y1) = result.scenario.picture.window
        return (float(x0), float(x1)), (float(y0), float(y1))
    low, high = _extent(result)
    middle, half = (low + high) / 2, (high - low) / 2
    unit = max(half[0] / area.width, half[1] / area.height)
    (x0, y0), (x1, y1) = (middle + sign * unit * np.array([area.width, area.height]) for sign in (-1, 1))
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
    ticks = [
        float(t)
        for t in MaxNLocator(count, steps=[1, 2, 5, 10]).tick_values(low, high)
        if low - slack <= t <= high + slack
    ]
    return [(t, number_text(0.0 if abs(t) < slack else t)) for t in ticks]


def number_text(value: float) -> str:
    """A short text of a number, with a true minus sign."""
    return f"{value:.4g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-").replace("-", "\N{MINUS SIGN}")


def _extent(result: "Result") -> tuple[Array, Array]:
    """Lowest and highest x and y of what is to be seen, each (2,)."""
    own = np.array(surface(result.scenario.surface.kind).window, dtype=np.float64)
    low, high = own[:, 0], own[:, 1]
    margin, reach = 0.04 * (high - low), high - low
    for group in result.groups:
        start, end = (np.asarray(group.position[k], dtype=np.float64)[alive(group, k)] for k in (0, -1))
        for points in [start, np.quantile(end, (0.01, 0.99), axis=0)] if len(end) else [start]:
            near = np.clip(points, own[:, 0] - reach, own[:, 1] + reach)
            low = np.where(near.min(axis=0) < low, near.min(axis=0) - margin, low)
            high = np.where(near.max(axis=0) > high, near.max(axis=0) + margin, high)
    return low, high
