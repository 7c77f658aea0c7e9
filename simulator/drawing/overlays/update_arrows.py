"""What an update is made of, tip to tail: what is kept of the past, the gradient, and their sum, the movement."""

from collections.abc import Sequence

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, Drawing, Stroke
from errsurf.drawing.history.frames import Array
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.map.maps import Maps, View
from errsurf.drawing.map.strokes import arrow, round_factor
from errsurf.drawing.overlays._parts import Parts, parts
from errsurf.drawing.overlays._record import Entry, Overlay, Ready, draw_lines
from errsurf.drawing.overlays.batch_arrows import arrow_entry
from errsurf.system.numbers import drawn_number

_ROOM, _LEAST, _FLAT, _ASIDE = 0.34, 0.4, 7.0, 5.0


def ready(maps: Maps) -> Ready:
    """The sum of vectors at the followed particle of every group of a map, enlarged until it can be seen."""
    theme, every = maps.style.theme, parts(maps)

    def over(canvas: Canvas, clock: float) -> None:
        for view in maps.views:
            shown = [every[k] for k in sorted(every.keys() & set(view.groups))]
            factor = enlargement(maps, shown, clock)
            strokes = [each for some in shown for each in _strokes(maps, view, some, some.row(clock), factor)]
            draw_lines(canvas, maps, view.area, Drawing(strokes, (theme.warning, theme.grey, theme.foreground)))
            if strokes and factor > 1:
                _write_factor(canvas, maps, view.area, [some.start[some.row(clock)] for some in shown], factor)

    return Ready(over=over, entries=_entries(maps, every))


def enlargement(maps: Maps, shown: Sequence[Parts], clock: float) -> float:
    """How many times longer all arrows of a moment are drawn: the longest has room on the map, and ends on it.

    At an edge of the map that they point to, they are up to 0.4 times as long as elsewhere, and may be cut.
    """
    area, rows = maps.plan.map, [(each, each.row(clock)) for each in shown]
    made = [part[row] for each, row in rows for part in (each.movement, each.own, _kept(each)) if part is not None]
    sizes = np.hypot(*maps.moved(area, np.array(made).reshape(-1, 2)).T)
    longest = float(np.max(sizes[np.isfinite(sizes)], initial=0.0))
    room = _ROOM * min(area.width, area.height)
    tips = [
        (each.start[row], part[row]) for each, row in rows for part in (each.movement, _kept(each)) if part is not None
    ]
    free = min((_free(maps, area, *tip) for tip in tips), default=np.inf)
    return round_factor(longest, min(room, max(free * longest, _LEAST * room)))


def _free(maps: Maps, area: Box, start: Array, movement: Array) -> float:
    """How many times a movement fits between its start and the edge of a map; infinite where it starts beyond it."""
    at, along = maps.pixels(area, start), maps.moved(area, movement)
    size = np.array([area.width, area.height])
    if not (np.isfinite([at, along]).all() and (at > 0).all() and (at < size).all()):
        return np.inf
    left = np.where(along > 0, size - at, at)
    return float(np.min(left / np.maximum(np.abs(along), 1e-9)))


def _kept(each: Parts) -> Array | None:
    """What is left of each movement without its gradient."""
    return None if each.own is None else each.movement - each.own


