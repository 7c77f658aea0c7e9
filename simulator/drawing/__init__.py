"""Pictures of a result: one painter for still and moving ones, and a file for each format."""

from errsurf.drawing.formats import PictureRequest, format_names, format_of
from errsurf.drawing.history.pace import frame_clocks
from errsurf.drawing.painter import Painter
from errsurf.drawing.pictures import write_figure, write_picture
from errsurf.drawing.relief import Camera, ReliefPainter
from errsurf.drawing.views import painter

__all__ = [
    "Camera",
    "Painter",
    "PictureRequest",
    "ReliefPainter",
    "format_names",
    "format_of",
    "frame_clocks",
    "painter",
    "write_figure",
    "write_picture",
]
