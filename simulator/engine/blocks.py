"""The driver of the update kernels: one group's particles in blocks, cut and resumed at any update.

Blocks run in a thread pool, because kernels release the interpreter's lock: unlike numba's prange this costs no
compile time, and a run stops soon after Ctrl-C.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.engine import aligned
from errsurf.engine.compile_faults import named_faults
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.indices import IndexBuffer, examples, index_buffer
from errsurf.engine.marks import note_divergence, note_passages
from errsurf.engine.random_lanes import fill_normal, fill_uniform
from errsurf.engine.rule import first_memory
from errsurf.sampling.batches import BatchPlan, Integers, cuts, last_within, slots_used
from errsurf.sampling.philox import Stream
from errsurf.system.processors import threads

SLOTS = {"own": 1 << 19, "shared": 1 << 17, "wide": 1 << 22}
# Threads wait for each other around calls: with 60 updates of 65,536 particles two threads took twice as long as one,
# when each block had a call of its own.
SLOTS_A_CALL = {"own": 1 << 11, "shared": 1 << 15, "wide": 0}
NORMAL_NUMBERS = 1 << 18
TASKS, TASK_UPDATES = 64, 1 << 18


@dataclass
class State:
    """What changes: the updates made, the blocks (blocks, rows * lanes), and the update at which particles diverged.

    ``passages`` (2, regions, particles) are the updates at which they entered regions, and left them; -1 is never.
    """

    update: int
    blocks: NDArray[Any]
    diverged: Integers
    passages: Integers


@dataclass(frozen=True)
class Frames:
    """Where frames go: after ``update[k]`` updates to ``position[k]`` (particles, 2) and ``parts[k]`` (watched, rows).

    The rows of ``parts`` are gradient, movement and memory: those that ``part_rows`` names.
    """

    update: Integers
    position: NDArray[Any]
    parts: NDArray[Any]


@dataclass(frozen=True)
class Chunk:
    """Updates ``first`` to ``until`` for all blocks: their batches, rates, and the frames ``kept``."""

    first: int
    until: int
    first_slot: int
    batch_of: Integers
    slot_of: Integers
    weight: NDArray[Any]
    step_constants: NDArray[Any]
    kept: slice
    marks: Integers


def empty_frames(plan: GroupPlan, update: Integers) -> Frames:
    """Frames to fill, one for each update number in ``update``."""
    shape = (len(update), len(plan.watched), len(part_rows(plan)))
    dtype = plan.table.dtype
    return Frames(update, np.empty((len(update), plan.particles, 2), dtype), np.empty(shape, dtype))


def initial_state(plan: GroupPlan, theta: NDArray[np.float64]) -> State:
    """The state before the first update: particles at theta (particles, 2), memories at the rule's initial values."""
    count = -(-plan.particles // plan.width)
    blocks = aligned.empty((count, sum(map(len, plan.rows)), plan.lanes), plan.table.dtype)
    blocks[:] = 0
    padded = np.resize(theta, (count * plan.width, 2))
    first = [*padded.T, *first_memory(plan.rule, plan.chosen, padded)]
    for row, values in zip([0, 1, *_memory_rows(plan)], first, strict=True):
        blocks[:, row, : plan.width] = np.broadcast_to(values, len(padded)).reshape(count, plan.width)
    never = np.full((2, len(plan.rule.regions), plan.particles), -1, np.int64)
    return State(0, blocks.reshape(count, -1), np.full(plan.particles, -1, np.int64), never)


def advance(
    plan: GroupPlan, state: State, last: int, frames: Frames, pool: Executor, stop: Event, report: Callable[[int], None]
) -> bool:
    """Advance all blocks to update ``last``; False, with an invalid state, if ``stop`` was set meanwhile.

    Calls ``report``, from any thread, with the number of updates times particles made since the last call.
    """
    chunks = _chunks(plan, state.update, last, frames)
    tasks = min(TASKS, len(state.blocks), max(threads(), (last - state.update) * plan.particles // TASK_UPDATES))
    # Tasks of one size: with some of one block and some of two, one thread was left with a block when all was done.
    size = len(state.blocks) // tasks
    shares = [range(k, min(k + size, len(state.blocks))) for k in range(0, len(state.blocks), size)]
    found = [pool.submit(_advance_blocks, plan, state, share, chunks, frames, stop, report) for share in shares]
    complete = [task.result() for task in found]
    state.update = last
    return all(complete)


def compile_kernel(plan: GroupPlan) -> None:
    """Compile a group's kernel, or load it, by zero updates of one block; indices have their own kernels."""
    none, frames = np.empty(0, np.int64), empty_frames(plan, np.empty(0, np.int64))
    batch_of, slot_of, weight = cuts(plan.batches, 0, 0)
    chunk = Chunk(
        0, 0, 0, batch_of, slot_of, weight.astype(plan.table.dtype), plan.step_constants[:0], slice(0, 0), none
    )
    block = aligned.empty((1, sum(map(len, plan.rows)) * plan.lanes), plan.table.dtype)
    _update(plan, block, 0, chunk, frames, index_buffer(plan, 1, 0), _watched_lanes(plan, 0))


def position(plan: GroupPlan, state: State) -> NDArray[Any]:
    """Positions of the particles, shape (particles, 2)."""
    blocks = state.blocks.reshape(len(state.blocks), -1, plan.lanes)
    shown = [plan.rows.place(name) for name in plan.rule.shown]
    return blocks[:, shown, : plan.width].transpose(0, 2, 1).reshape(-1, 2)[: plan.particles]


def part_rows(plan: GroupPlan) -> tuple[str, ...]:
    """Names of the rows of recorded parts: gradient, movement and theta along x and y, then all memories."""
    return (*plan.rows.recorded, *plan.rows.memory) if plan.rows.recorded else ()


def _memory_rows(plan: GroupPlan) -> range:
    first = plan.rows.first("memory")
    return range(first, first + len(plan.rows.memory))


def _chunks(plan: GroupPlan, first: int, last: int, frames: Frames) -> list[Chunk]:
    """The updates from ``first`` to ``last``, cut where the buffers of indices or normal numbers are full."""
    slots = SLOTS[plan.loop] // (1 if plan.loop == "shared" or plan.full else plan.width)
    most, found, begin = _normal_updates(plan), [], plan.begin
    while first < last:
        since = first - begin.epoch
        until = min(begin.epoch + last_within(plan.batches, since, last - begin.epoch, slots), first + most)
        batch_of, slot_of, weight = _cuts(plan.batches, since % plan.batches.updates_an_epoch, until - first)
        kept = slice(*(int(k) for k in np.searchsorted(frames.update, (first, until), side="right")))
        first_slot, weight = begin.slot + int(slots_used(plan.batches, since)), weight.astype(plan.table.dtype)
        constants, marks = plan.step_constants[first - begin.update : until - begin.update], frames.update[kept] - first
        found.append(Chunk(first, until, first_slot, batch_of, slot_of, weight, constants, kept, marks))
        first = until
    return found


def _advance_blocks(
    plan: GroupPlan,
    state: State,
    blocks: range,
    chunks: list[Chunk],
    frames: Frames,
    stop: Event,
    report: Callable[[int], None],
) -> bool:
    """Advance some blocks, which follow each other, through all chunks, as many at once as a call may hold."""
    slots = max((int(each.slot_of[-1]) for each in chunks), default=0)
    at_once = min(len(blocks), _blocks_a_call(plan, slots))
    buffer = index_buffer(plan, at_once, slots)
    for block in blocks[::at_once]:
        some, place = state.blocks[block : min(block + at_once, blocks.stop)], block * plan.width
        watched = _watched_lanes(plan, place)
        for each in chunks:
            if stop.is_set():
                return False
            _update(plan, some, block, each, frames, buffer, watched)
            note_divergence(plan, state.diverged, some, place, each.first)
            note_passages(plan, state.passages, some, place, each.first)
            report((each.until - each.first) * min(len(some) * plan.width, plan.particles - place))
    return True


def _blocks_a_call(plan: GroupPlan, slots: int) -> int:
    """So many that a call does enough; one where blocks have numbers of their own beside indices."""
    alone = plan.only is not None or len(plan.watched) or _draws_normal(plan)
    return 1 if alone else max(1, SLOTS_A_CALL[plan.loop] // max(slots, 1))


def _update(
    plan: GroupPlan,
    blocks: NDArray[Any],
    block: int,
    each: Chunk,
    frames: Frames,
    buffer: IndexBuffer,
    watched: Integers,
) -> None:
    """Make the updates of a chunk in blocks (n, rows * lanes), of which ``block`` is the first."""
    particle = plan.first_particle(block)
    arguments = (
        blocks,
        plan.width,
        examples(plan, buffer, particle, each.first_slot, len(blocks), int(each.slot_of[-1])),
        block * plan.width,
        plan.table,
        plan.terms,
        each.batch_of,
        each.slot_of,
        each.weight,
        each.step_constants,
        plan.settings,
        _normal(plan, particle, each.first, each.until),
        each.marks,
        frames.position[each.kept],
        watched,
        frames.parts[each.kept],
    )
    with named_faults():
        getattr(plan.kernels, f"{plan.loop}_updates")(*arguments)


@lru_cache(maxsize=64)
def _cuts(batches: BatchPlan, phase: int, updates: int) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """Cuts depend only on the position within the epoch, so most blocks and epochs share them."""
    return cuts(batches, phase, phase + updates)


def _normal_updates(plan: GroupPlan) -> int:
    """Updates for which normal numbers are drawn together."""
    return NORMAL_NUMBERS // (4 * plan.width) if _draws_normal(plan) else 1 << 40


def _draws_normal(plan: GroupPlan) -> bool:
    """Whether updates need normal numbers."""
    return bool(plan.rule.noise) or plan.rule.optimizer.takes("normal")


def _normal(plan: GroupPlan, particle: int, first: int, until: int) -> NDArray[Any]:
    """Normal numbers (updates, 4, lanes): two for gradient noise, two for the rule; a placeholder if unused.

    Stable noise has two more rows, of numbers in (0, 1).
    """
    if not _draws_normal(plan):
        return np.zeros((1, 4, 1), plan.table.dtype)
    stable = plan.rule.noise == "stable"
    normal = np.zeros((until - first, 6 if stable else 4, plan.width), plan.table.dtype)
    drawn = np.empty((until - first, 2, plan.width), plan.table.dtype)
    for rows, stream, used in (
        (slice(0, 2), Stream.NOISE, plan.rule.noise),
        (slice(2, 4), Stream.RULE, plan.rule.optimizer.takes("normal")),
    ):
        if used:
            fill_normal(drawn, plan.order.seed, stream, particle, first, plan.problem.rounding)
            normal[:, rows] = drawn
    if stable:
        fill_uniform(drawn, plan.order.seed, Stream.NOISE, particle, first, plan.problem.rounding)
        normal[:, 4:] = drawn
    return normal


def _watched_lanes(plan: GroupPlan, particle: int) -> Integers:
    """Lane and index of the watched particles of a block, shape (n, 2)."""
    lanes = plan.watched - particle
    here = np.flatnonzero((lanes >= 0) & (lanes < plan.width))
    return np.stack([lanes[here], here], axis=1)
