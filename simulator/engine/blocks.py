"""The driver of the update kernels: one group's particles in blocks, cut and resumed at any update."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from threading import Event
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from errsurf.engine import aligned
from errsurf.engine.random_lanes import Indices, Scratch, fill_normal, fill_order, index_type, order_scratch
from errsurf.engine.work import VECTOR, Work, threads
from errsurf.sampling.batches import Integers, Plan, cuts, examples_seen, last_within
from errsurf.sampling.philox import Stream

SLOTS = {"own": 1 << 19, "shared": 1 << 17, "wide": 1 << 22}
NORMAL_NUMBERS = 1 << 18
TASKS, TASK_UPDATES = 64, 1 << 18


@dataclass
class State:
    """All that changes: the updates done, the blocks (blocks, rows * lanes), and where particles diverged."""

    update: int
    blocks: NDArray[Any]
    diverged: Integers


@dataclass(frozen=True)
class Frames:
    """Where frames go: after ``update[k]`` updates to ``position[k]`` (particles, 2) and ``parts[k]`` (watched, rows).

    The rows of ``parts`` are gradient, movement and memory: those that ``part_rows`` names.
    """

    update: Integers
    position: NDArray[Any]
    parts: NDArray[Any]


@dataclass(frozen=True)
class Stretch:
    """Updates ``first`` to ``until`` as all blocks make them: their cuts, rates, and the frames ``kept`` of them."""

    first: int
    until: int
    first_slot: int
    batch_of: Integers
    slot_of: Integers
    weight: NDArray[Any]
    step_constants: NDArray[Any]
    kept: slice
    marks: Integers


@dataclass(frozen=True)
class Room:
    """Where indices are written; used for stretch after stretch, because new memory costs as much as filling it."""

    index: Indices
    scratch: Scratch | None


def empty_frames(work: Work, update: Integers) -> Frames:
    """Frames to be filled, after so many updates each."""
    shape = (len(update), len(work.watched), len(part_rows(work)))
    dtype = work.table.dtype
    return Frames(update, np.empty((len(update), work.particles, 2), dtype), np.empty(shape, dtype))


def start(work: Work, theta: NDArray[np.float64]) -> State:
    """The state before the first update: particles at theta (particles, 2), memories as the rule begins."""
    count = -(-work.particles // work.width)
    blocks = aligned.empty((count, sum(map(len, work.rows)), work.lanes), work.table.dtype)
    blocks[:] = 0
    memory = work.rows.first("memory_x")
    blocks[:, memory : memory + 2 * len(work.memory)] = np.tile(work.memory, 2)[:, None]
    padded = np.resize(theta, (count * work.width, 2)).reshape(count, work.width, 2)
    blocks[:, :2, : work.width] = padded.transpose(0, 2, 1)
    return State(0, blocks.reshape(count, -1), np.full(work.particles, -1, np.int64))


def advance(
    work: Work, state: State, last: int, frames: Frames, pool: Executor, stop: Event, report: Callable[[int], None]
) -> bool:
    """Bring all blocks to update ``last``; False, with the state of no use, if ``stop`` was set on the way.

    ``report`` is told, from any thread, how many updates of how many particles were made.
    """
    stretches = _stretches(work, state.update, last, frames)
    tasks = min(TASKS, len(state.blocks), max(threads(), (last - state.update) * work.particles // TASK_UPDATES))
    shares = np.array_split(np.arange(len(state.blocks)), tasks)
    found = [pool.submit(_advance_blocks, work, state, share, stretches, frames, stop, report) for share in shares]
    complete = [task.result() for task in found]
    state.update = last
    return all(complete)


def compile_kernel(work: Work) -> None:
    """Compile a group's kernel, or load it, by no update of one block; indices have kernels of their own."""
    none, frames = np.empty(0, np.int64), empty_frames(work, np.empty(0, np.int64))
    batch_of, slot_of, weight = cuts(work.plan, 0, 0)
    weight = weight.astype(work.table.dtype)
    stretch = Stretch(0, 0, 0, batch_of, slot_of, weight, work.step_constants[:0], slice(0, 0), none)
    block = aligned.empty(sum(map(len, work.rows)) * work.lanes, work.table.dtype)
    _advance_block(work, block, 0, stretch, frames, _room(work, 0), _watched_lanes(work, 0))


