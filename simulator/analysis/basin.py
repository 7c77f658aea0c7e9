"""The minimum in which gradient flow ends, for many points together.

The flow ``d theta / dt = -grad L`` is followed by the exponential Rosenbrock-Euler method: each stretch solves the
flow of the local quadratic model exactly, so a narrow valley costs no more than a wide one.  Its length is set by
an embedded third-order error estimate (exprb32 of Hochbruck, Ostermann, Schweitzer 2009, SIAM J. Numer. Anal. 47(1),
786-803) and by a largest displacement.  A point is captured once it is in a disc around a minimum whose every circle
has the gradient pointing outward: there the distance to the minimum can only fall.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis.arguments import rectangle, vectors
from errsurf.analysis.critical import Critical
from errsurf.analysis.hessian import Array, Landscape, Window, combined, components, eigenvalues, eigenvectors

Labels = NDArray[np.int64]

CIRCLES = 0.75 ** np.arange(47, -1, -1)
DIRECTIONS = 64
UNKNOWN = -2
STRETCHES_AT_MOST = 4000
PAIRS_AT_ONCE = 1 << 22


def basin_labels(
    landscape: Landscape,
    points: Array,
    minima: Sequence[Critical],
    stretches: int = STRETCHES_AT_MOST,
    known: Callable[[Array], Labels] | None = None,
) -> Labels:
    """Index of the minimum in which gradient flow on the training loss ends, shape (n,), from points (n, 2).

    It is -1 where the flow ends elsewhere: it leaves for good, which is taken for granted at three times the
    distance of start and minima from the middle, or it rests at a saddle.  Among the minima may be floors of level
    valleys (``Critical.is_floor``): the flow ends in one where it rests with no direction curving downwards, in the
    one whose curve is nearest.  A flow that takes more ``stretches`` of the method is given up, -1 too.  It ends
    earlier at a point whose label is ``known``; that is -2 where it is not.
    """
    points = vectors(points, 2, "points")
    if points.ndim != 2:
        raise ValueError(f"points of shape {points.shape}; (n, 2) is needed")
    labels = np.full(len(points), -1, dtype=np.int64)
    finite = np.isfinite(points).all(axis=1)
    if len(minima) and finite.any():
        theta = points[finite]
        labels[finite] = _flow(landscape, theta, _targets(landscape, minima, theta), stretches, known)
    return labels


def basin_map(
    landscape: Landscape, window: Window, minima: Sequence[Critical], shape: tuple[int, int] = (128, 192)
) -> NDArray[np.int16]:
    """Labels as of ``basins`` at the cell centres of a grid over the window; row 0 holds the smallest y.

    Basins are connected and hold their minimum, so the flow is followed from every fourth row and column, then
    along the borders between labels until these rest; a cell far from all borders takes its neighbours' label.
    """
    low, high = rectangle(window)
    if not minima:
        return np.full(shape, -1, dtype=np.int16)
    y, x = ((np.arange(n) + 0.5) / n for n in shape)
    cells = np.stack(np.meshgrid(low[0] + (high[0] - low[0]) * x, low[1] + (high[1] - low[1]) * y), axis=-1)
    targets = _targets(landscape, minima, cells.reshape(-1, 2))
    coarse = _flow(landscape, cells[::4, ::4].reshape(-1, 2), targets).reshape(cells[::4, ::4].shape[:2])
    labels = coarse.repeat(4, axis=0).repeat(4, axis=1)[: shape[0], : shape[1]].astype(np.int16)
    known = np.zeros(shape, dtype=np.bool_)
    known[::4, ::4] = True
    asked = _borders(labels) & ~known
    for row, column in _cells(window, shape, targets.centers):
        asked[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = True
    while asked.any():
        labels[asked] = _flow(landscape, cells[asked], targets)
        known |= asked
        asked = _borders(labels) & ~known
    return labels


def _borders(labels: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Cells that have another label than one of their eight neighbours."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(labels, 1, "edge"), (3, 3))
    borders: NDArray[np.bool_] = (around != labels[..., None, None]).any(axis=(-2, -1))
    return borders


def _cells(window: Window, shape: tuple[int, ...], points: Array) -> NDArray[np.intp]:
    """Row and column of the cell nearest to each point (..., 2)."""
    low, high = rectangle(window)
    size = np.array(shape[::-1])
    column_row = np.clip((np.clip(points, low, high) - low) / (high - low) * size, 0, size - 1).astype(np.intp)
    return np.asarray(column_row[..., ::-1])


def lookup(labels: NDArray[np.int16], window: Window, points: Array) -> NDArray[np.int16]:
    """Label of the map's cell nearest to each point, shape (...) from points (..., 2); -1 for a point not finite."""
    points = vectors(points, 2, "points")
    finite = np.asarray(np.isfinite(points).all(axis=-1))
    row, column = np.moveaxis(_cells(window, labels.shape, np.nan_to_num(points)), -1, 0)
    found: NDArray[np.int16] = np.where(finite, labels[row, column], np.int16(-1))
    return found


