"""The box around a relief: its edges, and the axes with their numbers."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from errsurf.drawing.canvas import RasterCanvas
from errsurf.drawing.canvas.kernels import paste, stroke
from errsurf.drawing.colours import Colour, Pixels
from errsurf.drawing.history.frames import Array
from errsurf.drawing.history.window import marks
from errsurf.drawing.layout.parts import mark_width
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.relief.camera import View, pixel
from errsurf.drawing.relief.terrain import FLOOR, Terrain
from errsurf.system.numbers import drawn_number

Spot = tuple[float, float]


class Corners(NamedTuple):
    """The base's corners as signs of x and y, by where they are seen."""

    front: tuple[int, int]
    left: tuple[int, int]
    right: tuple[int, int]
    back: tuple[int, int]


def corners(seen: View) -> Corners:
    """The nearest corner, the two beside it and the farthest one."""
    every = [(a, b) for a in (-1, 1) for b in (-1, 1)]
    by_distance = sorted(every, key=lambda s: (_base(seen, s, 0.0)[1], s), reverse=True)
    left, right = sorted(by_distance[1:3], key=lambda s: _base(seen, s, 0.0)[0])
    return Corners(by_distance[0], left, right, by_distance[3])


def back_edges(out: Pixels, land: Terrain, seen: View, style: Style) -> None:
    """The edges of the box that the relief may hide."""
    found = corners(seen)
    ground = [[_base(seen, c, z) for c in (found.left, found.back, found.right)] for z in (FLOOR, land.rise)]
    posts = [[_base(seen, c, z) for z in (FLOOR, land.rise)] for c in (found.left, found.back, found.right)]
    lines(out, [*ground, *posts], 0.9 * style.line, style.theme.pale)


def front(out: Pixels, land: Terrain, seen: View, names: tuple[str, str], style: Style, *, numbers: bool) -> None:
    """The rim of the block's two walls; names and numbers of x and y at their feet, and of the loss at the left."""
    found = corners(seen)
    feet = [_base(seen, c, FLOOR) for c in (found.left, found.front, found.right)]
    posts = [[_base(seen, c, FLOOR), _base(seen, c, _corner_height(land, c))] for c in found[:3]]
    paths = [feet, *posts, *(_rim(land, seen, found, side) for side in (0, 1))]
    for axis in (0, 1):
        paths += _ground_axis(out, land, seen, found, axis, names[axis], style, numbers=numbers)
    if numbers:
        paths += _height_axis(out, land, seen, found.left, style)
        _text(out, _scale_words(land), mark_width(style), out.shape[0] - line_height(style.tick), style, name=False)
    lines(out, paths, 0.9 * style.line, style.theme.grey)


def lines(out: Pixels, paths: list[list[Spot]], width: float, colour: Colour) -> None:
    """Smooth lines through places of the picture."""
    line, edge, owner = (np.zeros(out.shape[:2], np.uint8) for _ in range(3))
    for path in paths:
        points = np.array(path, dtype=np.float64)
        stroke(line, edge, owner, points, np.full(len(points), 255, np.uint8), width / 2, 0.0, 0)
    paste(out, line, 0, 0, colour)


def _ground_axis(
    out: Pixels, land: Terrain, seen: View, found: Corners, axis: int, name: str, style: Style, *, numbers: bool
) -> list[list[Spot]]:
    """Write along the foot of the wall that runs along this axis; the marks that belong to it."""
    kind, side = style.tick, found.front[1 - axis]
    low, high = land.window[axis]
    half = (seen.half_x, seen.half_y)
    ends = [_foot(seen, axis, along * half[axis], side * half[1 - axis]) for along in (-1, 1)]
    outer = _foot(seen, axis, 0.0, side * (half[1 - axis] + 0.1))
    inner = _foot(seen, axis, 0.0, side * half[1 - axis])
    out_x, out_y = _unit(outer[0] - inner[0], outer[1] - inner[1])
    room = np.hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1])
    if room < 4 * kind.size:
        return []
    tick, widest, drawn = 5 * style.unit, 0.0, []
    wanted = marks(low, high, max(1, min(5, int(room / (4.5 * kind.size)))))
    for value, text in wanted if numbers else []:
        along = (value - (low + high) / 2) / (high - low) * 2 * half[axis]
        if abs(along) > 0.94 * half[axis]:
            continue
        x, y = _foot(seen, axis, along, side * half[1 - axis])
        drawn.append([(x, y), (x + tick * out_x, y + tick * out_y)])
        widest = max(widest, _centred(out, text, (x, y), (out_x, out_y), tick + 2, style, name=False))
    gap = tick + 0.4 * kind.size + widest
    _centred(out, name, inner, (out_x, out_y), gap, style, name=True)
    return drawn