def compile_order(work: Work) -> None:
    """Compile the kernel of a group's indices, or load it, if it needs any."""
    if not work.full:
        _examples(work, _room(work, 1), 0, 0, 1)


def position(work: Work, state: State) -> NDArray[Any]:
    """Where the particles are, shape (particles, 2)."""
    blocks = state.blocks.reshape(len(state.blocks), -1, work.lanes)
    return blocks[:, :2, : work.width].transpose(0, 2, 1).reshape(-1, 2)[: work.particles]


def part_rows(work: Work) -> tuple[str, ...]:
    """Names of the rows of recorded parts: gradient and movement along x and y, then the memory of x and of y."""
    memory = [f"{name}_{axis}" for axis in "xy" for name in work.rows.memory_x]
    return (*work.rows.noted, *memory) if work.rows.noted else ()


def update_parts(work: Work, frames: Frames) -> dict[str, NDArray[np.float64]]:
    """What the updates before some frames were made of, for the watched particles: each (frames, watched, 2).

    "gradient", "movement" and "effective_rate"; empty if nothing is watched.
    """
    if not work.rows.noted:
        return {}
    memories = len(work.memory)
    parts = frames.parts.astype(np.float64)
    gradient, movement, memory_x, memory_y = np.split(parts, (2, 4, 4 + memories), axis=2)
    made = frames.update - work.begin.update
    before = np.where(made[:, None] > 0, work.step_constants[made - 1].astype(np.float64), np.nan)
    constants = before.T[:, :, None]
    rates = [_rates(work, memory.transpose(2, 0, 1), constants) for memory in (memory_x, memory_y)]
    return {"gradient": gradient, "movement": movement, "effective_rate": np.stack(rates, axis=2)}


def _rates(work: Work, memory: NDArray[np.float64], constants: NDArray[np.float64]) -> NDArray[np.float64]:
    """Effective rates along one axis, from memory (numbers, frames, watched) and constants (numbers, frames, 1)."""
    rule = work.rule.optimizer
    if rule.rate is None:
        return np.array(np.broadcast_to(constants[0], memory.shape[1:]))
    constants_of, rate, memories = get_type_hints(rule.step_constants)["return"], rule.rate, len(memory)

    def one(*numbers: float) -> Any:
        return rate(rule.memory(*numbers[:memories]), constants_of(*numbers[memories:]), work.chosen)

    with np.errstate(all="ignore"):  # the memory of a particle that diverged
        rates: NDArray[np.float64] = np.frompyfunc(one, memories + len(constants), 1)(*memory, *constants).astype(
            np.float64
        )
    return rates


def _stretches(work: Work, first: int, last: int, frames: Frames) -> list[Stretch]:
    """The way from one update to another, cut where indices or normal numbers fill their room."""
    slots = SLOTS[work.loop] // (1 if work.loop == "shared" or work.full else work.width)
    most, found, begin = _normal_updates(work), [], work.begin
    while first < last:
        since = first - begin.epoch
        until = min(begin.epoch + last_within(work.plan, since, last - begin.epoch, slots), first + most)
        batch_of, slot_of, weight = _cuts(work.plan, since % work.plan.updates_an_epoch, until - first)
        kept = slice(*(int(k) for k in np.searchsorted(frames.update, (first, until), side="right")))
        first_slot, weight = begin.slot + int(examples_seen(work.plan, since)), weight.astype(work.table.dtype)
        constants, marks = work.step_constants[first - begin.update : until - begin.update], frames.update[kept] - first
        found.append(Stretch(first, until, first_slot, batch_of, slot_of, weight, constants, kept, marks))
        first = until
    return found


