"""What moves on a relief: every particle as a dot, and the trails of a few over hill and dale."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import PIXELS, Dots, Drawing, RasterCanvas, Stroke
from errsurf.drawing.colours import Pixels, colour_list
from errsurf.drawing.history.frames import Array, Ints, latest
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.layout.style import Style
from errsurf.drawing.map.markers import Marker
from errsurf.drawing.map.markers import draw_marker as draw_flat_marker
from errsurf.drawing.map.swarm import Swarm, current_points, draw_dots, draw_shapes, head_radii, trail_strength
from errsurf.drawing.map.trails import Trail
from errsurf.drawing.relief.sight import PALE, Sight, placed
from errsurf.drawing.relief.terrain import Terrain

_APART = 4.0
_MOST = 64
_LIFT = 1.0
_SHADOW, _DARK = 1.8, 34


class Trails(NamedTuple):
    """The paths of a swarm's chosen particles, close enough to lie on the surface.

    ``points`` (n, 2) are theta, of all paths one after the other, ``clock`` (n,) when each was reached, and ``end``
    (n,) the clock value of the end of its movement; path k, counted through the groups, begins at ``begins[k]``.
    """

    points: Array
    clock: Array
    end: Array
    begins: Ints


def trails(swarm: Swarm) -> Trails:
    """Lay a swarm's trails out; a long movement gets places between its ends, every few pixels of the flat map."""
    x0, across, y1, down = swarm.scale
    pixels, clocks, ends, begins = [np.empty((0, 2))], [np.empty(0)], [np.empty(0)], [0]
    for path, clock, *_ in (trail for group in swarm.trails for trail in group):
        length = np.nan_to_num(np.hypot(*np.diff(path, axis=0).T))
        counts = np.clip(np.ceil(length / _APART), 1, _MOST).astype(np.int64)
        row = np.repeat(np.arange(1, len(path)), counts)
        part = np.concatenate([np.arange(1, count + 1) / count for count in counts.tolist()] or [np.empty(0)])
        pixels.append(np.concatenate([path[:1], path[row - 1] + part[:, None] * (path[row] - path[row - 1])]))
        clocks.append(np.concatenate([clock[:1], clock[row - 1] + part * (clock[row] - clock[row - 1])]))
        ends.append(np.concatenate([clock[:1], clock[row]]))
        begins.append(begins[-1] + len(pixels[-1]))
    u, v = np.concatenate(pixels).T
    theta = np.stack([x0 + u / across, y1 - v / down], axis=-1)
    return Trails(theta, np.concatenate(clocks), np.concatenate(ends), np.array(begins))


def draw_swarm(out: Pixels, swarm: Swarm, paths: Trails, land: Terrain, seen: Sight, area: Box, clock: float) -> None:
    """Draw all dots, the trails over them and the particles that drew the trails; what a hill hides is pale."""
    points = current_points(swarm, clock)
    at, hidden = placed(land, seen, points.reshape(-1, 2))
    at, hidden = at.reshape(points.shape), hidden.reshape(points.shape[:2])
    along, covered = placed(land, seen, paths.points, _LIFT * swarm.unit)
    radii = head_radii(swarm, points)
    for is_hidden in (True, False) if hidden.any() or covered.any() else (False,):
        some, parts = _only(at, hidden == is_hidden), _only(along, covered == is_hidden)
        with _layer(out, area, hidden=is_hidden) as (canvas, box):
            draw_dots(canvas, box, some, PIXELS, swarm)
            strokes = Drawing(_trail_strokes(swarm, paths, parts, clock), colour_list(swarm.colours))
            canvas.strokes(box, strokes, SIZES.trail_rim * swarm.unit, swarm.background)
            _draw_steps(canvas, box, swarm, paths, parts, clock)
            _shadows(canvas, box, some[:, swarm.chosen], radii, swarm.unit)
            draw_shapes(canvas, box, some[:, swarm.chosen], PIXELS, radii, swarm)


