"""A group's state independent of its layout in blocks, to continue a run later or in another layout."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames, State, initial_state, part_rows, position
from errsurf.engine.group_plan import GroupPlan


class Packed(NamedTuple):
    """Everything a run needs to continue from ``update``, in any layout.

    ``numbers`` (numbers, particles) are x, y, the update at which a particle stopped, the recorded parts of its last
    update, its memories, and marks of regions; ``diverged`` (particles,) and ``passages`` (2, regions, particles).
    """

    update: int
    numbers: NDArray[Any]
    diverged: NDArray[np.int64]
    passages: NDArray[np.int64]


def packed(plan: GroupPlan, state: State) -> Packed:
    """Copy a state out of the layout of ``plan``."""
    numbers = _lanes(plan, state)[_rows(plan)].reshape(len(_rows(plan)), -1)[:, : plan.particles]
    return Packed(state.update, numbers.copy(), state.diverged.copy(), state.passages.copy())


def packed_rows(plan: GroupPlan) -> int:
    """How many numbers of each particle are packed."""
    return len(_rows(plan))


def unpacked(plan: GroupPlan, kept: Packed) -> State:
    """The state in the layout of ``plan``."""
    state = initial_state(plan, kept.numbers[:2].T.astype(np.float64))
    lanes, rows = _lanes(plan, state), _rows(plan)[2:]
    padded = np.zeros((len(rows), lanes.shape[1] * plan.width), lanes.dtype)
    padded[:, : plan.particles] = kept.numbers[2:]
    lanes[rows] = padded.reshape(len(rows), *lanes.shape[1:])
    return State(kept.update, state.blocks, kept.diverged.copy(), kept.passages.copy())


def convert_layout(plan: GroupPlan, state: State, following: GroupPlan) -> None:
    """Change a state from the layout of ``plan`` to that of ``following``."""
    if (plan.width, plan.rows) != (following.width, following.rows):
        state.blocks = unpacked(following, packed(plan, state)).blocks


def current_frame(plan: GroupPlan, state: State) -> Frames:
    """One frame with the current positions."""
    block, lane = np.divmod(plan.watched, plan.width)
    rows = _rows(plan)[3 : 3 + len(part_rows(plan))]
    parts = _lanes(plan, state)[rows][:, block, lane].T
    return Frames(np.array([state.update]), np.array(position(plan, state))[None], parts[None])


def _lanes(plan: GroupPlan, state: State) -> NDArray[Any]:
    """A view of the lanes in use, shape (rows, blocks, width)."""
    blocks = state.blocks.reshape(len(state.blocks), -1, plan.lanes)
    return blocks[:, :, : plan.width].transpose(1, 0, 2)


def _rows(plan: GroupPlan) -> list[int]:
    """Row numbers of x, y, where a particle stopped, parts of its last update, its memories, and marks of regions."""
    return [*range(3), *range(plan.rows.first("recorded"), plan.rows.first("loss"))]
