"""Compiled loops that put surfaces, dots, lines and text into an image, shape (height, width, 3), uint8.

They stand in one file because the cache of compiled kernels does not see an edit of another one.  Coverage is a
byte; ``a + (a >> 7)`` takes it to [0, 256], so that 255 gives the colour exactly and a shift divides.
"""

from math import inf, sqrt
from typing import Any

from errsurf.engine.kernel_cache import cached_njit


@cached_njit(nogil=True)
def dots(out: Any, points: Any, box: Any, scale: Any, stamp: Any, colours: Any) -> None:
    """Blend a stamp at every finite point, shape (groups, particles, 2), inside the box.

    ``scale`` is (x0, pixels per x, y1, pixels per y); the first pixel row is the top.  Groups alternate,
    and another one comes first at each particle, so that no group lies on top of the others.
    """
    left, top, right, bottom = box
    half = stamp.shape[0] // 2
    groups, particles = points.shape[0], points.shape[1]
    for p in range(particles):
        for k in range(groups):
            g = (p + k) % groups
            u = (points[g, p, 0] - scale[0]) * scale[1]
            v = (scale[2] - points[g, p, 1]) * scale[3]
            if not (0.0 <= u <= right - left and 0.0 <= v <= bottom - top):
                continue
            x, y = min(left + int(u), right - 1), min(top + int(v), bottom - 1)
            for j in range(max(top - y, -half), min(bottom - 1 - y, half) + 1):
                for i in range(max(left - x, -half), min(right - 1 - x, half) + 1):
                    a = int(stamp[half + j, half + i])
                    if a == 255:
                        for c in range(3):
                            out[y + j, x + i, c] = colours[g, c]
                    elif a:
                        a += a >> 7
                        for c in range(3):
                            old = int(out[y + j, x + i, c])
                            out[y + j, x + i, c] = old + (((int(colours[g, c]) - old) * a + 128) >> 8)


@cached_njit(nogil=True)
def stroke(line: Any, edge: Any, owner: Any, path: Any, strength: Any, radius: float, rim: float, group: int) -> None:
    """Draw a polyline, shape (points, 2) in pixels, into coverage arrays of shape (height, width).

    ``strength`` in [0, 255], one a point, is the coverage at the line's middle; ``edge`` gets a line wider by ``rim``.
    Segments with an end that is NaN are left out.
    """
    height, width = line.shape
    reach = radius + rim + 0.5
    for k in range(1, path.shape[0]):
        x0, y0, x1, y1 = path[k - 1, 0], path[k - 1, 1], path[k, 0], path[k, 1]
        if not x0 + y0 + x1 + y1 < inf:
            continue
        dx, dy = x1 - x0, y1 - y0
        length2 = max(dx * dx + dy * dy, 1e-9)
        over = 1.0 / length2
        low, high = min(x0, x1) - reach, max(x0, x1) + reach
        for y in range(max(0, int(min(y0, y1) - reach)), min(height, int(max(y0, y1) + reach) + 1)):
            first, last = low, high
            if abs(dy) > 1e-6:
                middle, half = x0 + (y + 0.5 - y0) * dx / dy, reach * sqrt(length2) / abs(dy) + 1.0
                first, last = max(low, middle - half), min(high, middle + half)
            for x in range(max(0, int(first)), min(width, int(last) + 1)):
                px, py = x + 0.5 - x0, y + 0.5 - y0
                t = min(1.0, max(0.0, (px * dx + py * dy) * over))
                ex, ey = px - t * dx, py - t * dy
                square = ex * ex + ey * ey
                if square < reach * reach:
                    distance = sqrt(square)
                    inner = int(strength[k] * min(1.0, max(0.0, radius + 0.5 - distance)))
                    if inner > 0 and inner >= line[y, x]:
                        line[y, x] = inner
                        owner[y, x] = group
                    edge[y, x] = max(edge[y, x], int(strength[k] * min(1.0, reach - distance)))


@cached_njit(nogil=True)
def blend_strokes(
    out: Any, line: Any, edge: Any, owner: Any, colours: Any, background: Any, left: int, top: int
) -> None:
    """Put what ``stroke`` covered into the image, each line in its group's colour with an edge of background."""
    height, width = line.shape
    for y in range(height):
        for x in range(width):
            e = int(edge[y, x])
            if e:
                a, g = int(line[y, x]), owner[y, x]
                a += a >> 7
                for c in range(3):
                    old = int(out[top + y, left + x, c])
                    old += ((int(background[c]) - old) * e * 3 + 512) >> 10
                    out[top + y, left + x, c] = old + (((int(colours[g, c]) - old) * a + 128) >> 8)


