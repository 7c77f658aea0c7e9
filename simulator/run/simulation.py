"""From a scenario to a result: every group's particles, update by update, frame by frame."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Lock
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import compile_kernel, part_rows
from errsurf.engine.examples import problem
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.kept_orders import ORDER_BYTES, KeptOrders
from errsurf.engine.landscape import Landscape
from errsurf.engine.precompile import precompiled
from errsurf.engine.random_lanes import Order
from errsurf.engine.size import FRAME_BYTES, check_size
from errsurf.run.checkpoint import Checkpoint, Checkpoints, read_checkpoint
from errsurf.run.device import chosen_device
from errsurf.run.group_run import (
    GroupRun,
    Tools,
    advance_group,
    finished_group,
    keep_start,
    prepare_group,
    saved_group,
)
from errsurf.run.result import Result
from errsurf.sampling.particles import LOSS_PARTICLES, evenly
from errsurf.scenario import Scenario
from errsurf.scenario.frame_marks import frame_updates, longest_group
from errsurf.scenario.scenario import require_scenario
from errsurf.system.processors import threads

SECONDS_AT_ONCE = 0.25
LOSS_EVALUATIONS = 300_000_000

Progress = Callable[[float], None]


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
    resumable: bool = False,
) -> Result:
    """Run a scenario on a ``device``: "cpu", "cuda", or "auto", the one that suits it, of which ``say`` is told.

    With a ``folder``, which must exist, trajectories go to ``<k>-<label>/*.npy`` in it as they come and are memory-
    mapped in the result; without one they are kept in memory. ``progress`` is told the share of the work that is done,
    from 0 to 1. When ``stop`` is set or Ctrl-C is pressed, the run ends with the frames recorded so far and
    ``complete`` False. A ``second_process`` compiles kernels too. Many runs may share a ``pool``, in which blocks of
    particles are updated, and the ``landscape`` of ``surface(scenario)``.

    A run that is ``resumable`` saves its state in the folder every few seconds, and goes on from what is saved there.

    Raises TooLargeError, before anything is allocated, for a run that does not fit the memory or the disk, StoredError
    for a saved state that is not of this scenario, OSError if a file cannot be written, KeyboardInterrupt if there is
    no frame yet, DeviceError if "cuda" cannot be used, and DeviceFailedError if it fails.

    Examples:
        >>> import errsurf
        >>> errsurf.simulate(errsurf.build_scenario(surface="saddle", optimizer="sgd", run={"updates": 9})).groups
        [Group('sgd, full batch', sgd: 10 frames of 1,000 particles, 9 updates)]
    """
    require_scenario(scenario)
    folder = None if folder is None else Path(folder)
    before = read_checkpoint(folder, scenario) if folder and resumable else None
    check_size(scenario, folder, kept=folder if before else None)
    driver = chosen_device(device, scenario, say or (lambda _text: None))
    if before:
        driver.follow(before.device)
    began = perf_counter() - (before.seconds if before else 0.0)
    stop = stop or Event()
    landscape = landscape or Landscape(problem(*scenario.drawn_from))
    data = landscape.problem
    data = data._replace(terms=data.terms.astype(scenario.run.precision))
    sample = loss_particles(scenario, landscape)
    running: list[GroupRun] = []
    try:
        with ThreadPoolExecutor(threads()) if pool is None else nullcontext(pool) as pool:
            for k in range(len(scenario.optimizer)):
                saved = before.groups[k] if before else None
                running.append(prepare_group(scenario, data, k, folder, len(sample), driver, pool, saved))
            kept = _keep_orders(running) if driver.on_cpu else []
            plans = [each.plans for each in running]
            helper = precompiled(scenario, plans) if second_process and driver.on_cpu else nullcontext(None)
            report = _share_reporter(running, progress or (lambda _share: None))
            tools = Tools(landscape, sample, pool, stop, report)
            try:
                with helper as wait:
                    compile_all(plans, wait, stop, driver.compile_kernel)
                    if folder and resumable:
                        tools = tools._replace(save=Checkpoints(folder, partial(_checkpoint, running, began)).save)
                    _run(running, tools, kept)
            except KeyboardInterrupt:
                stop.set()
                if not all(each.recorded for each in running):
                    raise
        groups = [finished_group(scenario, k, each, sample) for k, each in enumerate(running)]
    finally:
        for each in running:
            for recording in each.recordings.values():
                recording.release()
    complete = all(each.recorded[-1][-1] == each.marks[-1] for each in running)
    return Result(scenario, groups, driver.name, perf_counter() - began, complete).on(landscape)


def _checkpoint(running: Sequence[GroupRun], began: float) -> Checkpoint:
    """The state of all groups, after all of their frames are on the disk."""
    for each in running:
        for recording in each.recordings.values():
            recording.sync()
    return Checkpoint(running[0].device.name, perf_counter() - began, tuple(map(saved_group, running)))


def loss_particles(scenario: Scenario, landscape: Landscape) -> NDArray[np.int64]:
    """Particles whose losses are recorded: all of them if few, else an even sample that bounds the cost; or none."""
    if not scenario.run.losses:
        return np.empty(0, np.int64)
    marks = frame_updates(scenario, 1, longest_group(scenario))
    cost = len(marks) * len(scenario.optimizer) * landscape.evaluations
    return evenly(scenario.swarm.particles, min(LOSS_PARTICLES, max(16, LOSS_EVALUATIONS // cost)))


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


def _keep_orders(running: Sequence[GroupRun]) -> list[KeptOrders]:
    """Have groups keep the orders that at least two of them use."""
    used = Counter(order for each in running for order in {plan.order for plan in each.plans if plan.loop == "own"})
    shared = {order for order, groups in used.items() if groups > 1}
    kept: dict[Order, KeptOrders] = {}
    for each in running:
        for k, plan in enumerate(each.plans):
            if plan.loop == "own" and plan.order in shared:
                bytes_a_block = ORDER_BYTES // len(shared) // -(-plan.particles // plan.width)
                one = kept.setdefault(plan.order, KeptOrders(plan.order, bytes_a_block))
                each.plans[k] = replace(plan, kept=one)
    return list(kept.values())


def _run(running: list[GroupRun], tools: Tools, kept: Sequence[KeptOrders]) -> None:
    """Advance all groups from mark to mark together, so that a stopped run can be compared."""
    for each in running:
        keep_start(each, tools)
    last, mark, at_once = len(running[0].marks) - 1, min(each.mark for each in running), 1
    while mark < last and not tools.stop.is_set():
        began = perf_counter()
        until = min(last, mark + at_once)
        for orders in kept:
            orders.clear()
        for each in running:
            if not advance_group(each, until, tools):
                return
        mark = until
        at_once = _next_stride(at_once, perf_counter() - began, running)
    if mark == last and tools.save is not None:
        tools.save(last=True)


def _next_stride(at_once: int, seconds: float, running: list[GroupRun]) -> int:
    """How many frames to compute next, to take SECONDS_AT_ONCE and fit FRAME_BYTES; results do not depend on it."""
    bound = max(1, FRAME_BYTES // 2 // max(map(_frame_bytes, running)))  # half are written while half are computed
    return max(1, min(bound, 4 * at_once, round(at_once * SECONDS_AT_ONCE / max(seconds, 1e-4))))


def _frame_bytes(each: GroupRun) -> int:
    numbers = 2 * each.plan.particles + len(each.plan.watched) * len(part_rows(each.plan))
    return numbers * each.plan.table.itemsize


def _share_reporter(running: list[GroupRun], progress: Progress) -> Callable[[int], None]:
    total = sum(int(each.marks[-1]) * each.plan.particles for each in running)
    done, lock = sum(each.state.update * each.plan.particles for each in running), Lock()

    def report(updates: int) -> None:
        nonlocal done
        with lock:
            done += updates
            progress(done / total)

    return report
