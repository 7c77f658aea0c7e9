"""The canvas of lines and letters, a matplotlib figure: for SVG, PDF and large PNG files."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas.canvas import Array, Band, Canvas, Contours, Dots, Drawing, Scale
from errsurf.drawing.canvas.outlines import contour_rings, thinned
from errsurf.drawing.colours import Colour, Pixels
from errsurf.drawing.lettering.fonts import Face
from errsurf.drawing.lettering.formulas import Formula
from errsurf.drawing.lettering.text import Type, ascent, pieces, text_width

if TYPE_CHECKING:
    pass

POINTS = 0.72
"""Points of a pixel."""
_RIM = 0.75
_VEIL = (0.07, 0.17)
_MAX_DOTS, _LAYERS = 20_000, 6
_BELOW = -1e6


class VectorCanvas:
    """A figure of ``size`` (width, height) in pixels, a hundred to the inch.

    Artists are drawn in the order in which they are added, but for those below everything else.
    """

    def __init__(self, size: tuple[int, int], background: Colour) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        self.figure: Figure = Figure(figsize=(size[0] / 100, size[1] / 100), dpi=100, facecolor=_rgb(background))
        FigureCanvasAgg(self.figure)
        self.size = size
        self._pixels = Affine2D().scale(0.01, -0.01).translate(0, size[1] / 100) + self.figure.dpi_scale_trans
        self._count, self._right = 0, np.inf
        self._surfaces: dict[Box, list[Any]] = {}

    def fill(self, box: Box, colour: Colour) -> None:
        """Paint a box."""
        self._add(self._rectangle(box, facecolor=_rgb(colour), linewidth=0))

    def write(
        self, text: str, left: int, top: int, kind: Type, colour: Colour, halo: Colour | None = None
    ) -> None:  # fmt: skip
        """Write one line of text with its upper left corner at (left, top), on a rim of the colour ``halo``.

        The rim is outlines of letters; the text over it is text.
        """
        from matplotlib.patheffects import Stroke
        from matplotlib.text import Text

        at, base = float(left), top + ascent(kind)
        rim = [Stroke(linewidth=0.28 * kind.size * POINTS, foreground=_rgb(halo), joinstyle="round")] if halo else []
        for piece in pieces(text, kind):
            blanks, font = 0.0, dict[str, Any]()
            if isinstance(piece, Formula):
                words, font = piece.text, {"fontsize": piece.size * POINTS}
            else:
                words = piece.text.strip().replace("$", "\\$")
                # SVG drops the spaces before a text's words.
                blanks = (len(piece.text) - len(piece.text.lstrip())) * text_width(" ", kind)
                font = {"fontsize": kind.size * POINTS, **_font(piece.face)}
            for effects in ([rim] if rim else []) + [None] if words else []:
                place = self._pixels.transform((at + blanks, base)) / self.figure.bbox.size
                style = {"color": _rgb(colour), "path_effects": effects, "va": "baseline", **font}
                self._add(
                    Text(float(place[0]), float(place[1]), words, transform=self.figure.transFigure, **style),
                    placed=True,
                )
            at += max(piece.width, _formula_width(piece)) if isinstance(piece, Formula) else piece.width

    def image(self, area: Box, pixels: Pixels) -> None:
        """Fill an area with an image of its shape, or of a whole fraction of it."""
        self._image(area, pixels, "nearest")

    def _image(self, area: Box, pixels: Pixels, between: str, *, below: bool = False) -> Any:
        from matplotlib.image import BboxImage
        from matplotlib.transforms import Bbox, TransformedBbox

        corners = Bbox([[area.left, area.bottom], [area.right, area.top]])
        image = BboxImage(TransformedBbox(corners, self._pixels), interpolation=between, origin="upper")
        image.set_data(pixels)
        return self._add(image, below=below, placed=True)

    def surface(self, area: Box, contours: Contours) -> None:
        """Fill a map with a surface; it stays below everything else, whenever it is drawn."""
        for artist in self._surfaces.pop(area, ()):
            artist.remove()
        drawn = self._surfaces.setdefault(area, [])
        lowest = int(np.searchsorted(contours.levels[1:-1], contours.clipped.min(), "right"))
        drawn.append(
            self._add(self._rectangle(area, facecolor=_rgb(contours.level_fills[lowest]), linewidth=0), below=True)
        )
        middle = contours.lines.shape[1] // 2
        for k, rings in contour_rings(area, contours):
            style: dict[str, Any] = {"edgecolor": _rgb(contours.lines[k, middle]), "linewidth": contours.width * POINTS}
            drawn.append(
                self._add(self._patch(area, rings, facecolor=_rgb(contours.level_fills[k]), **style), area, below=True)
            )
        if contours.light is not None:
            drawn.append(self._image(area, _veil(contours.light), "bilinear", below=True))

    def dots(self, area: Box, points: Array, scale: Scale, dots: Dots, colours: Pixels) -> None:
        """Draw dots at points (groups, n, 2), one colour a group; ``scale`` turns points into pixels of the area.

        Dots are drawn in a few layers in which the groups alternate, so that no group lies on top of the others; a
        layer is one line of points with round ends, a tenth of the bytes of a mark each.
        """
        pixels = (points - (scale[0], scale[2])) * (scale[1], -scale[3])
        inside = np.all((pixels >= 0) & (pixels <= (area.width, area.height)), axis=-1)
        shown = [thinned(p[seen], dots.radius / 3, _LAYERS) for p, seen in zip(pixels, inside, strict=True)]
        layers = _LAYERS if max(map(len, shown)) > _LAYERS else 1
        style: dict[str, Any] = {
            "linewidth": 2 * dots.radius * POINTS,
            "alpha": dots.strength / 255,
            "capstyle": "round",
        }
        rasterized = sum(map(len, shown)) > _MAX_DOTS
        for layer in range(layers):
            for turn in range(len(shown)):
                k = (layer + turn) % len(shown)
                some = shown[k][layer::layers]
                if len(some):
                    ends = np.stack([some, np.add(some, (0.05, 0.0))], axis=1)
                    own = {"edgecolor": _rgb(colours[k]), "fill": False, "snap": False, "rasterized": rasterized}
                    self._add(self._patch(area, list(ends), closed=False, **style, **own), area)

    def strokes(self, area: Box, drawing: Drawing, rim: float, background: Colour, *, below: bool = False) -> None:
        """Draw strokes with a rim of background around them; ``below``: on the surface, below everything else."""
        for is_rim in (True, False) if rim else (False,):
            for path, radius, colour, strength in drawing.strokes:
                hue = _rgb(background if is_rim else drawing.colours[colour])
                width = 2 * (radius + (rim if is_rim else 0.0)) * POINTS
                for part, share in _shades(path, strength):
                    style = {"color": hue, "linewidth": width, "alpha": share * (_RIM if is_rim else 1.0)}
                    self._line(area, part, below=below, cap="round" if strength is None else "butt", **style)

    def polygon(self, area: Box, places: Array, corners: Array, colour: Colour, strength: int = 255) -> None:
        """Draw the polygon ``corners`` (n, 2), in pixels from its middle, around each of the places (m, 2)."""
        rings = [np.vstack([at + corners, at + corners[:1]]) for at in places if np.isfinite(at).all()]
        if rings:
            style: dict[str, Any] = {"facecolor": _rgb(colour), "linewidth": 0, "alpha": strength / 255}
            self._add(self._patch(area, rings, **style), area)

    def band(self, area: Box, band: Band, colour: Colour, strength: int) -> None:
        """Tint the region between two curves."""
        known = np.isfinite(band.low) & np.isfinite(band.high)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]])))
        rings = []
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            x = band.x[first:last]
            there, back = (np.stack([x, y[first:last]], axis=1) for y in (band.low, band.high))
            rings.append(np.vstack([there, back[::-1], there[:1]]))
        if rings:
            style: dict[str, Any] = {"facecolor": _rgb(colour), "linewidth": 0, "alpha": strength / 255}
            self._add(self._patch(area, rings, **style), area)

    def growing(self, box: Box, share: float, key: Hashable, draw: Callable[[Canvas, Box], None]) -> None:  # noqa: ARG002
        """Draw the left share of something in a box."""
        self._right = box.left + min(max(share, 0.0), 1.0) * box.width
        draw(self, box)
        self._right = np.inf

    def _line(self, area: Box, path: Array, *, below: bool, cap: Any, **style: Any) -> None:
        from matplotlib.lines import Line2D

        x, y = np.add(path, area[:2]).T
        self._add(Line2D(x, y, solid_capstyle=cap, solid_joinstyle="round", **style), area, below=below)

    def _patch(self, area: Box, rings: Sequence[Array], *, closed: bool = True, **style: Any) -> Any:
        """A patch of several polygons, or polylines, (n, 2) in pixels of an area."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        end = Path.CLOSEPOLY if closed else Path.LINETO
        codes = [np.array([Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), end]) for ring in rings]
        path = Path(np.add(np.concatenate(rings), area[:2]), np.concatenate(codes))
        path.should_simplify = False
        return PathPatch(path, **style)

    def _rectangle(self, box: Box, **style: Any) -> Any:
        from matplotlib.patches import Rectangle

        return Rectangle((box.left, box.top), box.width, box.height, **style)

    def _add(self, artist: Any, area: Box | None = None, *, below: bool = False, placed: bool = False) -> Any:
        """Add an artist, cut at the sides of an area, on top of those that are there; ``placed``: not in pixels."""
        from matplotlib.patches import Rectangle

        self._count += 1
        artist.set(zorder=self._count + (_BELOW if below else 0))
        if not placed:
            artist.set_transform(self._pixels)
        self.figure.add_artist(artist)
        if area is not None:
            window = Rectangle(area[:2], min(area.width, self._right - area.left), area.height, transform=self._pixels)
            artist.set_clip_path(window)
        return artist


