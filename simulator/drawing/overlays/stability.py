"""Where the training surface is too sharp for a group's rate: beyond 2 / lr, with momentum 2 (1 + momentum) / lr."""

from typing import Any

import numpy as np

from errsurf.analysis.hessian import eigenvalues
from errsurf.drawing.colours import Colour, Pixels, hexadecimal
from errsurf.drawing.frames import Array
from errsurf.drawing.overlays._ground import Follower, Ground, View
from errsurf.drawing.overlays._kernels import hatch
from errsurf.drawing.overlays._record import Entry, Overlay, Ready
from errsurf.drawing.overlays._strokes import Drawing, Stroke
from errsurf.optimizers import optimizer

_PERIOD = 7.0


def ready(ground: Ground) -> Ready:
    """Hatch the region of each map's followed group, as its lr changes."""
    sharpness = ground.once("sharpness", lambda: sharpness_grid(ground))
    views = [view for view in ground.views if not view.second]

    def under(out: Pixels, clock: float) -> None:
        for view in views:
            most = largest_sharpness(ground.followers[view.follow], clock)
            if 0 < most < np.inf:
                _draw(out, ground, view, sharpness / most)

    def figure(axes: Any, view: View, clock: float) -> None:
        most = largest_sharpness(ground.followers[view.follow], clock)
        if 0 < most < sharpness.max():
            _draw_figure(axes, ground, sharpness / most, ground.followers[view.follow].tone)

    def sample(width: int, height: int) -> Drawing:
        lines = [np.array([[x, 2.0], [x - height + 4.0, height - 2.0]]) for x in np.arange(height - 3, width, 6 * unit)]
        return Drawing([Stroke(line, 0.5 * unit) for line in lines], [ground.followers[ground.follow].tone])

    unit = ground.plan.look.line
    return Ready(under=under, figure=figure, entries=(Entry(_texts(ground), sample),))


def sharpness_grid(ground: Ground) -> Array:
    """The largest eigenvalue of the training loss's Hessian on the map's grid, shape (rows, columns)."""
    points = np.stack(np.meshgrid(*ground.grid[:2]), axis=-1)
    return np.nan_to_num(eigenvalues(ground.result.landscape.hessian(points))[..., 1])


def largest_sharpness(follower: Follower, clock: float) -> float:
    """The sharpness that the group's next lr bears; infinite for a rule without a limit."""
    limit = optimizer(follower.settings.kind).max_stable_sharpness
    rate = float(follower.group.lr[follower.frame(clock)])
    return limit(rate, follower.rule(follower.update(clock))) if limit else np.inf


def _draw(out: Pixels, ground: Ground, view: View, shares: Array) -> None:
    unit, colour = ground.look.line, ground.followers[view.follow].colour
    hatch(out, ground.free[view.area], view.area.left, view.area.top, shares, _PERIOD * unit, 0.5 * unit, colour)


def _draw_figure(axes: Any, ground: Ground, shares: Array, colour: Colour) -> None:
    """The region in axes of matplotlib."""
    x, y, tone = *ground.grid[:2], hexadecimal(colour)
    found = axes.contourf(x, y, shares, levels=[1.0, 1.0 + shares.max()], colors="none", hatches=["///"], zorder=0.7)
    found.set(edgecolor=tone, linewidth=0.0)
    axes.contour(x, y, shares, levels=[1.0], colors=tone, linewidths=1.1 * ground.look.line * 0.72, zorder=0.7)


def _texts(ground: Ground) -> tuple[str, ...]:
    """The limit in words; with momentum another one."""
    if getattr(ground.followers[ground.follow].rule(0), "momentum", 0.0):
        return "hatched: sharper than lr and momentum allow", "sharper than lr allows", "too sharp"
    return "hatched: sharper than 2 / lr", "sharper than 2 / lr", "> 2 / lr"


RECORD = Overlay(wanted=lambda picture: picture.stability, ready=ready, entries=1)
