"""What an update is made of: the gradient downhill, what is kept of the past, and both together, the movement."""

import numpy as np

from errsurf.drawing.overlays._ground import Ground, View
from errsurf.drawing.overlays._parts import Parts, parts
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, line_overlay
from errsurf.drawing.overlays._strokes import Drawing, Stroke, arrow, round_factor
from errsurf.drawing.overlays.batch_arrows import arrow_entry

_ROOM, _ASIDE = 0.28, 3.2


def ready(ground: Ground) -> Ready:
    """Three arrows at the followed particle of every group of a map."""
    theme, every = ground.look.theme, parts(ground)
    factor = longer(ground, every)

    def lines(view: View, clock: float) -> Drawing:
        shown = every.keys() & set(view.groups)
        strokes = [each for k in shown for each in _strokes(ground, view, every[k], every[k].row(clock), factor)]
        return Drawing(strokes, (theme.warning, theme.grey, theme.ink))

    return line_overlay(ground, lines, _entries(ground, every, factor))


def longer(ground: Ground, every: dict[int, Parts]) -> float:
    """How many times as long as they are all arrows of the run are drawn: 19 of 20 have room on the map."""
    moved = np.concatenate([made for each in every.values() for made in (each.movement, each.own) if made is not None])
    sizes = np.hypot(*ground.moved(ground.plan.map, moved).T)
    sizes = sizes[np.isfinite(sizes)]
    longest = float(np.quantile(sizes, 0.95)) if len(sizes) else 0.0
    return round_factor(longest, _ROOM * min(ground.plan.map.width, ground.plan.map.height))


def _strokes(ground: Ground, view: View, each: Parts, row: int, factor: float) -> list[Stroke]:
    """The arrows of one update; its parts a little beside their sum, each on its side, so that all are seen."""
    unit, start = ground.look.line, ground.pixels(view.area, each.start[row])
    whole = factor * ground.moved(view.area, each.movement[row])
    made = arrow(start, start + whole, unit, 2)
    if each.own is None or not np.isfinite([each.own[row], each.movement[row]]).all():
        return made
    own = factor * ground.moved(view.area, each.own[row])
    across = np.array([-whole[1], whole[0]]) / max(float(np.hypot(*whole)), 1e-9)
    aside = _ASIDE * unit * across * (1.0 if across @ own >= 0 else -1.0)
    past = arrow(start - aside, start - aside + whole - own, unit, 1, dashed=True)
    return past + arrow(start + aside, start + aside + own, unit, 0) + made


def _entries(ground: Ground, every: dict[int, Parts], factor: float) -> tuple[Entry, ...]:
    """The three arrows, without what there is none of."""
    theme, kinds = ground.look.theme, {ground.followers[k].settings.kind for k in every}
    times = f", {factor:,.0f}\N{MULTIPLICATION SIGN} as long" if factor > 1 else ""
    short = f" (\N{MULTIPLICATION SIGN}{factor:,.0f})" if factor > 1 else ""
    movement = arrow_entry(ground, (f"the movement{times}", f"movement{short}"), theme.ink)
    if all(each.own is None for each in every.values()):
        return (movement,)
    rate = "lr" if kinds == {"sgd"} else "rate"
    texts = (
        f"{rate} \N{MULTIPLICATION SIGN} gradient, downhill",
        f"{rate} \N{MULTIPLICATION SIGN} gradient",
        "gradient",
    )
    gradient = arrow_entry(ground, texts, theme.warning)
    if not any(map(_remembers, every.values())):
        return gradient, movement
    past = ("kept of the last movement", "last movement", "last") if kinds == {"sgd"} else ("earlier gradients", "past")
    texts = (f"sum: the movement{times}", f"sum{times}", f"sum{short}")
    return gradient, arrow_entry(ground, past, theme.grey, dashed=True), arrow_entry(ground, texts, theme.ink)


def _remembers(each: Parts) -> bool:
    """Whether more than rounding makes a movement another one than its gradient's."""
    if each.own is None:
        return False
    past, whole = np.abs(each.movement - each.own), np.abs(each.movement)
    return float(np.nanmax(past, initial=0.0)) > 1e-4 * float(np.nanmax(whole, initial=0.0))


RECORD = Overlay(wanted=lambda picture: picture.arrows == "update", ready=ready, entries=3)
