"""The surface of one batch over a map, quick enough to change with every frame."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from errsurf.drawing.canvas import Contours
from errsurf.drawing.colours import TONES, Pixels, map_tones
from errsurf.drawing.history.contours import Grid, contour_width
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.style import Style
from errsurf.run.batch_members import Integers

if TYPE_CHECKING:
    from errsurf.drawing.map.maps import Maps
    from errsurf.engine.landscape import Landscape

# One grid an example is kept up to here; beyond, the examples of a batch are evaluated in each frame.
_MAX_BYTES = 1 << 26
_DARKER, _DEEPER = 8, 0.04


@dataclass(frozen=True)
class BatchSurface:
    """The losses of batches on the grid of the training loss, drawn with its levels and colours.

    Where a batch's loss is below the lowest level, levels go on in even steps, a little deeper in colour.
    """

    landscape: "Landscape"
    grid: Grid
    levels: Array
    style: Style

    def loss(self, batches: list[Integers]) -> Array:
        """Mean of the mean losses of some batches, shape (rows, columns)."""
        total = np.zeros_like(self.grid[2])
        if self._each is None:
            for batch in batches:
                total += self.landscape.loss(self._points, batch) / len(batches)
            return total
        for batch in batches:
            for example, times in zip(*np.unique(batch, return_counts=True), strict=True):
                total += self._each[example] * (times / (len(batch) * len(batches)))
        return total

    def contours(self, batches: list[Integers]) -> Contours:
        """The surface of these batches."""
        levels, areas, lines = self.steps
        loss = np.nan_to_num(self.loss(batches), nan=levels[-1], posinf=levels[-1], neginf=levels[0])
        return Contours(*self.grid[:2], loss, levels, areas, lines, contour_width(self.style))

    @cached_property
    def steps(self) -> tuple[Array, Pixels, Pixels]:
        """All levels, rising, and the colours of the area above each and of the lines in it."""
        count, theme = len(self.levels) - 1, self.style.theme
        below = self.levels[0] - np.median(np.diff(self.levels)) * np.arange(count, 0, -1)
        areas, lines = (tones[:, TONES // 2] for tones in map_tones(theme, count))
        deeper = np.minimum(np.arange(count, 0, -1), _DARKER)[:, None] * _DEEPER
        first = np.rint(areas[:1] * (1 - deeper)).astype(np.uint8)
        fills = np.concatenate([first, areas])
        return (
            np.concatenate([below, self.levels]),
            fills[:, None],
            np.concatenate([0 * first + lines[:1], lines])[:, None],
        )

    @cached_property
    def _points(self) -> Array:
        return np.stack(np.meshgrid(*self.grid[:2]), axis=-1)

    @cached_property
    def _each(self) -> Array | None:
        """The losses of all examples one by one, (examples, rows, columns), where they have room."""
        examples = len(self.landscape.train)
        if examples * self.grid[2].nbytes > _MAX_BYTES:
            return None
        return np.stack([self.landscape.loss(self._points, [k]) for k in range(examples)])


def batch_contours(maps: "Maps", batches: list[Integers]) -> Contours:
    """The surface of batches on a picture's maps, or their curve."""
    found = batch_surface(maps)
    return found.contours(batches) if maps.level is None else maps.contours(found.loss(batches))


def batch_surface(maps: "Maps") -> BatchSurface:
    """The surface of batches on a picture's maps."""
    return maps.once("batch", lambda: BatchSurface(maps.result.landscape, maps.grid, maps.levels, maps.style))
