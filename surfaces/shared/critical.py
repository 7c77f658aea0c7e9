"""Critical points that have no closed form, to machine precision."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from errsurf.surfaces.shared.record import Array, CriticalPoint

UPDATES = 30


def refined(
    gradient: Callable[..., Any], hessian: Callable[..., Any], row: Any, starts: Iterable[tuple[float, float]]
) -> list[CriticalPoint]:
    """Where Newton's method leads from places near critical points: each point once, with its kind.

    A start from which it does not settle is left out.
    """
    x, y = np.array(list(starts), np.float64).T
    for _ in range(UPDATES):
        (p, q), (xx, xy, yy) = gradient(x, y, row), np.broadcast_arrays(*hessian(x, y, row), x)[:3]
        area = xx * yy - xy**2
        area = np.where(area == 0, np.nan, area)
        dx, dy = (xy * q - yy * p) / area, (xy * p - xx * q) / area
        x, y = x + dx, y + dy
    settled = np.hypot(dx, dy) <= 1e-12 * (1 + np.hypot(x, y))
    found: list[CriticalPoint] = []
    for point in zip(x[settled].tolist(), y[settled].tolist(), strict=True):
        if all(abs(point[0] - c.x) + abs(point[1] - c.y) > 1e-9 for c in found):
            found.append(CriticalPoint(*point, kind(*hessian(*point, row))))
    return found


def kind(xx: float, xy: float, yy: float) -> str:
    """What a critical point with these second derivatives is."""
    low, high = np.linalg.eigvalsh([[xx, xy], [xy, yy]])
    return "minimum" if low > 0 else "maximum" if high < 0 else "saddle"


def pairs(along_x: Iterable[float] | Array, along_y: Iterable[float] | Array) -> list[tuple[float, float]]:
    """All points of the lattice with these coordinates."""
    across = list(along_y)
    return [(float(x), float(y)) for x in along_x for y in across]
