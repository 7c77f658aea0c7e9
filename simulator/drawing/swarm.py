"""What moves on the map: every particle as a dot, and the trails of a few."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Colour, Pixels
from errsurf.drawing.frames import Array, Ints, clock_end, clock_values, latest
from errsurf.drawing.history import History
from errsurf.drawing.kernels import dots, ink, stroke
from errsurf.drawing.look import Look
from errsurf.drawing.window import Window, pixel_scale

if TYPE_CHECKING:
    from errsurf.run.result import Group, Result

# Radius in pixels at 960 x 540 and coverage of one dot, for up to so many particles a group.
_DOTS = ((12, 5.2, 255), (100, 4.2, 235), (600, 3.2, 190), (5_000, 1.9, 200), (1 << 62, 1.0, 100))
_OLDEST, _SCRIBBLED = 0.7, 0.3
# A trail pales in steps: pixels that stay as they are cost a GIF nothing.
_STEPS = 2
_SAMPLE = 500


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
    scale: tuple[float, float, float, float]
    unit: float
    paper: Colour
    fade: float
    reach: float
    clocks: list[Ints]
    chosen: Ints
    trails: list[Array]
    trail_clocks: list[Ints]
    oldest: list[Array]
    stamp: Pixels


def swarm(
    result: "Result",
    groups: Sequence["Group"],
    histories: Sequence[History],
    colours: Pixels,
    window: Window,
    area: Box,
    look: Look,
    fade: float,
) -> Swarm:
    """Prepare the particles of these groups; the trails pale within the share ``fade`` of the run."""
    picture = result.scenario.picture
    particles = groups[0].position.shape[1]
    chosen = np.unique(np.linspace(0, particles - 1, min(picture.trails, particles)).round().astype(np.int64))
    scale, end = pixel_scale(window, area), float(max(clock_end(result), 1))
    trails = [_path(g, h, chosen, scale, area) for g, h in zip(groups, histories, strict=True)]
    return Swarm(
        tuple(groups), colours, area, scale, look.line, look.theme.paper, fade * end,
        reach=picture.trail_length * end if picture.trail_length < 1 else np.inf,
        clocks=[clock_values(g, picture.clock) for g in groups],
        chosen=chosen,
        trails=trails,
        trail_clocks=[h.clock for h in histories],
        oldest=[oldest_strength(t, area.width) for t in trails],
        stamp=dot_stamp(particles, look.line),
    )  # fmt: skip


def draw_swarm(out: Pixels, swarm: Swarm, clock: float) -> None:
    """Draw all dots, the trails over them, and the particles that drew the trails."""
    points, cover = current_points(swarm, clock), empty_cover(swarm.area)
    dots(out, points, tuple(swarm.area), swarm.scale, swarm.stamp, swarm.colours)
    cover_trails(cover, swarm, clock)
    draw_cover(out, swarm, cover)
    draw_heads(out, swarm, points)


class Cover(NamedTuple):
    """How strongly trails cover each pixel of an area, each (height, width): lines, their edges, and whose they are."""

    line: Pixels
    edge: Pixels
    owner: Pixels


def empty_cover(area: Box) -> Cover:
    """No trails."""
    return Cover(*(np.zeros((area.height, area.width), np.uint8) for _ in range(3)))


def cover_trails(cover: Cover, swarm: Swarm, clock: float) -> None:
    """Put the trails up to a clock value over those that are there."""
    for k, (trail, values) in enumerate(zip(swarm.trails, swarm.trail_clocks, strict=True)):
        first, rows = int(np.searchsorted(values, clock - swarm.reach)), latest(values, clock) + 1
        for path, old in zip(trail, swarm.oldest[k], strict=True):
            strength = trail_strength(swarm, clock - values[first:rows], old)
            stroke(*cover, path[first:rows], strength, 0.8 * swarm.unit, 0.8 * swarm.unit, k)


def draw_cover(out: Pixels, swarm: Swarm, cover: Cover) -> None:
    """Draw trails in the colours of their groups."""
    ink(out, *cover, swarm.colours, np.array(swarm.paper, np.uint8), swarm.area.left, swarm.area.top)


def trail_strength(swarm: Swarm, age: NDArray[np.floating[Any]], oldest: float) -> Pixels:
    """Coverage of a trail's parts by their age in clock values; ``oldest`` is how strong the oldest one stays."""
    recent = np.ceil(_STEPS * np.exp(-age / swarm.fade) - 0.1) / _STEPS
    left = np.ceil(np.clip(3 * (1 - age / swarm.reach), 0, 1) * _STEPS) / _STEPS
    return np.asarray((255 * left * (oldest + (1 - oldest) * recent)).astype(np.uint8))


