"""The clock of a running scenario: how many updates each group has made at a clock value."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from errsurf.engine.kernel_sources import gradient_evaluations
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPhase, Integers, all_seen, phase_at, updates_within
from errsurf.scenario import Scenario
from errsurf.scenario.scenario import group_phases, total_updates


@dataclass(frozen=True)
class Clocks:
    """The groups of a scenario by its picture's clock; ``end`` is the clock value at which its own run ends.

    For each group: how it cuts its epochs (``phases``), how often an example counts (``weights``), and how many updates
    it makes in the run (``totals``).
    """

    unit: str
    examples: int
    phases: tuple[tuple[BatchPhase, ...], ...]
    weights: tuple[int, ...]
    totals: tuple[int, ...]

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """The clock value at which each group ends the scenario's own run."""
        return tuple(self.value(k, total) for k, total in enumerate(self.totals))

    @cached_property
    def end(self) -> int:
        """The clock value at which the last group ends it."""
        return max(self.ends)

    def seen(self, k: int, updates: Integers | int) -> Integers:
        """Examples used by the first ``updates`` updates of group k; shape as given."""
        return all_seen(self.phases[k], updates) * self.weights[k]

    def value(self, k: int, update: int) -> int:
        """Clock value at which group k has made ``update`` updates."""
        return update if self.unit == "updates" else int(self.seen(k, update))

    def update(self, k: int, clock: float) -> int:
        """Updates of group k at a clock value; after the scenario's own run, groups that ended early continue too."""
        total, end = self.totals[k], self.end
        if clock <= end:
            return min(self._update(k, int(clock)), total)
        return max(total, self._update(k, self.ends[k] + int(clock) - end))

    def following(self, clock: float) -> int:
        """The next clock value at which a group has made one more update."""
        return min(
            max(int(clock) + 1, self._shift(k, clock) + self.value(k, self.update(k, clock) + 1))
            for k in range(len(self.totals))
            if clock >= self.end or self.update(k, clock) < self.totals[k]
        )

    def preceding(self, clock: float) -> int:
        """The clock value of the last update before this value, at least 0."""
        return max(
            0,
            *(
                self._shift(k, clock) + self.value(k, self.update(k, int(np.ceil(clock)) - 1))
                for k in range(len(self.totals))
            ),
        )

    def epoch(self, clock: float) -> int:
        """The length of an epoch: the number of examples, or the updates of the group that makes the most."""
        if self.unit == "examples":
            return self.examples
        now = [phase_at(phases, self.update(k, clock)) for k, phases in enumerate(self.phases)]
        return max(phase.plan.updates_an_epoch for phase in now)

    def _shift(self, k: int, clock: float) -> int:
        """How far the clock is ahead of a group that ended its own run early."""
        return self.end - self.ends[k] if clock >= self.end else 0

    def _update(self, k: int, clock: int) -> int:
        return clock if self.unit == "updates" else updates_within(self.phases[k], clock // self.weights[k])


def clocks(scenario: Scenario) -> Clocks:
    """The clocks of a scenario's groups."""
    examples, groups = scenario.surface.train.examples, scenario.optimizer
    return Clocks(
        scenario.picture.clock,
        examples,
        tuple(group_phases(group, examples, scenario.run.sampling) for group in groups),
        tuple(gradient_evaluations(optimizer(group.kind)) for group in groups),
        tuple(total_updates(scenario.run, group, examples) for group in groups),
    )
