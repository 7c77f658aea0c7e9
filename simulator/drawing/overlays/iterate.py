"""The iterate: where gradients are taken, for groups whose answer is another point, such as an average."""

import numpy as np

from errsurf.drawing.canvas import Drawing, Stroke
from errsurf.drawing.history.frames import Array, Ints
from errsurf.drawing.history.profile import plain
from errsurf.drawing.map.maps import Maps, View
from errsurf.drawing.map.strokes import ring
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, line_overlay
from errsurf.errors import UserError
from errsurf.run.paths import ITERATE, kept_paths


def ready(maps: Maps) -> Ready:
    """The path of the iterate of each followed particle up to now, and a ring at its end."""
    unit, chosen = maps.style.line, maps.result.scenario.picture.follow is not None
    every = {k: _path(maps, k) for k in range(len(maps.followers)) if not chosen or k == maps.follow}

    def lines(view: View, clock: float) -> Drawing:
        strokes: list[Stroke] = []
        shown = sorted(every.keys() & set(view.groups)) if not view.second else []
        for place, k in enumerate(shown):
            update, points = every[k]
            rows = np.searchsorted(update, maps.followers[k].group.update[maps.followers[k].frame(clock)], "right")
            path = maps.pixels(view.area, points[: max(int(rows), 1)])
            strokes += [Stroke(path, 0.5 * unit, place), ring(path[-1], 4.5 * unit, 0.8 * unit)._replace(colour=place)]
        return Drawing(strokes, [maps.followers[k].tone for k in shown])

    def sample(width: int, height: int) -> Drawing:
        middle = np.array([width, height]) / 2
        return Drawing([ring(middle, 0.3 * height, 0.8 * maps.plan.style.line)], [maps.style.theme.foreground])

    texts = ("where gradients are taken (the particle is the rule's answer)", "where gradients are taken")
    return line_overlay(maps, lines, (Entry(texts, sample),))


def _path(maps: Maps, k: int) -> tuple[Ints, Array]:
    """The iterate of the followed particle of a shown group after each update, (updates,) and (updates, 2)."""
    follower = maps.followers[k]
    parts = list(kept_paths(plain(maps.result), maps.shown[k], np.array([follower.particle])))
    found = [part.iterate[:, 0] for part in parts if part.iterate is not None]
    if len(found) < len(parts):
        label = follower.group.label
        raise UserError(f'the iterate of `{label}` needs run.record = ["{ITERATE}"]; run the scenario again with it')
    return np.concatenate([part.update for part in parts]), np.concatenate(found)


RECORD = Overlay(ready=ready, entries=1)
