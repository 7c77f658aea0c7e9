"""The circle within which the chart `near` counts particles."""

import numpy as np

from errsurf.drawing.canvas import Drawing, Stroke
from errsurf.drawing.charts.near import disc
from errsurf.drawing.map.maps import Maps, View
from errsurf.drawing.map.strokes import ellipse
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, line_overlay
from errsurf.scenario import Picture
from errsurf.system.numbers import drawn_number


def wanted(picture: Picture) -> bool:
    """Where the picture has the chart."""
    return "near" in picture.charts


def ready(maps: Maps) -> Ready:
    """A dashed circle on every map."""
    near, style = disc(maps.result, maps.critical), maps.style

    def lines(view: View, _clock: float) -> Drawing:
        assert near
        half = maps.moved(view.area, near.radius * np.eye(2))
        whole = ellipse(maps.pixels(view.area, np.array(near.centre)), half, 0.7 * style.line)
        path = np.where(np.arange(len(whole.path))[:, None] % 4 == 3, np.nan, whole.path)
        return Drawing([Stroke(path, whole.radius)], [style.theme.foreground])

    def sample(width: int, height: int) -> Drawing:
        whole = ellipse(np.array([width, height]) / 2, 0.42 * height * np.eye(2), 0.7 * maps.plan.style.line)
        path = np.where(np.arange(len(whole.path))[:, None] % 8 > 4, np.nan, whole.path)
        return Drawing([Stroke(path, whole.radius)], [style.theme.foreground])

    if near is None:
        return Ready()
    within = f"within {drawn_number(near.radius)} of {near.name}"
    return line_overlay(maps, lines, (Entry((within,), sample),))


RECORD = Overlay(wanted=wanted, ready=ready, entries=1)
