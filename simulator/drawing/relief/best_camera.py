"""From where a relief is seen best, and how high it may be so that hills hide little of what the picture is about."""

from collections.abc import Sequence

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.history.frames import Array
from errsurf.drawing.relief.camera import Camera, view
from errsurf.drawing.relief.kernels import FINE
from errsurf.drawing.relief.sight import Sight, placed, traced
from errsurf.drawing.relief.terrain import Terrain, lowered

_PREFERRED, _ASIDE, _AROUND = Camera().azimuth, range(-45, 46, 15), range(0, 360, 30)
_LOWER = (1.0, 0.85, 0.72, 0.61, 0.5, 0.4)
_HIDDEN, _ALIKE = 0.15, 0.04
_AREA = Box(0, 0, 240, 180)


def best_camera(
    land: Terrain,
    places: Sequence[Array],
    azimuth: float | None,
    elevation: float,
    *,
    turning: bool,
    given: bool = False,
) -> tuple[Terrain, Camera]:
    """A relief and the camera for it.

    ``places`` are sets of points of theta, each (n, 2), that are to be seen; each set counts by the share of it that is
    hidden.  Without an azimuth the camera has x to the right and y away from it.  The relief is lowered, down to
    two fifths, until the shares sum up to no more than 15%; if it will turn, on average all around.  A height that was
    ``given`` stays.
    """
    for factor in _LOWER[:1] if given else _LOWER:
        low = lowered(land, factor)
        asked = _ASIDE if azimuth is None and not turning else [_PREFERRED if azimuth is None else azimuth]
        shares = {float(a): _hidden(low, places, Camera(float(a), elevation)) for a in asked}
        best = min(shares, key=lambda a: (round(shares[a] / _ALIKE), abs(a - _PREFERRED)))
        share = shares[best]
        if turning:
            share = float(np.mean([_hidden(low, places, Camera(best + a, elevation)) for a in _AROUND]))
        if share <= _HIDDEN:
            break
    return low, Camera(best, elevation)


def _hidden(land: Terrain, places: Sequence[Array], camera: Camera) -> float:
    """Sum over the sets of the share that is hidden."""
    seen = view(land, camera, _AREA, (0, 0, 0, 0))
    away = traced(land, seen, _AREA)
    near = np.where(away < 1e8, away, -np.inf).reshape(_AREA.width, FINE, _AREA.height, FINE).max(axis=(1, 3))
    there = Sight(seen, np.empty((0, 0, 3), np.uint8), np.ascontiguousarray(near.T), [])
    return float(sum(placed(land, there, each)[1].mean() for each in places if len(each)))
