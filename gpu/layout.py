"""The layout of a group on a GPU: threads for each particle, particles at a time, updates and frames of a launch."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames
from errsurf.engine.group_plan import GroupPlan
from errsurf.gpu.kernel_sources import BLOCK, WARP, Loop, loop_of, most_threads, state_rows
from errsurf.sampling.batches import Integers, slots_used

NEAR_BYTES = 24 << 10
FRAME_BYTES = 1 << 24
# Bounds of a launch: about a tenth of a second, so that a run can be stopped.
UPDATES_A_LAUNCH, GRADIENTS_A_LAUNCH = 1 << 16, 20_000_000_000
USED_MEMORY = 0.8


class Machine(NamedTuple):
    """A GPU: its name, its number of multiprocessors, and its free memory in bytes."""

    name: str
    processors: int
    free: float


class Shares(NamedTuple):
    """``lanes`` threads a particle, in blocks of ``block``; up to ``particles`` at once, with ``frames`` a launch."""

    loop: Loop
    lanes: int
    block: int
    particles: int
    frames: int


class Launch(NamedTuple):
    """Updates ``first`` to ``until``, from slot ``slot`` of epoch ``epoch`` on, and the frames ``kept`` of them."""

    first: int
    until: int
    epoch: int
    slot: int
    kept: slice
    marks: Integers


def shares(plan: GroupPlan, machine: Machine) -> Shares:
    """How a group's particles share a GPU."""
    lanes = lanes_of(plan, machine.processors)
    loop = loop_of(plan.order.kind, plan.batches.examples, full=plan.full, wide=lanes > WARP, near=_is_near(plan))
    number = plan.table.dtype.itemsize
    frames = max(1, FRAME_BYTES // (2 * number * plan.particles))
    tables = plan.terms.nbytes + plan.table.nbytes + plan.step_constants.nbytes
    each = number * (state_rows(plan.rule) + 4 * frames) + 8
    particles = int(min(plan.particles, max(1, (USED_MEMORY * machine.free - tables) // each)))
    warps = -(-plan.particles * lanes // WARP)
    return Shares(loop, lanes, lanes if loop.wide else min(BLOCK, warps * WARP), particles, frames)


def lanes_of(plan: GroupPlan, processors: int) -> int:
    """A power of two, up to the examples of a batch, such that all particles together fill the GPU."""
    share = min(plan.batches.size, plan.batches.examples)
    share = -(-share // 4) if plan.order.kind == "replacement" else share
    most = most_threads(str(plan.table.dtype), plan.problem.surface)
    fill = max(1, processors * most // plan.particles)
    return min(1 << (share - 1).bit_length(), 1 << (fill.bit_length() - 1), most)


def launches(plan: GroupPlan, first: int, last: int, frames: Frames, most: Shares) -> list[Launch]:
    """The updates from ``first`` to ``last``, cut where a launch would take too long or make too many frames."""
    batches, found = plan.batches, []
    gradients = plan.particles * batches.examples_an_update
    updates = max(1, min(UPDATES_A_LAUNCH, GRADIENTS_A_LAUNCH // gradients))
    while first < last:
        until = min(last, first + updates)
        kept = slice(*(int(k) for k in np.searchsorted(frames.update, (first, until), side="right")))
        if kept.stop - kept.start > most.frames:
            kept = slice(kept.start, kept.start + most.frames)
            until = int(frames.update[kept.stop - 1])
        slot = plan.begin.slot + int(slots_used(batches, first - plan.begin.epoch))
        epoch, slot = divmod(slot, batches.used)
        found.append(Launch(first, until, epoch, slot, kept, frames.update[kept] - first))
        first = until
    return found


def _is_near(plan: GroupPlan) -> bool:
    examples, columns = plan.problem.train.shape
    return bool(examples * (columns | 1) * plan.table.dtype.itemsize <= NEAR_BYTES)


def shared_bytes(how: Shares, table: NDArray[Any], examples: int) -> int:
    """Shared memory that a block asks for: the table, where it is kept there, and digits of Lehmer codes."""
    digits = examples * how.block // how.lanes if how.loop.order == "shuffled" else 0
    return (table.nbytes if how.loop.near else 0) + digits
