"""The part of the plane that a run covers, for the search of critical points and for pictures."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.landscape import Landscape
from errsurf.run.result import Result
from errsurf.scenario import Scenario
from errsurf.scenario.files import data_values
from errsurf.scenario.pictures import COLUMNS
from errsurf.starts import positions
from errsurf.surfaces import surface
from errsurf.surfaces.shared.table import csv_columns

Array = NDArray[np.float64]
Window = tuple[tuple[float, float], tuple[float, float]]

# Share of a side that stays free around what must be seen; a side without extent has so much of the other one.
_MARGIN, _NO_EXTENT, _OF_OTHER = 0.15, 1e-9, 0.3
_STEPS = 200


def extent(result: Result) -> tuple[Array, Array]:
    """Lowest and highest x and y of surface and particles, each (2,).

    The surface's usual window, all starts and the user's trajectory are in it, and the ends without the outermost 1%,
    no farther away than the sides of all these.  A formula or data of one's own have no usual window: then the minimum
    below the starts, and the ends that are lower than the starts, take its place, unless the particles start in the
    default window of formulas.
    """
    trajectory = result.scenario.picture.trajectory
    measured = [] if trajectory is None else [csv_columns(trajectory, COLUMNS)]
    begun = [np.asarray(group.position[0], dtype=np.float64) for group in result.groups]
    low, high, margin = _around(result.scenario, result.landscape, begun, measured, _descended(result))
    reach = high - low
    nearest, farthest = low - reach, high + reach
    for group in result.groups:
        end = np.asarray(group.position[-1], dtype=np.float64)[group.alive(-1)]
        if len(end):
            most = np.quantile(end, (0.01, 0.99), axis=0)
            low, high = _stretched(low, high, np.clip(most, nearest, farthest), margin)
    return low, high


def known_window(scenario: Scenario) -> Window:
    """The scenario's window, or the surface's usual one: what is known before any example is drawn."""
    known = scenario.picture.window or surface(scenario.surface.kind, scenario.surface.settings).window
    return known[0], known[1]


def window_before_run(scenario: Scenario, landscape: Landscape) -> Window:
    """The part of the plane to look at without a run: the scenario's window, or the surface's usual one.

    Without either, starts and the minimum below them are in it, as ``extent`` says.
    """
    if scenario.picture.window is not None:
        return known_window(scenario)
    swarm, seed, rounding = scenario.swarm, scenario.start_seed, scenario.run.rounding
    begun = [positions(swarm, seed, group.at, rounding) for group in scenario.optimizer]
    if usual_window(scenario, begun[0]) is not None:
        return known_window(scenario)
    low, high, _ = _around(scenario, landscape, begun)
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def _around(
    scenario: Scenario,
    landscape: Landscape,
    begun: Sequence[Array],
    more: Iterable[Array] = (),
    ends: Iterable[Array] = (),
) -> tuple[Array, Array, Array]:
    """Lowest and highest corner around a surface and starts, and the margin there."""
    starts = np.concatenate([*begun, *more])
    own = usual_window(scenario, begun[0])
    if own is None:
        found = minimum_below(landscape, np.median(starts, axis=0))
        seen = [starts, *ends, *([] if found is None else [found[None]])]
        low, high = _with_margin(*_box(np.concatenate(seen)))
    else:
        low, high = own[:, 0], own[:, 1]
    margin = 0.04 * (high - low)
    return *_stretched(low, high, starts, margin), margin


def usual_window(scenario: Scenario, starts: Array) -> Array | None:
    """The window of the surface, rows x and y, (2, 2); None where the user's formula or data decide what is where.

    It is that of the surface if particles of the first group start in it, at ``starts`` (particles, 2).
    """
    chosen = scenario.surface
    plain, record = surface(chosen.kind), surface(chosen.kind, chosen.settings)
    own = np.array(record.window, dtype=np.float64)
    of_user = record is not plain or any(map(_has_data, chosen.settings))
    start = np.median(starts, axis=0)
    inside = bool(np.all((start >= own[:, 0]) & (start <= own[:, 1]))) and not any(map(_has_data, chosen.settings))
    return None if of_user and record.window == plain.window and not inside else own


def minimum_below(landscape: Landscape, start: Array) -> Array | None:
    """The minimum (2,) to which Newton steps in a trust region lead from a start (2,); None if they find none."""
    from scipy.optimize import minimize

    def loss(point: Array) -> float:
        return float(landscape.loss(point[None])[0])

    def gradient(point: Array) -> Array:
        return np.asarray(landscape.gradient(point[None])[0], dtype=np.float64)

    def hessian(point: Array) -> Array:
        return np.asarray(landscape.hessian(point[None])[0], dtype=np.float64)[[[0, 1], [1, 2]]]

    with np.errstate(all="ignore"):
        bend, force = hessian(start), gradient(start)
        step = np.linalg.lstsq(bend, -force, rcond=None)[0] if np.isfinite(bend).all() else np.full(2, np.nan)
        if not np.isfinite(step).all():
            return None
        size = max(float(np.hypot(*step)), 1e-6)
        options: Any = {"initial_trust_radius": size, "max_trust_radius": 1e3 * size, "maxiter": _STEPS}
        found = minimize(loss, start, method="trust-exact", jac=gradient, hess=hessian, options=options)
        small = np.hypot(*gradient(found.x)) <= 1e-5 * max(float(np.hypot(*force)), 1e-300)
    return np.asarray(found.x) if small and np.isfinite(found.x).all() else None


def _descended(result: Result) -> Iterator[Array]:
    """The ends of each group, without the outermost 1%, that lie lower than its starts."""
    for group in result.groups:
        start, end = (np.asarray(group.position[k], dtype=np.float64)[group.alive(-1)] for k in (0, -1))
        with np.errstate(all="ignore"):
            lower = end[result.landscape.loss(end) < np.median(result.landscape.loss(start))] if len(end) else end
        if len(lower):
            yield np.quantile(lower, (0.01, 0.99), axis=0)


def _has_data(value: object) -> bool:
    return any(data_values(value))


def _box(points: Array) -> tuple[Array, Array]:
    return points.min(axis=0), points.max(axis=0)


def _with_margin(low: Array, high: Array) -> tuple[Array, Array]:
    """The box with room around it; a side may be tiny beside the other one, as parameters have their own units."""
    size = high - low
    largest = max(float(size.max()), 1e-6 * float(np.abs([low, high]).max()), 1e-6)
    half = np.where(size > _NO_EXTENT * largest, size, _OF_OTHER * largest) * (0.5 + _MARGIN)
    return (low + high) / 2 - half, (low + high) / 2 + half


def _stretched(low: Array, high: Array, points: Array, margin: Array) -> tuple[Array, Array]:
    """The box, stretched to hold points (n, 2) with a margin."""
    lowest, highest = _box(points)
    return np.where(lowest < low, lowest - margin, low), np.where(highest > high, highest + margin, high)
