"""From a scenario to a result: every group's particles, update by update, frame by frame."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.batches import Plan, examples_seen
from simulator.engine.blocks import Frames, State, Work, advance, position, start, threads, work
from simulator.engine.order import Order
from simulator.landscape import Landscape
from simulator.problem import Problem, problem
from simulator.recording import FileRecording, MemoryRecording, Recording
from simulator.result import Group, Result
from simulator.scenario import OptimizerGroup, Scenario
from simulator.scenario.scenario import batch_size, total_updates
from simulator.schedules import rates
from simulator.size import FRAME_BYTES, LOSS_PARTICLES, check_size
from simulator.swarm import starts

SECONDS_AT_ONCE = 0.25
LOSS_EVALUATIONS = 300_000_000
RECORDED = ("position", "train_loss", "test_loss")

Progress = Callable[[float], None]


@dataclass
class Running:
    """One group while it runs."""

    group: OptimizerGroup
    work: Work
    state: State
    lr: NDArray[np.float64]
    marks: NDArray[np.int64]
    recordings: dict[str, Recording]
    recorded: list[NDArray[np.int64]]


def simulate(
    scenario: Scenario,
    folder: Path | None = None,
    *,
    progress: Progress | None = None,
    stop: Event | None = None,
) -> Result:
    """Run a scenario on the CPU.

    With a ``folder``, which must exist, trajectories go to ``<k>-<label>/*.npy`` in it as they come and
    are memory-mapped in the result; without one they are kept in memory.  ``progress`` is told the share
    of the work that is done, from 0 to 1.  When ``stop`` is set or Ctrl-C is pressed, the run ends with
    the frames recorded so far and ``complete`` False.  Raises TooLarge, before anything is allocated, for a run
    that does not fit the memory or the disk, and OSError if a file cannot be written.
    """
    check_size(scenario, folder)
    began = perf_counter()
    stop = stop or Event()
    drawn = problem(scenario.surface, scenario.seed)
    landscape = Landscape(drawn)
    sample = loss_particles(scenario, landscape)
    with ThreadPoolExecutor(threads()) as pool:
        running = [_prepared(scenario, drawn, k, folder, len(sample)) for k in range(len(scenario.optimizer))]
        try:
            _run(running, landscape, sample, pool, stop, progress or (lambda _share: None))
        except KeyboardInterrupt:
            stop.set()
    groups = [_finished(each, sample) for each in running]
    complete = all(each.recorded[-1][-1] == each.marks[-1] for each in running)
    return Result(scenario, groups, "cpu", perf_counter() - began, complete)


def frame_updates(scenario: Scenario, updates: int, longest: int) -> NDArray[np.int64]:
    """After how many updates each of the run's frames stands; groups with few updates repeat some."""
    frames = longest + 1 if scenario.run.frames == "all" else int(scenario.run.frames)
    return np.round(np.linspace(0, updates, min(frames, longest + 1))).astype(np.int64)


def loss_particles(scenario: Scenario, landscape: Landscape) -> NDArray[np.int64]:
    """Particles whose losses are recorded: all of a few hundred, else an even sample that bounds the cost."""
    marks = frame_updates(scenario, 1, longest_group(scenario))
    cost = len(marks) * len(scenario.optimizer) * landscape.evaluations
    count = min(scenario.swarm.particles, LOSS_PARTICLES, max(16, LOSS_EVALUATIONS // cost))
    return np.linspace(0, scenario.swarm.particles - 1, count).astype(np.int64)


def longest_group(scenario: Scenario) -> int:
    """The largest number of updates of a group."""
    return max(total_updates(scenario.run, group, scenario.surface.train.examples) for group in scenario.optimizer)


def group_folder(k: int, label: str) -> str:
    """Name of group k's folder: its number and the safe characters of its label."""
    safe = "".join(c if c.isalnum() or c in "._-" else "-" for c in label.replace(" ", "-"))
    return f"{k}-{safe[:60].rstrip('.-') or 'group'}"


def _prepared(scenario: Scenario, drawn: Problem, k: int, folder: Path | None, sampled: int) -> Running:
    group, run = scenario.optimizer[k], scenario.run
    count, particles = len(drawn.train), scenario.swarm.particles
    updates = total_updates(run, group, count)
    lr = rates(group.schedule, group.settings.lr, updates)
    plan = Plan(count, batch_size(group.batch, count), group.accumulate)
    order = Order(run.sampling.kind, count, scenario.seed)
    job = work(
        drawn,
        group.kind,
        group.settings,
        lr,
        plan,
        order,
        particles,
        shared=run.sampling.shared,
        precision=run.precision,
    )
    state = start(job, starts(scenario.swarm, scenario.seed))
    marks = frame_updates(scenario, updates, longest_group(scenario))
    frames = len(np.unique(marks))
    shapes: dict[str, tuple[tuple[int, ...], Any]] = {
        "position": ((frames, particles, 2), run.precision),
        "train_loss": ((frames, sampled), np.float64),
        "test_loss": ((frames, sampled), np.float64),
    }
    if folder is None:
        recordings: dict[str, Recording] = {name: MemoryRecording(*shapes[name]) for name in RECORDED}
    else:
        place = folder / group_folder(k, group.label)
        place.mkdir()
        recordings = {name: FileRecording(place / f"{name}.npy", *shapes[name]) for name in RECORDED}
    return Running(group, job, state, lr, marks, recordings, [])


def _run(
    running: list[Running],
    landscape: Landscape,
    sample: NDArray[np.int64],
    pool: ThreadPoolExecutor,
    stop: Event,
    progress: Progress,
) -> None:
    """Bring all groups from mark to mark together, so that a run that is stopped is comparable."""
    report = _share_reporter(running, progress)
    for each in running:
        _keep(each, np.array([0]), position(each.work, each.state)[None], landscape, sample, pool)
    last = len(running[0].marks) - 1
    mark, at_once = 0, 1
    while mark < last and not stop.is_set():
        began = perf_counter()
        until = min(last, mark + at_once)
        for each in running:
            if not _advance(each, until, landscape, sample, pool, stop, report):
                return
        mark = until
        at_once = _next_stride(at_once, perf_counter() - began, running)


def _next_stride(at_once: int, seconds: float, running: list[Running]) -> int:
    """As many frames at once as take SECONDS_AT_ONCE and fit FRAME_BYTES; results do not depend on it."""
    bound = max(1, FRAME_BYTES // max(16 * each.work.particles for each in running))
    return max(1, min(bound, 4 * at_once, round(at_once * SECONDS_AT_ONCE / max(seconds, 1e-4))))


def _advance(
    each: Running,
    until: int,
    landscape: Landscape,
    sample: NDArray[np.int64],
    pool: ThreadPoolExecutor,
    stop: Event,
    report: Callable[[int], None],
) -> bool:
    first, last = each.state.update, int(each.marks[until])
    if last == first:
        return True
    marks = np.unique(each.marks)
    kept = marks[(marks > first) & (marks <= last)]
    frames = Frames(kept, np.empty((len(kept), each.work.particles, 2), each.work.table.dtype))
    if not advance(each.work, each.state, last, frames, pool, stop, report):
        return False
    _keep(each, kept, frames.position, landscape, sample, pool)
    return True


def _keep(
    each: Running,
    updates: NDArray[np.int64],
    positions: NDArray[Any],
    landscape: Landscape,
    sample: NDArray[np.int64],
    pool: ThreadPoolExecutor,
) -> None:
    sampled = positions[:, sample]
    losses = [pool.submit(landscape.loss, sampled, which) for which in ("train", "test")]
    each.recordings["position"].append(positions)
    for which, loss in zip(("train", "test"), losses, strict=True):
        each.recordings[f"{which}_loss"].append(loss.result())
    each.recorded.append(updates)


def _finished(each: Running, sample: NDArray[np.int64]) -> Group:
    update = np.concatenate(each.recorded)
    arrays = {name: recording.close(len(update)) for name, recording in each.recordings.items()}
    return Group(
        label=each.group.label,
        kind=each.group.kind,
        update=update,
        examples_seen=examples_seen(each.work.plan, update),
        lr=each.lr[np.minimum(update, len(each.lr) - 1)],
        loss_particles=sample,
        diverged=np.where(each.state.diverged > update[-1], -1, each.state.diverged),
        **arrays,
    )


def _share_reporter(running: list[Running], progress: Progress) -> Callable[[int], None]:
    total = sum(int(each.marks[-1]) * each.work.particles for each in running)
    done, lock = 0, Lock()

    def report(updates: int) -> None:
        nonlocal done
        with lock:
            done += updates
            progress(done / total)

    return report
