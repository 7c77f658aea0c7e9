"""Marks and names on the map: critical points and the start."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from errsurf.analysis.names import LETTERS
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, Drawing, Stroke
from errsurf.drawing.history.frames import Array
from errsurf.drawing.history.window import Window, pixel_scale
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import Type, line_height, text_width

if TYPE_CHECKING:
    from errsurf.analysis import Critical, Names

LOWEST = "lowest minimum"
"""The kind of a mark at a minimum that no other lies below."""

_MAX_NAMES, _MAX_MARKS = 8, 24
_RESTING = ("minimum", LOWEST, "start")
_CORNERS = {"saddle": 4, "maximum": 3, "degenerate": 5}


class Place(NamedTuple):
    """Something to mark on the map: where, what, and the word beside it, in short where there are many marks."""

    x: float
    y: float
    kind: str
    name: str
    short: str = ""


class Spot(NamedTuple):
    """A place on the map in pixels, and where its name goes, None where there is no room or names are too many."""

    place: Place
    x: int
    y: int
    box: Box | None


class Label(NamedTuple):
    """A line of text with its upper left corner, written on a rim of background."""

    text: str
    left: int
    top: int
    kind: Type


def places(critical: Sequence["Critical"], names: "Names") -> list[Place]:
    """What to mark: every critical point under its name.

    Where there are more minima than letters only the flattest and a single lowest one have a name among many marks.
    """
    alone = names.lowest.count(True) == 1
    named = [
        k in names.order and (len(names.order) <= LETTERS or k == names.flattest or (alone and names.lowest[k]))
        for k in range(len(critical))
    ]
    return [
        Place(c.x, c.y, LOWEST if low and c.kind == "minimum" else c.kind, title, short if own else "")
        for c, title, short, low, own in zip(critical, names.titles, names.short, names.lowest, named, strict=True)
    ]


def start_places(starts: Iterable[Array], window: Window) -> list[Place]:
    """The middle of each group's starts, (particles, 2), that lie within a twelfth of the window; equal ones once."""
    found: dict[tuple[float, float], Place] = {}
    for each in starts:
        spread = np.quantile(each, 0.95, axis=0) - np.quantile(each, 0.05, axis=0)
        if np.all(spread <= np.ptp(np.array(window), axis=1) / 12):
            x, y = (float(part) for part in np.median(each, axis=0))
            found[x, y] = Place(x, y, "start", "start")
    return list(found.values())


def name_labels(found: Sequence[Spot], style: Style) -> list[Label]:
    """The names beside marks that have room for one."""
    return [Label(spot.place.name, spot.box.left, spot.box.top, style.tick) for spot in found if spot.box is not None]


def write_labels(canvas: Canvas, labels: Sequence[Label], style: Style) -> None:
    """Write texts on rims of background."""
    for label in labels:
        canvas.write(label.text, label.left, label.top, label.kind, style.theme.foreground, style.theme.background)


def draw_marks(canvas: Canvas, area: Box, found: Sequence[Spot], style: Style, share: float = 1.0) -> None:
    """Draw the marks of critical points and of the start, with a share of their strength."""
    strokes: list[Stroke] = []
    for spot in found:
        path = np.add(_outline(spot.place.kind, style.line), (spot.x - area.left + 0.5, spot.y - area.top + 0.5))
        strength = None if share == 1.0 else np.full(len(path), round(255 * share), np.uint8)
        strokes.append(Stroke(path, max(SIZES.mark_line * style.line, 0.5), strength=strength))
    canvas.strokes(
        area, Drawing(strokes, [style.theme.foreground]), SIZES.mark_rim * style.line, style.theme.background
    )