@cached_njit(nogil=True)
def paste(out: Any, mask: Any, left: int, top: int, colour: Any) -> None:
    """Blend one colour through a mask, shape (rows, columns), with its corner at (left, top)."""
    height, width = out.shape[0], out.shape[1]
    for j in range(max(0, -top), min(mask.shape[0], height - top)):
        for i in range(max(0, -left), min(mask.shape[1], width - left)):
            a = int(mask[j, i])
            if a:
                a += a >> 7
                for c in range(3):
                    old = int(out[top + j, left + i, c])
                    out[top + j, left + i, c] = old + (((int(colour[c]) - old) * a + 128) >> 8)


@cached_njit(nogil=True)
def indices(image: Any, table: Any, out: Any) -> None:
    """Palette index of every pixel, by a table over the upper six bits of red, green and blue, shape (64^3,)."""
    for y in range(image.shape[0]):
        for x in range(image.shape[1]):
            red, green, blue = int(image[y, x, 0]), int(image[y, x, 1]), int(image[y, x, 2])
            out[y, x] = table[(red >> 2) << 12 | (green >> 2) << 6 | blue >> 2]


@cached_njit(nogil=True, inline="always")
def _cell(grid: Any, u: float, v: float, across: float, upward: float) -> tuple[float, float]:
    """Value and slope, a pixel, of a grid at column u and row v."""
    c, r = min(int(u), grid.shape[1] - 2), min(int(v), grid.shape[0] - 2)
    fx, fy = u - c, v - r
    a, b, d, e = grid[r, c], grid[r, c + 1], grid[r + 1, c], grid[r + 1, c + 1]
    low, high = a + (b - a) * fx, d + (e - d) * fx
    dx, dy = ((b - a) * (1.0 - fy) + (e - d) * fy) * across, (high - low) * upward
    return low + (high - low) * fy, sqrt(dx * dx + dy * dy)


# Losses are interpolated, not numbers of levels, which would make lines dotted where levels are close.  A pixel's
# level is found from its neighbour's.
@cached_njit(nogil=True)
def fill_levels(
    out: Any, free: Any, left: int, top: int, loss: Any, levels: Any, light: Any, colours: Any, lines: Any, half: float
) -> None:
    """Fill the free pixels, (height, width), with the colours of their levels, and draw lines of ``2 half`` pixels.

    ``loss`` (rows, columns), row 0 at the lowest y, reaches from corner to corner of the map; between its nodes it is
    bilinear.  From ``levels[k]`` (n,), rising, to the next one the colour is one of ``colours[k]``, shape
    (n - 1, tones, 3), as ``light``, like the loss, says from 0 to 1; lines in those of ``lines[k]`` are drawn at all
    levels but the first and the last.
    """
    height, width = free.shape
    across, upward = (loss.shape[1] - 1) / width, (loss.shape[0] - 1) / height
    last, k, tones = colours.shape[0] - 1, 0, colours.shape[1]
    for y in range(height):
        v = (height - y - 0.5) * upward
        for x in range(width):
            if not free[y, x]:
                continue
            value, slope = _cell(loss, (x + 0.5) * across, v, across, upward)
            lit, _ = _cell(light, (x + 0.5) * across, v, across, upward)
            t = min(int(lit * tones), tones - 1)
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
                fill = int(colours[k, t, c])
                out[top + y, left + x, c] = fill + (((int(lines[k, t, c]) - fill) * a) >> 8)


@cached_njit(nogil=True)
def tint(part: Any, low: Any, high: Any, colour: Any, strength: int) -> None:
    """Blend a colour between two rows in every column of a part (height, width, 3); NaN for none.

    ``low`` and ``high`` are (width,), in pixels from the upper edge, ``low`` the smaller one.
    """
    height = part.shape[0]
    for x in range(part.shape[1]):
        if not low[x] <= high[x]:
            continue
        for y in range(max(0, int(low[x])), min(height, int(high[x]) + 1)):
            a = int(strength * max(0.0, min(high[x], y + 1.0) - max(low[x], float(y))))
            a += a >> 7
            for c in range(3):
                old = int(part[y, x, c])
                part[y, x, c] = old + (((int(colour[c]) - old) * a + 128) >> 8)