def _draw_steps(canvas: RasterCanvas, box: Box, swarm: Swarm, paths: Trails, at: Array, clock: float) -> None:
    """Draw a dot at every update of paths that have few; ``at`` (n, 2) is where the paths' points are seen."""
    for k, trail, rows in _walked(swarm, paths, clock):
        if trail.steps:
            updates = at[rows][paths.clock[rows] == paths.end[rows]]
            canvas.dots(box, updates[None], PIXELS, Dots(SIZES.step * swarm.unit), swarm.colours[k : k + 1])


def _shadows(canvas: RasterCanvas, box: Box, heads: Array, radii: Array, unit: float) -> None:
    """Darken the ground at the lower right of heads, (groups, n, 2) in pixels, once where several stand."""
    places, sizes = heads.reshape(-1, 2), radii.ravel()
    largest = np.argsort(-sizes, kind="stable")
    places, sizes = places[largest], sizes[largest]
    _, first = np.unique(np.rint(np.nan_to_num(places, nan=-1e6) / (4 * unit)), axis=0, return_index=True)
    for place, radius in zip(places[first] + _SHADOW * unit, sizes[first], strict=True):
        for more in (2.0, 3.2, 4.4):
            shadow = Dots(float(radius) + more * unit, _DARK)
            canvas.dots(box, place[None, None], PIXELS, shadow, np.zeros((1, 3), np.uint8))


def draw_marker(
    out: Pixels, marker: Marker, colour: Pixels, style: Style, land: Terrain, seen: Sight, area: Box
) -> None:  # fmt: skip
    """Draw the mark of a chosen update where the group's particles with trails were."""
    at, hidden = placed(land, seen, marker.points)
    for is_hidden in (True, False) if hidden.any() else (False,):
        with _layer(out, area, hidden=is_hidden) as (canvas, box):
            draw_flat_marker(canvas, box, _only(at, hidden == is_hidden), marker, colour, style)


def _only(at: Array, chosen: NDArray[np.bool_]) -> Array:
    """Places, NaN where not chosen."""
    return np.where(chosen[..., None], at, np.nan)


@contextmanager
def _layer(out: Pixels, area: Box, *, hidden: bool) -> Iterator[tuple[RasterCanvas, Box]]:
    """Where to draw a region: the picture itself, or for what is hidden a copy, of which little is left to see.

    So thousands of hidden particles in one place are no stronger than one.
    """
    if not hidden:
        yield RasterCanvas(out), area
        return
    place = np.s_[area.top : area.bottom, area.left : area.right]
    below = np.ascontiguousarray(out[place])
    copy = below.copy()
    yield RasterCanvas(copy), Box(0, 0, area.width, area.height)
    out[place] = np.asarray(Image.blend(Image.fromarray(below), Image.fromarray(copy), PALE))


def _walked(swarm: Swarm, paths: Trails, clock: float) -> Iterator[tuple[int, Trail, slice]]:
    """Each trail with its group's place, and which points it has passed up to a clock value."""
    begins = iter(pairwise(paths.begins.tolist()))
    for k, group in enumerate(swarm.trails):
        end = swarm.pace.evened(float(swarm.clocks[k][latest(swarm.clocks[k], clock)]))
        for trail in group:
            begin, stop = next(begins)
            yield k, trail, slice(begin, begin + int(np.searchsorted(paths.clock[begin:stop], end, "right")))


def _trail_strokes(swarm: Swarm, paths: Trails, at: Array, clock: float) -> list[Stroke]:
    """The trails up to a clock value, whose parts are seen at these places (n, 2)."""
    found: list[Stroke] = []
    now = swarm.pace.evened(clock)
    for k, trail, rows in _walked(swarm, paths, clock):
        first = rows.start + int(np.searchsorted(paths.end[rows], now - swarm.reach))
        strength = trail_strength(swarm, np.maximum(now - paths.end[first : rows.stop], 0.0), trail.oldest)
        found.append(Stroke(at[first : rows.stop], SIZES.trail * swarm.unit, k, strength))
    return found
