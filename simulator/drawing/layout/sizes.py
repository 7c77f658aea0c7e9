"""Sizes of what every picture draws, in pixels at 960 x 540; raster, vector, page and relief use these same numbers."""

from typing import NamedTuple

from errsurf.drawing.canvas.canvas import Dots

# Up to so many particles a group: radius and coverage of one dot.
_DOTS = ((12, 5.2, 255), (100, 4.2, 255), (600, 3.2, 255), (5_000, 1.9, 255), (1 << 62, 1.0, 100))
_SMOOTH = 600
FEW = _DOTS[0][0]
"""Groups of so few particles have heads of one size."""


class Sizes(NamedTuple):
    """Radii and half widths of lines.

    ``head`` is a particle with a trail, up to ``head_growth`` larger where all of its group are within ``near``, and
    ``head_ring`` is what is seen of it below that of another group; ``dot_rim`` is around dots, if there are up to
    ``rimmed`` a group.  ``trail_oldest`` is how strong the oldest part of a trail is, ``trail_scribbled`` that of one
    that fills the map; ``step`` is an update on a trail of few.  ``mark`` is a critical point; the lowest minimum has
    a second ring, ``outer_ring`` times as large.
    """

    trail: float = 0.8
    trail_rim: float = 0.8
    trail_oldest: float = 0.7
    trail_scribbled: float = 0.3
    step: float = 2.1
    dot_rim: float = 0.7
    rimmed: int = 200
    head: float = 3.2
    head_rim: float = 1.4
    head_growth: float = 4.0
    head_ring: float = 2.4
    near: float = 5.0
    marker: float = 5.2
    marker_rim: float = 7.6
    mark: float = 7.0
    outer_ring: float = 1.55
    mark_line: float = 0.85
    mark_rim: float = 1.05
    rim: float = 1.3
    curve: float = 1.2
    curve_dashed: float = 0.65
    curve_band: int = 38
    dash: float = 5.0
    dash_gap: float = 3.5


SIZES = Sizes()


def particle_dots(particles: int, unit: float) -> Dots:
    """How the dots of a group look: the more particles, the smaller and fainter; ``unit`` is the style's line."""
    _, radius, strength = next(row for row in _DOTS if particles <= row[0])
    return Dots(radius * unit, strength, smooth=particles <= _SMOOTH)
