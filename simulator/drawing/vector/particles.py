"""What moves on the map of a figure: dots, trails, and marks at chosen updates."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import group_colours
from errsurf.drawing.frames import Array, Ints, latest
from errsurf.drawing.look import Look
from errsurf.drawing.markers import Marker, marker_colour
from errsurf.drawing.scene import Scene
from errsurf.drawing.vector.sheet import POINTS, tone

if TYPE_CHECKING:
    from errsurf.run.result import Group

# Radius in pixels at 960 x 540 and strength of one dot, for up to so many particles a group.
_DOTS = ((12, 5.2, 1.0), (100, 4.2, 0.92), (600, 3.2, 0.75), (5_000, 2.2, 0.55), (1 << 62, 1.2, 0.4))
_MAX_DOTS, _LAYERS = 20_000, 6
_OLDEST, _SCRIBBLED, _SHADES = 0.7, 0.3, 8
SHAPES = ("D", "s", "^", "v", "*", "h")


def draw_particles(
    ax: Any, scene: Scene, clock: float, area: Box, look: Look, groups: list[int], fade: float
) -> None:  # fmt: skip
    """All dots, the trails over them, and the particles that drew the trails."""
    frames = [int(scene.histories[k].frame[latest(scene.histories[k].clock, clock)]) for k in groups]
    points = [_points(scene.groups[k], frame) for k, frame in zip(groups, frames, strict=True)]
    colours = [tone(colour) for colour in group_colours(look.theme, (scene.numbers[k] for k in groups))]
    _draw_dots(ax, points, colours, scene, area, look)
    for k, colour in zip(groups, colours, strict=True):
        _draw_trails(ax, scene, k, clock, colour, area, look, fade)
    _draw_heads(ax, points, colours, scene, area, look)
    for marker in scene.markers:
        if marker.clock <= clock and marker.group in groups:
            draw_marker(ax, marker.points, marker, scene, look)


def draw_marker(ax: Any, points: Array, marker: Marker, scene: Scene, look: Look) -> None:
    """The shape of a chosen update at points (n, 2)."""
    unit = look.line * POINTS
    own = group_colours(look.theme, [scene.numbers[marker.group]])[0]
    colour = tone(marker_colour(own, look)[0])
    ax.plot(
        *points.T, marker=SHAPES[marker.shape % len(SHAPES)], markersize=9 * unit, color=colour, linestyle="none",
        markeredgecolor=tone(look.theme.paper), markeredgewidth=1.4 * unit, zorder=4.5, clip_on=True,
    )  # fmt: skip


def _points(group: "Group", frame: int) -> Array:
    """Places of all particles, shape (particles, 2); NaN where diverged."""
    points = np.array(group.position[frame], dtype=np.float64)
    points[~group.alive(frame)] = np.nan
    return points


def _draw_dots(ax: Any, points: list[Array], colours: list[Any], scene: Scene, area: Box, look: Look) -> None:
    """All particles as dots in a few layers; of many at one place only one a layer.

    A layer is one line of points with round ends: a tenth of the bytes of one mark a particle.
    """
    _, radius, strength = next(row for row in _DOTS if len(points[0]) <= row[0])
    radius *= look.line
    low, high = np.array(scene.window).T
    pitch = radius / 3 / np.array([area.width, area.height]) * (high - low)
    shown = [_thinned(p[np.all((p >= low) & (p <= high), axis=1)], pitch, _LAYERS) for p in points]
    rasterized, length = sum(map(len, shown)) > _MAX_DOTS, 0.05 / area.width * (high[0] - low[0])
    for part in range(_LAYERS):
        for turn in range(len(shown)):
            k = (part + turn) % len(shown)
            _draw_layer(
                ax, shown[k][part::_LAYERS], length, color=colours[k], alpha=strength,
                linewidth=2 * radius * POINTS, capstyle="round", zorder=2, rasterized=rasterized, snap=False,
            )  # fmt: skip


def _draw_layer(ax: Any, places: Array, length: float, **style: Any) -> None:
    """Dots as strokes of almost no length."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if len(places):
        ends = np.stack([places, places + np.array([length, 0.0])], axis=1).reshape(-1, 2)
        path = Path(ends, [Path.MOVETO, Path.LINETO] * len(places))
        path.should_simplify = False
        ax.add_patch(PathPatch(path, fill=False, **style))


