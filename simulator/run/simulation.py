"""From a scenario to a result: every group's particles, update by update, frame by frame."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames, State, compile_kernel, empty_frames, initial_state, part_rows, position
from errsurf.engine.examples import Problem, problem
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.landscape import Landscape
from errsurf.engine.marks import known_until
from errsurf.engine.precompile import precompiled
from errsurf.engine.rule import part_shapes
from errsurf.engine.segments import (
    advance_segments,
    all_update_parts,
    group_examples_seen,
    group_plans,
    group_rates,
)
from errsurf.engine.size import FRAME_BYTES, check_size
from errsurf.run.device import Device, chosen_device
from errsurf.run.recording import FileRecording, MemoryRecording, Recording
from errsurf.run.result import Group, Result
from errsurf.sampling.particles import LOSS_PARTICLES, evenly
from errsurf.scenario import OptimizerGroup, Scenario
from errsurf.scenario.frame_marks import frame_updates, longest_group
from errsurf.scenario.scenario import require_scenario
from errsurf.starts import positions
from errsurf.system.processors import threads

SECONDS_AT_ONCE = 0.25
LOSS_EVALUATIONS = 300_000_000
RECORDED = ("position", "train_loss", "test_loss")

Progress = Callable[[float], None]


@dataclass
class GroupRun:
    """One group while it runs.

    ``marks`` are its updates at the frames that all groups share, ``frames`` the distinct ones among them.
    """

    group: OptimizerGroup
    device: Device
    plans: list[GroupPlan]
    state: State
    lr: NDArray[np.float64]
    marks: NDArray[np.int64]
    frames: NDArray[np.int64]
    recordings: dict[str, Recording]
    recorded: list[NDArray[np.int64]]
    record: tuple[str, ...]
    timings: list[tuple[int, float]] = field(default_factory=list)

    @property
    def plan(self) -> GroupPlan:
        """The plan of the group's first segment."""
        return self.plans[0]


def simulate(
    scenario: Scenario,
    folder: str | Path | None = None,
    *,
    progress: Progress | None = None,
    stop: Event | None = None,
    second_process: bool = False,
    device: str = "auto",
    say: Callable[[str], None] | None = None,
    pool: Executor | None = None,
    landscape: Landscape | None = None,
) -> Result:
    """Run a scenario on a ``device``: "cpu", "cuda", or "auto", the one that suits it, of which ``say`` is told.

    With a ``folder``, which must exist, trajectories go to ``<k>-<label>/*.npy`` in it as they come and are memory-
    mapped in the result; without one they are kept in memory. ``progress`` is told the share of the work that is done,
    from 0 to 1. When ``stop`` is set or Ctrl-C is pressed, the run ends with the frames recorded so far and
    ``complete`` False. A ``second_process`` compiles kernels too. Many runs may share a ``pool``, in which blocks of
    particles are updated, and the ``landscape`` of ``surface(scenario)``.

    Raises TooLargeError, before anything is allocated, for a run that does not fit the memory or the disk, OSError if a
    file cannot be written, KeyboardInterrupt if there is no frame yet, DeviceError if "cuda" cannot be used, and
    DeviceFailedError if it fails.

    Examples:
        >>> import errsurf
        >>> errsurf.simulate(errsurf.build_scenario(surface="saddle", optimizer="sgd", run={"updates": 9})).groups
        [Group('sgd, full batch', sgd: 10 frames of 1,000 particles, 9 updates)]
    """
    require_scenario(scenario)
    folder = None if folder is None else Path(folder)
    check_size(scenario, folder)
    driver = chosen_device(device, scenario, say or (lambda _text: None))
    began = perf_counter()
    stop = stop or Event()
    landscape = landscape or Landscape(problem(*scenario.drawn_from))
    data = landscape.problem
    data = data._replace(terms=data.terms.astype(scenario.run.precision))
    sample = loss_particles(scenario, landscape)
    running: list[GroupRun] = []
    try:
        with ThreadPoolExecutor(threads()) if pool is None else nullcontext(pool) as pool:
            for k in range(len(scenario.optimizer)):
                running.append(_prepare(scenario, data, k, folder, len(sample), driver))
            plans = [each.plans for each in running]
            helper = precompiled(scenario, plans) if second_process and driver.on_cpu else nullcontext(None)
            try:
                with helper as wait:
                    compile_all(plans, wait, stop, driver.compile_kernel)
                    _run(running, landscape, sample, pool, stop, progress or (lambda _share: None))
            except KeyboardInterrupt:
                stop.set()
                if not all(each.recorded for each in running):
                    raise
        groups = [_finish(scenario, k, each, sample) for k, each in enumerate(running)]
    finally:
        for each in running:
            for recording in each.recordings.values():
                recording.release()
    complete = all(each.recorded[-1][-1] == each.marks[-1] for each in running)
    return Result(scenario, groups, driver.name, perf_counter() - began, complete).on(landscape)


