"""A relief as one camera sees it: its pixels, what hides what, and the names that stand above it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import RasterCanvas
from errsurf.drawing.colours import Pixels
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.map.landmarks import Label, Place, draw_marks, name_labels, spots
from errsurf.drawing.relief.box_frame import back_edges, front
from errsurf.drawing.relief.camera import Camera, View, view
from errsurf.drawing.relief.kernels import FINE, place, shade, trace
from errsurf.drawing.relief.shading import Shading, light, walls
from errsurf.drawing.relief.terrain import FLOOR, Floats, Terrain

PALE = 0.25
"""How much is left of what a hill hides."""

_NUMBERED = 24


class Relief(NamedTuple):
    """All that a relief shows, wherever it is seen from.

    ``size`` is that of its region in pixels, ``names`` are those of the parameters, ``marked`` what is named on it;
    names keep away from ``visited`` (n, 2), places of particles.
    """

    size: tuple[int, int]
    land: Terrain
    shading: Shading
    names: tuple[str, str]
    marked: Sequence[Place]
    visited: Array
    style: Style


class Sight(NamedTuple):
    """A region's pixels ``image`` (rows, columns, 3), how far away what is seen there lies, ``near`` (rows, columns).

    ``names`` are to be put over the particles.
    """

    view: View
    image: Pixels
    near: Floats
    names: list[Label]


def sight(relief: Relief, camera: Camera) -> Sight:
    """Draw a relief as a camera sees it, with its frame and marks."""
    area, land, style = Box(0, 0, *relief.size), relief.land, relief.style
    numbers = area.width >= _NUMBERED * style.tick.size
    seen = view(land, camera, area, _margins(style, numbers=numbers))
    image = np.full((area.height, area.width, 3), style.theme.behind, dtype=np.uint8)
    back_edges(image, land, seen, style)
    near = _drawn(image, relief, seen)
    front(image, land, seen, relief.names, style, numbers=numbers)
    names = _landmarks(image, relief, Sight(seen, image, near, []))
    return Sight(seen, image, near, names)


def placed(land: Terrain, seen: Sight, points: Array, lift: float = 0.0) -> tuple[Array, NDArray[np.bool_]]:
    """Pixels of points of theta (n, 2) in the region, (n, 2), NaN outside the window; which of them a hill hides."""
    out, hidden = np.empty((len(points), 2)), np.empty(len(points), np.bool_)
    place(points, land.heights, seen.near, seen.view, lift, out, hidden)
    return out, hidden


def theta_at(seen: Sight, column: int, row: int) -> tuple[float, float] | None:
    """The point of the surface that is seen at a pixel of the region; None where there is none."""
    rows, columns = seen.near.shape
    if not (0 <= row < rows and 0 <= column < columns and abs(seen.near[row, column]) < 8):
        return None
    away, right = float(seen.near[row, column]), (column + 0.5 - seen.view.left) / seen.view.scale
    v = seen.view
    x, y = v.cos * right - v.sin * away, v.sin * right + v.cos * away
    return v.x0 + x / v.per_x, v.y0 + y / v.per_y


def _margins(style: Style, *, numbers: bool) -> tuple[int, int, int, int]:
    """Room at the left and right, above and below the box."""
    line = line_height(style.tick)
    if not numbers:
        return line // 2, line // 2, line // 2, line
    beside = text_width("\N{MINUS SIGN}0.25", style.tick) + 2
    return beside, beside // 2, line, round(1.6 * line)


def _drawn(image: Pixels, relief: Relief, seen: View) -> Floats:
    """Put the surface into the region; how far away it is."""
    land, shading, style = relief.land, relief.shading, relief.style
    area = Box(0, 0, *relief.size)
    away, near = traced(land, seen, area), np.empty((area.height, area.width), np.float32)
    width = max(0.7, 0.75 * style.line)
    inks, lamp, sides = (shading.areas, shading.lines, width), light(seen), walls(seen, style.theme)

    def part(first: int, last: int) -> None:
        shade(
            image, near, away, land.heights, land.slopes, land.levels, seen, lamp, inks, sides, shading.ridge,
            first, last,
        )  # fmt: skip

    _in_parts(part, area.width)
    return near


def traced(land: Terrain, seen: View, area: Box) -> Floats:
    """How far away what is seen at each sample lies, (columns, rows), FINE samples a pixel each way."""
    away = np.empty((area.width * FINE, area.height * FINE), np.float32)
    _in_parts(lambda first, last: trace(away, land.heights, seen, FLOOR, first, last), len(away))
    return away


def _in_parts(work: Callable[[int, int], None], columns: int) -> None:
    """GroupPlan on all columns, in as many threads as there are processors, up to four."""
    edges = np.linspace(0, columns, min(4, cpu_count() or 1) + 1).astype(int).tolist()
    with ThreadPoolExecutor(len(edges) - 1) as pool:
        list(pool.map(work, edges[:-1], edges[1:]))


def _landmarks(image: Pixels, relief: Relief, seen: Sight) -> list[Label]:
    """Put the marks into the region, pale where a hill hides them; their names."""
    points = np.array([(p.x, p.y) for p in relief.marked]).reshape(-1, 2)
    at, hidden = placed(relief.land, seen, points)
    busy, _ = placed(relief.land, seen, relief.visited)
    busy = busy[np.isfinite(busy[:, 0])] * (1, -1) if np.isfinite(busy).any() else np.full((1, 2), -1e9)
    flat = [p._replace(x=x, y=-y) for p, (x, y) in zip(relief.marked, at.tolist(), strict=True)]
    behind = {(int(x), int(y)) for (x, y), is_hidden in zip(at.tolist(), hidden, strict=True) if is_hidden}
    area = Box(0, 0, image.shape[1], image.shape[0])
    window = (0.0, float(area.width)), (-float(area.height), 0.0)
    found = spots([p for p in flat if np.isfinite(p.x)], busy, window, area, relief.style)
    for spot in found:
        draw_marks(RasterCanvas(image), area, [spot], relief.style, PALE if (spot.x, spot.y) in behind else 1.0)
    return name_labels(found, relief.style)
