"""Names of critical points, the same in tables, files, charts, claims and on maps; and where particles are, counted."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis.critical import Critical
from errsurf.analysis.hessian import Array, Window
from errsurf.analysis.regions import Regions, is_resting

UNLIKE = 1.5
LETTERS = 26


class Names(NamedTuple):
    """``short`` and ``titles`` name each critical point, as "A" and "minimum A"; ``lowest`` marks the lowest minima.

    ``order`` are the places of minima and valley floors in the list, from left to right in the window, then those
    outside it; ``minima`` are the places of the minima, in the numbering of basins, of which ``followed`` is the
    flattest one in the window.
    """

    short: tuple[str, ...]
    titles: tuple[str, ...]
    lowest: tuple[bool, ...]
    order: tuple[int, ...]
    minima: tuple[int, ...]
    followed: int

    @property
    def flattest(self) -> int:
        """Place of the flattest minimum in the window in the list."""
        return self.minima[self.followed]

    @property
    def parts(self) -> tuple[str, ...]:
        """Where particles can be, as ``whereabouts`` counts them."""
        others = {title for k, title in enumerate(self.titles) if k not in self.order}
        other = others.pop() if len(others) == 1 else "saddle" if not others else "saddle or maximum"
        return (*(self.short[k] for k in self.order), other, "on the way", "outside the map", "diverged")


def named(critical: Sequence[Critical], window: Window) -> Names:
    """Names of these critical points, for the window ``((x0, x1), (y0, y1))`` of the scenario or else the surface.

    Two minima of unlike sharpness in the window are the flat and the sharp one; otherwise minima and valley floors
    have letters, A at the left, but for a single one.  What is found outside has the letters that follow, so that a
    wider search renames nothing.
    """
    order = sorted(
        (k for k, each in enumerate(critical) if is_resting(each)),
        key=lambda k: (not _inside(critical[k], window), critical[k].x, critical[k].y),
    )
    inside = [k for k in order if _inside(critical[k], window)]
    short, titles = [each.word for each in critical], [each.word for each in critical]
    sharpness = sorted(critical[k].sharpness for k in inside)
    alike = any(critical[k].is_floor or not critical[k].is_smooth for k in inside)
    pair = len(inside) == 2 and not alike and sharpness[1] > UNLIKE * sharpness[0]
    alone = len(inside or order) == 1
    for place, k in enumerate(order):
        if pair and k in inside:
            short[k] = "flat" if critical[k].sharpness == sharpness[0] else "sharp"
            titles[k] = f"{short[k]} {critical[k].word}"
        elif place or not alone:
            short[k] = chr(ord("A") + place) if place < LETTERS else str(place + 1)
            titles[k] = f"{critical[k].word} {short[k]}"
    minima = tuple(k for k, each in enumerate(critical) if each.kind == "minimum")
    numbers = [m for m, k in enumerate(minima) if k in inside] or list(range(len(minima)))
    followed = min(numbers, key=lambda m: np.nan_to_num(critical[minima[m]].sharpness, nan=np.inf), default=0)
    return Names(tuple(short), tuple(titles), _lowest(critical), tuple(order), minima, followed)


def whereabouts(points: Array, diverged: int, names: Names, regions: Regions, window: Window) -> NDArray[np.int64]:
    """How many particles are at each minimum, at another critical point, on the way, outside the map, diverged.

    ``points`` (n, 2) are those of the particles that have not diverged, ``window`` is what the map shows; the counts
    are those of ``names.parts``, shape (parts,).
    """
    (x0, x1), (y0, y1) = window
    x, y = points[:, 0], points[:, 1]
    seen = points[(x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)]
    count = np.bincount(regions.at(seen) + 1, minlength=len(names.short) + 1)
    at = count[1:][list(names.order)]
    other = len(seen) - int(count[0]) - int(at.sum())
    return np.array([*at, other, count[0], len(points) - len(seen), diverged], dtype=np.int64)


def _inside(point: Critical, window: Window) -> bool:
    (x0, x1), (y0, y1) = window
    return x0 <= point.x <= x1 and y0 <= point.y <= y1


def _lowest(critical: Sequence[Critical]) -> tuple[bool, ...]:
    """Whether a point is a minimum or valley floor that no other lies below, to rounding."""
    losses = [each.loss for each in critical]
    least = min((each.loss for each in critical if is_resting(each)), default=np.inf)
    slack = 1e-9 * (max(losses, default=0.0) - least + abs(least)) if np.isfinite(least) else 0.0
    return tuple(is_resting(each) and each.loss <= least + slack for each in critical)