def spots(marked: Sequence[Place], points: Array, window: Window, area: Box, style: Style) -> list[Spot]:
    """What is marked inside the map, and where its name goes; names keep away from ``points``, (n, 2).

    Of many critical points only minima and valley floors have names, in short, and of very many only they are marked:
    others would hide the map.
    """
    x0, across, y1, down = pixel_scale(window, area)
    busy = np.array([area.left, area.top]) + (points - (x0, y1)) * (across, -down)
    seen = [(p, area.left + int((p.x - x0) * across), area.top + int((y1 - p.y) * down)) for p in marked]
    seen = [s for s in seen if area.left <= s[1] < area.right and area.top <= s[2] < area.bottom]
    if len(seen) > _MAX_MARKS:
        seen = [s for s in seen if s[0].kind in _RESTING or s[0].short]
    half = round(8 * style.unit)
    taken = [Box(x - half, y - half, x + half, y + half) for _, x, y in seen]
    found: list[Spot] = []
    for place, x, y in seen:
        others = np.array([(u, v) for _, u, v in seen if (u, v) != (x, y)]).reshape(-1, 2)
        texts = [place.name] * (len(seen) <= _MAX_NAMES) + [place.short] * bool(place.short)
        rooms = ((text, _free_box(text, (x, y), others, taken, busy, area, style)) for text in texts)
        text, box = next((each for each in rooms if each[1] is not None), (place.name, None))
        if box is not None:
            taken.append(box._replace(left=box.left - style.tick.size, right=box.right + style.tick.size))
        found.append(Spot(place._replace(name=text), x, y, box))
    return found


def _free_box(
    name: str, spot: tuple[int, int], others: Array, taken: Sequence[Box], busy: Array, area: Box, style: Style
) -> Box | None:
    """Of the free places nearer to this spot than to others, the one that hides fewest particles, near ones first."""
    width, height = text_width(name, style.tick), line_height(style.tick)
    within = Box(area.left + 3, area.top + 2, area.right - 2, area.bottom - 1)
    found: list[tuple[float, Box]] = []
    for ring, (left, top) in _corners(*spot, width, height, style.unit):
        box = Box(left, top, left + width, top + height)
        middle = np.array([left + width / 2, top + height / 2])
        own, next_one = np.hypot(*(middle - spot)), np.min(np.hypot(*(middle - others).T), initial=np.inf)
        if own < next_one and box.inside(within) and not any(map(box.overlaps, taken)):
            found.append((_share(busy, box) + 0.01 * ring, box))
    return min(found, key=lambda candidate: candidate[0], default=(0.0, None))[1]


def _corners(x: int, y: int, width: int, height: int, unit: float) -> Iterator[tuple[int, tuple[int, int]]]:
    """Top left corners around a point, in rings: above, below and beside it."""
    for ring, gap in enumerate(round(k * unit) for k in (13, 24, 38, 55)):
        for top in (y - gap - height, y + gap, y - height // 2):
            for left in (x - width // 2, x + gap, x - gap - width):
                yield ring, (left, top)


def _share(points: Array, box: Box) -> float:
    """Share of the points, (n, 2) in pixels, in a box."""
    x, y = points[:, 0], points[:, 1]
    return float(np.mean((x >= box.left) & (x < box.right) & (y >= box.top) & (y < box.bottom)))


def _outline(kind: str, unit: float) -> Array:
    """The mark of a kind around (0, 0): one ring or two for a minimum, a cross for the start, a polygon for others."""
    if kind == "start":
        arm = 0.8 * SIZES.mark * unit
        return np.array([[-arm, -arm], [arm, arm], [np.nan, np.nan], [-arm, arm], [arm, -arm]])
    corners = _CORNERS.get(kind, 48)
    turns = 2 * np.pi * np.arange(corners + 1) / corners
    ring = SIZES.mark * unit * (1.2 if kind in _CORNERS else 1.0) * np.stack([np.sin(turns), -np.cos(turns)], axis=1)
    return np.concatenate([ring, np.full((1, 2), np.nan), SIZES.outer_ring * ring]) if kind == LOWEST else ring