def _height_axis(out: Pixels, land: Terrain, seen: View, corner: tuple[int, int], style: Style) -> list[list[Spot]]:
    """Write losses beside the post, as many as have room; none where the box is seen from straight above."""
    kind, tick = style.tick, round(5 * style.unit)
    apart = 1.35 * line_height(kind)
    if land.rise * seen.rise * seen.scale < 1.7 * apart:
        return []
    x, foot = _base(seen, corner, 0.0)
    top = _base(seen, corner, land.rise)[1]
    taken = [top - apart]
    drawn = [[(x, foot), (x, top)]]
    _text(out, "loss", x - text_width("loss", kind) / 2, top - apart - line_height(kind) / 2, style, name=True)
    for value, text in _round_losses(land, int((foot - top) / apart)):
        y = foot - float(land.scale.height(np.array(value))) * (foot - top)
        if all(abs(y - other) >= apart for other in taken):
            taken.append(y)
            drawn.append([(x - tick, y), (x, y)])
            _text(out, text, x - tick - 3 - text_width(text, kind), y - line_height(kind) / 2, style, name=False)
    return drawn


def _scale_words(land: Terrain) -> str:
    """Whether a unit of loss is as long as one of x."""
    low, high = land.scale.low, land.scale.high
    (x0, x1), _ = land.window
    times = land.rise / (high - low) / (land.sides[0] / (x1 - x0))
    if land.scale.bend <= high - low:
        return "height not to scale"
    return (
        "height to scale" if abs(times - 1) < 5e-3 else f"height {drawn_number(times, 2)} \N{MULTIPLICATION SIGN} scale"
    )


def _round_losses(land: Terrain, most: int) -> Iterator[tuple[float, str]]:
    """Round losses with their texts; where the scale of heights bends, coarse ones first, then finer near its foot."""
    low, high = land.scale.low, land.scale.high
    if land.scale.bend > high - low:
        yield from marks(low, high, most)
        return
    for parts in (1, 2, 4, 8, 16, 32, 64, 128, 256):
        found = (value for value, _ in marks(low, low + (high - low) / parts, 4 if parts == 1 else 2))
        yield from ((value, drawn_number(value)) for value in found if value == float(f"{value:.0e}"))


def _rim(land: Terrain, seen: View, found: Corners, axis: int) -> list[Spot]:
    """The surface's edge above the wall that runs along this axis."""
    rows, columns = land.heights.shape
    side = found.front[1 - axis]
    if axis == 0:
        line: Array = land.heights[rows - 1 if side > 0 else 0].astype(np.float64)
    else:
        line = land.heights[:, columns - 1 if side > 0 else 0].astype(np.float64)
    half = (seen.half_x, seen.half_y)
    along = np.linspace(-half[axis], half[axis], len(line))
    return [_foot(seen, axis, float(a), side * half[1 - axis], float(z)) for a, z in zip(along, line, strict=True)]


def _corner_height(land: Terrain, corner: tuple[int, int]) -> float:
    return float(land.heights[-1 if corner[1] > 0 else 0, -1 if corner[0] > 0 else 0])


def _base(seen: View, corner: tuple[int, int], z: float) -> Spot:
    return pixel(seen, corner[0] * seen.half_x, corner[1] * seen.half_y, z)


def _foot(seen: View, axis: int, along: float, across: float, z: float = FLOOR) -> Spot:
    """A place at ``along`` on this axis and ``across`` on the other."""
    return pixel(seen, *((along, across) if axis == 0 else (across, along)), z)


def _unit(x: float, y: float) -> Spot:
    length = max(float(np.hypot(x, y)), 1e-9)
    return x / length, y / length


def _centred(out: Pixels, text: str, at: Spot, way: Spot, gap: float, style: Style, *, name: bool) -> float:
    """A text that lies off a place in a direction, beginning ``gap`` pixels away; how far it reaches from there."""
    width, height = text_width(text, style.tick), 0.9 * line_height(style.tick)
    reach = abs(way[0]) * width / 2 + abs(way[1]) * height / 2
    x, y = at[0] + way[0] * (gap + reach), at[1] + way[1] * (gap + reach)
    _text(out, text, x - width / 2, y - line_height(style.tick) / 2, style, name=name)
    return 2 * reach


def _text(out: Pixels, text: str, left: float, top: float, style: Style, *, name: bool) -> None:
    left = max(0, min(left, out.shape[1] - text_width(text, style.tick)))
    colour = style.theme.foreground if name else style.theme.grey
    RasterCanvas(out).write(text, round(left), round(top), style.tick, colour, style.theme.background)
