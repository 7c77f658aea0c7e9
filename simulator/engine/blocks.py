"""The driver of the update kernels: one group's particles in blocks, cut and resumed at any update."""

import os
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.batches import Integers, Plan, cuts, examples_seen, last_within
from simulator.engine.kernels import LANES, ROWS, block_rows, settings_row, shape_of, update_kernels
from simulator.engine.order import Indices, Order, fill_order
from simulator.optimizers import Optimizer, optimizer
from simulator.problem import Problem

VECTOR = 16
SLOTS = {"own": 1 << 19, "shared": 1 << 17, "wide": 1 << 22}
INDEX_BYTES = 1 << 26
FEW_PARTICLES, WIDE_BATCH = 8, 64
STOPPED, MEMORY = ROWS.index("STOPPED"), ROWS.index("MX")


@dataclass(frozen=True)
class Work:
    """All that stays the same while a group runs.

    ``now`` (updates, numbers) holds what the rule needs of every update.  ``loop`` names the kernel:
    ``own`` examples for each particle, examples ``shared`` by all, as in full batch they always are, or
    ``wide`` loops over the examples of few particles.  ``width`` of a block's LANES are used.
    """

    kernels: Any
    table: NDArray[Any]
    terms: NDArray[Any]
    settings: NDArray[Any]
    memory: NDArray[Any]
    now: NDArray[Any]
    plan: Plan
    order: Order
    loop: str
    particles: int
    width: int
    rows: int
    lanes: int


@dataclass
class State:
    """All that changes: the updates done, the blocks (blocks, rows * lanes), and where particles diverged."""

    update: int
    blocks: NDArray[Any]
    diverged: Integers


@dataclass(frozen=True)
class Frames:
    """Where positions go: after ``update[k]`` updates to ``position[k]`` (particles, 2)."""

    update: Integers
    position: NDArray[Any]


def threads() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def work(
    problem: Problem,
    kind: str,
    settings: Any,
    lr: NDArray[np.float64],
    plan: Plan,
    order: Order,
    particles: int,
    *,
    shared: bool = False,
    precision: str = "float32",
    lanes: int = LANES,
) -> Work:
    """Link the kernel of a group and lay out its constants; ``lr`` (updates,) is the scheduled rate."""
    rule = optimizer(kind)
    loop = _loop(plan, shared, particles)
    shape = shape_of(len(problem.terms), problem.train)
    now = rule.now(np.arange(1, len(lr) + 1), lr, settings)
    return Work(
        kernels=update_kernels(f"{problem.kind}_{kind}", problem.surface, rule, precision, shape, lanes),
        table=(problem.train.T if loop == "wide" and plan.full else problem.train).astype(precision, order="C").ravel(),
        terms=problem.terms.astype(precision),
        settings=settings_row(settings, precision),
        memory=_first_memory(rule, settings).astype(precision),
        now=np.stack([np.broadcast_to(value, lr.shape) for value in now], axis=1).astype(precision),
        plan=plan,
        order=order,
        loop=loop,
        particles=particles,
        width=_width(particles, min(plan.examples, plan.size * plan.accumulate), lanes),
        rows=block_rows(rule, shape),
        lanes=lanes,
    )


