"""What an update is made of: the gradient downhill, what is kept of the past, and both together, the movement."""

import numpy as np

from errsurf.drawing.canvas import Drawing, Stroke
from errsurf.drawing.map.maps import Maps, View
from errsurf.drawing.map.strokes import arrow, round_factor
from errsurf.drawing.overlays._parts import Parts, parts
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, line_overlay
from errsurf.drawing.overlays.batch_arrows import arrow_entry

_ROOM, _ASIDE = 0.28, 3.2


def ready(maps: Maps) -> Ready:
    """Three arrows at the followed particle of every group of a map."""
    theme, every = maps.style.theme, parts(maps)
    factor = longer(maps, every)

    def lines(view: View, clock: float) -> Drawing:
        shown = every.keys() & set(view.groups)
        strokes = [each for k in shown for each in _strokes(maps, view, every[k], every[k].row(clock), factor)]
        return Drawing(strokes, (theme.warning, theme.grey, theme.foreground))

    return line_overlay(maps, lines, _entries(maps, every, factor))


def longer(maps: Maps, every: dict[int, Parts]) -> float:
    """Factor by which all arrows of the run are lengthened, so that 19 of 20 fit on the map."""
    moved = np.concatenate([made for each in every.values() for made in (each.movement, each.own) if made is not None])
    sizes = np.hypot(*maps.moved(maps.plan.map, moved).T)
    sizes = sizes[np.isfinite(sizes)]
    longest = float(np.quantile(sizes, 0.95)) if len(sizes) else 0.0
    return round_factor(longest, _ROOM * min(maps.plan.map.width, maps.plan.map.height))


def _strokes(maps: Maps, view: View, each: Parts, row: int, factor: float) -> list[Stroke]:
    """The arrows of one update; its parts a little beside their sum, each on its side, so that all are seen."""
    unit, start = maps.style.line, maps.pixels(view.area, each.start[row])
    whole = factor * maps.moved(view.area, each.movement[row])
    made = arrow(start, start + whole, unit, 2)
    if each.own is None or not np.isfinite([each.own[row], each.movement[row]]).all():
        return made
    own = factor * maps.moved(view.area, each.own[row])
    across = np.array([-whole[1], whole[0]]) / max(float(np.hypot(*whole)), 1e-9)
    aside = _ASIDE * unit * across * (1.0 if across @ own >= 0 else -1.0)
    past = arrow(start - aside, start - aside + whole - own, unit, 1, dashed=True)
    return past + arrow(start + aside, start + aside + own, unit, 0) + made


def _entries(maps: Maps, every: dict[int, Parts], factor: float) -> tuple[Entry, ...]:
    """The three arrows, without what there is none of."""
    theme, kinds = maps.style.theme, {maps.followers[k].settings.kind for k in every}
    times = f", {factor:,.0f}\N{MULTIPLICATION SIGN} as long" if factor > 1 else ""
    short = f" (\N{MULTIPLICATION SIGN}{factor:,.0f})" if factor > 1 else ""
    movement = arrow_entry(maps, (f"the movement{times}", f"movement{short}"), theme.foreground)
    if all(each.own is None for each in every.values()):
        return (movement,)
    rate = "lr" if kinds == {"sgd"} else "rate"
    texts = (
        f"{rate} \N{MULTIPLICATION SIGN} gradient, downhill",
        f"{rate} \N{MULTIPLICATION SIGN} gradient",
        "gradient",
    )
    gradient = arrow_entry(maps, texts, theme.warning)
    if not any(map(_remembers, every.values())):
        return gradient, movement
    past = ("kept of the last movement", "last movement", "last") if kinds == {"sgd"} else ("earlier gradients", "past")
    texts = (f"sum: the movement{times}", f"sum{times}", f"sum{short}")
    return gradient, arrow_entry(maps, past, theme.grey, dashed=True), arrow_entry(maps, texts, theme.foreground)


def _remembers(each: Parts) -> bool:
    """Whether a movement differs from its gradient's by more than rounding."""
    if each.own is None:
        return False
    past, whole = np.abs(each.movement - each.own), np.abs(each.movement)
    return float(np.nanmax(past, initial=0.0)) > 1e-4 * float(np.nanmax(whole, initial=0.0))


RECORD = Overlay(wanted=lambda picture: picture.arrows == "update", ready=ready, entries=3)
