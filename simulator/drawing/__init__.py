"""Pictures of a result: one painter for still and moving ones."""

from simulator.drawing.frames import frame_clocks
from simulator.drawing.painter import Painter, painter
from simulator.drawing.pictures import write_figure, write_gif, write_png

__all__ = ["Painter", "frame_clocks", "painter", "write_figure", "write_gif", "write_png"]
