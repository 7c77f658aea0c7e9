"""Flows from where the followed particles start, drawn dashed beside their paths."""

from collections.abc import Callable

import numpy as np

from errsurf.drawing.canvas import Drawing, Stroke
from errsurf.drawing.history.frames import Array
from errsurf.drawing.map.maps import Follower, Maps, View
from errsurf.drawing.map.strokes import dashed, dashes
from errsurf.drawing.overlays._record import Entry, Ready, line_overlay
from errsurf.engine.segments import group_rates
from errsurf.errors import UserError

Flow = Callable[[Maps, Follower, Array], Array]
"""The points (updates + 1, 2) of a flow, from the learning rates of all updates."""


def flow_overlay(
    maps: Maps, name: str, flow: Flow, texts: tuple[str, ...], dash: tuple[float, float], *, momentum: bool
) -> Ready:
    """The flow of each followed particle up to now, with dashes and gaps of these lengths.

    Raises UserError for a group that has none.
    """
    unit, theme, chosen = maps.style.line, maps.style.theme, maps.result.scenario.picture.follow is not None
    places = [maps.follow] if chosen else range(len(maps.shown))
    every = {k: _path(maps, name, flow, k, momentum=momentum) for k in places}

    def lines(view: View, clock: float) -> Drawing:
        strokes: list[Stroke] = []
        for k in sorted(every.keys() & set(view.groups)) if not view.second else ():
            made = int(maps.followers[k].group.update[maps.followers[k].frame(clock)])
            path = maps.pixels(view.area, every[k][: made + 1])
            strokes.append(Stroke(dashed(path, *(part * unit for part in dash)), 0.7 * unit))
        return Drawing(strokes, [theme.foreground])

    def sample(width: int, height: int) -> Drawing:
        ends = np.array([[0.0, height / 2], [float(width), height / 2]])
        line = dashes(*ends, *(part * maps.plan.style.line for part in dash))
        return Drawing([Stroke(line, 0.7 * maps.plan.style.line)], [theme.foreground])

    return line_overlay(maps, lines, (Entry(texts, sample),))


def _path(maps: Maps, name: str, flow: Flow, k: int, *, momentum: bool) -> Array:
    follower = maps.followers[k]
    group, rule = follower.settings, follower.settings.settings
    plain = group.kind == "sgd" and not (group.changes or group.wrappers or isinstance(rule.lr, tuple))
    if not plain or rule.dampening or rule.nesterov or rule.movement or (rule.momentum and not momentum):
        kind = "sgd without dampening, nesterov, movement, wrappers and changes, with one lr"
        raise UserError(f"the overlay {name} needs groups of kind {kind}{'' if momentum else ', without momentum'}")
    return flow(maps, follower, group_rates(maps.result.scenario, maps.shown[k]))
