"""Contours of the test loss over the map, dashed."""

import numpy as np

from errsurf.drawing.canvas import Canvas, Drawing, Stroke
from errsurf.drawing.canvas.outlines import contour_lines
from errsurf.drawing.history.frames import Array
from errsurf.drawing.map.maps import Maps
from errsurf.drawing.map.strokes import dashed, dashes
from errsurf.drawing.overlays._record import Entry, Overlay, Ready

MAX_LINES = 8
DASHES = (4.0, 3.8)
WIDTH = 1.1


def ready(maps: Maps) -> Ready:
    """The dashed lines on the first map, or on every group's."""
    style, unit = maps.plan.style, maps.style.line

    def still(canvas: Canvas) -> None:
        for area in maps.plan.maps:
            lines = contour_lines(area, *maps.grid[:2], *_drawn(maps))
            strokes = [Stroke(dashed(line, *(part * unit for part in DASHES)), 0.5 * WIDTH * unit) for line in lines]
            canvas.strokes(area, Drawing(strokes, [style.theme.grey]), 0.0, style.theme.background, below=True)

    def sample(width: int, height: int) -> Drawing:
        ends = np.array([[0.0, height / 2], [float(width), height / 2]])
        line = dashes(*ends, *(part * style.line for part in DASHES))
        return Drawing([Stroke(line, 0.5 * WIDTH * style.line)], [style.theme.grey])

    texts = ("dashed: test loss, at levels of the map", "dashed: test loss", "test loss")
    return Ready(still=still, entries=(Entry(texts, sample),))


def _drawn(maps: Maps) -> tuple[Array, Array]:
    """The values over the grid, (rows, columns), and their levels, that are dashed; of a profile the test curve."""
    if maps.level is None:
        return maps.test_loss, test_levels(maps)
    height, levels = maps.above(maps.test_loss)
    return height, levels[1:2]


def test_levels(maps: Maps) -> Array:
    """Levels of the map at which the test loss is drawn: all that a scenario chose, else every second, third, ...."""
    inner = maps.levels[1:-1]
    return inner[:: -(-len(inner) // MAX_LINES)] if isinstance(maps.result.scenario.picture.levels, int) else inner


RECORD = Overlay(wanted=lambda picture: picture.test, ready=ready, entries=1)
