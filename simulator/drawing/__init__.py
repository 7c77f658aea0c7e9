"""Pictures of a result: one painter for still and moving ones, and a file for each format."""

from simulator.drawing.formats import Order, format_names, format_of
from simulator.drawing.frames import frame_clocks
from simulator.drawing.painter import Painter
from simulator.drawing.pictures import write_figure, write_picture
from simulator.drawing.relief import Camera, ReliefPainter
from simulator.drawing.views import painter

__all__ = [
    "Camera",
    "Order",
    "Painter",
    "ReliefPainter",
    "format_names",
    "format_of",
    "frame_clocks",
    "painter",
    "write_figure",
    "write_picture",
]
