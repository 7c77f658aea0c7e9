"""Overlays for the page: their strokes, recorded at moments of the run, as arrays."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Band, Canvas, Contours, Dots, Drawing, Scale
from errsurf.drawing.colours import Colour, Pixels, hexadecimal
from errsurf.drawing.history.frames import Array
from errsurf.drawing.lettering.text import Type
from errsurf.drawing.overlays import key_entries
from errsurf.drawing.scene import Scene

MAX_MOMENTS = 240
_REACH, CODES = 0.5, 65_534
COLUMNS = ("first", "points", "radius", "rim", "colour", "strength", "below")


class Recorded(NamedTuple):
    """What the page draws of overlays.

    ``points`` (n, 2) are shares of the map's width and height, 0 for a gap, else coded from -0.5 to 1.5; ``strokes``
    (m, 7) have ``COLUMNS``; ``moments`` (k, 3) a clock value, the first stroke and how many, the first row what stays
    the same.  ``colours`` are names of the theme's colours, numbers of groups, or texts.
    """

    points: NDArray[np.uint16]
    strokes: NDArray[np.float32]
    moments: Array
    colours: list[str | int]


class StrokeCanvas:
    """A canvas that keeps the strokes on the map and draws nothing else."""

    def __init__(self, shown: Scene) -> None:
        self.area, self.size = shown.plan.map, shown.plan.size
        self.unit = shown.maps.style.line
        self.points: list[Array] = []
        self.strokes_: list[tuple[float, ...]] = []
        self.colours: list[Colour] = []
        self._count = 0

    def strokes(self, area: Box, drawing: Drawing, rim: float, background: Colour, *, below: bool = False) -> None:  # noqa: ARG002
        """Keep the strokes on the map."""
        if area != self.area:
            return
        for path, radius, colour, strength in drawing.strokes:
            share = 1.0 if strength is None else float(strength.max(initial=0)) / 255
            hue = drawing.colours[colour]
            if hue not in self.colours:
                self.colours.append(hue)
            style = (radius / self.unit, rim / self.unit, self.colours.index(hue), share, float(below))
            self.strokes_.append((self._count, len(path), *style))
            self.points.append(path / (area.width, area.height))
            self._count += len(path)

    def fill(self, box: Box, colour: Colour) -> None:
        """Keep nothing."""

    def write(
        self, text: str, left: int, top: int, kind: Type, colour: Colour, halo: Colour | None = None
    ) -> None:  # fmt: skip
        """Keep nothing."""

    def image(self, area: Box, pixels: Pixels) -> None:
        """Keep nothing."""

    def surface(self, area: Box, contours: Contours) -> None:
        """Keep nothing."""

    def dots(self, area: Box, points: Array, scale: Scale, dots: Dots, colours: Pixels) -> None:
        """Keep nothing."""

    def polygon(self, area: Box, places: Array, corners: Array, colour: Colour, strength: int = 255) -> None:
        """Keep nothing."""

    def band(self, area: Box, band: Band, colour: Colour, strength: int) -> None:
        """Keep nothing."""

    def growing(self, box: Box, share: float, key: Hashable, draw: Callable[[Canvas, Box], None]) -> None:
        """Keep nothing."""


def recorded(shown: Scene) -> Recorded:
    """The strokes of a scene's overlays: what stays the same, then at up to 240 recorded frames."""
    canvas = StrokeCanvas(shown)
    for each in shown.overlays:
        each.still(canvas)
    moments, before = [(0.0, 0, len(canvas.strokes_))], b""
    clocks = np.unique(np.concatenate([h.clock for h in shown.histories]))
    for clock in clocks[np.unique(np.linspace(0, len(clocks) - 1, MAX_MOMENTS).round().astype(int))].tolist():
        first, begin = len(canvas.strokes_), len(canvas.points)
        for each in shown.overlays:
            each.under(canvas, clock)
            each.over(canvas, clock)
        # Where nothing changed, the moment before goes on.
        now = b"".join(path.tobytes() for path in canvas.points[begin:])
        if now != before:
            moments.append((float(clock), first, len(canvas.strokes_) - first))
        before = now
    points = np.concatenate([np.empty((0, 2)), *canvas.points])
    codes = np.rint(np.clip((points + _REACH) / (1 + 2 * _REACH), 0, 1) * CODES) + 1
    return Recorded(
        np.where(np.isfinite(points).all(axis=1, keepdims=True), codes, 0).astype(np.uint16),
        np.array(canvas.strokes_, np.float32).reshape(-1, len(COLUMNS)),
        np.array(moments),
        [_role(colour, shown) for colour in canvas.colours],
    )


def described_key(shown: Scene) -> list[dict[str, Any]]:
    """What the overlays mean: a text, and a sample as polylines in pixels of 26 x 14 with their colours."""
    return [
        {"text": entry.texts[0], "sample": _sample(entry.sample(26, 14), shown) if entry.sample else []}
        for entry in key_entries(shown.overlays)
    ]


def _sample(drawing: Drawing, shown: Scene) -> list[dict[str, Any]]:
    return [
        {
            "points": [part.round(1).tolist() for part in _parts(path)],
            "radius": radius / shown.maps.style.line,
            "colour": _role(drawing.colours[colour], shown),
        }
        for path, radius, colour, _ in drawing.strokes
    ]


def _parts(path: Array) -> Sequence[Array]:
    """The parts of a polyline between its gaps."""
    gaps = np.flatnonzero(np.isnan(path[:, 0]))
    return [part[np.isfinite(part[:, 0])] for part in np.split(path, gaps) if np.isfinite(part[:, 0]).any()]


def _role(colour: Colour, shown: Scene) -> str | int:
    """A colour as the page knows it in both of its themes: a name of the theme's, or the number of a group."""
    theme = shown.plan.style.theme
    for name, known in (
        ("ink", theme.foreground),
        ("quiet", theme.grey),
        ("pale", theme.pale),
        ("warning", theme.warning),
    ):
        if colour == known:
            return name
    own = np.flatnonzero((shown.maps.colours == colour).all(axis=1))
    return int(own[0]) if len(own) else hexadecimal(colour)
