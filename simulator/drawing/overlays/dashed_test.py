"""Contours of the test loss over the map, dashed."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from errsurf.drawing.background import laid_over, loss_grid, rendered
from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Pixels, hexadecimal
from errsurf.drawing.frames import Array
from errsurf.drawing.overlays._ground import Ground, View
from errsurf.drawing.overlays._record import Entry, Overlay, Ready
from errsurf.drawing.overlays._strokes import Drawing, Stroke, dashes

MAX_LINES = 8
DASHES = (4.0, 2.6)
WIDTH = 1.1


def ready(ground: Ground) -> Ready:
    """Draw every map's dashed lines into what stands still, below marks and names."""
    look = ground.plan.look
    drawn = cache(lambda: _lines(ground))
    for view in ground.views:
        if not view.second:
            _blend(ground, view.area, drawn)

    def sample(width: int, height: int) -> Drawing:
        ends = np.array([[0.0, height / 2], [float(width), height / 2]])
        line = dashes(*ends, *(part * look.line for part in DASHES))
        return Drawing([Stroke(line, 0.5 * WIDTH * look.line)], [look.theme.grey])

    def figure(axes: Any, _view: View, _clock: float) -> None:
        draw_dashed(axes, ground)

    texts = ("dashed: test loss, at levels of the map", "dashed: test loss", "test loss")
    return Ready(figure=figure, entries=(Entry(texts, sample),))


def dashed_levels(levels: Array, *, chosen: bool) -> Array:
    """Levels of the map at which the test loss is drawn: all that a scenario chose, else every second, third, ...."""
    inner = levels[1:-1]
    return inner if chosen else inner[:: -(-len(inner) // MAX_LINES)]


def draw_dashed(axes: Any, ground: Ground) -> None:
    """Draw the dashed lines into axes of matplotlib."""
    x, y, loss = loss_grid(ground.result.landscape, ground.window, ground.plan.map, "test")
    at = dashed_levels(ground.levels, chosen=not isinstance(ground.result.scenario.picture.levels, int))
    finite = loss[np.isfinite(loss)]
    at = at[(at > np.min(finite, initial=np.inf)) & (at < np.max(finite, initial=-np.inf))]
    if len(at):
        width = WIDTH * ground.look.line * 0.72
        tone = hexadecimal(ground.look.theme.grey)
        axes.contour(x, y, loss, levels=at, colors=tone, linewidths=width, linestyles=[(0.0, DASHES)], zorder=0.8)


def _lines(ground: Ground) -> Pixels:
    """The dashed lines and their coverage, shape (height, width, 4)."""

    def draw(axes: Any) -> None:
        axes.set(xlim=ground.window[0], ylim=ground.window[1])
        draw_dashed(axes, ground)

    return rendered(ground.plan.map, draw)


def _blend(ground: Ground, area: Box, drawn: Callable[[], Pixels]) -> None:
    """Put the lines where the map is free."""
    part = ground.base[area.top : area.bottom, area.left : area.right]

    def blended() -> Pixels:
        return laid_over(part, drawn(), (part == ground.image).all(axis=-1, keepdims=True))

    part[:] = ground.once(f"dashed at {area.left}, {area.top}", blended)


RECORD = Overlay(wanted=lambda picture: picture.test, ready=ready, entries=1)
