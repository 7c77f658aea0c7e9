"""A group's state apart from its layout: what a run needs to go on, or another part of it to take over."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames, State, part_rows, position, start
from errsurf.engine.group_plan import GroupPlan


class Packed(NamedTuple):
    """All that a run needs to go on from ``update``, whatever the layout.

    ``numbers`` (numbers, particles) are x, y, where a particle stopped, what is recorded of its last update, and its
    memories; ``diverged`` (particles,).
    """

    update: int
    numbers: NDArray[Any]
    diverged: NDArray[np.int64]


def packed(plan: GroupPlan, state: State) -> Packed:
    """A copy of what matters of a state that is laid out for ``plan``."""
    numbers = _lanes(plan, state)[_rows(plan)].reshape(len(_rows(plan)), -1)[:, : plan.particles]
    return Packed(state.update, numbers.copy(), state.diverged.copy())


def unpacked(plan: GroupPlan, kept: Packed) -> State:
    """The state as ``plan`` lays it out."""
    state = start(plan, kept.numbers[:2].T.astype(np.float64))
    lanes, rows = _lanes(plan, state), _rows(plan)[2:]
    padded = np.zeros((len(rows), lanes.shape[1] * plan.width), lanes.dtype)
    padded[:, : plan.particles] = kept.numbers[2:]
    lanes[rows] = padded.reshape(len(rows), *lanes.shape[1:])
    return State(kept.update, state.blocks, kept.diverged.copy())


def convert_layout(plan: GroupPlan, state: State, following: GroupPlan) -> None:
    """Lay a state out anew for the part of the run that goes on from it."""
    if (plan.width, plan.rows) != (following.width, following.rows):
        state.blocks = unpacked(following, packed(plan, state)).blocks


def current_frame(plan: GroupPlan, state: State) -> Frames:
    """The frame of where the particles are."""
    block, lane = np.divmod(plan.watched, plan.width)
    rows = _rows(plan)[3 : 3 + len(part_rows(plan))]
    parts = _lanes(plan, state)[rows][:, block, lane].T
    return Frames(np.array([state.update]), np.array(position(plan, state))[None], parts[None])


def _lanes(plan: GroupPlan, state: State) -> NDArray[Any]:
    """A view of the lanes in use, shape (rows, blocks, width)."""
    blocks = state.blocks.reshape(len(state.blocks), -1, plan.lanes)
    return blocks[:, :, : plan.width].transpose(1, 0, 2)


def _rows(plan: GroupPlan) -> list[int]:
    """x, y, where a particle stopped, what is recorded of its last update, and its memories."""
    recorded = plan.rows.first("recorded")
    return [*range(3), *range(recorded, recorded + len(plan.rows.recorded) + 2 * len(plan.memory))]
