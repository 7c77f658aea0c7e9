"""The circle within which the chart `near` counts particles."""

import numpy as np

from errsurf.drawing.charts.near import disc
from errsurf.drawing.overlays._ground import Ground, View
from errsurf.drawing.overlays._record import Overlay, Ready, line_overlay
from errsurf.drawing.overlays._strokes import Drawing, Stroke, ellipse
from errsurf.scenario import Picture


def wanted(picture: Picture) -> bool:
    """Where the picture has the chart."""
    return "near" in picture.charts


def ready(ground: Ground) -> Ready:
    """A dashed circle on every map, which the chart's title explains."""
    near, look = disc(ground.result, ground.critical), ground.look

    def lines(view: View, _clock: float) -> Drawing:
        if near is None:
            return Drawing([], [])
        half = ground.moved(view.area, near.radius * np.eye(2))
        whole = ellipse(ground.pixels(view.area, np.array(near.centre)), half, 0.7 * look.line)
        path = np.where(np.arange(len(whole.path))[:, None] % 4 == 3, np.nan, whole.path)
        return Drawing([Stroke(path, whole.radius)], [look.theme.ink])

    return line_overlay(ground, lines)


RECORD = Overlay(wanted=wanted, ready=ready)
