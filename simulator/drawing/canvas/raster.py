"""The canvas of pixels."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas.canvas import PIXELS, Array, Band, Canvas, Contours, Dots, Drawing, Scale, Stroke
from errsurf.drawing.canvas.kernels import blend_strokes, dots, fill_levels, paste, stroke, tint
from errsurf.drawing.colours import Colour, Pixels, unlike
from errsurf.drawing.lettering.text import Type, text_mask

Mask = NDArray[np.bool_]

_FINE = 4


class Cover(NamedTuple):
    """How strokes cover each pixel of an area, each (height, width): lines, lines with rims, and whose they are."""

    line: Pixels
    edge: Pixels
    owner: Pixels


@dataclass
class RasterCanvas:
    """Pixels ``out``, shape (height, width, 3), uint8, best C-contiguous.

    ``surfaces`` are what the maps show where nothing lies over their surface.
    """

    out: Pixels
    surfaces: dict[Box, Pixels] = field(default_factory=dict)
    _still: Pixels | None = None
    _free: dict[Box, Mask] = field(default_factory=dict)
    _grown: dict[Hashable, Pixels] = field(default_factory=dict)

    @classmethod
    def blank(cls, size: tuple[int, int], background: Colour) -> "RasterCanvas":
        """An empty canvas."""
        return cls(np.full((size[1], size[0], 3), background, dtype=np.uint8))

    def over(self, out: Pixels) -> "RasterCanvas":
        """The canvas of a frame: what moves is drawn into ``out``, a copy of this finished canvas."""
        return RasterCanvas(out, self.surfaces, self.out, self._free, self._grown)

    def leave_free(self, areas: Iterable[Box]) -> None:
        """Take what maps show now for their surfaces: only pixels that still show them get another surface.

        So marks and names on a map need not be drawn again.
        """
        self.surfaces.update({area: self._part(area).copy() for area in areas})

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.out.shape[1], self.out.shape[0]

    def fill(self, box: Box, colour: Colour) -> None:
        """Paint a box."""
        self.out[box.top : box.bottom, box.left : box.right] = colour

    def write(
        self, text: str, left: int, top: int, kind: Type, colour: Colour, halo: Colour | None = None
    ) -> None:  # fmt: skip
        """Write one line of text with its upper left corner at (left, top), on a rim of the colour ``halo``."""
        if halo is not None:
            rim = max(1, kind.size // 6)
            paste(self.out, text_mask(text, kind, rim), left - rim, top - rim, halo)
        paste(self.out, text_mask(text, kind), left, top, colour)

    def image(self, area: Box, pixels: Pixels) -> None:
        """Fill an area with an image of its shape, or of a whole fraction of it."""
        rows, columns = area.height // pixels.shape[0], area.width // pixels.shape[1]
        self.out[area.top : area.bottom, area.left : area.right] = pixels.repeat(rows, axis=0).repeat(columns, axis=1)

    def surface(self, area: Box, contours: Contours) -> None:
        """Fill a map with a surface; it stays below everything else, whenever it is drawn."""
        shares, steps = contours.shares
        first = area not in self.surfaces
        free = np.ones((area.height, area.width), np.bool_) if first else self.free(area)
        light = np.full_like(shares, 0.5) if contours.light is None else contours.light
        fills, lines, half = contours.fills, contours.lines, 0.5 * contours.width
        fill_levels(self.out, free, area.left, area.top, shares, steps, light, fills, lines, half)
        if first:
            self.leave_free([area])

    def dots(self, area: Box, points: Array, scale: Scale, dots_: Dots, colours: Pixels) -> None:
        """Draw dots at points (groups, n, 2), one colour a group; ``scale`` turns points into pixels of the area."""
        dots(self.out, points, tuple(area), scale, dot_stamp(dots_), colours)

    def strokes(self, area: Box, drawing: Drawing, rim: float, background: Colour, *, below: bool = False) -> None:
        """Draw strokes with a rim of background around them; ``below``: on the surface, below everything else."""
        if not drawing.strokes:
            return
        cover = empty_cover(area)
        cover_strokes(cover, drawing.strokes, rim)
        if below:
            hidden = ~self.free(area)
            cover.line[hidden] = cover.edge[hidden] = 0
        self.draw_cover(area, cover, np.array(drawing.colours, np.uint8), background)

    def draw_cover(self, area: Box, cover: Cover, colours: Pixels, background: Colour) -> None:
        """Draw strokes that were laid over an area before."""
        blend_strokes(self.out, *cover, colours, np.array(background, np.uint8), area.left, area.top)

    def polygon(self, area: Box, places: Array, corners: Array, colour: Colour, strength: int = 255) -> None:
        """Draw the polygon ``corners`` (n, 2), in pixels from its middle, around each of the places (m, 2)."""
        stamp = _polygon_stamp(np.asarray(corners, np.float64).tobytes(), strength)
        tone = np.array([colour], np.uint8)
        dots(self.out, np.asarray(places, np.float64)[None], tuple(area), PIXELS, stamp, tone)

    def band(self, area: Box, band: Band, colour: Colour, strength: int) -> None:
        """Tint the region between two curves."""
        middle = np.arange(area.width) + 0.5
        low, high = (np.interp(middle, band.x, each, np.nan, np.nan) for each in (band.low, band.high))
        tint(self._part(area), np.minimum(low, high), np.maximum(low, high), np.array(colour, np.uint8), strength)

    def growing(self, box: Box, share: float, key: Hashable, draw: Callable[[Canvas, Box], None]) -> None:
        """Draw the left share of something in a box; what has the same key is drawn once and then shown further."""
        if key not in self._grown:
            whole = RasterCanvas(self._part(box).copy())
            draw(whole, Box(0, 0, box.width, box.height))
            self._grown[key] = whole.out
        seen = round(min(max(share, 0.0), 1.0) * (box.width - 1)) + 1
        self._part(box)[:, :seen] = self._grown[key][:, :seen]

    def free(self, area: Box) -> Mask:
        """Where a map shows its surface only, (height, width): neither marks nor names nor lines."""
        if self._still is None:
            return ~unlike(self._part(area), self.surfaces[area])
        if area not in self._free:
            still = self._still[area.top : area.bottom, area.left : area.right]
            self._free[area] = ~unlike(still, self.surfaces[area])
        return self._free[area]

    def _part(self, area: Box) -> Pixels:
        return self.out[area.top : area.bottom, area.left : area.right]


def empty_cover(area: Box) -> Cover:
    """Nothing is covered."""
    return Cover(*(np.zeros((area.height, area.width), np.uint8) for _ in range(3)))


def cover_strokes(cover: Cover, strokes: Iterable[Stroke], rim: float) -> None:
    """Lay strokes over those that are there."""
    for path, radius, colour, strength in strokes:
        whole = np.full(len(path), 255, np.uint8) if strength is None else strength
        stroke(*cover, np.ascontiguousarray(path), whole, float(radius), float(rim), colour)


@lru_cache(maxsize=256)
def dot_stamp(style: Dots) -> Pixels:
    """Coverage of a dot, square with an odd side.

    A dot without a smooth edge covers its pixels alike or not at all, which halves a GIF of thousands of dots.
    """
    half = int(np.ceil(style.radius)) if style.smooth else int(style.radius)
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    away = np.hypot(x, y)
    if style.smooth:
        return np.asarray(style.strength * np.clip(style.radius + 0.5 - away, 0, 1)).astype(np.uint8)
    return np.where(away <= style.radius, style.strength, 0).astype(np.uint8)


@lru_cache(maxsize=512)
def _polygon_stamp(packed: bytes, strength: int) -> Pixels:
    """Coverage of a polygon, the bytes of its corners (n, 2), around the middle of a square with an odd side."""
    corners = np.frombuffer(packed).reshape(-1, 2).tolist()
    half = int(np.ceil(max(abs(part) for corner in corners for part in corner)))
    side = 2 * half + 1
    image = Image.new("L", (side * _FINE, side * _FINE))
    middle = (half + 0.5) * _FINE
    ImageDraw.Draw(image).polygon([(middle + x * _FINE, middle + y * _FINE) for x, y in corners], fill=strength)
    return np.array(image.resize((side, side), Image.Resampling.BOX))
