"""The surface that fills a map where it is not that of all training examples: the words for it, and moving batches."""

from errsurf.drawing.colours import Pixels
from errsurf.drawing.overlays._batch import batch_surface
from errsurf.drawing.overlays._ground import Ground
from errsurf.drawing.overlays._record import Entry, Overlay, Ready

_WORDS = {
    "test": ("map: the test loss", "test loss"),
    "batch": ("map: loss of the ringed particle's next batch", "map: loss of its next batch", "loss of its batch"),
}


def ready(ground: Ground) -> Ready:
    """The loss of the next batch of each map's followed particle."""
    surface = ground.result.scenario.picture.surface
    entries = (Entry(_WORDS[surface]),)
    if surface != "batch":
        return Ready(entries=entries)
    batch = batch_surface(ground)

    def under(out: Pixels, clock: float) -> None:
        for view in ground.views:
            if not view.second:
                batch.draw(out, view.area, ground.free[view.area], ground.followers[view.follow].batches(clock))

    return Ready(under=under, entries=entries)


RECORD = Overlay(wanted=lambda picture: picture.surface != "train", ready=ready, entries=1)
