"""How an epoch of examples is cut into batches and updates."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


class BatchPlan(NamedTuple):
    """``accumulate`` batches of ``size`` of the ``examples`` make one update.

    ``rest`` says what becomes of the examples of an epoch that make no whole update:

    * "keep": the last batch has what is left, and the last update the batches that are left;
    * "drop": they are left out, unless an epoch is shorter than an update;
    * "draw": there are none, since examples are drawn with replacement: an epoch is made of the fewest whole updates
      that draw as many as there are.

    No update reaches into the next epoch.
    """

    examples: int
    size: int
    accumulate: int = 1
    rest: str = "keep"

    @property
    def batches_an_epoch(self) -> int:
        """Number of batches of an epoch."""
        whole = self.size * self.accumulate
        if self.rest == "draw":
            return -(-self.examples // whole) * self.accumulate
        if self.rest == "drop" and self.examples >= self.size:
            return self.examples // whole * self.accumulate or self.examples // self.size
        return -(-self.examples // self.size)

    @property
    def updates_an_epoch(self) -> int:
        """Number of updates of an epoch."""
        return -(-self.batches_an_epoch // self.accumulate)

    @property
    def used(self) -> int:
        """Slots of an epoch that are used."""
        used = self.batches_an_epoch * self.size
        return used if self.rest == "draw" else min(used, self.examples)

    @property
    def counted(self) -> int:
        """Examples as which an epoch counts: those that are left out are gone, too."""
        return max(self.used, self.examples)

    @property
    def equal_examples(self) -> float:
        """Examples of equal weight whose mean varies as a whole update does: fewer than it has if its weights differ.

        They differ where an epoch is one update of several batches, of which the last is smaller: ``1 / sum w^2``.
        """
        _, slot_of, weight = cuts(self, 0, 1)
        if (weight == weight[0]).all():
            return self.examples_an_update
        return float(1 / np.sum(np.diff(slot_of) * weight**2))

    @property
    def examples_an_update(self) -> int:
        """Examples of a whole update."""
        return min(self.size * self.accumulate, self.used)


def examples_seen(plan: BatchPlan, updates: Integers | int) -> Integers:
    """Examples used by the first ``updates`` updates, and those that whole epochs left out; shape as given."""
    epochs, rest = np.divmod(np.asarray(updates, np.int64), plan.updates_an_epoch)
    return np.asarray(epochs * plan.counted + np.minimum(rest * plan.accumulate * plan.size, plan.used))


def slots_used(plan: BatchPlan, updates: Integers | int) -> Integers:
    """Slots used by the first ``updates`` updates; shape as given."""
    epochs, rest = np.divmod(np.asarray(updates, np.int64), plan.updates_an_epoch)
    return np.asarray(epochs * plan.used + np.minimum(rest * plan.accumulate * plan.size, plan.used))


def cuts(plan: BatchPlan, first: int, last: int) -> tuple[Integers, Integers, NDArray[np.float64]]:
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
    ends = epoch * plan.used + np.minimum((batch + 1) * plan.size, plan.used)
    slots = np.concatenate(([slots_used(plan, first)], ends))
    return batch_of, slots - slots[0], 1 / (np.diff(slots) * np.repeat(averaged, averaged))


def last_within(plan: BatchPlan, first: int, last: int, slots: int) -> int:
    """The last update up to which ``slots`` slots suffice, at least one after ``first``, at most ``last``."""
    reach = int(slots_used(plan, first)) + slots
    epochs, rest = divmod(reach, plan.used)
    within = epochs * plan.updates_an_epoch + rest // (plan.accumulate * plan.size)
    return max(first + 1, min(last, within))


class BatchPhase(NamedTuple):
    """From update ``first`` on, epochs are cut by ``plan``.

    That update starts an epoch at slot ``slot``, counted over all epochs as if all had this plan; ``seen`` examples
    were used before.
    """

    first: int
    slot: int
    seen: int
    plan: BatchPlan


def phases(plans: Iterable[tuple[int, BatchPlan]]) -> tuple[BatchPhase, ...]:
    """The phases of a run whose plans change at some updates, the first one at update 0."""
    run: tuple[BatchPhase, ...] = ()
    for first, plan in plans:
        run = continued(run, first, plan)
    return run


def continued(run: tuple[BatchPhase, ...], first: int, plan: BatchPlan) -> tuple[BatchPhase, ...]:
    """The phases of a run that changes to this plan at update ``first``.

    An update that changes the plan starts a new epoch; the rest of the old one is not used.
    """
    if not run:
        return (BatchPhase(first, 0, 0, plan),)
    old = run[-1]
    if plan == old.plan:
        return run
    epochs = old.slot // old.plan.used + -(-(first - old.first) // old.plan.updates_an_epoch)
    seen = old.seen + int(examples_seen(old.plan, first - old.first))
    return (*run, BatchPhase(first, epochs * plan.used, seen, plan))


def phase_at(run: tuple[BatchPhase, ...], update: int) -> BatchPhase:
    """The phase of update ``update``, counted from 0."""
    return next(phase for phase in reversed(run) if phase.first <= update)


def all_seen(run: tuple[BatchPhase, ...], updates: Integers | int) -> Integers:
    """Examples used by the first ``updates`` updates of a run in phases; shape as given."""
    updates = np.asarray(updates, np.int64)
    seen = np.zeros_like(updates)
    for phase in run:
        seen = np.where(updates >= phase.first, phase.seen + examples_seen(phase.plan, updates - phase.first), seen)
    return seen


def updates_within(run: tuple[BatchPhase, ...], examples: int) -> int:
    """The most updates that use at most ``examples`` examples."""
    phase = next(phase for phase in reversed(run) if phase.seen <= examples)
    plan = phase.plan
    epochs, rest = divmod(examples - phase.seen, plan.counted)
    made = min(rest // (plan.accumulate * plan.size), plan.updates_an_epoch - 1)
    return phase.first + epochs * plan.updates_an_epoch + made


def updates_to(run: tuple[BatchPhase, ...], examples: int) -> int:
    """The fewest updates that use at least ``examples`` examples."""
    return updates_within(run, examples - 1) + 1 if examples > 0 else 0
