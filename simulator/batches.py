"""How an epoch of examples is cut into batches and updates."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


class Plan(NamedTuple):
    """``accumulate`` batches of ``size`` of the ``examples`` make one update.

    The last batch of an epoch keeps what is left, and the last update of an epoch the batches that are
    left: neither reaches into the next epoch.
    """

    examples: int
    size: int
    accumulate: int = 1

    @property
    def batches_an_epoch(self) -> int:
        """Batches that an epoch is cut into."""
        return -(-self.examples // self.size)

    @property
    def updates_an_epoch(self) -> int:
        """Updates made in an epoch."""
        return -(-self.batches_an_epoch // self.accumulate)


def examples_seen(plan: Plan, updates: Integers | int) -> Integers:
    """Examples used by the first so many updates; shape as given."""
    epochs, rest = np.divmod(np.asarray(updates, np.int64), plan.updates_an_epoch)
    return np.asarray(epochs * plan.examples + np.minimum(rest * plan.accumulate * plan.size, plan.examples))


def cuts(plan: Plan, first: int, last: int) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """The batches of updates ``first`` to ``last`` (counted from 0, last not included).

    Update u averages batches ``batch_of[u]`` to ``batch_of[u + 1]``, batch b the slots ``slot_of[b]`` to
    ``slot_of[b + 1]`` counted from the first slot of update ``first``; ``weight[b]`` is one over the
    batch's size and over the number of batches averaged.
    """
    epochs, rest = np.divmod(np.arange(first, last, dtype=np.int64), plan.updates_an_epoch)
    begin = rest * plan.accumulate
    averaged = np.minimum(begin + plan.accumulate, plan.batches_an_epoch) - begin
    batch_of = np.concatenate(([0], np.cumsum(averaged)))
    batch = np.repeat(begin - batch_of[:-1], averaged) + np.arange(batch_of[-1])
    epoch = np.repeat(epochs, averaged)
    ends = epoch * plan.examples + np.minimum((batch + 1) * plan.size, plan.examples)
    slots = np.concatenate(([examples_seen(plan, first)], ends))
    return batch_of, slots - slots[0], 1 / (np.diff(slots) * np.repeat(averaged, averaged))


def last_within(plan: Plan, first: int, last: int, slots: int) -> int:
    """The last update up to which ``slots`` slots suffice, at least one after ``first``, at most ``last``."""
    reach = int(examples_seen(plan, first)) + slots
    epochs, rest = divmod(reach, plan.examples)
    within = epochs * plan.updates_an_epoch + rest // (plan.accumulate * plan.size)
    return max(first + 1, min(last, within))
