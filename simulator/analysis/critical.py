"""All points of zero gradient in a window: starts on a grid, then Newton's method with a safeguard.

Where the gradient turns around a cell of the grid there is such a point in it (Kronecker 1869; the degree of a
plane field is its winding number), so cells in which none was found are searched again on a finer grid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis.arguments import rectangle
from errsurf.analysis.hessian import Array, Landscape, Window, combined, components, eigenvalues, eigenvectors
from errsurf.analysis.kinks import circle, is_kink, kink_minima

GRID = (96, 128)
FINER = (17, 17)
FINER_GRIDS = 100
DEPTH = 3
UPDATES_AT_MOST = 100


@dataclass(frozen=True)
class Critical:
    """A point of zero training gradient.

    ``kind`` is minimum, saddle or maximum by the eigenvalues of the Hessian, which ascend; where one is 0 to
    rounding, by the loss around the point.  It is degenerate in the middle of a whole curve of critical points;
    ``curve`` holds many of them.  A minimum at a kink of the loss, a non-smooth one, has eigenvalues of NaN.

    Examples:
        >>> import errsurf
        >>> for point in errsurf.inspect(errsurf.read_scenario("saddle_escape")).critical:
        ...     print(f"{point.kind} at ({point.x:.1f}, {point.y:.1f}), sharpness {point.sharpness:.1f}")
        minimum at (-1.0, 0.0), sharpness 2.0
        minimum at (1.0, 0.0), sharpness 2.0
        saddle at (0.0, 0.0), sharpness 1.0
    """

    x: float
    y: float
    kind: str
    loss: float
    eigenvalues: tuple[float, float]
    curve: tuple[tuple[float, float], ...] = ()

    @property
    def is_floor(self) -> bool:
        """Whether it is the floor of a level valley, where gradient flow ends as it does in a minimum."""
        return bool(self.curve) and self.sharpness > 0

    @property
    def word(self) -> str:
        """What it is called: a degenerate point stands for a whole curve, the floor of a level valley or another."""
        if self.kind == "degenerate":
            return "valley floor" if self.is_floor else "level curve"
        return self.kind if self.is_smooth else f"non-smooth {self.kind}"

    @property
    def is_smooth(self) -> bool:
        """Whether the loss has no kink there."""
        return not isnan(self.sharpness)

    @property
    def sharpness(self) -> float:
        """The largest eigenvalue; NaN at a kink."""
        return self.eigenvalues[1]


@np.errstate(over="ignore", invalid="ignore")  # far out a gradient squared may not be finite
def critical_points(landscape: Landscape, window: Window) -> tuple[Critical, ...]:
    """Critical points of the training loss inside the window ``((x0, x1), (y0, y1))``, from left to right.

    Minima at kinks of the loss are among them.  Two that are nearer to each other than about a hundredth of the window
    may be missed, both of them.  A whole curve of critical points, such as the floor of a level valley, is given as
    one degenerate point in its middle; a plateau is none.
    """
    low, high = rectangle(window)
    grid = _grid(low, high, GRID)
    slopes = landscape.gradient(grid, "train")
    steepest, reach = _steepest(slopes), _reach(low, high, GRID)
    points = _searched(landscape, grid, slopes, steepest, DEPTH, iter(range(FINER_GRIDS)))
    points = points[~is_kink(landscape, points, steepest, reach)]
    flat = _degenerate(eigenvalues(landscape.hessian(points, "train")), steepest / reach)
    kept = [points[flat][chain] for chain in _chains(points[flat], 3 * reach)]
    kept += [points[~flat][chain] for chain in _chains(points[~flat], 1e-4 * reach)]
    middles = [chain[np.argmin(np.abs(chain - chain.mean(axis=0)).sum(axis=1))] for chain in kept]
    middles = [np.where(np.abs(middle) < 1e-12 * reach, 0.0, middle) for middle in middles]
    order = sorted(range(len(kept)), key=lambda k: tuple(np.round(middles[k] / (1e-4 * reach))))
    curves = [_curve(kept[k], reach) for k in order]
    smooth = _described(landscape, np.array(middles).reshape(-1, 2)[order], curves, steepest, reach)
    kinks = _at_kinks(landscape, kink_minima(landscape, grid, points, steepest, reach))
    return tuple(sorted((*smooth, *kinks), key=lambda each: (each.x, each.y))) if kinks else smooth


def _at_kinks(landscape: Landscape, points: Array) -> tuple[Critical, ...]:
    """Minima at kinks, which have no eigenvalues."""
    loss = landscape.loss(points, "train")
    none = (float("nan"), float("nan"))
    each = zip(points, loss, strict=True)
    return tuple(Critical(float(x), float(y), "minimum", float(here), none) for (x, y), here in each)


def _steepest(slopes: Array) -> float:
    """The length of the steepest gradient; where a surface ends, short of the walls that may stand there."""
    length = np.hypot(slopes[..., 0], slopes[..., 1])
    known = length[np.isfinite(length)]
    whole = len(known) == length.size
    return float(known.max() if whole else np.quantile(known, 0.9)) if len(known) else 0.0


def _grid(low: Array, high: Array, shape: tuple[int, int]) -> Array:
    x, y = (np.linspace(low[k], high[k], shape[1 - k]) for k in (0, 1))
    return np.stack(np.meshgrid(x, y), axis=-1)


def _reach(low: Array, high: Array, shape: tuple[int, int]) -> float:
    """Distance of neighbours on a grid, along its diagonal."""
    return float(np.hypot(*((high - low) / (np.array(shape[::-1]) - 1))))


def _searched(
    landscape: Landscape, grid: Array, slopes: Array, steepest: float, depth: int, budget: Iterator[int]
) -> Array:
    """Points at rest in the rectangle of a grid (rows, columns, 2), some of them more than once.

    ``budget`` has an item for each finer grid that may still be searched: where a gradient is noise it turns around
    every cell, at every depth.
    """
    low, high = grid[0, 0], grid[-1, -1]
    pitch, reach = grid[1, 1] - low, _reach(low, high, grid.shape[:2])
    points = newton(landscape, grid[_promising(slopes)], low - 4 * pitch, high + 4 * pitch, reach)
    slack = 1e-9 * (high - low)
    points = points[((points >= low - slack) & (points <= high + slack)).all(axis=1)]
    points = points[_stationary(landscape, points, steepest, reach)]
    found = [points]
    cells = _empty(_turning(slopes), points, low, pitch) if depth else ()
    for (row, column), _ in zip(cells, budget, strict=False):
        corner = low + pitch * (column, row)
        finer = _grid(corner, corner + pitch, FINER)
        found.append(_searched(landscape, finer, landscape.gradient(finer, "train"), steepest, depth - 1, budget))
    return np.concatenate(found)


def _turning(slopes: Array) -> NDArray[np.bool_]:
    """Around which cells (rows - 1, columns - 1) of a grid the gradient turns."""
    angle = np.arctan2(slopes[..., 1], slopes[..., 0])
    across, up = (np.mod(np.diff(angle, axis=axis) + np.pi, 2 * np.pi) - np.pi for axis in (1, 0))
    turned: NDArray[np.bool_] = np.abs(across[:-1] + up[:, 1:] - across[1:] - up[:, :-1]) > 1
    return turned


def _empty(cells: NDArray[np.bool_], points: Array, low: Array, pitch: Array) -> NDArray[np.intp]:
    """Row and column of those cells that hold no point."""
    held = np.zeros_like(cells)
    last = np.array(cells.shape[::-1]) - 1
    for nudge in (-1e-6, 1e-6):
        column, row = np.clip(np.floor((points - low) / pitch + nudge), 0, last).astype(np.intp).T
        held[row, column] = True
    return np.argwhere(cells & ~held)


def _promising(slopes: Array) -> NDArray[np.bool_]:
    """Nodes around which both derivatives change sign, or where the gradient is shortest."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(slopes, ((1, 1), (1, 1), (0, 0)), "edge"), (3, 3), (0, 1))
    changes: NDArray[np.bool_] = (_least(around) <= 0) & (-_least(-around) >= 0)
    shortest: NDArray[np.bool_] = (slopes**2).sum(axis=-1) <= _least((around**2).sum(axis=2))
    return (changes.all(axis=-1) | shortest) & np.isfinite(slopes).all(axis=-1)


