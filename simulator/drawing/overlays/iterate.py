"""The iterate: where gradients are taken, for groups whose answer is another point, such as an average."""

import numpy as np

from errsurf.drawing.canvas import Drawing, Stroke
from errsurf.drawing.history.frames import Array
from errsurf.drawing.map.maps import Follower, Maps, View
from errsurf.drawing.map.strokes import ring
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, line_overlay
from errsurf.errors import UserError

PART = "iterate"


def ready(maps: Maps) -> Ready:
    """The path of the iterate of each followed particle up to now, and a ring at its end."""
    unit, chosen = maps.style.line, maps.result.scenario.picture.follow is not None
    every = {k: _path(follower) for k, follower in enumerate(maps.followers) if not chosen or k == maps.follow}

    def lines(view: View, clock: float) -> Drawing:
        strokes: list[Stroke] = []
        shown = sorted(every.keys() & set(view.groups)) if not view.second else []
        for place, k in enumerate(shown):
            row = maps.followers[k].frame(clock)
            path = maps.pixels(view.area, every[k][: row + 1])
            strokes += [Stroke(path, 0.5 * unit, place), ring(path[-1], 4.5 * unit, 0.8 * unit)._replace(colour=place)]
        return Drawing(strokes, [maps.followers[k].tone for k in shown])

    def sample(width: int, height: int) -> Drawing:
        middle = np.array([width, height]) / 2
        return Drawing([ring(middle, 0.3 * height, 0.8 * maps.plan.style.line)], [maps.style.theme.foreground])

    texts = ("where gradients are taken (the particle is the rule's answer)", "where gradients are taken")
    return line_overlay(maps, lines, (Entry(texts, sample),))


def _path(follower: Follower) -> Array:
    """The iterate of the followed particle at every frame (frames, 2); its start, before the first update."""
    group = follower.group
    lane = np.flatnonzero(np.asarray(group.watched) == follower.particle)
    if PART not in group.parts or not len(lane):
        raise UserError(f'the iterate of `{group.label}` needs run.record = ["{PART}"]; run the scenario again with it')
    path = np.array(group.parts[PART][:, int(lane[0])], np.float64)
    path[0] = group.position[0, follower.particle]
    return path


RECORD = Overlay(ready=ready, entries=1)
