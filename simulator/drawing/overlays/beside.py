"""A second map beside the first, with the loss of the next batch, of all training examples or of the test examples."""

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas
from errsurf.drawing.lettering.text import longest
from errsurf.drawing.map.axes import map_axes
from errsurf.drawing.map.maps import Maps, View
from errsurf.drawing.map.swarm import Swarm, draw_swarm, swarm
from errsurf.drawing.overlays._batch import batch_contours
from errsurf.drawing.overlays._record import Overlay, Ready

_HEADS = {
    "train": ("training loss: all {count:,} examples", "training loss", "training"),
    "test": ("test loss: {tests:,} other examples", "test loss", "test"),
    "batch": ("loss of the batch that the ringed particle uses next", "loss of its next batch", "its batch"),
}


def ready(maps: Maps) -> Ready:
    """The second map: its surface, and the same particles, or the followed one alone on its batch's surface."""
    view, particles = maps.views[-1], _swarm(maps, maps.views[-1])

    def still(canvas: Canvas) -> None:
        loss = maps.test_loss if view.surface == "test" else maps.grid[2]
        canvas.surface(view.area, maps.contours(loss))
        map_axes(canvas, view.area, maps.plan.style, maps.window, maps.names, _outer(maps))
        for box, shows in zip(maps.plan.heads, (maps.views[0].surface, view.surface), strict=True):
            _head(canvas, maps, box, shows)

    def under(canvas: Canvas, clock: float) -> None:
        if view.surface == "batch":
            batches = maps.followers[view.follow].batches(clock)
            canvas.surface(view.area, batch_contours(maps, batches))
        draw_swarm(canvas, particles, clock)

    return Ready(still=still, under=under)


def _outer(maps: Maps) -> tuple[bool, bool]:
    """Numbers at its left where it is below the first map, always below it."""
    return maps.plan.beside.left == maps.plan.map.left, True


def _head(canvas: Canvas, maps: Maps, box: Box, shows: str) -> None:
    style, landscape = maps.plan.style, maps.result.landscape
    texts = [text.format(count=len(landscape.train), tests=len(landscape.test)) for text in _HEADS[shows]]
    canvas.write(longest(texts, box.width, style.number), box.left, box.top, style.number, style.theme.foreground)


def _swarm(maps: Maps, view: View) -> Swarm:
    """The groups of the second map; on a batch's surface the followed particle alone, as others see other batches."""
    groups, colours = [maps.shown[k] for k in view.groups], maps.colours[list(view.groups)]
    only = maps.followers[view.follow].particle if view.surface == "batch" else None
    return swarm(maps.result, groups, colours, maps.window, view.area, maps.style, maps.fade, only)


RECORD = Overlay(wanted=lambda picture: picture.beside != "none", ready=ready, room=lambda plan: plan.beside.height > 0)
