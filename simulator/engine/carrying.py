"""A group's state apart from its layout: what a run needs to go on, or another part of it to take over."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames, State, part_rows, position, start
from errsurf.engine.work import Work


class Packed(NamedTuple):
    """All that a run needs to go on from ``update``, whatever the layout.

    ``numbers`` (numbers, particles) are x, y, where a particle stopped, what is noted of its last update, and its
    memories; ``diverged`` (particles,).
    """

    update: int
    numbers: NDArray[Any]
    diverged: NDArray[np.int64]


def packed(work: Work, state: State) -> Packed:
    """A copy of what matters of a state that is laid out for ``work``."""
    numbers = _lanes(work, state)[_rows(work)].reshape(len(_rows(work)), -1)[:, : work.particles]
    return Packed(state.update, numbers.copy(), state.diverged.copy())


def unpacked(work: Work, kept: Packed) -> State:
    """The state as ``work`` lays it out."""
    state = start(work, kept.numbers[:2].T.astype(np.float64))
    lanes, rows = _lanes(work, state), _rows(work)[2:]
    padded = np.zeros((len(rows), lanes.shape[1] * work.width), lanes.dtype)
    padded[:, : work.particles] = kept.numbers[2:]
    lanes[rows] = padded.reshape(len(rows), *lanes.shape[1:])
    return State(kept.update, state.blocks, kept.diverged.copy())


def relay(work: Work, state: State, following: Work) -> None:
    """Lay a state out anew for the part of the run that goes on from it."""
    if (work.width, work.rows) != (following.width, following.rows):
        state.blocks = unpacked(following, packed(work, state)).blocks


def standing(work: Work, state: State) -> Frames:
    """The frame of where the particles are."""
    block, lane = np.divmod(work.watched, work.width)
    rows = _rows(work)[3 : 3 + len(part_rows(work))]
    parts = _lanes(work, state)[rows][:, block, lane].T
    return Frames(np.array([state.update]), np.array(position(work, state))[None], parts[None])


def _lanes(work: Work, state: State) -> NDArray[Any]:
    """A view of the lanes in use, shape (rows, blocks, width)."""
    blocks = state.blocks.reshape(len(state.blocks), -1, work.lanes)
    return blocks[:, :, : work.width].transpose(1, 0, 2)


def _rows(work: Work) -> list[int]:
    """x, y, where a particle stopped, what is noted of its last update, and its memories."""
    noted = work.rows.first("noted")
    return [*range(3), *range(noted, noted + len(work.rows.noted) + 2 * len(work.memory))]