def _thinned(points: Array, pitch: Array, depth: int) -> Array:
    """The points without those on top of ``depth`` others in the same cell of this size."""
    cells = np.floor(points / pitch).astype(np.int64)
    order = np.lexsort(cells.T)
    new = np.any(np.diff(cells[order], axis=0, prepend=cells[order][:1] - 1), axis=1)
    first = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    kept = np.sort(order[np.arange(len(order)) - first < depth])
    return np.asarray(points[kept])


def _draw_trails(ax: Any, scene: Scene, k: int, clock: float, colour: Any, area: Box, look: Look, fade: float) -> None:
    """The trails of one group's chosen particles, NaN far outside the window and once diverged."""
    h, group = scene.histories[k], scene.groups[k]
    reach = scene.result.scenario.picture.trail_length * scene.end
    first = int(np.searchsorted(h.clock, clock - reach)) if reach < scene.end else 0
    rows = np.s_[first : latest(h.clock, clock) + 1]
    paths = np.array([_points(group, int(frame))[scene.chosen] for frame in h.frame]).swapaxes(0, 1)
    low, high = np.array(scene.window).T
    paths = np.where(np.all((paths > 2 * low - high) & (paths < 2 * high - low), axis=-1, keepdims=True), paths, np.nan)
    pixels = paths * (np.array([area.width, area.height]) / (high - low))
    length = np.nansum(np.hypot(*np.diff(pixels, axis=1).T), axis=0)
    oldest = np.clip(_OLDEST * 1.4 * area.width / np.maximum(length, 1.0), _SCRIBBLED, _OLDEST)
    for path, old in zip(paths, oldest, strict=True):
        strength = old + (1 - old) * np.exp((h.clock[rows] - clock) / (fade * scene.end))
        _draw_trail(ax, path[rows], strength[1:], colour, look)


def _draw_trail(ax: Any, path: Array, strength: Array, colour: Any, look: Look) -> None:
    """One trail in a few shades with a rim of paper; ``strength`` has one number for each piece of ``path``."""
    shade: Ints = np.rint(strength * _SHADES).astype(np.int64)
    ends = [0, *(np.flatnonzero(np.diff(shade)) + 1).tolist(), len(shade)]
    unit = look.line * POINTS
    for width, hue, layer, most in ((3.2, tone(look.theme.paper), 3.0, 0.75), (1.6, colour, 3.1, 1.0)):
        for first, last in pairwise(ends):
            if last > first and shade[first] > 0:
                ax.plot(
                    *path[first : last + 1].T, color=hue, linewidth=width * unit, zorder=layer,
                    alpha=most * float(shade[first]) / _SHADES, solid_capstyle="butt", solid_joinstyle="round",
                )  # fmt: skip


def _draw_heads(ax: Any, points: list[Array], colours: list[Any], scene: Scene, area: Box, look: Look) -> None:
    """Mark the particles that have trails, larger where more of their group is."""
    low, high = np.array(scene.window).T
    near, unit = 5 * look.line / np.array([area.width, area.height]) * (high - low), look.line * POINTS
    for t in scene.chosen:
        for some, colour in zip(points, colours, strict=True):
            share = np.mean(np.all(np.abs(some - some[t]) < near, axis=1)) if len(some) > _DOTS[0][0] else 0.0
            ax.plot(
                *some[t], marker="o", color=colour, markersize=2 * (3.2 + 4 * float(share)) * unit, linestyle="none",
                markeredgecolor=tone(look.theme.paper), markeredgewidth=1.4 * unit, zorder=4,
            )  # fmt: skip
