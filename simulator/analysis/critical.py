"""All points of zero gradient in a window: starts on a grid, then Newton's method with a safeguard."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.analysis.hessian import Array, Landscape, Window, combined, components, eigenvalues, eigenvectors

GRID = (96, 128)
UPDATES_AT_MOST = 100


@dataclass(frozen=True)
class Critical:
    """A point of zero training gradient.

    ``kind`` is minimum, saddle, maximum, or degenerate where an eigenvalue of the Hessian is 0 to rounding;
    ``eigenvalues`` ascend.
    """

    x: float
    y: float
    kind: str
    loss: float
    eigenvalues: tuple[float, float]

    @property
    def sharpness(self) -> float:
        """The largest eigenvalue."""
        return self.eigenvalues[1]


def critical_points(landscape: Landscape, window: Window) -> tuple[Critical, ...]:
    """Critical points of the training loss inside the window ``((x0, x1), (y0, y1))``, from left to right.

    Points nearer to each other than about a hundredth of the window may be missed.  A whole curve of them,
    such as the floor of a level valley, is given as one degenerate point in its middle; a plateau is none.
    """
    low, high = np.array(window, dtype=np.float64).T
    grid = _grid(low, high)
    slopes = landscape.gradient(grid, "train")
    steepest = float(np.hypot(slopes[..., 0], slopes[..., 1]).max())
    pitch = (high - low) / (np.array(GRID[::-1]) - 1)
    reach = float(np.hypot(*pitch))
    points = _newton(landscape, grid[_promising(slopes)], low - 4 * pitch, high + 4 * pitch, reach)
    slack = 1e-9 * (high - low)
    points = points[((points >= low - slack) & (points <= high + slack)).all(axis=1)]
    points = points[_stationary(landscape, points, steepest, reach)]
    flat = _degenerate(eigenvalues(landscape.hessian(points, "train")), steepest / reach)
    kept = [points[flat][chain] for chain in _chains(points[flat], 3 * reach)]
    kept += [points[~flat][chain] for chain in _chains(points[~flat], 1e-4 * reach)]
    middles = [chain[np.argmin(np.abs(chain - chain.mean(axis=0)).sum(axis=1))] for chain in kept]
    middles = [np.where(np.abs(middle) < 1e-12 * reach, 0.0, middle) for middle in middles]
    order = sorted(middles, key=lambda p: tuple(np.round(p / (1e-4 * reach))))
    return tuple(_described(landscape, point, steepest / reach) for point in order)


def _grid(low: Array, high: Array) -> Array:
    x, y = (np.linspace(low[k], high[k], GRID[1 - k]) for k in (0, 1))
    return np.stack(np.meshgrid(x, y), axis=-1)


def _promising(slopes: Array) -> NDArray[np.bool_]:
    """Nodes around which both derivatives change sign, or where the gradient is shortest."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(slopes, ((1, 1), (1, 1), (0, 0)), "edge"), (3, 3), (0, 1))
    changes: NDArray[np.bool_] = ((around.min(axis=(-2, -1)) <= 0) & (around.max(axis=(-2, -1)) >= 0)).all(axis=-1)
    shortest: NDArray[np.bool_] = (slopes**2).sum(axis=-1) <= (around**2).sum(axis=2).min(axis=(-2, -1))
    return changes | shortest


def _newton(landscape: Landscape, points: Array, low: Array, high: Array, reach: float) -> Array:
    """Newton's method on the gradient; where it does not shorten the gradient, Levenberg and Marquardt's damping."""
    done = [points[:0]]
    slope, bend = landscape.gradient(points, "train"), landscape.hessian(points, "train")
    damping = np.zeros(len(points))
    for _ in range(UPDATES_AT_MOST):
        values, axes = eigenvalues(bend), eigenvectors(bend)
        divisor = values**2 + damping[:, None]
        inverse = np.divide(values, divisor, out=np.zeros_like(values), where=divisor > 0)
        move = -combined(axes, inverse * components(axes, slope))
        length = np.hypot(move[:, 0], move[:, 1])
        move *= np.minimum(1, reach / np.maximum(length, reach))[:, None]
        trial = landscape.gradient(points + move, "train")
        better = (trial**2).sum(axis=1) < (slope**2).sum(axis=1)
        points = np.where(better[:, None], points + move, points)
        slope = np.where(better[:, None], trial, slope)
        bend = landscape.hessian(points, "train")
        damping = np.where(better, damping / 16, np.maximum(4 * damping, 1e-3 * (values**2).max(axis=1)))
        damping[damping < 1e-9 * (values**2).max(axis=1)] = 0
        moving = (length > 1e-12 * reach) & ((points >= low) & (points <= high)).all(axis=1)
        done.append(points[~moving])
        points, slope, bend, damping = points[moving], slope[moving], bend[moving], damping[moving]
        if not len(points):
            break
    return np.concatenate([*done, points])


def _stationary(landscape: Landscape, points: Array, steepest: float, reach: float) -> NDArray[np.bool_]:
    """Where the gradient is zero to rounding at the point but not around it, as it is on a plateau."""
    turns = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    circle = np.stack([np.cos(turns), np.sin(turns)], axis=-1)
    here = np.linalg.norm(landscape.gradient(points, "train"), axis=-1)
    close, wide = (
        np.linalg.norm(landscape.gradient(points[:, None] + radius * circle, "train"), axis=-1).max(axis=1)
        for radius in (1e-2 * reach, reach)
    )
    at_rest: NDArray[np.bool_] = (here <= 1e-8 * steepest) & (here <= 1e-4 * close) & (wide > 1e-9 * steepest)
    return at_rest


def _degenerate(values: Array, scale: float) -> NDArray[np.bool_]:
    small, large = np.sort(np.abs(values), axis=-1).T
    flat: NDArray[np.bool_] = small <= 1e-9 * np.maximum(large, 1e-2 * scale)
    return flat


def _chains(points: Array, reach: float) -> list[NDArray[np.intp]]:
    """Indices of the points, grouped so that neighbours within reach share a group."""
    left, chains = np.arange(len(points)), []
    while len(left):
        chain, front = left[:1], left[:1]
        left = left[1:]
        while len(front):
            near = (np.linalg.norm(points[left][:, None] - points[front], axis=-1) <= reach).any(axis=1)
            front, left = left[near], left[~near]
            chain = np.concatenate([chain, front])
        chains.append(chain)
    return chains


def _described(landscape: Landscape, point: Array, scale: float) -> Critical:
    values = eigenvalues(landscape.hessian(point, "train"))
    kind = "degenerate" if _degenerate(values, scale) else ("maximum", "saddle", "minimum")[int((values > 0).sum())]
    loss = float(landscape.loss(point, "train"))
    return Critical(float(point[0]), float(point[1]), kind, loss, (float(values[0]), float(values[1])))
