"""Which examples a particle's batches hold, by the engine's own definition of their order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.random_lanes import Order, fill_order, index_type
from errsurf.engine.segments import group_order
from errsurf.sampling.batches import BatchPlan, Stage, cuts, examples_seen, stage_of
from errsurf.scenario import Scenario
from errsurf.scenario.scenario import Part, group_stages, parts

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Members:
    """What decides the batches of a group's particles: its parts and how each cuts an epoch of ``examples``."""

    parts: tuple[Part, ...]
    orders: tuple[Order, ...]
    stages: tuple[Stage, ...]
    examples: int
    shared: bool

    def plan(self, update: int) -> BatchPlan:
        """How the epoch of an update, counted from 0, is cut."""
        return stage_of(self.stages, update).plan

    def order(self, update: int) -> Order:
        """The sequence that an update takes its examples from."""
        later = zip(reversed(self.parts), reversed(self.orders), strict=True)
        return next(order for part, order in later if part.first <= update)

    def first_slot(self, update: int) -> int:
        """The first of an update's slots, counted over all epochs."""
        stage = stage_of(self.stages, update)
        return stage.slot + int(examples_seen(stage.plan, update - stage.first))

    def of_update(self, particle: int, update: int) -> list[Integers]:
        """The examples of the batches that update ``update`` averages, each (B,).

        An example that was drawn twice, with replacement, is there twice.
        """
        stage = stage_of(self.stages, update)
        _, slot_of, _ = cuts(stage.plan, update - stage.first, update - stage.first + 1)
        return np.split(self._slots(particle, update, self.first_slot(update), int(slot_of[-1])), slot_of[1:-1])

    def of_epoch(self, particle: int, update: int) -> Integers:
        """The examples that the epoch of an update has used before it, in their order, shape (n,)."""
        first = self.first_slot(update)
        return self._slots(particle, update, first - first % self.examples, first % self.examples)

    def _slots(self, particle: int, update: int, first: int, count: int) -> Integers:
        """The examples of some slots."""
        order = self.order(update)
        if self.plan(update).size >= self.examples and order.kind != "replacement":
            return np.arange(first, first + count) % self.examples
        index = np.empty((count, 1), index_type(self.examples))
        if count:
            fill_order(order, index, 0 if self.shared else particle, first)
        return index[:, 0].astype(np.int64)


def group_members(scenario: Scenario, k: int) -> Members:
    """The batches of group k."""
    group, examples = scenario.optimizer[k], scenario.surface.train.examples
    run = parts(group)
    return Members(
        parts=run,
        orders=tuple(group_order(scenario, part.batch, scenario.seed) for part in run),
        stages=group_stages(group, examples),
        examples=examples,
        shared=scenario.run.sampling.shared,
    )
