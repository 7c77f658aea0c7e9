"""What moves on the map: every particle as a dot, and the trails of a few."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import PIXELS, Canvas, Dots, Drawing, Scale, Stroke
from errsurf.drawing.colours import Colour, Pixels, colour_list
from errsurf.drawing.history.frames import Array, Ints, clock_end, clock_values, latest
from errsurf.drawing.history.numbers import History
from errsurf.drawing.history.window import Window, pixel_scale
from errsurf.drawing.layout.sizes import FEW, SIZES, particle_dots
from errsurf.drawing.layout.style import Style

if TYPE_CHECKING:
    from errsurf.run.result import Group, Result

# A trail pales in steps: pixels that stay as they are cost a GIF nothing.
STEPS = 2
_SAMPLE = 500
CROWD = 0.05


@dataclass(frozen=True)
class Swarm:
    """The particles of some groups, ready to be drawn into one map of a picture.

    ``clocks`` are each group's clock values, (frames,); ``trails`` the paths of its ``chosen`` particles,
    (rows, chosen, 2) in pixels of the area, at the clock values ``trail_clocks``, (rows,); ``oldest``, (chosen,), is
    how strong the oldest part of each trail stays.  ``fade`` and ``reach`` are clock values: how soon a trail pales,
    and how far it reaches back.
    """

    groups: tuple["Group", ...]
    colours: Pixels
    area: Box
    scale: Scale
    unit: float
    background: Colour
    fade: float
    reach: float
    clocks: list[Ints]
    chosen: Ints
    trails: list[Array]
    trail_clocks: list[Ints]
    oldest: list[Array]
    dots: Dots


def swarm(
    result: "Result",
    groups: Sequence["Group"],
    histories: Sequence[History],
    colours: Pixels,
    window: Window,
    area: Box,
    style: Style,
    fade: float,
) -> Swarm:
    """Prepare the particles of these groups; the trails pale within the share ``fade`` of the run."""
    picture = result.scenario.picture
    particles = groups[0].position.shape[1]
    chosen = np.unique(np.linspace(0, particles - 1, min(picture.trails, particles)).round().astype(np.int64))
    scale, end = pixel_scale(window, area), float(max(clock_end(result), 1))
    trails = [_path(g, h, chosen, scale, area) for g, h in zip(groups, histories, strict=True)]
    return Swarm(
        tuple(groups), colours, area, scale, style.line, style.theme.background, fade * end,
        reach=picture.trail_length * end if picture.trail_length < 1 else np.inf,
        clocks=[clock_values(g, picture.clock) for g in groups],
        chosen=chosen,
        trails=trails,
        trail_clocks=[h.clock for h in histories],
        oldest=[oldest_strength(t, area.width) for t in trails],
        dots=particle_dots(particles, style.line),
    )  # fmt: skip


def draw_swarm(canvas: Canvas, swarm: Swarm, clock: float) -> None:
    """Draw all dots, the trails over them, and the particles that drew the trails."""
    points = current_points(swarm, clock)
    draw_dots(canvas, swarm.area, points, swarm.scale, swarm)
    trails = Drawing(trail_strokes(swarm, clock), colour_list(swarm.colours))
    canvas.strokes(swarm.area, trails, SIZES.trail_rim * swarm.unit, swarm.background)
    draw_heads(canvas, swarm, points)


def draw_dots(canvas: Canvas, area: Box, points: Array, scale: Scale, swarm: Swarm) -> None:
    """Draw dots at points (groups, n, 2), on rims of background where they are few enough to have some.

    Where many of a group are in one place, a dot is the larger, the more they are.
    """
    if points.shape[1] <= SIZES.rimmed:
        rim = swarm.dots._replace(radius=swarm.dots.radius + SIZES.dot_rim * swarm.unit)
        canvas.dots(area, points.reshape(1, -1, 2), scale, rim, np.array([swarm.background], np.uint8))
    canvas.dots(area, points, scale, swarm.dots, swarm.colours)
    if points.shape[1] <= FEW:
        return
    found = [(share, g, u, v) for g, some in enumerate(points) for u, v, share in crowds(area, some, scale, swarm)]
    for share, g, u, v in sorted(found, reverse=True):
        radius = swarm.dots.radius + SIZES.head_growth * swarm.unit * share**0.5
        middle = np.array([[(u, v)]])
        for wider, colour in ((SIZES.dot_rim * swarm.unit, swarm.background), (0.0, swarm.colours[g])):
            canvas.dots(area, middle, PIXELS, Dots(radius + wider), np.array([colour], np.uint8))


def crowds(area: Box, points: Array, scale: Scale, swarm: Swarm) -> list[tuple[float, float, float]]:
    """Column and row of places where at least a twentieth of points (n, 2) are, and which share of them is there.

    Up to 500 of them are looked at.
    """
    side, every = 2 * SIZES.near * swarm.unit, -(-len(points) // _SAMPLE)
    points = points[::every]
    pixels = (points - (scale[0], scale[2])) * (scale[1], -scale[3])
    pixels = pixels[np.all((pixels >= 0) & (pixels < (area.width, area.height)), axis=-1)]
    columns = int(area.width / side) + 1
    cell = (pixels * (1 / side)).astype(np.int64)
    cells = cell[:, 0] + columns * cell[:, 1]
    counts = np.bincount(cells)
    full = np.flatnonzero(counts >= max(FEW / every, CROWD * len(points)))
    if not len(full):
        return []
    u, v = (np.bincount(cells, part)[full] / counts[full] for part in pixels.T)
    return list(zip(u.tolist(), v.tolist(), (counts[full] / len(points)).tolist(), strict=True))


def trail_strokes(swarm: Swarm, clock: float) -> list[Stroke]:
    """The trails up to a clock value."""
    found: list[Stroke] = []
    for k, (trail, values) in enumerate(zip(swarm.trails, swarm.trail_clocks, strict=True)):
        first, rows = int(np.searchsorted(values, clock - swarm.reach)), latest(values, clock) + 1
        for path, old in zip(trail, swarm.oldest[k], strict=True):
            strength = trail_strength(swarm, clock - values[first:rows], old)
            found.append(Stroke(path[first:rows], SIZES.trail * swarm.unit, k, strength))
    return found


def trail_strength(swarm: Swarm, age: NDArray[np.floating[Any]], oldest: float) -> Pixels:
    """Coverage of a trail's parts by their age in clock values; ``oldest`` is how strong the oldest one stays."""
    recent = np.ceil(STEPS * np.exp(-age / swarm.fade) - 0.1) / STEPS
    left = np.ceil(np.clip(3 * (1 - age / swarm.reach), 0, 1) * STEPS) / STEPS
    return np.asarray((255 * left * (oldest + (1 - oldest) * recent)).astype(np.uint8))


