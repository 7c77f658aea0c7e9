"""The surface as a relief that can be turned, with the particles on it; drawn here, pixel by pixel, without a GPU."""

from simulator.drawing.relief.camera import Camera
from simulator.drawing.relief.painter import ReliefPainter, relief_painter

__all__ = ["Camera", "ReliefPainter", "relief_painter"]
