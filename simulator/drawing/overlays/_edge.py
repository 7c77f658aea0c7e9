"""The edge of measured losses, where a map shows more than was measured."""

import numpy as np

from errsurf.drawing.canvas import Canvas, Drawing, Stroke
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.map.maps import Maps
from errsurf.drawing.map.strokes import dashed
from errsurf.drawing.overlays._record import Ready, draw_lines

WORDS = "edge of the data"
_SEEN = 0.005
"""The share of a map's side from which on what lies beyond the edge is worth a line."""


def data_edge(maps: Maps) -> list[Ready]:
    """A dashed line around all nodes, and what it is; nothing for formulas and where the map ends before."""
    nodes = maps.result.landscape.nodes if maps.level is None else None
    if nodes is None:
        return []
    low, high = (np.array([nodes.x[k], nodes.y[k]]) for k in (0, -1))
    first, last = np.array(maps.window).T
    if (np.maximum(low - first, last - high) <= _SEEN * (last - first)).all():
        return []
    corners = np.array([low, (low[0], high[1]), high, (high[0], low[1]), low])
    return [Ready(still=lambda canvas: _draw(canvas, maps, corners))]


def _draw(canvas: Canvas, maps: Maps, corners: Array) -> None:
    style, unit = maps.style, maps.style.line
    for view in maps.views:
        path = maps.pixels(view.area, corners)
        line = dashed(path, SIZES.dash * unit, SIZES.dash_gap * unit)
        draw_lines(canvas, maps, view.area, Drawing([Stroke(line, 0.8 * unit)], [style.theme.foreground]))
        (left, bottom), (right, top) = path[0], path[2]
        width, height = text_width(WORDS, style.tick), line_height(style.tick)
        room = min(right, view.area.width) - max(left, 0.0)
        if room >= 1.2 * width and top >= height and bottom > 0 and top < view.area.height:
            place = view.area.left + max(left, 0.0) + (room - width) / 2, view.area.top + top - height
            canvas.write(
                WORDS, int(place[0]), int(place[1]), style.tick, style.theme.foreground, style.theme.background
            )
