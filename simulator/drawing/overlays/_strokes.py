"""Lines, arrows and ellipses over a map, each with a rim of paper."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Colour, Pixels
from errsurf.drawing.frames import Array
from errsurf.drawing.kernels import ink, stroke
from errsurf.drawing.look import Look

_FARTHEST = 1e5
_GAP = np.full((1, 2), np.nan)


class Stroke(NamedTuple):
    """A polyline (n, 2) in pixels from a corner, with gaps at NaN; its half width; which of the colours it has."""

    path: Array
    radius: float
    colour: int = 0


class Drawing(NamedTuple):
    """Strokes, later ones over earlier ones, and their colours."""

    strokes: Sequence[Stroke]
    colours: Sequence[Colour]


RIM = 1.3
"""How far the paper reaches around a stroke, in units of lines."""


def draw_strokes(out: Pixels, area: Box, drawing: Drawing, look: Look) -> None:
    """Draw strokes into an area."""
    if not drawing.strokes:
        return
    line, edge, owner = (np.zeros((area.height, area.width), np.uint8) for _ in range(3))
    for path, radius, colour in drawing.strokes:
        whole = np.full(len(path), 255, np.uint8)
        stroke(line, edge, owner, np.ascontiguousarray(path), whole, float(radius), RIM * look.line, colour)
    tones, paper = np.array(drawing.colours, np.uint8), np.array(look.theme.paper, np.uint8)
    ink(out, line, edge, owner, tones, paper, area.left, area.top)


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
    shaft = dashes(start, end, 5.0 * unit, 3.5 * unit) if dashed else np.array([start, end])
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


def ring(middle: Array, radius: float, width: float, colour: int = 0) -> Stroke:
    """A circle."""
    return ellipse(middle, np.eye(2) * radius, width, colour)


def round_factor(longest: float, room: float) -> float:
    """The factor of one digit times a power of ten, at least 1, that brings a length nearest below the room."""
    if not 0 < longest < room:
        return 1.0
    power = 10.0 ** np.floor(np.log10(room / longest))
    return float(np.floor(room / longest / power * (1 + 1e-9)) * power)
