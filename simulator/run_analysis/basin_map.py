"""Basin maps of optimizers: where particles end that start on each pixel of a map, for every group and seed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Event, Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import Critical, basin_labels, critical_points, is_resting, named
from errsurf.analysis.hessian import Window
from errsurf.engine.blocks import empty_frames, initial_state, position
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.landscape import Landscape, surface
from errsurf.engine.segments import advance_segments, group_plans, group_rates, plan_at
from errsurf.engine.size import check_memory, example_bytes, rate_bytes, state_bytes
from errsurf.errors import UserError
from errsurf.optimizers import optimizer
from errsurf.run_analysis.extent import known_window, window_before_run
from errsurf.run_analysis.terrain import searched
from errsurf.scenario import OptimizerGroup, Scenario, Swarm
from errsurf.scenario.scenario import require_scenario, segments
from errsurf.starts import resolved_swarm
from errsurf.system.processors import threads

Array = NDArray[np.float64]
Labels = NDArray[np.int16]

NO_MINIMUM, DIVERGED = -1, -2
AT_ONCE = 1 << 14
LARGEST_SEED = 2**63
START_BYTES, END_BYTES, MAP_BYTES = 64, 24, 16


@dataclass(frozen=True, repr=False)
class GroupBasins:
    """Where one group's particles ended: ``ends`` (seeds, rows, columns), row 0 at the smallest y.

    Each is the number of the minimum in whose basin a particle lies after its last update, -1 for none and -2 for a
    particle that diverged.

    Examples:
        >>> import errsurf
        >>> found = errsurf.basins(errsurf.read_scenario("flat_or_sharp"), size=16, seeds=2)
        >>> ends, share = found.groups[1].likeliest
        >>> ends.shape, share.shape, found.groups[1].area(0).shape
        ((12, 16), (12, 16), (2,))
    """

    label: str
    ends: Labels

    def __repr__(self) -> str:
        """Its label and the size of its map."""
        seeds, rows, columns = self.ends.shape
        return f"GroupBasins({self.label!r}: {columns} x {rows} starts, {seeds} seeds)"

    @cached_property
    def likeliest(self) -> tuple[Labels, Array]:
        """The most frequent end of every pixel, and the share of the seeds with it, each (rows, columns)."""
        ordered = np.sort(self.ends, axis=0)
        best, most = ordered[0].copy(), np.ones(ordered.shape[1:], np.int64)
        run = most.copy()
        for k in range(1, len(ordered)):
            run = np.where(ordered[k] == ordered[k - 1], run + 1, 1)
            best, most = np.where(run > most, ordered[k], best), np.maximum(run, most)
        return best, most / len(ordered)

    def area(self, end: int) -> Array:
        """Share of the starts that lead to an end, for each seed, shape (seeds,)."""
        return np.asarray((self.ends == end).mean(axis=(1, 2)))


@dataclass(frozen=True, repr=False)
class BasinMap:
    """The map of a scenario: its window, the minima that particles reach, largest area first, and its groups.

    Floors of level valleys count as minima.  ``names`` are theirs everywhere, ``lowest`` marks the lowest of all.

    Examples:
        >>> import errsurf
        >>> found = errsurf.basins(errsurf.read_scenario("flat_or_sharp"), size=16, seeds=2)
        >>> found.groups
        (GroupBasins('full batch': 16 x 12 starts, 1 seeds), GroupBasins('batch 2': ...), GroupBasins('batch 1': ...))
        >>> found.window, len(found.minima)
        (((-2.0, 2.0), (-1.5, 1.5)), 2)
    """

    scenario: Scenario
    window: Window
    minima: tuple[Critical, ...]
    groups: tuple[GroupBasins, ...]
    names: tuple[str, ...]
    lowest: tuple[bool, ...]

    def __repr__(self) -> str:
        """The scenario, how many minima are reached, and the groups."""
        return f"BasinMap({self.scenario.name!r}: {len(self.minima)} minima, {self.groups!r})"


def arrays(found: BasinMap) -> dict[str, NDArray[Any]]:
    """A map as arrays, described in docs/landscape.md."""
    x, y = axes(found.window, found.groups[0].ends.shape[1:])
    minima = np.array([(m.x, m.y) for m in found.minima], np.float64).reshape(-1, 2)
    ends = {f"ends_{k}": group.ends for k, group in enumerate(found.groups)}
    names = np.array(found.names, dtype=np.str_)
    return {
        "x": x,
        "y": y,
        "minima": minima,
        "names": names,
        "labels": np.array([group.label for group in found.groups]),
        **ends,
    }


def axes(window: Window, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Centres of the pixels of a map of this shape (rows, columns): x (columns,) and y (rows,)."""
    x, y = ((np.arange(n) + 0.5) / n * (high - low) + low for n, (low, high) in zip(shape[::-1], window, strict=True))
    return x, y


