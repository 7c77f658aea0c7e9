"""Which examples are in a particle's batches, by the engine's own order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.random_lanes import Order, fill_order, index_type
from errsurf.engine.segments import group_order
from errsurf.sampling.batches import BatchPhase, BatchPlan, cuts, phase_at, slots_used
from errsurf.scenario import Scenario
from errsurf.scenario.scenario import Segment, group_phases, segments

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class BatchMembers:
    """The batches of a group's particles: its segments, and how each of them cuts an epoch of ``examples``."""

    segments: tuple[Segment, ...]
    orders: tuple[Order, ...]
    phases: tuple[BatchPhase, ...]
    examples: int
    shared: bool

    def plan(self, update: int) -> BatchPlan:
        """How the epoch of an update, counted from 0, is cut."""
        return phase_at(self.phases, update).plan

    def order(self, update: int) -> Order:
        """The order that an update takes its examples from."""
        later = zip(reversed(self.segments), reversed(self.orders), strict=True)
        return next(order for segment, order in later if segment.first <= update)

    def first_slot(self, update: int) -> int:
        """The first of an update's slots, counted over all epochs."""
        phase = phase_at(self.phases, update)
        return phase.slot + int(slots_used(phase.plan, update - phase.first))

    def of_update(self, particle: int, update: int) -> list[Integers]:
        """The examples of the batches that update ``update`` averages, each (B,).

        An example that was drawn twice, with replacement, occurs twice.
        """
        phase = phase_at(self.phases, update)
        _, slot_of, _ = cuts(phase.plan, update - phase.first, update - phase.first + 1)
        return np.split(self._slots(particle, update, self.first_slot(update), int(slot_of[-1])), slot_of[1:-1])

    def of_epoch(self, particle: int, update: int) -> Integers:
        """The examples used before an update in its epoch, in order, shape (n,)."""
        first, used = self.first_slot(update), self.plan(update).used
        return self._slots(particle, update, first - first % used, first % used)

    def _slots(self, particle: int, update: int, first: int, count: int) -> Integers:
        """The examples of some slots."""
        order = self.order(update)
        if self.plan(update).size >= self.examples and order.kind != "replacement":
            return np.arange(first, first + count) % self.examples
        index = np.empty((count, 1), index_type(self.examples))
        if count:
            fill_order(order, index, 0 if self.shared else particle, first)
        return index[:, 0].astype(np.int64)


def batch_members(scenario: Scenario, k: int) -> BatchMembers:
    """The batches of group k."""
    group, examples = scenario.optimizer[k], scenario.surface.train.examples
    run, phases = segments(group), group_phases(group, examples, scenario.run.sampling)
    return BatchMembers(
        segments=run,
        orders=tuple(
            group_order(scenario, segment.batch, scenario.run_seed, phase_at(phases, segment.first).plan.used)
            for segment in run
        ),
        phases=phases,
        examples=examples,
        shared=scenario.run.sampling.shared,
    )
