"""The surface of one batch over a map, quick enough to change with every frame."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from errsurf.drawing.canvas import Contours
from errsurf.drawing.colours import Pixels, map_colours
from errsurf.drawing.history.contours import Grid, contour_width
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.style import Style
from errsurf.run.batch_members import Integers

if TYPE_CHECKING:
    from errsurf.drawing.map.maps import Maps
    from errsurf.engine.landscape import Landscape

# One grid an example is kept up to here; beyond, the examples of a batch are evaluated in each frame.
_MAX_BYTES = 1 << 26
_DARKER = 8


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
        levels, colours = self.steps
        loss = np.nan_to_num(self.loss(batches), nan=levels[-1], posinf=levels[-1], neginf=levels[0])
        return Contours(*self.grid[:2], loss, levels, colours, self.style.theme.contour, contour_width(self.style))

    @cached_property
    def steps(self) -> tuple[Array, Pixels]:
        """All levels, rising, and the colour above each."""
        count, theme = len(self.levels) - 1, self.style.theme
        below = self.levels[0] - np.median(np.diff(self.levels)) * np.arange(count, 0, -1)
        more = min(_DARKER, count)
        lightness, chroma = (_begun_earlier(ends, more / max(count - 1, 1)) for ends in (theme.lightness, theme.chroma))
        fills = map_colours(theme._replace(lightness=lightness, chroma=chroma), count + more)
        colours = np.rint(255 * np.asarray(fills, dtype=np.float64)).astype(np.uint8)
        first = np.repeat(colours[:1], count - more, axis=0)
        return np.concatenate([below, self.levels]), np.concatenate([first, colours])

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


def _begun_earlier(ends: tuple[float, float], share: float) -> tuple[float, float]:
    """A range that begins earlier by a share of itself."""
    return ends[0] - share * (ends[1] - ends[0]), ends[1]


def batch_surface(maps: "Maps") -> BatchSurface:
    """The surface of batches on a picture's maps."""
    return maps.once("batch", lambda: BatchSurface(maps.result.landscape, maps.grid, maps.levels, maps.style))
