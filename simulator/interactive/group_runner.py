"""One group while it runs: its segments' plans, its state, and checkpoints from which it can be run again."""

from bisect import bisect_right
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from threading import Event
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames, State, empty_frames, initial_state, position
from errsurf.engine.examples import Problem
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.rule import part_shapes
from errsurf.engine.segments import advance_segments, group_plans, plan_at, run_rates
from errsurf.engine.state_layout import Packed, convert_layout, packed, unpacked
from errsurf.scenario import OptimizerGroup, Scenario
from errsurf.scenario.scenario import segments, total_updates
from errsurf.settings.learning_rates import Lr, lr_at
from errsurf.starts import positions

FIRST_RATES = 1 << 14
# At least 50 ms of running lie between checkpoints, and older ones thin out: one update back takes milliseconds.
MAX_CHECKPOINTS, KEPT_EVERY = 48, 0.05


@dataclass
class GroupRunner:
    """Group ``k`` of a scenario while it runs.

    ``lr`` has the rates of as many updates as were needed so far, and ``plans`` those of the segments up to there.
    ``checkpoints`` ascend from update 0; newer ones are closer together.
    """

    scenario: Scenario
    data: Problem
    k: int
    lr: NDArray[np.float64]
    plans: list[GroupPlan]
    state: State
    checkpoints: list[Packed]
    most: int = MAX_CHECKPOINTS
    kept_at: float = 0.0

    @property
    def group(self) -> OptimizerGroup:
        """The group's table."""
        return self.scenario.optimizer[self.k]

    @property
    def plan(self) -> GroupPlan:
        """The plan that makes the next update."""
        return plan_at(self.plans, self.state.update)

    @property
    def parts(self) -> dict[str, tuple[int, ...]]:
        """The shape at a frame of each part of updates that is recorded."""
        return part_shapes(self.plan.rule, self.scenario.run.record, len(self.plan.watched))

    @property
    def kernels(self) -> set[tuple[int, str]]:
        """The compiled functions that its plans use."""
        return {(id(plan.kernels), plan.loop) for plan in self.plans}

    def position(self) -> NDArray[Any]:
        """Positions of the particles, (particles, 2), a copy."""
        return np.array(position(self.plan, self.state))

    def rate(self, update: int) -> Lr:
        """The rate of update ``update``, counted from 0."""
        self.reach(update + 1)
        return lr_at(self.lr, update)

    def advance(self, last: int, marks: NDArray[np.int64], pool: Executor, stop: Event) -> Frames:
        """Make updates up to ``last``, with frames after those in ``marks``.  If stopped, the state is invalid."""
        self.reach(last + 1)
        frames = empty_frames(self.plan, marks)
        advance_segments(self.plans, self.state, last, frames, pool, stop, lambda _updates: None)
        return frames

    def reach(self, updates: int) -> None:
        """Make sure that there are rates for so many updates."""
        if updates > len(self.lr):
            self._rebuild(len(self.plans) - 1, max(updates, 2 * len(self.lr)))

    def adopt(self, scenario: Scenario, k: int, first: int) -> None:
        """Continue with group k of a scenario that is the same before update ``first``."""
        self.scenario, self.k = scenario, k
        before = sum(segment.first <= first for segment in segments(self.group))
        self._rebuild(before - 1, max(first + 1, len(self.lr)))
        if first == 0:
            self.state = initial_state(
                self.plans[0], positions(scenario.swarm, scenario.start_seed, self.group.at, scenario.run.rounding)
            )
            self.checkpoints = [self._checkpoint()]

    @property
    def bytes(self) -> int:
        """The size of a checkpoint."""
        return self.checkpoints[0].numbers.nbytes + self.checkpoints[0].diverged.nbytes

    def keep(self) -> None:
        """Make a checkpoint now and then; of too many, drop the one whose neighbours are closest for its age."""
        found, now = self.checkpoints, monotonic()
        if self.state.update == found[-1].update or now - self.kept_at < KEPT_EVERY:
            return
        found.append(self._checkpoint())
        self.kept_at = now
        if len(found) > self.most:
            at = np.array([each.update for each in found])
            del found[1 + int(np.argmin((at[2:] - at[:-2]) / (at[-1] + 1 - at[:-2])))]

    def back(self, update: int) -> "GroupRunner":
        """A copy of the group at the last checkpoint up to an update, which runs independently."""
        last = bisect_right([each.update for each in self.checkpoints], update)
        from_there = self.checkpoints[last - 1]
        state = unpacked(plan_at(self.plans, from_there.update), from_there)
        return replace(self, plans=list(self.plans), state=state, checkpoints=self.checkpoints[:last])

    def _checkpoint(self) -> Packed:
        return packed(self.plan, self.state)

    def _rebuild(self, known: int, updates: int) -> None:
        """Make the plans from number ``known`` on again, with so many rates."""
        before, run = self.plan, segments(self.group)
        self.lr = run_rates(run, updates, self.scenario.run.rounding, self.lr[: run[known].first])
        plans, reuse = self.plans[:known], self.plans[min(known, len(self.plans) - 1)]
        self.plans = group_plans(self.scenario, self.data, self.k, self.lr, self.scenario.run_seed, plans, reuse)
        convert_layout(before, self.state, self.plan)


def group_runner(scenario: Scenario, data: Problem, k: int) -> GroupRunner:
    """Group k before its first update."""
    group = scenario.optimizer[k]
    total = total_updates(scenario.run, group, scenario.surface.train.examples)
    lr = run_rates(segments(group), min(total, FIRST_RATES), scenario.run.rounding)
    plans = group_plans(scenario, data, k, lr, scenario.run_seed)
    made = GroupRunner(
        scenario,
        data,
        k,
        lr,
        plans,
        initial_state(plans[0], positions(scenario.swarm, scenario.start_seed, group.at, scenario.run.rounding)),
        [],
    )
    made.checkpoints.append(made._checkpoint())
    return made