def mean_interval(shares: Array) -> float:
    """Half the 95% interval of the mean of shares (seeds,), by Student's t; NaN for a single one.

    Student 1908, Biometrika 6, 1-25; it holds whether or not neighbouring pixels share their luck.
    """
    from scipy.special import stdtrit

    if len(shares) < 2:
        return float("nan")
    return float(stdtrit(len(shares) - 1, 0.975) * shares.std(ddof=1) / np.sqrt(len(shares)))


def basins(
    scenario: Scenario,
    size: int | tuple[int, int] = 512,
    seeds: int = 8,
    *,
    progress: Callable[[float], None] | None = None,
) -> BasinMap:
    """Find the basin in which every start ends, a map for each group over a window.

    The window is that of the scenario, or where ``errsurf.inspect`` begins to look.

    ``size`` is the map's width and height in pixels, or the longer of them.  Groups in which nothing is random run
    once, the others ``seeds`` times: the surface and its examples stay, their order changes.  ``progress`` is told the
    share that is done, from 0 to 1.  Raises UserError for a size or a number of seeds below 1, TooLargeError before
    anything is allocated, and KeyboardInterrupt.

    Examples:
        >>> import errsurf
        >>> found = errsurf.basins(errsurf.read_scenario("flat_or_sharp"), size=(16, 12), seeds=2)
        >>> [round(point.x, 1) for point in found.minima]
        [0.8, -0.8]
        >>> [group.ends.shape for group in found.groups]  # (seeds, rows, columns); full batch has no need of seeds
        [(1, 12, 16), (2, 12, 16), (2, 12, 16)]
    """
    require_scenario(scenario)
    if min(seeds, *(size if isinstance(size, tuple) else (size,))) < 1:
        raise UserError(f"size = {size}, seeds = {seeds}: allowed: whole numbers of at least 1")
    _check_size(scenario, _shape(size, known_window(scenario)), seeds)
    landscape = surface(scenario)
    window = window_before_run(scenario, landscape)
    shape = _shape(size, window)
    _check_size(scenario, shape, seeds)
    particles = resolved_swarm(Swarm(particles=shape[0] * shape[1]))
    scenario = replace(scenario, run=scenario.run._replace(record=()), swarm=particles)
    jobs = _jobs(scenario, landscape, seeds)
    runs = _runs(jobs, _pixels(window, shape), progress or (lambda _share: None))
    minima = _minima(landscape, window, runs)
    groups = [np.array([_labels(landscape, each, minima).reshape(shape) for each in run], np.int16) for run in runs]
    return _ordered(scenario, window, minima, groups)


def _check_size(scenario: Scenario, shape: tuple[int, int], seeds: int) -> None:
    """Raise TooLargeError if a map does not fit into memory: one group's particles, and all groups' and seeds' ends."""
    starts, groups = shape[0] * shape[1], scenario.optimizer
    runs = sum(seeds if _may_be_stochastic(group) else 1 for group in groups)
    state = START_BYTES + max(state_bytes(scenario, group) for group in groups)
    parts = {"--size": starts * (state + MAP_BYTES * len(groups)), "--seeds": starts * runs * END_BYTES}
    parts |= example_bytes(scenario) | rate_bytes(scenario)
    check_memory(scenario, parts, {"--size": max(shape), "--seeds": seeds})


def _may_be_stochastic(group: OptimizerGroup) -> bool:
    return (
        group.noise is not None
        or optimizer(group.kind).takes("normal")
        or any(segment.batch != "full" for segment in segments(group))
    )


def _shape(size: int | tuple[int, int], window: Window) -> tuple[int, int]:
    """Rows and columns; a size of one number gives them the window's ratio, up to 1 to 3."""
    if not isinstance(size, int):
        return size[1], size[0]
    (x0, x1), (y0, y1) = window
    ratio = min(max((y1 - y0) / (x1 - x0), 1 / 3), 3.0)
    return max(1, round(size * min(ratio, 1.0))), max(1, round(size * min(1 / ratio, 1.0)))


def _jobs(scenario: Scenario, landscape: Landscape, seeds: int) -> list[list[list[GroupPlan]]]:
    """The parts of a run for each seed, in a list for each group."""
    found = []
    for k in range(len(scenario.optimizer)):
        lr = group_rates(scenario, k)
        first = group_plans(scenario, landscape.problem, k, lr, scenario.run_seed)
        more = range(1, seeds if any(stochastic(part, landscape) for part in first) else 1)
        found.append([first, *([_reseeded(part, scenario.run_seed + j) for part in first] for j in more)])
    return found


