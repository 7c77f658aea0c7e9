"""A path that the user has measured, such as that of a training run, over the map."""

import numpy as np

from errsurf.drawing.canvas import Drawing, Stroke
from errsurf.drawing.history.frames import clock_end
from errsurf.drawing.history.profile import placed
from errsurf.drawing.history.window import pixel_scale
from errsurf.drawing.map.maps import Maps, View
from errsurf.drawing.map.strokes import ring
from errsurf.drawing.map.trails import path_pixels
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, line_overlay
from errsurf.scenario.pictures import COLUMNS
from errsurf.surfaces.shared.table import csv_columns


def ready(maps: Maps) -> Ready:
    """The path up to now, its rows evenly over the run, with a dot at each row of a short one and a ring at its end."""
    file, unit, end = maps.result.scenario.picture.trajectory, maps.style.line, float(max(clock_end(maps.result), 1))
    if file is None:
        return Ready()
    points = placed(maps.result, csv_columns(file, COLUMNS))
    foreground = maps.style.theme.foreground

    def lines(view: View, clock: float) -> Drawing:
        rows = 1 + int(min(clock / end, 1.0) * (len(points) - 1) + 1e-9)
        path = path_pixels(points[:rows], pixel_scale(maps.window, view.area), view.area)
        return Drawing([Stroke(path, 0.9 * unit), ring(path[-1], 4.5 * unit, 1.1 * unit)], [foreground])

    def sample(width: int, height: int) -> Drawing:
        own, middle = maps.plan.style.line, height / 2
        path = np.array([[0.0, middle], [0.7 * width, middle]])
        return Drawing([Stroke(path, 0.9 * own), ring(path[-1], 0.3 * height, 1.1 * own)], [foreground])

    texts = (f"your path: {len(points):,} rows", "your path")
    return line_overlay(maps, lines, (Entry(texts, sample),))


RECORD = Overlay(wanted=lambda picture: picture.trajectory is not None, ready=ready, entries=1)
