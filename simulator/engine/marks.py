"""What kernels mark in a block's rows, as numbers of updates: divergence, and entries into and exits from regions."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.group_plan import GroupPlan
from errsurf.sampling.batches import Integers


def note_divergence(plan: GroupPlan, diverged: Integers, blocks: NDArray[Any], particle: int, first: int) -> None:
    """Read the marks of blocks, whose first is ``particle``, into ``diverged`` (particles,).

    The kernel marks a lane with the update, counted from ``first``, at which it became infinite or NaN; negative is the
    mark of a particle that stopped at a region.
    """
    marks = _rows(plan, blocks)[:, plan.rows.theta.index("stopped")].ravel()[: plan.particles - particle]
    if marks.any():
        here = diverged[particle : particle + len(marks)]
        new = (marks > 0) & (here < 0)
        here[new] = first + marks[new].astype(np.int64)


def note_passages(plan: GroupPlan, passages: Integers, blocks: NDArray[Any], particle: int, first: int) -> None:
    """Read the marks of regions into ``passages`` (2, regions, particles): updates as above, plus one."""
    if not plan.rule.regions:
        return
    here = passages[..., particle : min(particle + len(blocks) * plan.width, plan.particles)]
    rows = _rows(plan, blocks)[:, plan.rows.first("passage") : plan.rows.first("loss")].swapaxes(0, 1)
    marks = rows.reshape(*here.shape[:2], -1)[..., : here.shape[-1]]
    new = (marks != 0) & (here < 0)
    here[new] = first - 1 + marks[new].astype(np.int64)


def _rows(plan: GroupPlan, blocks: NDArray[Any]) -> NDArray[Any]:
    """The lanes in use of each row, shape (blocks, rows, lanes)."""
    return blocks.reshape(len(blocks), -1, plan.lanes)[..., : plan.width]


def known_until(updates: NDArray[np.int64], last: int) -> NDArray[np.int64]:
    """Numbers of updates, -1 where they are later than the last one that is recorded."""
    return np.where(updates > last, -1, updates)
