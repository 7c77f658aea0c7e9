"""A ring around the followed particle."""

import numpy as np

from errsurf.drawing.canvas import Drawing
from errsurf.drawing.map.maps import Maps, View
from errsurf.drawing.map.strokes import ring
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, line_overlay
from errsurf.scenario import Picture


def wanted(picture: Picture) -> bool:
    """Where something is drawn of one particle only."""
    return "batch" in (picture.surface, picture.beside, picture.arrows) or picture.members or picture.noise


def ready(maps: Maps) -> Ready:
    """A ring on every map that has the particle."""
    unit, foreground = maps.style.line, maps.style.theme.foreground

    def lines(view: View, clock: float) -> Drawing:
        place = maps.pixels(view.area, maps.followers[view.follow].theta(clock))
        return Drawing([ring(place, 8.5 * unit, 0.8 * unit)], [foreground])

    def sample(width: int, height: int) -> Drawing:
        own = maps.plan.style.line
        return Drawing([ring(np.array([width, height]) / 2, 0.36 * height, 0.8 * own)], [foreground])

    return line_overlay(maps, lines, (Entry(("the particle that is followed", "followed particle"), sample),))


RECORD = Overlay(wanted=wanted, ready=ready, entries=1)
