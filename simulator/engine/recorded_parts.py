"""What updates were made of, from the rows that kernels recorded."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.rule import effective_rates, memory_parts, part_shapes


def update_parts(plan: GroupPlan, frames: Frames, record: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Parts of the updates before some frames, of the watched particles: those of ``run.record``.

    Arrays (frames, watched, 2), and (frames, watched) of a memory for the pair; "iterate" is theta.
    """
    if not plan.rows.recorded:
        return {}
    gradient, movement, iterate, memory = np.split(frames.parts.astype(np.float64), (2, 4, 6), axis=2)
    parts = {"gradient": gradient, "movement": movement, "iterate": iterate}
    if "memory" in record:
        parts |= {
            name: memory[..., list(rows) if len(rows) > 1 else rows[0]]
            for name, rows in memory_parts(plan.rule).items()
        }
    if "effective_rate" in record:
        parts["effective_rate"] = _rates(plan, frames, memory)
    return {name: parts[name] for name in part_shapes(plan.rule, record, 0)}


def _rates(plan: GroupPlan, frames: Frames, memory: NDArray[np.float64]) -> NDArray[np.float64]:
    """The optimizer's rates along x and y in the updates before some frames, (frames, watched, 2)."""
    made = frames.update - plan.begin.update
    before = np.where(made[:, None] > 0, plan.step_constants[made - 1].astype(np.float64), np.nan)
    rates = effective_rates(plan.rule, plan.chosen[0], memory.transpose(2, 0, 1), before.T[:, :, None])
    return np.where(made[:, None, None] > 0, rates, np.nan)
