"""Outlines of contours with few corners, and dots without those that others hide."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas.canvas import Array, Contours

TOLERANCE = 0.06
"""How far an outline may be from where it was found, in pixels."""


def contour_rings(area: Box, contours: Contours) -> Iterator[tuple[int, list[Array]]]:
    """For each level its number and the outlines, (n, 2) in pixels of the area, of everything above it.

    Drawn one over the other they leave no seams.  What runs along the area's edge is a little outside it.
    """
    from contourpy import FillType, contour_generator

    shares, steps = contours.shares
    x, y = _pixels(contours.x, area.width), area.height - _pixels(contours.y, area.height)
    found: Any = contour_generator(x, y, shares, fill_type=FillType.OuterOffset)
    for k, level in enumerate(steps[1:-1], 1):
        if shares.min() < level < shares.max():
            polygons, offsets = found.filled(level, 2.0)
            rings = [
                _off_edges(simplified(points[first:last], TOLERANCE), area, 2 * contours.width)
                for points, ends in zip(polygons, offsets, strict=True)
                for first, last in pairwise(ends)
            ]
            yield k, [ring for ring in rings if len(ring) > 2]


def _off_edges(points: Array, area: Box, by: float) -> Array:
    """The points with those on an edge of the area moved out, so that no line is drawn along it."""
    size = np.array([area.width, area.height])
    return np.asarray(points + by * (points >= size - 1e-6) - by * (points <= 1e-6))


def contour_lines(area: Box, columns: Array, rows: Array, values: Array, levels: Array) -> list[Array]:
    """The lines (n, 2), in pixels of an area, along which values (rows, columns) over it have one of the levels."""
    from contourpy import contour_generator

    x, y = _pixels(columns, area.width), area.height - _pixels(rows, area.height)
    found = contour_generator(x, y, np.ma.masked_invalid(values))
    return [np.asarray(line, np.float64) for level in levels for line in found.lines(float(level))]


def _pixels(places: Array, length: int) -> Array:
    return np.asarray((places - places[0]) / (places[-1] - places[0]) * length)


def simplified(line: Array, tolerance: float) -> Array:
    """The points of a polyline, shape (n, 2), that keep it within a distance.

    Ramer 1972, Computer Graphics and Image Processing 1, 244-256.
    """
    kept = np.zeros(len(line), dtype=np.bool_)
    kept[[0, -1]] = True
    parts = [(0, len(line) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        middle, chord = line[first + 1 : last] - line[first], line[last] - line[first]
        length = float(np.hypot(*chord))
        away = np.abs(middle[:, 0] * chord[1] - middle[:, 1] * chord[0]) / length if length else np.hypot(*middle.T)
        farthest = first + 1 + int(np.argmax(away))
        if away[farthest - first - 1] > tolerance:
            kept[farthest] = True
            parts += [(first, farthest), (farthest, last)]
    return np.asarray(line[kept])


def thinned(points: Array, pitch: float, depth: int) -> Array:
    """The points without those on top of ``depth`` others in the same cell of this size."""
    cells: NDArray[np.int64] = np.floor(points / pitch).astype(np.int64)
    order = np.lexsort(cells.T)
    new = np.any(np.diff(cells[order], axis=0, prepend=cells[order][:1] - 1), axis=1)
    first = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    kept = np.sort(order[np.arange(len(order)) - first < depth])
    return np.asarray(points[kept])