def start(work: Work, theta: NDArray[np.float64]) -> State:
    """The state before the first update: particles at theta (particles, 2), memories as the rule begins."""
    count = -(-work.particles // work.width)
    blocks = np.zeros((count, work.rows, work.lanes), work.table.dtype)
    blocks[:, MEMORY : MEMORY + 2 * len(work.memory)] = np.tile(work.memory, 2)[:, None]
    padded = np.resize(theta, (count * work.width, 2)).reshape(count, work.width, 2)
    blocks[:, :2, : work.width] = padded.transpose(0, 2, 1)
    return State(0, blocks.reshape(count, -1), np.full(work.particles, -1, np.int64))


def advance(
    work: Work, state: State, last: int, frames: Frames, pool: Executor, stop: Event, report: Callable[[int], None]
) -> bool:
    """Bring all blocks to update ``last``; False, with the state of no use, if ``stop`` was set on the way.

    ``report`` is told, from any thread, how many updates of how many particles were made.
    """
    tasks = [pool.submit(_advance_block, work, state, k, last, frames, stop, report) for k in range(len(state.blocks))]
    complete = [task.result() for task in tasks]
    state.update = last
    return all(complete)


def position(work: Work, state: State) -> NDArray[Any]:
    """Where the particles are, shape (particles, 2)."""
    blocks = state.blocks.reshape(len(state.blocks), work.rows, work.lanes)
    return blocks[:, :2, : work.width].transpose(0, 2, 1).reshape(-1, 2)[: work.particles]


def _advance_block(
    work: Work, state: State, block: int, last: int, frames: Frames, stop: Event, report: Callable[[int], None]
) -> bool:
    s, particle, first = state.blocks[block], block * work.width, state.update
    kernel = getattr(work.kernels, f"{work.loop}_batches")
    slots = SLOTS[work.loop] // (1 if work.loop == "shared" or work.plan.full else work.width)
    while first < last and not stop.is_set():
        until = last_within(work.plan, first, last, slots)
        batch_of, slot_of, weight = _cuts(work.plan, first % work.plan.updates_an_epoch, until - first)
        index = _examples(work, particle, int(examples_seen(work.plan, first)), int(slot_of[-1]))
        kept = slice(*np.searchsorted(frames.update, (first, until), side="right"))
        at, out = frames.update[kept] - first, frames.position[kept]
        now = work.now[first:until]
        weight = weight.astype(work.table.dtype)
        kernel(
            s,
            work.width,
            index,
            work.table,
            work.terms,
            batch_of,
            slot_of,
            weight,
            now,
            work.settings,
            at,
            out,
            particle,
        )
        _note_divergence(work, state, s, particle, first)
        report((until - first) * min(work.width, work.particles - particle))
        first = until
    return first == last


@lru_cache(maxsize=64)
def _cuts(plan: Plan, phase: int, updates: int) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """Cuts depend on the place within the epoch only, so most blocks and epochs share them."""
    return cuts(plan, phase, phase + updates)


def _examples(work: Work, particle: int, first_slot: int, slots: int) -> Indices:
    """The examples of these slots: (slots,) if all particles share them, else (slots, width)."""
    if work.plan.full:
        return np.empty((0, 0), np.int32) if work.loop == "wide" else _in_turn(work.plan.examples, slots)
    index = np.empty((slots, 4 if work.loop == "shared" else work.width), np.int32)
    fill_order(work.order, index, 0 if work.loop == "shared" else particle, first_slot)
    return np.ascontiguousarray(index[:, 0]) if work.loop == "shared" else index


@lru_cache(maxsize=8)
def _in_turn(count: int, slots: int) -> Indices:
    return np.resize(np.arange(count, dtype=np.int32), slots)


def _note_divergence(work: Work, state: State, s: NDArray[Any], particle: int, first: int) -> None:
    """The kernel marks a lane with the update, counted from ``first``, in which it left the finite numbers."""
    marks = s[STOPPED * work.lanes :][: min(work.width, work.particles - particle)]
    if marks.any():
        diverged = state.diverged[particle : particle + len(marks)]
        new = (marks > 0) & (diverged < 0)
        diverged[new] = first + marks[new].astype(np.int64)


def _loop(plan: Plan, shared: bool, particles: int) -> str:
    """Which kernel; it depends on the scenario alone, because the loops round differently."""
    few = particles <= FEW_PARTICLES and min(plan.size, plan.examples) >= WIDE_BATCH
    if few and (plan.full or not shared):
        return "wide"
    return "shared" if shared or plan.full else "own"


def _first_memory(rule: Optimizer, settings: Any) -> NDArray[np.float64]:
    return np.array(rule.start(settings) if rule.start else rule.memory(), np.float64)


def _width(particles: int, slots: int, lanes: int) -> int:
    """Lanes of a block that are used: a multiple of VECTOR, a block for every thread, indices within bounds."""
    wanted = min(-(-particles // threads()), INDEX_BYTES // (4 * slots))
    return max(VECTOR, min(lanes, -(-wanted // VECTOR) * VECTOR))
