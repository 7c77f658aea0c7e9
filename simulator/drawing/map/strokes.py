"""Lines, arrows, ellipses and marks as strokes, in pixels."""

import numpy as np

from errsurf.drawing.canvas.canvas import Stroke
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.sizes import SIZES

_FARTHEST = 1e5
_GAP = np.full((1, 2), np.nan)


def arrow(start: Array, end: Array, unit: float, colour: int = 0, *, dashed: bool = False) -> list[Stroke]:
    """An arrow between two points in pixels; none where it is shorter than two pixels, or leads nowhere."""
    along = end - start
    length = float(np.hypot(*along))
    if not 2.0 * unit < length < _FARTHEST or not np.isfinite(start).all():
        return []
    forward = along / length
    side, head = np.array([-forward[1], forward[0]]), min(8.0 * unit, 0.5 * length)
    back = end - head * forward
    barbs = np.array([back + 0.5 * head * side, end, back - 0.5 * head * side])
    shaft = dashes(start, end, SIZES.dash * unit, SIZES.dash_gap * unit) if dashed else np.array([start, end])
    return [Stroke(np.concatenate([shaft, _GAP, barbs]), 1.1 * unit, colour)]


def dashes(start: Array, end: Array, length: float, gap: float) -> Array:
    """A dashed line as a polyline with gaps, from a dash that ends at ``end`` backwards."""
    whole = float(np.hypot(*(end - start)))
    ends = np.arange(whole, 0.0, -(length + gap))
    parts = [[start + (end - start) * max(e - length, 0.0) / whole, start + (end - start) * e / whole] for e in ends]
    return np.concatenate([np.concatenate([np.array(part), _GAP]) for part in parts])


def ellipse(middle: Array, half: Array, radius: float, colour: int = 0) -> Stroke:
    """An ellipse with two conjugate half axes, the rows of ``half`` (2, 2), in pixels."""
    turns = np.linspace(0.0, 2.0 * np.pi, 65)
    return Stroke(middle + np.stack([np.cos(turns), np.sin(turns)], axis=1) @ half, radius, colour)


def dashed(points: Array, dash: float, gap: float) -> Array:
    """A polyline cut into dashes, with NaN between them."""
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return points
    away = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    begins = np.arange(0.0, max(float(away[-1]), 1e-9), dash + gap)
    ends = np.minimum(begins + dash, away[-1])
    inner = away[np.mod(away, dash + gap) < dash]
    at, turn = (
        np.concatenate([begins, inner, ends, ends]),
        np.repeat((0, 1, 2, 3), (len(ends), len(inner), len(ends), len(ends))),
    )
    order = np.lexsort((turn, at))
    cut = np.stack([np.interp(at[order], away, points[:, axis]) for axis in (0, 1)], axis=1)
    return np.where(turn[order, None] == 3, np.nan, cut)


def ring(middle: Array, radius: float, width: float, colour: int = 0) -> Stroke:
    """A circle."""
    return ellipse(middle, np.eye(2) * radius, width, colour)


def round_factor(longest: float, room: float) -> float:
    """The factor of one digit times a power of ten, at least 1, that brings a length nearest below the room."""
    if not 0 < longest < room:
        return 1.0
    power = 10.0 ** np.floor(np.log10(room / longest))
    return float(np.floor(room / longest / power * (1 + 1e-9)) * power)
