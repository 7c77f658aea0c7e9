"""What moves on the map: every particle as a dot, and the trails of a few."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import PIXELS, Canvas, Dots, Drawing, Scale, Stroke
from errsurf.drawing.colours import Colour, Pixels, colour_list
from errsurf.drawing.group_looks import draw_shape, group_shape
from errsurf.drawing.history.frames import Array, Ints, clock_end, clock_values, latest
from errsurf.drawing.history.pace import Pace, pace
from errsurf.drawing.history.window import Window, pixel_scale
from errsurf.drawing.layout.sizes import FEW, SIZES, particle_dots
from errsurf.drawing.layout.style import Style
from errsurf.drawing.map.trails import Trail, trails

if TYPE_CHECKING:
    from errsurf.run.result import Group, Result

# A trail pales in steps: pixels that stay as they are cost a GIF nothing.
STEPS = 2
_SAMPLE = 500
CROWD = 0.05


@dataclass(frozen=True)
class Swarm:
    """The particles of some groups, ready to be drawn into one map of a picture.

    ``numbers`` are the groups' places in the result, ``clocks`` each group's clock values, (frames,), and ``trails``
    the paths of its ``chosen`` particles.  ``fade`` and ``reach`` are clock values: how soon a trail pales, and how far
    it reaches back, at an even pace.
    """

    groups: tuple["Group", ...]
    colours: Pixels
    numbers: tuple[int, ...]
    area: Box
    scale: Scale
    unit: float
    background: Colour
    fade: float
    reach: float
    clocks: list[Ints]
    pace: Pace
    chosen: Ints
    trails: list[list[Trail]]
    dots: Dots


def swarm(
    result: "Result",
    groups: Sequence[int],
    colours: Pixels,
    window: Window,
    area: Box,
    style: Style,
    fade: float,
    only: int | None = None,
) -> Swarm:
    """Prepare the particles of these groups, by their places, or ``only`` one particle of each.

    Trails pale within the share ``fade`` of the run.
    """
    picture, shown = result.scenario.picture, tuple(result.groups[k] for k in groups)
    particles = shown[0].position.shape[1]
    chosen = np.unique(np.linspace(0, particles - 1, min(picture.trails, particles)).round().astype(np.int64))
    followed = chosen
    if only is not None:
        one = slice(only, only + 1)
        shown = tuple(replace(group, position=group.position[:, one], diverged=group.diverged[one]) for group in shown)
        particles, chosen, followed = 1, np.zeros(min(picture.trails, 1), np.int64), np.array([only])[: picture.trails]
    scale, end, evened = pixel_scale(window, area), float(max(clock_end(result), 1)), pace(result)
    return Swarm(
        shown, colours, tuple(groups), area, scale, style.line, style.theme.background, fade * end,
        reach=picture.trail_length * end if picture.trail_length < 1 else np.inf,
        clocks=[clock_values(group, picture.clock) for group in shown],
        pace=evened,
        chosen=chosen,
        trails=[trails(result, k, followed, scale, area, fade * end, evened) for k in groups],
        dots=particle_dots(particles, style.line),
    )  # fmt: skip


def draw_swarm(canvas: Canvas, swarm: Swarm, clock: float) -> None:
    """Draw all dots, the trails over them, and the particles that drew the trails."""
    points = current_points(swarm, clock)
    draw_dots(canvas, swarm.area, points, swarm.scale, swarm)
    drawn = trails_until(swarm, clock, points)
    strokes = Drawing(trail_strokes(swarm, clock, drawn), colour_list(swarm.colours))
    canvas.strokes(swarm.area, strokes, SIZES.trail_rim * swarm.unit, swarm.background)
    draw_steps(canvas, swarm, drawn)
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
        radius = swarm.dots.radius + SIZES.head_growth * swarm.unit * round(10 * share**0.5) / 10
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


def trails_until(swarm: Swarm, clock: float, points: Array | None = None) -> list[list[Trail]]:
    """The trails up to the frames at a clock value; ``points`` is where all particles are then, if it is known."""
    points = current_points(swarm, clock) if points is None else points
    x0, across, y1, down = swarm.scale
    heads = (points[:, swarm.chosen] - (x0, y1)) * (across, -down)
    ends = [swarm.pace.evened(float(values[latest(values, clock)])) for values in swarm.clocks]
    return [
        [trail.until(end, head) for trail, head in zip(group, places, strict=True)]
        for group, places, end in zip(swarm.trails, heads, ends, strict=True)
    ]


def trail_strokes(swarm: Swarm, clock: float, drawn: Sequence[Sequence[Trail]]) -> list[Stroke]:
    """Trails as strokes at a clock value."""
    found, clock = [], swarm.pace.evened(clock)
    for k, trail in ((k, trail) for k, group in enumerate(drawn) for trail in group):
        first = int(np.searchsorted(trail.clock, clock - swarm.reach))
        strength = trail_strength(swarm, clock - trail.clock[first:], trail.oldest)
        found.append(Stroke(trail.points[first:], SIZES.trail * swarm.unit, k, strength))
    return found


def draw_steps(canvas: Canvas, swarm: Swarm, drawn: Sequence[Sequence[Trail]]) -> None:
    """Draw a dot at every update of paths that have few."""
    dot = Dots(SIZES.step * swarm.unit)
    for k, group in enumerate(drawn):
        if paths := [trail.points for trail in group if trail.steps]:
            canvas.dots(swarm.area, np.concatenate(paths)[None], PIXELS, dot, swarm.colours[k : k + 1])


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
    draw_shapes(canvas, swarm.area, heads, swarm.scale, radii, swarm)


def draw_shapes(canvas: Canvas, area: Box, heads: Array, scale: Scale, radii: Array, swarm: Swarm) -> None:
    """Draw the groups' shapes at points (groups, n, 2), as large as discs of radii (groups, n), on rims.

    Small ones lie on large ones; of the same size, groups alternate.
    """
    background = np.full_like(swarm.colours, swarm.background)
    pixels = (heads - (scale[0], scale[2])) * (scale[1], -scale[3])
    turns = [((k + t) % len(heads), t) for t in range(heads.shape[1]) for k in range(len(heads))]
    order = sorted(turns, key=lambda place: -radii[place])
    for rim, colours in ((SIZES.head_rim * swarm.unit, background), (0.0, swarm.colours)):
        for g, t in order:
            shape, radius = group_shape(swarm.numbers[g]), float(radii[g, t]) + rim
            draw_shape(canvas, area, pixels[g, t : t + 1], shape, radius, colours[g])
