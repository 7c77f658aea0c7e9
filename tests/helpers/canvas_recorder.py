"""A canvas that writes down what is drawn."""

# ruff: noqa: ARG002

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Band, Canvas, Contours, Dots, Drawing
from errsurf.drawing.colours import Colour


@dataclass
class Recorder:
    """What was drawn, by kind, in order."""

    size: tuple[int, int] = (960, 540)
    fills: list[tuple[Box, Colour]] = field(default_factory=list)
    texts: list[tuple[str, int, int]] = field(default_factory=list)
    surfaces: list[tuple[Box, Contours]] = field(default_factory=list)
    dotted: list[tuple[Box, Any, Dots]] = field(default_factory=list)
    hues: list[Any] = field(default_factory=list)
    drawings: list[tuple[Box, Drawing]] = field(default_factory=list)
    polygons: list[tuple[Box, Any, Any]] = field(default_factory=list)
    bands: list[tuple[Box, Band]] = field(default_factory=list)

    def fill(self, box: Box, colour: Colour) -> None:
        assert box.width >= 0 <= box.height
        self.fills.append((box, colour))

    def write(self, text: str, left: int, top: int, *_args: Any) -> None:
        self.texts.append((text, left, top))

    def image(self, area: Box, pixels: Any) -> None:
        pass

    def surface(self, area: Box, contours: Contours) -> None:
        assert _is_area(area)
        self.surfaces.append((area, contours))

    def dots(self, area: Box, points: Any, scale: Any, dots: Dots, colours: Any) -> None:
        assert _is_area(area)
        pixels = (points - (scale[0], scale[2])) * (scale[1], -scale[3])
        self.dotted.append((area, pixels, dots))
        self.hues.append(colours)

    def strokes(self, area: Box, drawing: Drawing, rim: float, paper: Colour, *, below: bool = False) -> None:
        assert _is_area(area)
        self.drawings.append((area, drawing))

    def polygon(self, area: Box, places: Any, corners: Any, colour: Colour, *_args: Any) -> None:
        assert _is_area(area)
        self.polygons.append((area, places, corners))
        self.hues.append(np.array([colour]))

    def band(self, area: Box, band: Band, *_args: Any) -> None:
        assert _is_area(area)
        self.bands.append((area, band))

    def growing(self, box: Box, share: float, key: Hashable, draw: Callable[[Canvas, Box], None]) -> None:
        draw(self, box)


def _is_area(area: Box) -> bool:
    """Whether anything can be drawn in it."""
    return area.width > 0 < area.height
