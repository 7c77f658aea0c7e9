"""A second map beside the first, with the loss of the next batch, of all training examples or of the test examples."""

from dataclasses import replace

import numpy as np

from errsurf.drawing.axes import axis_names, map_axes
from errsurf.drawing.background import level_image, loss_grid
from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Pixels
from errsurf.drawing.lettering.text import longest, write
from errsurf.drawing.overlays._batch import batch_surface
from errsurf.drawing.overlays._ground import Ground, View, free_pixels
from errsurf.drawing.overlays._record import Overlay, Ready
from errsurf.drawing.swarm import Swarm, draw_swarm, swarm

_HEADS = {
    "train": ("training loss: all {count:,} examples", "training loss", "training"),
    "test": ("test loss: {tests:,} other examples", "test loss", "test"),
    "batch": ("loss of the batch that the ringed particle uses next", "loss of its next batch", "its batch"),
}


def ready(ground: Ground) -> Ready:
    """The second map: its surface, and the same particles, or the followed one alone on its batch's surface."""
    view, image = ground.views[-1], ground.once("second map", lambda: _image(ground))
    area = view.area
    ground.base[area.top : area.bottom, area.left : area.right] = image
    names = axis_names(ground.result.scenario.surface)
    map_axes(ground.base, area, ground.plan.look, ground.window, names, _outer(ground))
    for box, shows in zip(ground.plan.heads, (ground.views[0].surface, view.surface), strict=True):
        _head(ground, box, shows)
    particles = _swarm(ground, view)
    if view.surface != "batch":
        return Ready(under=lambda out, clock: draw_swarm(out, particles, clock))
    batch = batch_surface(ground)
    free = ground.once("free beside", lambda: free_pixels(ground.base, area, image))

    def under(out: Pixels, clock: float) -> None:
        batch.draw(out, area, free, ground.followers[view.follow].batches(clock))
        draw_swarm(out, particles, clock)

    return Ready(under=under)


def _image(ground: Ground) -> Pixels:
    """What stands still of the second surface."""
    which, area = ground.views[-1].surface, ground.views[-1].area
    if which == "test":
        grid = loss_grid(ground.result.landscape, ground.window, area, "test")
        return level_image(grid, area, ground.levels, ground.plan.look)
    return level_image(ground.grid, area, ground.levels, ground.plan.look)


def _outer(ground: Ground) -> tuple[bool, bool]:
    """Numbers at its left where it is below the first map, always below it."""
    return ground.plan.beside.left == ground.plan.map.left, True


def _head(ground: Ground, box: Box, shows: str) -> None:
    look, landscape = ground.plan.look, ground.result.landscape
    texts = [text.format(count=len(landscape.train), tests=len(landscape.test)) for text in _HEADS[shows]]
    write(ground.base, longest(texts, box.width, look.number), box.left, box.top, look.number, look.theme.ink)


def _swarm(ground: Ground, view: View) -> Swarm:
    """The groups of the second map; on a batch's surface the followed particle alone, as others see other batches."""
    groups = [ground.result.groups[ground.shown[k]] for k in view.groups]
    if view.surface == "batch":
        one = slice(ground.followers[view.follow].particle, ground.followers[view.follow].particle + 1)
        groups = [replace(g, position=g.position[:, one], diverged=np.asarray(g.diverged)[one]) for g in groups]
    histories, colours = [ground.histories[k] for k in view.groups], ground.colours[list(view.groups)]
    return swarm(ground.result, groups, histories, colours, ground.window, view.area, ground.look, ground.fade)


RECORD = Overlay(wanted=lambda picture: picture.beside != "none", ready=ready)
