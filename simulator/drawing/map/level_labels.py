"""The losses of a few contours, written on their lines where there is room."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas
from errsurf.drawing.canvas.outlines import contour_lines
from errsurf.drawing.colours import Colour, colour_list, contrasting, map_colours
from errsurf.drawing.history.frames import Array, visited_points
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.map.landmarks import Spot
from errsurf.drawing.map.maps import Maps
from errsurf.system.numbers import drawn_number

_MOST, _APART, _EVERY = 5, 4.5, 4
_DIGITS, _BUSY, _NEAR = 6, 0.001, 4


class LevelLabel(NamedTuple):
    """A level's text in a box on its line, its colour, and the colour of the map there, number ``band``."""

    text: str
    box: Box
    colour: Colour
    fill: Colour
    band: int


def level_labels(maps: Maps, area: Box, spots: Sequence[Spot], loss: Array) -> list[LevelLabel]:
    """Up to five levels of a map with the loss (rows, columns), from low to high, of those with the shortest texts.

    They keep away from marks, their names and each other, and stand where few particles come, lines are far from
    each other and lead from left to right.
    """
    style, inner = maps.plan.style, maps.levels[1:-1] if maps.level is None else maps.levels[:0]
    visited, steep = maps.pixels(area, visited_points(maps.result)), _steepness(area, loss)
    taken, found = _taken(maps, area, spots), list[LevelLabel]()
    fills = colour_list(map_colours(style.theme, len(maps.levels) - 1))
    wanted = min(_MOST, int(area.height / (_APART * line_height(style.tick))), len(inner))
    for part in np.array_split(np.arange(len(inner)), wanted) if wanted else ():
        for k in sorted(part.tolist(), key=lambda k: (len(level_text(float(inner[k]))), abs(k - part.mean()))):
            text = level_text(float(inner[k]))
            size = (text_width(text, style.tick), line_height(style.tick))
            gap = float(min(maps.levels[k + 1] - maps.levels[k], maps.levels[k + 2] - maps.levels[k + 1]))
            lines = contour_lines(area, *maps.grid[:2], loss, inner[k : k + 1])
            box = _place(lines, size, area, taken, visited, gap / np.maximum(steep, 1e-6 * gap))
            if box is not None:
                taken.append(_wider(box, style.tick.size))
                found.append(LevelLabel(text, box, contrasting(fills[k], style.theme), fills[k], k))
                break
    return found


def write_level_labels(canvas: Canvas, maps: Maps, labels: Sequence[LevelLabel]) -> None:
    """Write the texts on rims of the map's colours."""
    for text, box, colour, fill, _ in labels:
        canvas.write(text, box.left, box.top, maps.plan.style.tick, colour, fill)


def level_text(level: float) -> str:
    """The text of a level."""
    return drawn_number(level, _DIGITS)


def _steepness(area: Box, loss: Array) -> Array:
    """By how much the loss changes a pixel, (rows, columns), row 0 at the lowest y."""
    rows, columns = loss.shape
    with np.errstate(all="ignore"):
        down, across = np.gradient(loss, area.height / (rows - 1), area.width / (columns - 1))
        return np.asarray(np.nan_to_num(np.hypot(down, across), nan=1e300, posinf=1e300) + 1e-300)


def _taken(maps: Maps, area: Box, spots: Sequence[Spot]) -> list[Box]:
    """Marks, names, and the corners with the names of the parameters, in pixels of the picture."""
    kind, half = maps.plan.style.tick, round(10 * maps.plan.style.unit)
    wide, high = max(text_width(name, kind) for name in maps.names) + 2 * kind.size, 2 * line_height(kind)
    marks = [Box(s.x - half, s.y - half, s.x + half, s.y + half) for s in spots]
    names = [_wider(s.box, kind.size // 2) for s in spots if s.box is not None]
    corners = [
        Box(area.left, area.top, area.left + wide, area.top + high),
        Box(area.right - wide, area.bottom - high, area.right, area.bottom),
    ]
    return [*marks, *names, *corners]


def _wider(box: Box, by: int) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _place(
    lines: Sequence[Array], size: tuple[int, int], area: Box, taken: Sequence[Box], visited: Array, apart: Array
) -> Box | None:
    """Of the places along the lines the one that costs least; ``apart`` (rows, columns) is how far lines are apart."""
    margin = size[1] // 2
    within = Box(area.left + margin, area.top + margin, area.right - margin, area.bottom - margin)
    best, least = None, np.inf
    for (u, v), slant in _candidates(lines):
        box = Box(round(u - size[0] / 2), round(v - size[1] / 2), round(u + size[0] / 2), round(v + size[1] / 2))
        whole = Box(box.left + area.left, box.top + area.top, box.right + area.left, box.bottom + area.top)
        if not whole.inside(within) or any(map(whole.overlaps, taken)):
            continue
        row, column = (1 - v / area.height) * (len(apart) - 1), u / area.width * (apart.shape[1] - 1)
        crowded = size[1] / float(apart[round(row), round(column)])
        x, y = visited[:, 0], visited[:, 1]
        room = _wider(box, _NEAR)
        hidden = np.mean((x >= room.left) & (x < room.right) & (y >= room.top) & (y < room.bottom))
        if hidden > _BUSY:
            continue
        cost = 20.0 * float(hidden) + 0.2 * min(crowded, 5.0) + 0.3 * slant
        if cost < least:
            best, least = whole, cost
    return best


def _candidates(lines: Sequence[Array]) -> Iterator[tuple[tuple[float, float], float]]:
    """Points along lines, and how steeply the line leads up or down there, 0 to 1."""
    for line in lines:
        for k in range(_EVERY, len(line) - _EVERY, _EVERY):
            across, down = np.abs(line[k + _EVERY] - line[k - _EVERY])
            if across + down > 0:
                yield (float(line[k, 0]), float(line[k, 1])), float(down / np.hypot(across, down))
