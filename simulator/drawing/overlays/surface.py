"""The surface that fills a map where it is not that of all training examples: the words for it, and moving batches."""

from errsurf.drawing.canvas import Canvas
from errsurf.drawing.map.maps import Maps
from errsurf.drawing.overlays._batch import batch_contours
from errsurf.drawing.overlays._record import Entry, Overlay, Ready

_WORDS = {
    "test": ("map: the test loss", "map: test loss"),
    "batch": ("map: loss of the ringed particle's next batch", "map: loss of its next batch", "map: its batch's loss"),
}


def ready(maps: Maps) -> Ready:
    """The loss of the next batch of each map's followed particle."""
    surface = maps.result.scenario.picture.surface
    entries = (Entry(_WORDS[surface]),) if surface in _WORDS else ()
    if surface != "batch":
        return Ready(entries=entries)

    def under(canvas: Canvas, clock: float) -> None:
        for view in maps.views:
            if not view.second:
                batches = maps.followers[view.follow].batches(clock)
                canvas.surface(view.area, batch_contours(maps, batches))

    return Ready(under=under, entries=entries)


RECORD = Overlay(wanted=lambda picture: picture.surface != "train", ready=ready, entries=1)
