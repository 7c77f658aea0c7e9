"""A grey line through the middle of each map, below the particles."""

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas
from errsurf.drawing.map.maps import Maps
from errsurf.drawing.overlays import Overlay, Ready


def ready(maps: Maps) -> Ready:
    """One row of pixels a map."""

    def under(canvas: Canvas, clock: float) -> None:
        for area in (view.area for view in maps.views):
            middle = (area.top + area.bottom) // 2
            canvas.fill(Box(area.left, middle, area.right, middle + 1), (128, 128, 128))

    return Ready(under=under)


RECORD = Overlay(ready)