@lru_cache(maxsize=256)
def disc(radius: float) -> Pixels:
    """Coverage of a disc, shape (2 n + 1, 2 n + 1)."""
    half = int(np.ceil(radius))
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    return np.asarray(255 * np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)).astype(np.uint8)


def dot_stamp(particles: int, unit: float) -> Pixels:
    """Coverage of one particle's dot: the more particles, the smaller and fainter.

    Pixels are covered alike or not at all, which halves a GIF of thousands of dots.
    """
    _, radius, strength = next(row for row in _DOTS if particles <= row[0])
    half = int(radius * unit)
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    return np.where(np.hypot(x, y) <= radius * unit, strength, 0).astype(np.uint8)


def current_points(swarm: Swarm, clock: float) -> Array:
    """Positions at the latest recorded frames, shape (groups, particles, 2); NaN where diverged."""
    points = np.empty((len(swarm.groups), *swarm.groups[0].position.shape[1:]))
    for k, group in enumerate(swarm.groups):
        frame = latest(swarm.clocks[k], clock)
        points[k] = group.position[frame]
        points[k, ~group.alive(frame)] = np.nan
    return points


def head_radii(swarm: Swarm, points: Array) -> Array:
    """Radii of the particles that have trails, (groups, chosen): larger where more of their group is."""
    heads, some = points[:, swarm.chosen], points[:, :: -(-points.shape[1] // _SAMPLE)]
    near = 5 * swarm.unit / np.array([swarm.scale[1], swarm.scale[3]])
    share = np.mean(np.all(np.abs(some[:, None] - heads[:, :, None]) < near, axis=-1), axis=-1)
    return np.asarray((3.2 + np.rint(10 * share * (points.shape[1] > _DOTS[0][0])) / 2.5) * swarm.unit)


def draw_heads(out: Pixels, swarm: Swarm, points: Array) -> None:
    """Mark the particles that have trails; thousands in one place are one large dot.  ``points`` is where all are."""
    heads, radii = points[:, swarm.chosen], head_radii(swarm, points)
    for rim, colours in ((1.4 * swarm.unit, np.full_like(swarm.colours, swarm.paper)), (0.0, swarm.colours)):
        for t in range(heads.shape[1]):
            for k in range(heads.shape[0]):
                g = (k + t) % heads.shape[0]
                stamp = disc(float(radii[g, t]) + rim)
                dots(out, heads[g, t].reshape(1, 1, 2), tuple(swarm.area), swarm.scale, stamp, colours[g : g + 1])


def _path(group: "Group", h: History, chosen: Ints, scale: tuple[float, float, float, float], area: Box) -> Array:
    """Pixel positions of the chosen particles, shape (chosen, rows, 2), NaN more than a map's size outside the map."""
    path = np.stack([np.asarray(group.position[frame][chosen], dtype=np.float64) for frame in h.frame], axis=1)
    return path_pixels(path, scale, area)


def path_pixels(path: Array, scale: tuple[float, float, float, float], area: Box) -> Array:
    """Pixel positions of paths, shape (chosen, rows, 2) as given, NaN more than a map's size outside the map."""
    size = np.array([area.width, area.height])
    pixels = (np.clip(path, -1e12, 1e12) - (scale[0], scale[2])) * (scale[1], -scale[3])
    near = np.all((pixels > -size) & (pixels < 2 * size), axis=-1, keepdims=True)
    return np.where(near, pixels, np.nan)


def oldest_strength(trail: Array, width: int) -> Array:
    """Strength in which a trail's oldest part stays, (chosen,): less for one that scribbles over the map."""
    length = np.nansum(np.hypot(*np.diff(trail, axis=1).T), axis=0)
    return np.asarray(np.clip(_OLDEST * 1.4 * width / np.maximum(length, 1.0), _SCRIBBLED, _OLDEST))