def _least(around: Array) -> Array:
    """The smallest number of each square (..., 3, 3), whatever is NaN in it."""
    return np.asarray(np.fmin.reduce(around, axis=(-2, -1)))


def newton(landscape: Landscape, points: Array, low: Array, high: Array, reach: float) -> Array:
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
    around = circle(8)
    here = np.linalg.norm(landscape.gradient(points, "train"), axis=-1)
    close, wide = (
        np.fmax.reduce(np.linalg.norm(landscape.gradient(points[:, None] + radius * around, "train"), axis=-1), axis=1)
        for radius in (1e-2 * reach, reach)
    )
    at_rest: NDArray[np.bool_] = (here <= 1e-8 * steepest) & (here <= 1e-4 * close) & (wide > 1e-9 * steepest)
    return at_rest


def _degenerate(values: Array, scale: float) -> NDArray[np.bool_]:
    small, large = np.sort(np.abs(values), axis=1).T
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


def _curve(chain: Array, reach: float) -> tuple[tuple[float, float], ...]:
    """Points of a chain about half a reach apart, none if it is shorter."""
    if np.ptp(chain, axis=0).max() < reach:
        return ()
    _, kept = np.unique(np.floor(chain / (0.5 * reach)), axis=0, return_index=True)
    return tuple((float(x), float(y)) for x, y in chain[np.sort(kept)])


def _described(
    landscape: Landscape, points: Array, curves: list[tuple[tuple[float, float], ...]], steepest: float, reach: float
) -> tuple[Critical, ...]:
    values, loss = eigenvalues(landscape.hessian(points, "train")), landscape.loss(points, "train")
    kinds = np.array(("maximum", "saddle", "minimum"), dtype=object)[(values > 0).sum(axis=1)]
    flat = _degenerate(values, steepest / reach)
    kinds[flat] = _kinds_around(landscape, points[flat], loss[flat], 0.1 * reach)
    return tuple(
        Critical(
            float(x), float(y), "degenerate" if curve else str(kind), float(here), (float(small), float(large)), curve
        )
        for (x, y), kind, here, (small, large), curve in zip(points, kinds, loss, values, curves, strict=True)
    )


def _kinds_around(landscape: Landscape, points: Array, loss: Array, radius: float) -> NDArray[np.str_]:
    """What points are by the loss on a circle around them."""
    rise = landscape.loss(points[:, None] + radius * circle(64), "train") - loss[:, None]
    above, below = (rise > 0).any(axis=1), (rise < 0).any(axis=1)
    return np.select([above & below, above, below], ["saddle", "minimum", "maximum"], "degenerate")