def loss_particles(scenario: Scenario, landscape: Landscape) -> NDArray[np.int64]:
    """Particles whose losses are recorded: all of them if few, else an even sample that bounds the cost; or none."""
    if not scenario.run.losses:
        return np.empty(0, np.int64)
    marks = frame_updates(scenario, 1, longest_group(scenario))
    cost = len(marks) * len(scenario.optimizer) * landscape.evaluations
    return evenly(scenario.swarm.particles, min(LOSS_PARTICLES, max(16, LOSS_EVALUATIONS // cost)))


def group_folder(k: int, label: str) -> str:
    """Name of group k's folder: its number and the safe characters of its label."""
    safe = "".join(c if c.isalnum() or c in "._-" else "-" for c in label.replace(" ", "-"))
    return f"{k}-{safe[:60].rstrip('.-') or 'group'}"


def _prepare(scenario: Scenario, data: Problem, k: int, folder: Path | None, sampled: int, device: Device) -> GroupRun:
    group, run, particles = scenario.optimizer[k], scenario.run, scenario.swarm.particles
    lr = group_rates(scenario, k)
    jobs = group_plans(scenario, data, k, lr, scenario.run_seed)
    state = initial_state(jobs[0], positions(scenario.swarm, scenario.start_seed, group.at, scenario.run.rounding))
    marks = frame_updates(scenario, len(lr), longest_group(scenario))
    frames = np.unique(marks)
    place = None if folder is None else folder / group_folder(k, group.label)
    if place is not None:
        place.mkdir()
    parts = part_shapes(jobs[0].rule, run.record, len(jobs[0].watched))
    shapes: dict[str, tuple[tuple[int, ...], Any]] = {
        "position": ((len(frames), particles, 2), run.precision),
        "train_loss": ((len(frames), sampled), np.float64),
        "test_loss": ((len(frames), sampled), np.float64),
        **{name: ((len(frames), *shape), np.float64) for name, shape in parts.items()},
    }
    recordings: dict[str, Recording] = {
        name: FileRecording(place / f"{name}.npy", *shape) if place else MemoryRecording(*shape)
        for name, shape in shapes.items()
    }
    return GroupRun(group, device, jobs, state, lr, marks, frames, recordings, [], run.record)


def compile_all(
    plans: Sequence[Sequence[GroupPlan]],
    wait: Callable[[int], None] | None,
    stop: Event,
    compile_one: Callable[[GroupPlan], None] = compile_kernel,
) -> None:
    """Compile or load the kernels of all groups' plans, unless stopped in between."""
    for k, group in enumerate(plans):
        if stop.is_set():
            return
        if wait is not None:
            wait(k)
        for plan in group:
            compile_one(plan)


def _run(
    running: list[GroupRun],
    landscape: Landscape,
    sample: NDArray[np.int64],
    pool: Executor,
    stop: Event,
    progress: Progress,
) -> None:
    """Advance all groups from mark to mark together, so that a stopped run can be compared."""
    report = _share_reporter(running, progress)
    for each in running:
        first = empty_frames(each.plan, np.array([0]))
        first.position[:] = position(each.plan, each.state)
        first.parts[:] = np.nan
        _keep(each, first, landscape, sample, pool)
    last, mark, at_once = len(running[0].marks) - 1, 0, 1
    while mark < last and not stop.is_set():
        began = perf_counter()
        until = min(last, mark + at_once)
        for each in running:
            if not _advance(each, until, landscape, sample, pool, stop, report):
                return
        mark = until
        at_once = _next_stride(at_once, perf_counter() - began, running)


def _next_stride(at_once: int, seconds: float, running: list[GroupRun]) -> int:
    """How many frames to compute next, to take SECONDS_AT_ONCE and fit FRAME_BYTES; results do not depend on it."""
    frame = max(16 * each.plan.particles + 8 * len(each.plan.watched) * len(part_rows(each.plan)) for each in running)
    bound = max(1, FRAME_BYTES // frame)
    return max(1, min(bound, 4 * at_once, round(at_once * SECONDS_AT_ONCE / max(seconds, 1e-4))))


def _advance(
    each: GroupRun,
    until: int,
    landscape: Landscape,
    sample: NDArray[np.int64],
    pool: Executor,
    stop: Event,
    report: Callable[[int], None],
) -> bool:
    first, last = each.state.update, int(each.marks[until])
    if last == first:
        return True
    kept = each.frames[slice(*np.searchsorted(each.frames, (first, last), side="right"))]
    frames = empty_frames(each.plan, kept)
    began = perf_counter()
    if not advance_segments(each.plans, each.state, last, frames, pool, stop, report, each.device.advance):
        return False
    each.timings.append((last - first, perf_counter() - began))
    _keep(each, frames, landscape, sample, pool)
    return True


def _keep(each: GroupRun, frames: Frames, landscape: Landscape, sample: NDArray[np.int64], pool: Executor) -> None:
    each.recordings["position"].append(frames.position)
    for name, loss in losses(landscape, frames.position[:, sample], pool).items():
        each.recordings[name].append(loss)
    for name, values in all_update_parts(each.plans, frames, each.record).items():
        each.recordings[name].append(values)
    each.recorded.append(frames.update)


def losses(landscape: Landscape, position: NDArray[Any], pool: Executor) -> dict[str, NDArray[np.float64]]:
    """The "train_loss" and the "test_loss" of particles at frames; ``position`` is (frames, particles, 2)."""
    if not position.size:
        return {name: np.empty(position.shape[:2]) for name in ("train_loss", "test_loss")}
    found = {which: pool.submit(landscape.loss, position, which) for which in ("train", "test")}
    return {f"{which}_loss": loss.result() for which, loss in found.items()}


def _finish(scenario: Scenario, k: int, each: GroupRun, sample: NDArray[np.int64]) -> Group:
    update = np.concatenate(each.recorded)
    arrays = {name: recording.close(len(update)) for name, recording in each.recordings.items()}
    entered, left = known_until(each.state.passages, int(update[-1]))
    return Group(
        label=each.group.label,
        kind=each.group.kind,
        update=update,
        examples_seen=group_examples_seen(scenario, k, update),
        lr=each.lr[np.minimum(update, len(each.lr) - 1)],
        loss_particles=sample,
        diverged=known_until(each.state.diverged, int(update[-1])),
        watched=each.plan.watched,
        seconds=_seconds(each.timings),
        entered=entered,
        left=left,
        parts={name: array for name, array in arrays.items() if name not in RECORDED},
        **{name: arrays[name] for name in RECORDED},
    )


def _seconds(timings: list[tuple[int, float]]) -> float:
    """Time of all updates; the first measurement, with cold caches, is replaced by the mean of the others."""
    updates, seconds = np.array(timings).reshape(-1, 2).T
    later = slice(1, None) if len(timings) > 1 else slice(None)
    return float(seconds[later].sum() / max(updates[later].sum(), 1) * updates.sum())


def _share_reporter(running: list[GroupRun], progress: Progress) -> Callable[[int], None]:
    total = sum(int(each.marks[-1]) * each.plan.particles for each in running)
    done, lock = 0, Lock()

    def report(updates: int) -> None:
        nonlocal done
        with lock:
            done += updates
            progress(done / total)

    return report
