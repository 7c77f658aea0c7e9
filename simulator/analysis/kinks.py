"""Minima at which the loss has a kink: no gradient is zero there, so Newton's method cannot find them.

Nodes of a grid that are lower than their neighbours are led down by BFGS with a line search for the weak Wolfe
conditions, which needs no smoothness (Lewis and Overton 2013, Nonsmooth optimization via quasi-Newton methods,
Mathematical Programming 141, 135-163).  What is found counts if the loss rises from it in all directions, and the
gradients on either side of it stay apart however near they are.
"""

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis.hessian import Array, Landscape

MOST = 24
"""Nodes from which such minima are sought, lowest first."""
STEPS, HALVINGS = 100, 40
NEAR, FAR = 1e-6, 1e-4
"""Radii, as shares of a grid's pitch, between which the jump of a gradient does not shrink at a kink."""


def circle(count: int) -> Array:
    """Unit vectors in evenly spaced directions, shape (count, 2)."""
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([np.cos(turns), np.sin(turns)], axis=-1)


def is_kink(landscape: Landscape, points: Array, steepest: float, reach: float) -> NDArray[np.bool_]:
    """Whether the gradient jumps at points (n, 2), shape (n,)."""
    near, far = (_jump(landscape, points, radius * reach) for radius in (NEAR, FAR))
    jumps: NDArray[np.bool_] = (near > 0.5 * far) & (near > 1e-8 * steepest)
    return jumps


def _jump(landscape: Landscape, points: Array, radius: float) -> Array:
    """The largest difference of gradients on opposite sides of points (n, 2), shape (n,)."""
    half = circle(16)[:8]
    one, other = (landscape.gradient(points[:, None] + side * radius * half, "train") for side in (1, -1))
    return np.asarray(np.hypot(*np.moveaxis(one - other, -1, 0)).max(axis=1))


def kink_minima(landscape: Landscape, grid: Array, known: Array, steepest: float, reach: float) -> Array:
    """Minima at kinks inside a grid (rows, columns, 2), shape (n, 2), away from the points ``known`` (m, 2)."""
    found: Array = np.empty((0, 2))
    for start in _low_nodes(landscape, grid, known, 2 * reach):
        if _is_far(start, found, reach):
            end = _descended(landscape, start, reach)
            if _is_far(end, found, reach) and _is_minimum(landscape, end, steepest, reach):
                found = np.vstack([found, np.where(np.abs(end) < 1e-9 * reach, 0.0, end)])
    inside = (found > grid[0, 0]) & (found < grid[-1, -1])
    return np.asarray(found[inside.all(axis=1)])


def _is_far(point: Array, points: Array, distance: float) -> bool:
    return bool((np.hypot(*(points - point).T) > distance).all())


def _low_nodes(landscape: Landscape, grid: Array, known: Array, distance: float) -> Array:
    """Nodes no higher than all eight neighbours and lower than one, away from known points, lowest first."""
    loss = landscape.loss(grid, "train")
    around = np.lib.stride_tricks.sliding_window_view(loss, (3, 3)).reshape(loss.shape[0] - 2, loss.shape[1] - 2, 9)
    middle = loss[1:-1, 1:-1]
    low = (middle <= around.min(axis=-1)) & (middle < around.max(axis=-1))
    nodes, height = grid[1:-1, 1:-1][low], middle[low]
    far = [_is_far(node, known, distance) for node in nodes]
    return np.asarray(nodes[far][np.argsort(height[far], kind="stable")][:MOST])


def _is_minimum(landscape: Landscape, point: Array, steepest: float, reach: float) -> bool:
    """Whether the loss rises in all directions from a point, and has a kink there."""
    radii = reach * np.array([1e-5, 1e-4, 1e-3, 1e-2])
    rise = landscape.loss(point + radii[:, None, None] * circle(64), "train") - landscape.loss(point, "train")
    return bool((rise > 0).all()) and bool(is_kink(landscape, point[None], steepest, reach)[0])


def _descended(landscape: Landscape, point: Array, reach: float) -> Array:
    """Where BFGS ends from a point (2,)."""
    inverse, slope = np.eye(2), landscape.gradient(point, "train")
    inverse *= reach / max(float(np.hypot(*slope)), 1e-280)
    for _ in range(STEPS):
        move = -inverse @ slope
        length = _length(landscape, point, slope, move)
        step = length * move
        if not np.hypot(*step) > 1e-13 * reach:
            break
        point = point + step
        new = landscape.gradient(point, "train")
        inverse, slope = _updated(inverse, step, new - slope), new
    return point


def _length(landscape: Landscape, point: Array, slope: Array, move: Array) -> float:
    """A step length that fulfils the weak Wolfe conditions, by doubling and bisection; 0 if none is found."""
    here, along = float(landscape.loss(point, "train")), float(slope @ move)
    low, high, length = 0.0, np.inf, 1.0
    for _ in range(HALVINGS):
        there = point + length * move
        if not landscape.loss(there, "train") < here + 1e-4 * length * along:
            high = length
        elif landscape.gradient(there, "train") @ move < 0.5 * along:
            low = length
        else:
            return length
        length = (low + high) / 2 if np.isfinite(high) else 2 * low
    return low


def _updated(inverse: Array, step: Array, change: Array) -> Array:
    """The inverse Hessian's estimate after a step along which the gradient changed."""
    curved = float(step @ change)
    if not curved > 0:
        return inverse
    turn = np.eye(2) - np.outer(step, change) / curved
    return np.asarray(turn @ inverse @ turn.T + np.outer(step, step) / curved)
