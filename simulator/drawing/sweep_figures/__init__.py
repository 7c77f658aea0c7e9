"""Pictures of sweeps: a statistic over the settings that were varied."""

from errsurf.drawing.sweep_figures.figure import sweep_figure
from errsurf.drawing.sweep_figures.plot import LINEAR, LOG, Axis, SweepPlot, kind_words

__all__ = ["LINEAR", "LOG", "Axis", "SweepPlot", "kind_words", "sweep_figure"]