def interior(labels: NDArray[np.int16]) -> NDArray[np.int16]:
    """1 where all eight neighbours of a cell have its label, else 0; shape as given."""
    return np.asarray(~_borders(labels), np.int16)


class Targets(NamedTuple):
    """Where the flow may end: ``centers`` (n, 2) with the label of each; discs of ``radii`` (n,), 0 along floors."""

    centers: Array
    radii: Array
    label: Labels


def _targets(landscape: Landscape, minima: Sequence[Critical], points: Array) -> Targets:
    single = np.array([k for k, m in enumerate(minima) if not m.is_floor], dtype=np.int64)
    centers, radii = _capture_discs(landscape, [minima[k] for k in single], points)
    floors = [(k, at) for k, m in enumerate(minima) if m.is_floor for at in m.curve]
    along = np.array([at for _, at in floors], dtype=np.float64).reshape(-1, 2)
    label = np.concatenate([single, np.array([k for k, _ in floors], dtype=np.int64)])
    return Targets(np.concatenate([centers, along]), np.concatenate([radii, np.zeros(len(along))]), label)


def _capture_discs(landscape: Landscape, minima: Sequence[Critical], points: Array) -> tuple[Array, Array]:
    """Centre and radius of the largest disc at each minimum whose circles have the gradient pointing outward.

    It ends half way to the next minimum, or at twice the points' median distance where there is none;
    points that rest at the minimum, to rounding, lie in it too.
    """
    centers = np.array([(m.x, m.y) for m in minima], dtype=np.float64).reshape(-1, 2)
    if not len(centers):
        return centers, np.empty(0)
    apart = _distance(centers[:, None] - centers)
    np.fill_diagonal(apart, np.inf)
    away = max(float(np.median(_distance(points - centers[0]))), 1e-3 * (1 + float(np.abs(centers[0]).max())))
    largest = apart.min(axis=1) / 2 if len(centers) > 1 else np.array([2 * away])
    turns = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)
    outward = np.stack([np.cos(turns), np.sin(turns)], axis=-1)
    radius = largest[:, None] * CIRCLES
    slopes = landscape.gradient(centers[:, None, None] + radius[:, :, None, None] * outward, "train")
    holds = ((slopes * outward).sum(axis=-1) > 0).all(axis=-1)
    count = np.cumprod(holds, axis=1).sum(axis=1)
    return centers, np.asarray(0.95 * radius[np.arange(len(centers)), np.maximum(count - 1, 0)])


