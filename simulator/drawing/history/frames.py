"""Which recorded frame each group shows at which clock value."""

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from errsurf.scenario.overlays import drawn_groups

if TYPE_CHECKING:
    from errsurf.run.result import Group, Result

Array: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


def shown_groups(result: "Result") -> list[int]:
    """Places of the groups that ``picture.groups`` names, by label or by number counted from 1; all unless it does."""
    return drawn_groups(result.scenario.picture, [group.label for group in result.groups])


def clock_values(group: "Group", clock: str) -> Ints:
    """Clock value of each recorded frame, shape (frames,): examples seen, or updates."""
    return np.asarray(group.examples_seen if clock == "examples" else group.update, dtype=np.int64)


def clock_end(result: "Result") -> int:
    """The largest clock value that any group reached."""
    return max(int(clock_values(group, result.scenario.picture.clock)[-1]) for group in result.groups)


def latest(values: Ints, clock: float) -> int:
    """Place of the last of these rising clock values that is not after ``clock``; 0 if all are."""
    return max(int(np.searchsorted(values, clock, "right")) - 1, 0)


def visited_points(result: "Result") -> Array:
    """A few hundred particles of every group at ten frames each, shape (n, 2), within 1e12 of 0."""
    found = []
    for group in result.groups:
        every = -(-group.position.shape[1] // 300)
        for frame in np.unique(np.linspace(0, len(group.position) - 1, 10).astype(np.int64)):
            found.append(np.asarray(group.position[frame][::every], dtype=np.float64))
    return np.clip(np.concatenate(found), -1e12, 1e12)
