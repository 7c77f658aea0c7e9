"""What pictures are drawn on: pixels (``RasterCanvas``) or lines and letters (``VectorCanvas``).

Everything that a picture shows is drawn by the same functions through the few methods of ``Canvas``.
"""

from errsurf.drawing.canvas.canvas import (
    PIXELS,
    Band,
    Canvas,
    Contours,
    Dots,
    Drawing,
    Scale,
    Stroke,
    frame,
    write_right,
)
from errsurf.drawing.canvas.raster import RasterCanvas

__all__ = [
    "PIXELS",
    "Band",
    "Canvas",
    "Contours",
    "Dots",
    "Drawing",
    "RasterCanvas",
    "Scale",
    "Stroke",
    "frame",
    "write_right",
]
