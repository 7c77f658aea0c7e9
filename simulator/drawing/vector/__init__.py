"""Figures of a run drawn by matplotlib: lines stay lines and text stays text."""

from errsurf.drawing.vector.files import write_figure
from errsurf.drawing.vector.layouts import LAYOUTS, run_figure
from errsurf.drawing.vector.wish import Wish

__all__ = ["LAYOUTS", "Wish", "run_figure", "write_figure"]