def current_points(swarm: Swarm, clock: float) -> Array:
    """Positions at the latest recorded frames, shape (groups, particles, 2); NaN where diverged."""
    points = np.empty((len(swarm.groups), *swarm.groups[0].position.shape[1:]))
    for k, group in enumerate(swarm.groups):
        frame = latest(swarm.clocks[k], clock)
        points[k] = group.position[frame]
        points[k, ~group.alive(frame)] = np.nan
    return points


def head_radii(swarm: Swarm, points: Array) -> Array:
    """Radii of the particles that have trails, (groups, chosen): larger where more of their group is.

    Where heads of several groups stand in one place, each is larger than the next by a ring, so that all are seen.
    """
    heads, some = points[:, swarm.chosen], points[:, :: -(-points.shape[1] // _SAMPLE)]
    near = SIZES.near * swarm.unit / np.array([swarm.scale[1], swarm.scale[3]])
    share = np.mean(np.all(np.abs(some[:, None] - heads[:, :, None]) < near, axis=-1), axis=-1)
    grown = SIZES.head_growth * np.rint(10 * share * (points.shape[1] > FEW)) / 10
    radii = np.asarray((SIZES.head + grown) * swarm.unit)
    ring = min(SIZES.head_ring, 4 * SIZES.head_ring / max(len(heads) - 1, 1)) * swarm.unit
    for k in range(len(heads) - 2, -1, -1):
        below = np.all(np.abs(heads[k] - heads[k + 1 :]) < near, axis=-1)
        radii[k] = np.max(np.where(below, radii[k + 1 :] + ring, 0.0), axis=0, initial=0.0).clip(min=radii[k])
    return radii


def draw_heads(canvas: Canvas, swarm: Swarm, points: Array) -> None:
    """Mark the particles that have trails; thousands in one place are one large dot.  ``points`` is where all are."""
    heads, radii = points[:, swarm.chosen], head_radii(swarm, points)
    draw_discs(canvas, swarm.area, heads, swarm.scale, radii, swarm)


def draw_discs(canvas: Canvas, area: Box, heads: Array, scale: Scale, radii: Array, swarm: Swarm) -> None:
    """Draw discs of the groups' colours at points (groups, n, 2), with radii (groups, n), on rims of background.

    Small ones lie on large ones; of the same size, groups alternate.
    """
    background = np.full_like(swarm.colours, swarm.background)
    turns = [((k + t) % len(heads), t) for t in range(heads.shape[1]) for k in range(len(heads))]
    order = sorted(turns, key=lambda place: -radii[place])
    for rim, colours in ((SIZES.head_rim * swarm.unit, background), (0.0, swarm.colours)):
        for g, t in order:
            dot = Dots(float(radii[g, t]) + rim)
            canvas.dots(area, heads[g : g + 1, t : t + 1], scale, dot, colours[g : g + 1])


def _path(group: "Group", h: History, chosen: Ints, scale: Scale, area: Box) -> Array:
    """Pixel positions of the chosen particles, shape (chosen, rows, 2), NaN more than a map's size outside the map."""
    path = np.stack([np.asarray(group.position[frame][chosen], dtype=np.float64) for frame in h.frame], axis=1)
    return path_pixels(path, scale, area)


def path_pixels(path: Array, scale: Scale, area: Box) -> Array:
    """Pixel positions of paths, shape (chosen, rows, 2) as given, NaN more than a map's size outside the map."""
    size = np.array([area.width, area.height])
    pixels = (np.clip(path, -1e12, 1e12) - (scale[0], scale[2])) * (scale[1], -scale[3])
    near = np.all((pixels > -size) & (pixels < 2 * size), axis=-1, keepdims=True)
    return np.where(near, pixels, np.nan)


def oldest_strength(trail: Array, width: int) -> Array:
    """Strength in which a trail's oldest part stays, (chosen,): less for one that scribbles over the map."""
    length, most = np.nansum(np.hypot(*np.diff(trail, axis=1).T), axis=0), SIZES.trail_oldest
    return np.asarray(np.clip(most * 1.4 * width / np.maximum(length, 1.0), SIZES.trail_scribbled, most))
