"""The methods of a canvas, and the values that they take.

Boxes, texts and widths are in pixels from the upper left corner of the picture; the points of a drawing inside an
``area`` are in pixels from the area's upper left corner, and what lies outside the area is cut off.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.boxes import Box, edges
from errsurf.drawing.colours import Colour, Pixels
from errsurf.drawing.lettering.text import Type, text_width

Array: TypeAlias = NDArray[np.float64]


class Stroke(NamedTuple):
    """A polyline (n, 2) with gaps at NaN, its half width, and which of the drawing's colours it has.

    ``strength`` (n,), uint8, is the coverage of the segment that ends at each point; everywhere 255 if it is None.
    """

    path: Array
    radius: float
    colour: int = 0
    strength: Pixels | None = None


class Drawing(NamedTuple):
    """Strokes, later ones over earlier ones, and their colours."""

    strokes: Sequence[Stroke]
    colours: Sequence[Colour]


class Dots(NamedTuple):
    """How dots style: their radius, their coverage from 0 to 255, and whether their edge is smooth."""

    radius: float
    strength: int = 255
    smooth: bool = True


class Contours(NamedTuple):
    """A surface as filled contours.

    ``x`` (columns,) and ``y`` (rows,) rise and reach from edge to edge of the map; ``loss`` (rows, columns).  Between
    ``levels[k]`` and ``levels[k + 1]`` the map has a colour of ``fills[k]``, (tones, 3), by the light that falls on
    it, 0 to 1 in ``light`` (rows, columns), or 0.5.  Lines in the colours ``lines[k]``, (tones, 3), with this ``width``
    are drawn at all levels but the first and the last.
    """

    x: Array
    y: Array
    loss: Array
    levels: Array
    fills: Pixels
    lines: Pixels
    width: float
    light: Array | None = None

    @property
    def level_fills(self) -> Pixels:
        """The colours of level ground between the levels, shape (levels - 1, 3)."""
        return self.fills[:, self.fills.shape[1] // 2]

    @property
    def clipped(self) -> Array:
        """The loss within the levels; what is no number is the highest level."""
        low, high = self.levels[0], self.levels[-1]
        return np.asarray(np.clip(np.nan_to_num(self.loss, nan=high, posinf=high, neginf=low), low, high))

    @property
    def shares(self) -> tuple[Array, Array]:
        """The clipped loss and the levels scaled to [0, 1], so that losses of 1e200 can be squared."""
        low, high = self.levels[0], self.levels[-1]
        return (self.clipped - low) / (high - low), (self.levels - low) / (high - low)


class Band(NamedTuple):
    """The region between two curves over rising x, each (n,); equal x are a step."""

    x: Array
    low: Array
    high: Array


class Canvas(Protocol):
    """What can be drawn."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    def fill(self, box: Box, colour: Colour) -> None:
        """Paint a box."""

    def write(
        self, text: str, left: int, top: int, kind: Type, colour: Colour, halo: Colour | None = None
    ) -> None:  # fmt: skip
        """Write one line of text with its upper left corner at (left, top), on a rim of the colour ``halo``."""

    def image(self, area: Box, pixels: Pixels) -> None:
        """Fill an area with an image of its shape, or of a whole fraction of it."""

    def surface(self, area: Box, contours: Contours) -> None:
        """Fill a map with a surface; it stays below everything else, whenever it is drawn."""

    def dots(self, area: Box, points: Array, scale: "Scale", dots: Dots, colours: Pixels) -> None:
        """Draw dots at points (groups, n, 2), one colour a group; ``scale`` turns points into pixels of the area."""

    def strokes(self, area: Box, drawing: Drawing, rim: float, background: Colour, *, below: bool = False) -> None:
        """Draw strokes with a rim of background around them; ``below``: on the surface, below everything else."""

    def polygon(self, area: Box, places: Array, corners: Array, colour: Colour, strength: int = 255) -> None:
        """Draw the polygon ``corners`` (n, 2), in pixels from its middle, around each of the places (m, 2)."""

    def band(self, area: Box, band: Band, colour: Colour, strength: int) -> None:
        """Tint the region between two curves."""

    def growing(self, box: Box, share: float, key: Hashable, draw: "Callable[[Canvas, Box], None]") -> None:
        """Draw the left share of something that ``draw(canvas, box)`` draws in a box; equal keys are equal things."""


def write_right(canvas: Canvas, text: str, right: int, top: int, kind: Type, colour: Colour) -> None:
    """Write one line of text that ends at ``right``."""
    canvas.write(text, right - text_width(text, kind), top, kind, colour)


def frame(canvas: Canvas, box: Box, colour: Colour) -> None:
    """Draw a line of one pixel around a box, outside it."""
    for edge in edges(box):
        canvas.fill(edge, colour)


Scale = tuple[float, float, float, float]
"""(x0, pixels per x, y1, pixels per y): a point (x, y) is seen at column (x - x0) pixels_per_x, row (y1 - y) ...."""

PIXELS: Scale = (0.0, 1.0, 0.0, -1.0)
"""The scale of points that are in pixels already."""
