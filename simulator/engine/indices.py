"""Which examples the blocks of a call read: all in turn, those that all particles share, or some for each."""

from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np

from errsurf.engine import aligned
from errsurf.engine.group_plan import VECTOR, GroupPlan
from errsurf.engine.random_lanes import Indices, Scratch, fill_order, index_type, order_scratch


@dataclass(frozen=True)
class IndexBuffer:
    """Where indices are written; reused for all chunks, because new memory costs as much as filling it."""

    index: Indices
    scratch: Scratch | None


def index_buffer(plan: GroupPlan, blocks: int, slots: int) -> IndexBuffer:
    """A buffer for the indices of so many slots in so many blocks."""
    if plan.full:
        return IndexBuffer(np.empty((1, 0, 0), index_type(plan.order.examples)), None)
    lanes = VECTOR if plan.loop == "shared" else -(-plan.width // VECTOR) * VECTOR
    shape = (1 if plan.loop == "shared" else blocks, slots, lanes)
    return IndexBuffer(aligned.empty(shape, index_type(plan.order.examples)), order_scratch(plan.order))


def examples(plan: GroupPlan, buffer: IndexBuffer, particle: int, first_slot: int, blocks: int, slots: int) -> Indices:
    """The examples of these slots: (slots,) if all particles share them, else (blocks, slots, width)."""
    # A kernel is compiled for each type of indices: that of full batches is the type of other batches.
    if plan.full:
        return buffer.index if plan.loop == "wide" else _in_turn(plan.batches.examples, slots)
    shared = plan.loop == "shared"
    shape = (1 if shared else blocks, slots, buffer.index.shape[-1])
    index = buffer.index.reshape(-1)[: prod(shape)].reshape(shape)
    if slots > 0:
        if (kept := _kept(plan, index, particle, first_slot, buffer.scratch)) is not None:
            return kept
        fill_order(plan.order, index, 0 if shared else particle, first_slot, buffer.scratch)
    return index[0, :, 0].astype(np.int32) if shared else index


def _kept(plan: GroupPlan, index: Indices, particle: int, first_slot: int, scratch: Scratch | None) -> Indices | None:
    """Indices (blocks, slots, lanes) that several groups use, those of more than one block in ``index``; or None."""
    if not plan.kept:
        return None
    blocks, slots, lanes = index.shape
    for k in range(blocks):
        found = plan.kept.examples(particle + k * lanes, lanes, first_slot, slots, scratch)
        if found is None or blocks == 1:
            return None if found is None else found[None]
        index[k] = found
    return index


@lru_cache(maxsize=8)
def _in_turn(count: int, slots: int) -> Indices:
    return np.resize(np.arange(count, dtype=np.int32), slots)


def compile_order(plan: GroupPlan) -> None:
    """Compile the kernel of a group's indices, or load it, if the group needs indices."""
    if not plan.full:
        examples(plan, index_buffer(plan, 1, 1), 0, 0, 1, 1)
