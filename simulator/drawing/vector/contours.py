"""Contours as areas with few corners."""

from typing import Any

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Pixels, map_colours
from errsurf.drawing.frames import Array
from errsurf.drawing.look import Look
from errsurf.drawing.scene import Scene
from errsurf.drawing.vector.sheet import POINTS, tone

TOLERANCE = 0.06
"""How far a contour may be from where it was found, in pixels."""


def draw_contours(ax: Any, scene: Scene, area: Box, look: Look, fills: Pixels | None = None) -> None:
    """One area a level, over the ones below it: no seams between them, and its edge is the line.

    ``fills`` (levels - 1, 3) are the colours, those of the theme unless given.
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    x, y, loss = scene.grid
    scale = np.array([area.width / (x[-1] - x[0]), area.height / (y[-1] - y[0])])
    tones = map_colours(look.theme, len(scene.levels) - 1) if fills is None else [tone(fill) for fill in fills]
    ax.set_facecolor(tones[0])
    top = np.nextafter(max(float(loss.max()), float(scene.levels[-1])), np.inf)
    for level, colour in zip(scene.levels[1:-1], tones[1:], strict=True):
        if not loss.min() < level < loss.max():
            continue
        found = ax.contourf(x, y, loss, levels=[level, top], colors=[colour])
        rings = [
            simplified(ring * scale, TOLERANCE) / scale for path in found.get_paths() for ring in path.to_polygons()
        ]
        found.remove()
        codes = [np.array([Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY]) for ring in rings]
        style = {"edgecolor": tone(look.theme.contour), "linewidth": 0.5 * max(look.line, 0.6) * POINTS}
        ax.add_patch(
            PathPatch(Path(np.concatenate(rings), np.concatenate(codes)), facecolor=colour, zorder=0.5, **style)
        )


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