def _advance_blocks(
    work: Work,
    state: State,
    blocks: Integers,
    stretches: list[Stretch],
    frames: Frames,
    stop: Event,
    report: Callable[[int], None],
) -> bool:
    """Bring some blocks along all stretches, one block after the other."""
    room = _room(work, max((int(each.slot_of[-1]) for each in stretches), default=0))
    for block in blocks:
        particle = int(block) * work.width
        watched = _watched_lanes(work, particle)
        for each in stretches:
            if stop.is_set():
                return False
            _advance_block(work, state.blocks[block], particle, each, frames, room, watched)
            _note_divergence(work, state, state.blocks[block], particle, each.first)
            report((each.until - each.first) * min(work.width, work.particles - particle))
    return True


def _advance_block(
    work: Work, s: NDArray[Any], particle: int, each: Stretch, frames: Frames, room: Room, watched: Integers
) -> None:
    getattr(work.kernels, f"{work.loop}_updates")(
        s,
        work.width,
        _examples(work, room, particle, each.first_slot, int(each.slot_of[-1])),
        work.table,
        work.terms,
        each.batch_of,
        each.slot_of,
        each.weight,
        each.step_constants,
        work.settings,
        _normal(work, particle, each.first, each.until),
        each.marks,
        frames.position[each.kept],
        particle,
        watched,
        frames.parts[each.kept],
    )


@lru_cache(maxsize=64)
def _cuts(plan: Plan, phase: int, updates: int) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """Cuts depend on the place within the epoch only, so most blocks and epochs share them."""
    return cuts(plan, phase, phase + updates)


def _room(work: Work, slots: int) -> Room:
    """Where the indices of so many slots go."""
    if work.full:
        return Room(np.empty((0, 0), np.uint8), None)
    lanes = VECTOR if work.loop == "shared" else -(-work.width // VECTOR) * VECTOR
    return Room(aligned.empty((slots, lanes), index_type(work.order.examples)), order_scratch(work.order))


def _examples(work: Work, room: Room, particle: int, first_slot: int, slots: int) -> Indices:
    """The examples of these slots: (slots,) if all particles share them, else (slots, width)."""
    if work.full:
        return np.empty((0, 0), np.int32) if work.loop == "wide" else _in_turn(work.plan.examples, slots)
    index = room.index[:slots]
    if slots > 0:
        fill_order(work.order, index, 0 if work.loop == "shared" else particle, first_slot, room.scratch)
    return np.ascontiguousarray(index[:, 0]) if work.loop == "shared" else index


@lru_cache(maxsize=8)
def _in_turn(count: int, slots: int) -> Indices:
    return np.resize(np.arange(count, dtype=np.int32), slots)


def _normal_updates(work: Work) -> int:
    """Updates for which normal numbers are drawn at once."""
    return NORMAL_NUMBERS // (4 * work.width) if work.rule.noise or work.rule.draws else 1 << 40


def _normal(work: Work, particle: int, first: int, until: int) -> NDArray[Any]:
    """Normal numbers (updates, 4, lanes): two for noise on the gradient, two for the rule; a stand-in if unused."""
    if not work.rule.noise and not work.rule.draws:
        return np.zeros((1, 4, 1), work.table.dtype)
    normal = np.zeros((until - first, 4, work.width), work.table.dtype)
    for rows, stream, used in (
        (slice(0, 2), Stream.NOISE, work.rule.noise),
        (slice(2, 4), Stream.RULE, work.rule.draws),
    ):
        if used:
            drawn = np.empty((until - first, 2, work.width), work.table.dtype)
            fill_normal(drawn, work.order.seed, stream, particle, first)
            normal[:, rows] = drawn
    return normal


def _watched_lanes(work: Work, particle: int) -> Integers:
    """Lane and place of the watched particles of a block, shape (n, 2)."""
    lanes = work.watched - particle
    here = np.flatnonzero((lanes >= 0) & (lanes < work.width))
    return np.stack([lanes[here], here], axis=1)


def _note_divergence(work: Work, state: State, s: NDArray[Any], particle: int, first: int) -> None:
    """The kernel marks a lane with the update, counted from ``first``, in which it left the finite numbers."""
    marks = s[work.rows.theta.index("stopped") * work.lanes :][: min(work.width, work.particles - particle)]
    if marks.any():
        diverged = state.diverged[particle : particle + len(marks)]
        new = (marks > 0) & (diverged < 0)
        diverged[new] = first + marks[new].astype(np.int64)