def _strokes(maps: Maps, view: View, each: Parts, row: int, factor: float) -> list[Stroke]:
    """The arrows of one update: the past from the particle, the gradient from its tip, and the sum along both.

    The sum stands a little aside where all three lie on one line.
    """
    unit, start = maps.style.line, maps.pixels(view.area, each.start[row])
    whole = factor * maps.moved(view.area, each.movement[row])
    if each.own is None or not np.isfinite([each.own[row], each.movement[row]]).all():
        return arrow(start, start + whole, unit, 2)
    own = factor * maps.moved(view.area, each.own[row])
    if not _remembers(each):
        aside = _ASIDE * unit * np.array([-whole[1], whole[0]]) / max(float(np.hypot(*whole)), 1e-9)
        return arrow(start + aside, start + aside + own, unit, 0) + arrow(start, start + whole, unit, 2)
    corner = whole - own
    across = np.array([-whole[1], whole[0]]) / max(float(np.hypot(*whole)), 1e-9)
    apart = float(across @ corner)
    aside = (_ASIDE * unit * (-1.0 if apart >= 0 else 1.0) if abs(apart) < _FLAT * unit else 0.0) * across
    past = arrow(start, start + corner, unit, 1, dashed=True)
    made = arrow(start + aside, start + aside + whole, unit, 2)
    return past + arrow(start + corner, start + whole, unit, 0) + made


def _write_factor(canvas: Canvas, maps: Maps, area: Box, starts: Sequence[Array], factor: float) -> None:
    """Write beside the first particle how many times longer the arrows are."""
    kind, theme = maps.plan.style.tick, maps.style.theme
    text, at = f"\N{MULTIPLICATION SIGN}{factor:,.0f}", maps.pixels(area, starts[0])
    if not np.isfinite(at).all():
        return
    gap = round(9 * maps.style.line)
    left, top = area.left + round(at[0]) - gap - text_width(text, kind), area.top + round(at[1]) - line_height(kind) - 2
    box = Box(left, top, left + text_width(text, kind), top + line_height(kind))
    if box.inside(area):
        canvas.write(text, left, top, kind, theme.foreground, theme.background)


def _entries(maps: Maps, every: dict[int, Parts]) -> tuple[Entry, ...]:
    """The arrows with the weights of their terms, without what there is none of."""
    theme, kinds = maps.style.theme, {maps.followers[k].settings.kind for k in every}
    longer = any(enlargement(maps, [*every.values()], float(clock)) > 1 for clock in maps.followers[maps.follow].values)
    said = ", enlarged" if longer else ""
    movement = arrow_entry(maps, (f"the movement{said}", "the movement"), theme.foreground)
    if all(each.own is None for each in every.values()):
        return (movement,)
    rate = "lr" if kinds == {"sgd"} else "rate"
    weight = f"\N{MINUS SIGN}{rate} \N{MULTIPLICATION SIGN} gradient"
    gradient = arrow_entry(maps, (f"{weight}: downhill", weight), theme.warning)
    if not any(map(_remembers, every.values())):
        return gradient, movement
    past = arrow_entry(
        maps, _past(maps, every) if kinds == {"sgd"} else ("earlier gradients",), theme.grey, dashed=True
    )
    total = arrow_entry(maps, (f"their sum: the movement{said}", "sum: movement", "their sum"), theme.foreground)
    return past, gradient, total


def _past(maps: Maps, every: dict[int, Parts]) -> tuple[str, ...]:
    """What is kept of the last movement: its share of it, if that is one number."""
    rules = [maps.followers[k].rule(update) for k in every for update in (0, maps.followers[k].updates - 1)]
    shares = {rule.momentum for rule in rules}
    steady = all(np.ptp(maps.followers[k].group.lr, axis=0).max() == 0 for k in every)
    if len(shares) != 1 or not (steady or all(rule.movement for rule in rules)) or any(rule.nesterov for rule in rules):
        return ("kept of the last movement", "kept of the last")
    share = f"{drawn_number(shares.pop())} \N{MULTIPLICATION SIGN} "
    return f"{share}last movement", f"{share}last movement", f"{share}the last"


def _remembers(each: Parts) -> bool:
    """Whether a movement differs from its gradient's by more than rounding."""
    if each.own is None:
        return False
    past, whole = np.abs(each.movement - each.own), np.abs(each.movement)
    return float(np.nanmax(past, initial=0.0)) > 1e-4 * float(np.nanmax(whole, initial=0.0))


RECORD = Overlay(wanted=lambda picture: picture.arrows == "update", ready=ready, entries=3)
