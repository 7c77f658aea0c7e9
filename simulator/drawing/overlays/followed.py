"""A ring around the followed particle."""

from errsurf.drawing.overlays._ground import Ground, View
from errsurf.drawing.overlays._record import Overlay, Ready, line_overlay
from errsurf.drawing.overlays._strokes import Drawing, ring
from errsurf.scenario import Picture


def wanted(picture: Picture) -> bool:
    """Where something is drawn of one particle only."""
    return "batch" in (picture.surface, picture.beside, picture.arrows) or picture.members or picture.noise


def ready(ground: Ground) -> Ready:
    """A ring on every map that has the particle."""
    unit, ink = ground.look.line, ground.look.theme.ink

    def lines(view: View, clock: float) -> Drawing:
        place = ground.pixels(view.area, ground.followers[view.follow].theta(clock))
        return Drawing([ring(place, 8.5 * unit, 0.8 * unit)], [ink])

    return line_overlay(ground, lines)


RECORD = Overlay(wanted=wanted, ready=ready)
