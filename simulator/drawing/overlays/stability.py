"""Where the training surface is too sharp for a group's rate: beyond 2 / lr, with momentum 2 (1 + momentum) / lr."""

from functools import lru_cache

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, Drawing, Stroke
from errsurf.drawing.canvas.outlines import contour_lines
from errsurf.drawing.history.frames import Array
from errsurf.drawing.map.maps import Follower, Maps
from errsurf.drawing.overlays._record import Entry, Overlay, Ready
from errsurf.optimizers import optimizer
from errsurf.scenario.overlays import has_stability_limit

_PERIOD, _FAINT = 7.0, 140


def ready(maps: Maps) -> Ready:
    """Hatch the region of each map's followed group, as its lr changes."""
    sharpness = maps.sharpness
    hatched = lru_cache(maxsize=8)(lambda area, most: hatching(maps, area, sharpness / most))

    def under(canvas: Canvas, clock: float) -> None:
        for view in maps.views:
            most = np.inf if view.second else largest_sharpness(maps.followers[view.follow], clock)
            if 0 < most < sharpness.max():
                drawing = Drawing(hatched(view.area, most), [maps.followers[view.follow].tone])
                canvas.strokes(view.area, drawing, 0.0, maps.style.theme.background, below=True)

    def sample(width: int, height: int) -> Drawing:
        lines = [np.array([[x, 2.0], [x - height + 4.0, height - 2.0]]) for x in np.arange(height - 3, width, 6 * unit)]
        return Drawing([Stroke(line, 0.5 * unit) for line in lines], [maps.followers[maps.follow].tone])

    unit = maps.plan.style.line
    return Ready(under=under, entries=(Entry(_texts(maps), sample),))


def hatching(maps: Maps, area: Box, shares: Array) -> list[Stroke]:
    """Slanting lines where values over the grid (rows, columns) are above 1, and a stronger one around."""
    unit, step = maps.style.line, 1.0
    begins = np.arange(0.0, area.width + area.height, _PERIOD * unit)
    y = np.arange(0.0, area.height, step)
    x = begins[:, None] - y
    inside = (x >= 0) & (x <= area.width) & (_bilinear(shares, x / area.width, 1 - y / area.height) > 1)
    edges = np.diff(np.pad(inside, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    (line, first), (_, last) = np.nonzero(edges == 1), np.nonzero(edges == -1)
    ends = np.stack([y[first], y[last - 1], np.full(len(first), np.nan)], axis=1)
    path = np.stack([begins[line, None] - ends, ends], axis=-1).reshape(-1, 2)
    faint = np.full(len(path), _FAINT, np.uint8)
    around = contour_lines(area, *maps.grid[:2], shares, np.array([1.0]))
    return [Stroke(path, 0.5 * unit, strength=faint), *(Stroke(each, 0.8 * unit) for each in around)]


def _bilinear(grid: Array, across: Array, upward: Array) -> Array:
    """Values of a grid at shares of its width (n, m) and height (m,)."""
    u, v = np.clip(across, 0, 1) * (grid.shape[1] - 1), upward * (grid.shape[0] - 1)
    column, row = np.minimum(u.astype(int), grid.shape[1] - 2), np.minimum(v.astype(int), grid.shape[0] - 2)
    s, t = u - column, v - row
    low = grid[row, column] * (1 - s) + grid[row, column + 1] * s
    return np.asarray(low * (1 - t) + (grid[row + 1, column] * (1 - s) + grid[row + 1, column + 1] * s) * t)


def largest_sharpness(follower: Follower, clock: float) -> float:
    """The largest sharpness at which the group's next lr is stable; infinite where no limit is known."""
    group, rule = follower.settings, follower.rule(follower.update(clock))
    limit = optimizer(group.kind).max_stable_sharpness
    if limit is None or not has_stability_limit(group.kind, group.wrappers, rule.lr):
        return np.inf
    return limit(float(np.max(follower.group.lr[follower.frame(clock)])), rule)


def _texts(maps: Maps) -> tuple[str, ...]:
    """The limit in words; with momentum another one."""
    if getattr(maps.followers[maps.follow].rule(0), "momentum", 0.0):
        return "hatched: sharper than lr and momentum allow", "too sharp for lr and momentum", "too sharp"
    return "hatched: sharper than 2 / lr", "sharper than 2 / lr", "> 2 / lr"


RECORD = Overlay(wanted=lambda picture: picture.stability, ready=ready, entries=1)
