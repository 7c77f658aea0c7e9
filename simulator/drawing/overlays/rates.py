"""The effective rate of each parameter as a cross at the followed particles."""

import numpy as np

from errsurf.drawing.canvas import Drawing, Stroke
from errsurf.drawing.history.frames import Array
from errsurf.drawing.map.maps import Maps, View
from errsurf.drawing.overlays._parts import Parts, parts
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, line_overlay
from errsurf.system.numbers import drawn_number

_ROOM = 0.11
_LONGEST = 2.5


def ready(maps: Maps) -> Ready:
    """A cross at the followed particle of every group of a map."""
    style, every = maps.style, parts(maps)
    factor = pixels_a_rate(maps, every)

    def lines(view: View, clock: float) -> Drawing:
        strokes: list[Stroke] = []
        for k in every.keys() & set(view.groups) if not view.second else ():
            row = every[k].row(clock)
            arms = np.minimum(factor * every[k].rate[row], _LONGEST * _room(maps))
            strokes += cross(maps.pixels(view.area, every[k].start[row]), arms, style.line)
        return Drawing(strokes, [style.theme.foreground])

    def sample(width: int, height: int) -> Drawing:
        middle, arms = np.array([width, height]) / 2, np.array([0.45 * width, 0.25 * height])
        return Drawing(cross(middle, arms, 0.8 * maps.plan.style.line), [style.theme.foreground])

    tenth = drawn_number(0.1 * maps.plan.map.width / factor, 2)
    texts = (
        f"effective rate along each parameter: a tenth of the map's width is {tenth}",
        f"effective rates: a tenth of the width is {tenth}",
        "effective rates",
    )
    return line_overlay(maps, lines, (Entry(texts, sample),))


def cross(middle: Array, arms: Array, unit: float) -> list[Stroke]:
    """A cross with these half lengths (2,) in pixels, closed at the ends."""
    if not np.isfinite([*middle, *arms]).all():
        return []
    gap, lines = np.full((1, 2), np.nan), []
    for axis, arm in zip(np.eye(2), arms, strict=True):
        along, side = arm * axis, 3.5 * unit * axis[::-1]
        for a, b in ((-along, along), (along - side, along + side), (-along - side, side - along)):
            lines += [np.array([middle + a, middle + b]), gap]
    return [Stroke(np.concatenate(lines), 0.8 * unit)]


def pixels_a_rate(maps: Maps, every: dict[int, Parts]) -> float:
    """Pixels of an arm for a rate of 1, constant over the run and in all directions; half of them fit."""
    rates = np.concatenate([each.rate.max(axis=1) for each in every.values()])
    rates = rates[np.isfinite(rates) & (rates > 0)]
    return _room(maps) / float(np.quantile(rates, 0.5)) if len(rates) else 1.0


def _room(maps: Maps) -> float:
    return _ROOM * min(maps.plan.map.width, maps.plan.map.height)


RECORD = Overlay(wanted=lambda picture: picture.rates, ready=ready, entries=1)
