"""Where particles are: at a critical point, or on the way.

A particle is **at a minimum** when it is in its basin and its loss has fallen below a tenth of the way from the minimum
up to the lowest pass that leads out of the basin: over a saddle or over the border of the window.  Since the flow only
falls, these points are the connected part of ``{loss <= level}`` that holds the minimum, whether it is flat or sharp,
round or narrow, and a particle that hovers there by noise is there, as is one that an update throws from one side of a
kink to the other.  The floor of a level valley, which may leave the
window, has the median loss along the border in place of a pass.

A particle is **at a saddle or maximum** when it is closer than a tenth of the distance to the next critical point, and
its loss differs by at most a tenth of the fall from there to the higher of the minima in which the flow would end.
All others are on the way, whatever the flow would do with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis.arguments import rectangle
from errsurf.analysis.basin import basin_labels
from errsurf.analysis.critical import Critical
from errsurf.analysis.hessian import Array, Landscape, Window, combined, components, eigenvectors

ON_THE_WAY = -1
SHARE = 0.1
SIDE, BORDER, ZOOMS, STRETCHES = 64, 96, 12, 500
NEAREST = 8
"""Of many regions only those of so many critical points nearest to a particle are looked at."""
CELLS = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1


@dataclass(frozen=True)
class Regions:
    """The regions of ``at`` of critical points, as cells of boxes that are turned to the axes of their Hessians.

    ``middles`` (n, 2) are the points, the rows of ``axes`` (n, 2, 2) give the coordinates of a displacement from them
    in which the box goes from -1 to 1, and ``masks`` (n, rows, columns) say which of its cells belong to the region.
    No two regions overlap.
    """

    middles: Array
    axes: Array
    masks: NDArray[np.bool_]

    def at(self, points: Array) -> NDArray[np.int64]:
        """At which critical point each point is, by its place in the list, -1 on the way: (n,) of (n, 2)."""
        found = np.full(len(points), ON_THE_WAY, dtype=np.int64)
        near = self._near(points)
        u, v = (self._along(points, near, axis) for axis in (0, 1))
        which, place = np.nonzero((np.abs(u) <= 1) & (np.abs(v) <= 1))
        column, row = (_cell(each[which, place]) for each in (u, v))
        region = near[which, place] if near.ndim == 2 else near[place]
        held = self.masks[region, row, column]
        found[which[held]] = region[held]
        return found

    def _near(self, points: Array) -> NDArray[np.intp]:
        """The regions to look at: all (regions,), or of many the nearest of each point (n, NEAREST)."""
        if len(self.middles) <= 2 * NEAREST or not len(points):
            return np.arange(len(self.middles))
        return np.asarray(self._tree.query(points, NEAREST)[1])

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import cKDTree

        return cKDTree(self.middles)

    def _along(self, points: Array, near: NDArray[np.intp], axis: int) -> Array:
        """Coordinates of points (n, 2) along one axis of the boxes of these regions, (n, regions)."""
        own = self.axes[near, axis]
        origin = (own * self.middles[near]).sum(axis=-1)
        return np.asarray((points @ own.T if near.ndim == 1 else (own * points[:, None]).sum(axis=-1)) - origin)


def _cell(coordinates: Array) -> NDArray[np.int64]:
    """The cells of coordinates from -1 to 1."""
    return np.clip((coordinates + 1) / 2 * SIDE, 0, SIDE - 1).astype(np.int64)


class Frame(NamedTuple):
    """Coordinates around a critical point, along the axes (2, 2) of its Hessian."""

    middle: Array
    axes: Array

    def own(self, points: Array) -> Array:
        """Points (..., 2) of the plane in these coordinates."""
        return components(self.axes, points - self.middle)

    def loss(self, landscape: Landscape, half: Array) -> Array:
        """The training loss in the middle of each cell of a box with these half sides, shape (rows, columns)."""
        x, y = (half * CELLS[:, None]).T
        return landscape.loss(self.middle + combined(self.axes, np.stack(np.meshgrid(x, y), axis=-1)), "train")


@np.errstate(over="ignore", invalid="ignore")
def regions(landscape: Landscape, window: Window, critical: Sequence[Critical]) -> Regions:
    """The regions of these critical points of the training loss, in the window in which they were found."""
    resting = [k for k, each in enumerate(critical) if is_resting(each)]
    others = [k for k in range(len(critical)) if k not in resting]
    ends = _ends(landscape, [critical[k] for k in others], [critical[k] for k in resting])
    points = np.array([(each.x, each.y) for each in critical], np.float64).reshape(-1, 2)
    axes = eigenvectors(np.nan_to_num(landscape.hessian(points, "train")))
    frames = [Frame(*each) for each in zip(points, axes, strict=True)]
    halves, masks = np.ones((len(critical), 2)), np.zeros((len(critical), SIDE, SIDE), np.bool_)
    passes = _passes(landscape, window, [critical[k] for k in resting], [critical[k].loss for k in others], ends)
    for k, height in zip(resting, passes.tolist(), strict=True):
        level = critical[k].loss + SHARE * (height - critical[k].loss)
        halves[k], masks[k] = _basin_floor(landscape, window, critical[k], frames[k], level)
    for k, both in zip(others, ends, strict=True):
        falls = [critical[k].loss - critical[resting[end]].loss for end in both if end >= 0]
        radius = SHARE * min(_apart(critical[k], critical), float(np.ptp(np.array(window), axis=1).min()))
        halves[k], masks[k] = _disc(landscape, critical[k], frames[k], radius, SHARE * min(falls, default=np.inf))
    return Regions(points, axes / np.maximum(halves, 1e-280)[..., None], masks)


def is_resting(point: Critical) -> bool:
    """Whether gradient flow ends there: at a minimum, or on the floor of a level valley."""
    return point.kind == "minimum" or point.is_floor


def _ends(landscape: Landscape, others: Sequence[Critical], resting: Sequence[Critical]) -> NDArray[np.int64]:
    """In which resting point the flow ends from four places around each other critical point, (others, 4)."""
    at = np.array([(each.x, each.y) for each in others], np.float64).reshape(-1, 1, 2)
    near = np.array([_apart(each, [*others, *resting]) for each in others], np.float64).reshape(-1, 1, 1)
    axes = np.array([_downhill(landscape, each) for each in others], np.float64).reshape(-1, 2, 2)
    around = at + 1e-3 * np.where(np.isfinite(near), near, 1.0) * np.concatenate([axes, -axes], axis=1)
    found: NDArray[np.int64] = basin_labels(landscape, around.reshape(-1, 2), resting, STRETCHES).reshape(-1, 4)
    return found


def _downhill(landscape: Landscape, point: Critical) -> Array:
    """Two directions in which the loss falls, (2, 2): one twice at a saddle."""
    xx, xy, yy = landscape.hessian(np.array([[point.x, point.y]]), "train")[0]
    values, axes = np.linalg.eigh([[xx, xy], [xy, yy]])
    return np.asarray(axes.T[[0, 0]] if values[1] > 0 else axes.T)


def _apart(point: Critical, all_of_them: Sequence[Critical]) -> float:
    """Distance to the next critical point, infinite if there is none."""
    away = [float(np.hypot(point.x - each.x, point.y - each.y)) for each in all_of_them if each != point]
    return min(away, default=np.inf)


def _passes(
    landscape: Landscape, window: Window, resting: Sequence[Critical], heights: Sequence[float], ends: NDArray[np.int64]
) -> Array:
    """The loss of the lowest way out of each basin, shape (resting,)."""
    low, high = rectangle(window)
    turn = np.linspace(0, 1, BORDER)
    sides = [np.stack(np.broadcast_arrays(*side), axis=-1) for side in ((turn, 0), (turn, 1), (0, turn), (1, turn))]
    border = low + (high - low) * np.concatenate(sides)
    loss, label = landscape.loss(border, "train"), basin_labels(landscape, border, resting, STRETCHES)
    found = np.full(len(resting), np.inf)
    for k, point in enumerate(resting):
        mine = loss[(label == k) & np.isfinite(loss)]
        over = [height for height, each in zip(heights, ends, strict=True) if k in each and (each != k).any()]
        edge = [float(np.median(mine) if point.is_floor else mine.min())] if len(mine) else []
        found[k] = min([*over, *edge], default=np.inf)
    return found


def _basin_floor(
    landscape: Landscape, window: Window, point: Critical, frame: Frame, level: float
) -> tuple[Array, NDArray[np.bool_]]:
    """Half sides of a box, and its cells of the connected part of ``{loss <= level}`` that holds a point."""
    at = frame.own(np.array(point.curve or [(point.x, point.y)], np.float64))
    most = np.abs(frame.own(np.stack(np.meshgrid(*window), axis=-1).reshape(-1, 2))).max(axis=0)
    bend = np.nan_to_num(np.maximum(point.eigenvalues, 1e-280), nan=1e-280)
    # Where losses were measured, a pass may lie below the point, or be no number.
    wide = 3 * np.sqrt(np.fmax(level - point.loss, 0.0) / bend)
    half = np.minimum(most, np.maximum(wide, 1.1 * np.abs(at).max(axis=0)))
    for _ in range(ZOOMS):
        mask = frame.loss(landscape, half) <= level
        column, row = _cell(at / np.maximum(half, 1e-280)).T
        mask[row, column] = True
        mask = _connected(mask, row, column)
        reach = np.array([np.abs(2 * np.flatnonzero(mask.any(axis=axis)) + 1 - SIDE).max() for axis in (0, 1)]) / SIDE
        change = np.where((reach > 1 - 1.5 / SIDE) & (half < most), 2.0, np.where(reach < 0.2, 2 * reach, 1.0))
        if (change == 1).all():
            break
        half = np.minimum(half * change, most)
    return half, mask


def _connected(mask: NDArray[np.bool_], row: NDArray[np.int64], column: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The cells of a mask that steps along rows and columns of it reach from some of them."""
    found = np.zeros_like(mask)
    found[row, column] = True
    while True:  # 64 passes take 1 ms; importing scipy.ndimage.label takes 50
        grown = found.copy()
        for way, back in ((grown, found), (grown.T, found.T)):
            way[1:] |= back[:-1]
            way[:-1] |= back[1:]
        grown &= mask
        if (grown == found).all():
            return found
        found = grown


def _disc(
    landscape: Landscape, point: Critical, frame: Frame, radius: float, slack: float
) -> tuple[Array, NDArray[np.bool_]]:
    """Half sides of a box, and its cells of a disc around a point where the loss differs by at most ``slack``."""
    bend = np.maximum(np.abs(point.eigenvalues), 1e-280)
    half = np.minimum(radius, 2 * np.sqrt(2 * slack / bend))
    turn = half * CELLS[:, None]
    mask = np.hypot(turn[:, 0], turn[:, 1][:, None]) <= radius
    return half, mask & (np.abs(frame.loss(landscape, half) - point.loss) <= slack)
