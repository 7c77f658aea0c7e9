"""Many particles as one cloud, which is darker where there are more of them."""

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Pixels
from errsurf.drawing.history.frames import Array
from errsurf.viewer.pixel_loops import counts, tint

_FULL = 245
_MOST = 256


def draw_cloud(
    out: Pixels, area: Box, points: Array, scale: tuple[float, float, float, float], unit: float, colours: Pixels
) -> None:
    """Draw points, (groups, particles, 2) in theta, into an area whose ``scale`` is as for ``dots``.

    A cell's coverage grows with the logarithm of its count, up to the count of a thousandth of a group.
    """
    cell = max(2, round(1.5 * unit))
    found = np.zeros((len(points), -(-area.height // cell), -(-area.width // cell)), np.uint16)
    counts(found, points, scale, cell)
    full = np.log1p(max(points.shape[1] / 1000, 4.0))
    cover = np.minimum(0.3 + 0.7 * np.log1p(np.arange(_MOST)) / full, 1.0) * _FULL
    tint(out, found, tuple(area), cell, cover.astype(np.int64), colours)