def _shades(path: Array, strength: Pixels | None) -> Iterator[tuple[Array, float]]:
    """The parts of a path that are equally strong, and how strong they are."""
    if strength is None:
        yield path, 1.0
        return
    ends = [1, *(np.flatnonzero(np.diff(strength[1:].astype(int))) + 2).tolist(), len(path)]
    for first, last in pairwise(ends):
        if last > first and strength[first]:
            yield path[first - 1 : last], float(strength[first]) / 255


def _veil(light: Array) -> Pixels:
    """Black and white, as clear as changes a colour like its tones do, for light (rows, columns) from the lowest y."""
    part = 2 * light[::-1] - 1
    veil = np.where(part > 0, 255, 0)[..., None].repeat(4, axis=-1).astype(np.uint8)
    veil[..., 3] = np.rint(255 * np.where(part > 0, _VEIL[1] * part, -_VEIL[0] * part))
    return veil


def _rgb(colour: Colour | Pixels) -> tuple[float, float, float]:
    """A colour as matplotlib takes it."""
    red, green, blue = (float(part) / 255 for part in np.asarray(colour))
    return red, green, blue


def _formula_width(piece: Formula) -> float:
    """Width in pixels of a formula whose letters are not fitted to pixels."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    found = MathTextParser("path").parse(piece.text, dpi=72, prop=FontProperties(size=piece.size))
    return float(found.width)


def _font(face: Face) -> dict[str, Any]:
    """Family and weight of a font, which matplotlib knows from now on."""
    from matplotlib.font_manager import fontManager

    found = _entry(face)
    if found is None:
        fontManager.addfont(face.file)
        found = _entry(face)
    return {"family": found.name, "weight": found.weight, "style": found.style} if found else {}


def _entry(face: Face) -> Any:
    """What matplotlib knows of a font; before its version 3.11 only of a file's first one."""
    from matplotlib.font_manager import fontManager

    same = [entry for entry in fontManager.ttflist if entry.fname == face.file]
    return next((entry for entry in same if getattr(entry, "index", 0) == face.number), same[0] if same else None)
