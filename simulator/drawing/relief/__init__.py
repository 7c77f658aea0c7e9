"""The surface as a relief that can be turned, with the particles on it; drawn here, pixel by pixel, without a GPU."""

from errsurf.drawing.relief.camera import Camera
from errsurf.drawing.relief.painter import ReliefPainter, relief_painter

__all__ = ["Camera", "ReliefPainter", "relief_painter"]