def _flow(
    landscape: Landscape,
    theta: Array,
    targets: Targets,
    stretches: int = STRETCHES_AT_MOST,
    known: Callable[[Array], Labels] | None = None,
) -> Labels:
    """Labels of the points theta (n, 2), all of them finite."""
    centers, radii, label = targets
    labels = np.full(len(theta), -1, dtype=np.int64)
    middle = centers.mean(axis=0)
    spread = _distance(centers - middle).max()
    lanes, outside = np.arange(len(theta)), 3 * (_distance(theta - middle) + spread + radii.max())
    force, bend = -landscape.gradient(theta, "train"), landscape.hessian(theta, "train")
    time = np.full(len(theta), np.inf)
    for _ in range(stretches):
        nearest, away = _nearest(theta, targets)
        on_floor = (away <= 1e-9 * outside) | _at_rest(force, bend, away)
        captured = (away <= 0) | ((radii[nearest] == 0) & on_floor)
        labels[lanes[captured]] = label[nearest[captured]]
        if known is not None:
            found = known(theta)
            told = ~captured & (found > UNKNOWN)
            labels[lanes[told]] = found[told]
            captured |= told
        going = ~captured & (_distance(theta - middle) <= outside) & force.any(axis=1) & np.isfinite(force).all(axis=1)
        finest = np.maximum(radii[nearest], away / 2)[going]
        lanes, outside, theta, force, bend, time = (v[going] for v in (lanes, outside, theta, force, bend, time))
        if not len(lanes):
            break
        theta, force, bend, time = _stretch(landscape, theta, force, bend, time, finest)
    return labels


def _nearest(theta: Array, targets: Targets) -> tuple[NDArray[np.intp], Array]:
    """Which disc is nearest to each point, and how far its edge is, negative inside; in pieces that fit the memory."""
    size = max(1, PAIRS_AT_ONCE // len(targets.centers))
    nearest, away = [], []
    for first in range(0, len(theta), size):
        each = _distance(theta[first : first + size, None] - targets.centers) - targets.radii
        nearest.append(each.argmin(axis=1))
        away.append(each.min(axis=1))
    return np.concatenate(nearest), np.concatenate(away)


def _at_rest(force: Array, bend: Array, scale: Array) -> NDArray[np.bool_]:
    """Points on the floor of a valley: hardly any force for its steepness, and no direction that curves downwards."""
    values = eigenvalues(bend)
    still: NDArray[np.bool_] = _distance(force) <= 1e-3 * scale * values[:, 1]
    return still & (values[:, 0] >= -1e-6 * values[:, 1])


def _stretch(
    landscape: Landscape, theta: Array, force: Array, bend: Array, time: Array, finest: Array
) -> tuple[Array, Array, Array, Array]:
    """One stretch of the flow for each point, kept where its error and its length allow, and the next time span."""
    values, axes = eigenvalues(bend), eigenvectors(bend)
    first = 0.5 * finest / np.maximum(_distance(force), 1e-280)
    time = np.where(np.isfinite(time), time, first)
    time = np.minimum(time, 4 / np.maximum(-values[:, 0], 1e-280))
    time = np.minimum(time, 1e12 / np.maximum(np.abs(values).max(axis=1), 1e-280))
    z = -time[:, None] * values
    along = components(axes, force)
    move = time[:, None] * _phi1(z) * along
    trial = theta + combined(axes, move)
    new_force, new_bend = -landscape.gradient(trial, "train"), landscape.hessian(trial, "train")
    defect = components(axes, new_force) - (along - values * move)
    error = _distance(2 * time[:, None] * _phi3(z) * defect)
    excess = np.maximum(error / (1e-4 * finest), (_distance(move) / (0.5 * finest)) ** 3)
    excess = np.where(np.isfinite(excess), np.maximum(excess, 1e-6), 1e6)
    kept = excess <= 1
    time = time * np.clip(0.9 * excess ** (-1 / 3), 0.2, 4)
    choice = kept[:, None]
    return np.where(choice, trial, theta), np.where(choice, new_force, force), np.where(choice, new_bend, bend), time


def _phi1(z: Array) -> Array:
    """``(e^z - 1) / z``."""
    return np.divide(np.expm1(z), z, out=np.ones_like(z), where=np.abs(z) > 1e-12)


def _phi3(z: Array) -> Array:
    """``(e^z - 1 - z - z^2 / 2) / z^3``; the quotient loses its digits near 0, where the series stands in."""
    series = 1 / 6 + z * (1 / 24 + z * (1 / 120 + z / 720))
    return np.divide(np.expm1(z) - z - z**2 / 2, z**3, out=series, where=np.abs(z) > 0.1)


def _distance(vectors: Array) -> Array:
    return np.hypot(vectors[..., 0], vectors[..., 1])