def _reseeded(job: GroupPlan, seed: int) -> GroupPlan:
    return replace(job, order=job.order._replace(seed=seed % LARGEST_SEED))


def stochastic(job: GroupPlan, landscape: Landscape) -> bool:
    """Whether a group's updates are random: by the choice of different examples, by noise, or by the rule."""
    sampled = not job.full and (job.batches.equal_examples < job.batches.examples or job.order.kind == "replacement")
    unlike = bool((landscape.train != landscape.train[0]).any())
    return bool(job.rule.noise) or job.rule.optimizer.takes("normal") or (sampled and unlike)


def _pixels(window: Window, shape: tuple[int, int]) -> Array:
    """Centres of the pixels, row by row from the smallest y, shape (pixels, 2)."""
    return np.stack(np.meshgrid(*axes(window, shape)), axis=-1).reshape(-1, 2)


def _runs(jobs: list[list[list[GroupPlan]]], theta: Array, progress: Callable[[float], None]) -> list[list[Array]]:
    """End of every particle (pixels, 2), infinite where it diverged; a list of seeds for each group."""
    total = sum(_updates(job) for group in jobs for job in group) * len(theta)
    done, lock, stop = 0, Lock(), Event()

    def report(updates: int) -> None:
        nonlocal done
        with lock:
            done += updates
            progress(done / total)

    with ThreadPoolExecutor(threads()) as pool:
        try:
            return [[_end(job, theta, pool, stop, report) for job in group] for group in jobs]
        finally:
            stop.set()


def _end(
    job: list[GroupPlan], theta: Array, pool: ThreadPoolExecutor, stop: Event, report: Callable[[int], None]
) -> Array:
    state, last = initial_state(job[0], theta), _updates(job)
    advance_segments(job, state, last, empty_frames(job[0], np.empty(0, np.int64)), pool, stop, report)
    return np.where(state.diverged[:, None] < 0, position(plan_at(job, last), state), np.inf).astype(np.float64)


def _updates(job: list[GroupPlan]) -> int:
    """The length of a run in parts."""
    return job[-1].begin.update + len(job[-1].step_constants)


def _minima(landscape: Landscape, window: Window, runs: list[list[Array]]) -> list[Critical]:
    """The minima in the window, and those where particles end around it, up to the window's width away."""
    (x0, x1), (y0, y1) = window
    low, high = np.array(window, np.float64).T
    for end in (end for run in runs for end in run):
        alive = end[np.isfinite(end).all(axis=1)]
        if len(alive):
            spread = np.quantile(alive, (0.005, 0.995), axis=0)
            low, high = np.minimum(low, spread[0]), np.maximum(high, spread[1])
    reach = np.array([x1 - x0, y1 - y0])
    low, high = np.maximum(low, np.array([x0, y0]) - reach), np.minimum(high, np.array([x1, y1]) + reach)
    margin = 0.02 * (high - low)
    low, high = low - margin, high + margin
    _, found = searched(landscape, ((float(low[0]), float(high[0])), (float(low[1]), float(high[1]))))
    outside = [c for c in found if not (x0 <= c.x <= x1 and y0 <= c.y <= y1)]
    return [c for c in (*critical_points(landscape, window), *outside) if is_resting(c)]


def _labels(landscape: Landscape, ends: Array, minima: list[Critical]) -> Labels:
    """The basin of every end, in pieces that fit the memory."""
    pieces = [basin_labels(landscape, ends[k : k + AT_ONCE], minima) for k in range(0, len(ends), AT_ONCE)]
    labels = np.concatenate(pieces).astype(np.int16)
    labels[~np.isfinite(ends).all(axis=1)] = DIVERGED
    return labels


def _ordered(scenario: Scenario, window: Window, minima: list[Critical], groups: list[Labels]) -> BasinMap:
    """Number the minima by area; those that nothing reaches are left out."""
    area = np.array([sum(float((ends == k).mean()) for ends in groups) for k in range(len(minima))])
    order = [int(k) for k in np.argsort(-area, kind="stable") if area[k] > 0]
    number = np.full(len(minima) + 2, NO_MINIMUM, np.int16)
    number[order] = np.arange(len(order))
    number[[NO_MINIMUM, DIVERGED]] = NO_MINIMUM, DIVERGED
    found = [GroupBasins(group.label, number[ends]) for group, ends in zip(scenario.optimizer, groups, strict=True)]
    names = named(minima, window)
    short, lowest = tuple(names.short[k] for k in order), tuple(names.lowest[k] for k in order)
    return BasinMap(scenario, window, tuple(minima[k] for k in order), tuple(found), short, lowest)
