"""From where a relief is seen, and where on the picture its points lie."""

from math import cos, radians, sin
from typing import NamedTuple

from errsurf.drawing.boxes import Box
from errsurf.drawing.relief.terrain import FLOOR, Terrain


class Camera(NamedTuple):
    """Where the viewer stands, in degrees: ``azimuth`` 0 looks along y with x to the right, 90 along -x.

    ``elevation`` is above the horizon; 90 looks straight down.
    """

    azimuth: float = -30.0
    elevation: float = 50.0

    def turned(self, degrees: float) -> "Camera":
        """The same height, so many degrees further around."""
        return self._replace(azimuth=self.azimuth + degrees)


class View(NamedTuple):
    """Parallel projection of the block into a region; all numbers are floats, for compiled loops.

    A point (x, y) of the base, with its middle at 0, and height z lies at column
    ``left + scale r`` and row ``top - scale (w tilt + z rise)``, r = x cos + y sin to the right and
    w = y cos - x sin away from the viewer.  ``x0``, ``per_x``, ``y0``, ``per_y`` take theta to the base.
    """

    cos: float
    sin: float
    tilt: float
    rise: float
    scale: float
    left: float
    top: float
    half_x: float
    half_y: float
    x0: float
    per_x: float
    y0: float
    per_y: float


def view(land: Terrain, camera: Camera, area: Box, margins: tuple[int, int, int, int]) -> View:
    """The block seen by a camera, in pixels of ``area``, as large as fits whichever way it is turned.

    ``margins`` are kept free at the left, at the right, above and below.
    """
    turn, up = radians(camera.azimuth % 360), radians(camera.elevation)
    tilt, rise = sin(up), cos(up)
    before, after, above, below = margins
    high = tilt + (land.rise - FLOOR) * rise
    scale = max(1.0, min(area.width - before - after, (area.height - above - below) / high))
    spare = (area.height - above - below - scale * high) / 2
    (x0, x1), (y0, y1) = land.window
    width, depth = land.sides
    return View(
        cos(turn), sin(turn), tilt, rise, scale,
        left=(before + area.width - after) / 2,
        top=above + spare + scale * (tilt / 2 + land.rise * rise),
        half_x=width / 2,
        half_y=depth / 2,
        x0=(x0 + x1) / 2,
        per_x=width / (x1 - x0),
        y0=(y0 + y1) / 2,
        per_y=depth / (y1 - y0),
    )  # fmt: skip


def pixel(seen: View, x: float, y: float, z: float) -> tuple[float, float]:
    """Column and row of a point of the base at a height."""
    right, away = x * seen.cos + y * seen.sin, y * seen.cos - x * seen.sin
    return seen.left + seen.scale * right, seen.top - seen.scale * (away * seen.tilt + z * seen.rise)
