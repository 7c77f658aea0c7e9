"""Compiled loops that fill a map with a surface of its own, or hatch a part of it.

Values stand on a grid (rows, columns), row 0 at the lowest y, whose corners are the map's corners; pixels between are
bilinear.  Only pixels that are ``free``, shape (height, width), are painted.
"""

from math import floor, inf, sqrt
from typing import Any

from errsurf.engine.kernel_cache import cached_njit


@cached_njit(nogil=True, inline="always")
def _cell(grid: Any, u: float, v: float, across: float, upward: float) -> tuple[float, float]:
    """Value and slope, a pixel, of a grid at column u and row v."""
    c, r = min(int(u), grid.shape[1] - 2), min(int(v), grid.shape[0] - 2)
    fx, fy = u - c, v - r
    a, b, d, e = grid[r, c], grid[r, c + 1], grid[r + 1, c], grid[r + 1, c + 1]
    low, high = a + (b - a) * fx, d + (e - d) * fx
    dx, dy = ((b - a) * (1.0 - fy) + (e - d) * fy) * across, (high - low) * upward
    return low + (high - low) * fy, sqrt(dx * dx + dy * dy)


@cached_njit(nogil=True)
def fill_levels(
    out: Any, free: Any, left: int, top: int, loss: Any, levels: Any, colours: Any, line: Any, half: float
) -> None:
    """Fill with the colour of each pixel's level, and draw lines of ``2 half`` pixels at all levels but first and last.

    From ``levels[k]`` (n,), rising, to the next one the colour is ``colours[k]``, shape (n - 1, 3).
    """
    height, width = free.shape
    across, upward = (loss.shape[1] - 1) / width, (loss.shape[0] - 1) / height
    last, k = colours.shape[0] - 1, 0
    for y in range(height):
        v = (height - y - 0.5) * upward
        for x in range(width):
            if not free[y, x]:
                continue
            value, slope = _cell(loss, (x + 0.5) * across, v, across, upward)
            while k < last and value >= levels[k + 1]:
                k += 1
            while k > 0 and value < levels[k]:
                k -= 1
            gap = inf
            if k > 0:
                gap = abs(value - levels[k])
            if k < last:
                gap = min(gap, abs(levels[k + 1] - value))
            a = int(256.0 * min(1.0, max(0.0, half + 0.5 - gap / max(slope, 1e-300))))
            for c in range(3):
                fill = int(colours[k, c])
                out[top + y, left + x, c] = fill + (((int(line[c]) - fill) * a) >> 8)


@cached_njit(nogil=True)
def hatch(out: Any, free: Any, left: int, top: int, shares: Any, period: float, half: float, colour: Any) -> None:
    """Draw slanting lines of ``2 half`` pixels where a grid is above 1, and a stronger one around."""
    height, width = free.shape
    across, upward = (shares.shape[1] - 1) / width, (shares.shape[0] - 1) / height
    for y in range(height):
        v = (height - y - 0.5) * upward
        for x in range(width):
            if not free[y, x]:
                continue
            value, slope = _cell(shares, (x + 0.5) * across, v, across, upward)
            distance = (value - 1.0) / max(slope, 1e-12)
            cover = min(1.0, max(0.0, 1.6 * half + 0.5 - abs(distance)))
            if distance > 0.0:
                turn = (x + y) / period
                away = abs(turn - floor(turn + 0.5)) * period * 0.7071
                cover = max(cover, 0.55 * min(1.0, max(0.0, half + 0.5 - away)))
            a = int(cover * 256.0)
            if a > 0:
                for c in range(3):
                    old = int(out[top + y, left + x, c])
                    out[top + y, left + x, c] = old + (((int(colour[c]) - old) * a) >> 8)
