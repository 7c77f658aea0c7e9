"""Compiled loops over pixels: stretching a picture, and drawing the density of particles."""

from typing import Any

from errsurf.engine.kernel_cache import cached_njit


@cached_njit(nogil=True)
def stretch(out: Any, image: Any, box: Any, source: Any, part: Any, background: Any) -> None:
    """Fill a box of ``out`` with the nearest pixels of the box ``source`` of ``image``.

    ``part`` (left, top, width, height) is the current position of the picture, in pixels of the box.
    """
    left, top, right, bottom = box
    from_left, from_top, wide, high = source[0], source[1], source[2] - source[0], source[3] - source[1]
    for y in range(bottom - top):
        v = int((y + 0.5 - part[1]) / part[3] * high) if y + 0.5 >= part[1] else -1
        for x in range(right - left):
            u = int((x + 0.5 - part[0]) / part[2] * wide) if x + 0.5 >= part[0] else -1
            inside = 0 <= u < wide and 0 <= v < high
            for c in range(3):
                out[top + y, left + x, c] = image[from_top + v, from_left + u, c] if inside else background[c]


@cached_njit(nogil=True)
def counts(found: Any, points: Any, scale: Any, cell: int) -> None:
    """Count points, shape (groups, particles, 2), in a grid of cells, (groups, rows, columns), uint16.

    ``scale`` is (x0, pixels per x, y1, pixels per y); a cell has ``cell`` x ``cell`` pixels.
    """
    rows, columns = found.shape[1], found.shape[2]
    for g in range(points.shape[0]):
        for p in range(points.shape[1]):
            u = (points[g, p, 0] - scale[0]) * scale[1] / cell
            v = (scale[2] - points[g, p, 1]) * scale[3] / cell
            if 0.0 <= u < columns and 0.0 <= v < rows and found[g, int(v), int(u)] < 65535:
                found[g, int(v), int(u)] += 1


@cached_njit(nogil=True)
def tint(out: Any, found: Any, box: Any, cell: int, cover: Any, colours: Any) -> None:
    """Blend each cell's colour into its pixels: the groups' colours, mixed by their counts.

    ``cover`` (n,) is the coverage, in [0, 256], for 0, 1, ... particles in a cell; more count as the last.
    """
    left, top, right, bottom = box
    most = cover.shape[0] - 1
    for v in range(found.shape[1]):
        for u in range(found.shape[2]):
            total = 0
            red = green = blue = 0
            for g in range(found.shape[0]):
                n = int(found[g, v, u])
                if n:
                    total += n
                    red += n * int(colours[g, 0])
                    green += n * int(colours[g, 1])
                    blue += n * int(colours[g, 2])
            if total == 0:
                continue
            a = int(cover[min(total, most)])
            for y in range(top + v * cell, min(top + (v + 1) * cell, bottom)):
                for x in range(left + u * cell, min(left + (u + 1) * cell, right)):
                    for c, tone in enumerate((red, green, blue)):
                        old = int(out[y, x, c])
                        out[y, x, c] = old + (((tone // total - old) * a + 128) >> 8)
