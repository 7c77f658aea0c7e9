"""One group on its way: its parts, where its particles are, and places from which it can be run again."""

from bisect import bisect_right
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from threading import Event
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames, State, empty_frames, position, start
from errsurf.engine.carrying import Packed, packed, relay, unpacked
from errsurf.engine.examples import Problem
from errsurf.engine.segments import advance_parts, group_works, run_rates, work_of
from errsurf.engine.work import Work
from errsurf.scenario import OptimizerGroup, Scenario
from errsurf.scenario.scenario import parts, total_updates
from errsurf.starts import positions

FIRST_RATES = 1 << 14
MAX_CHECKPOINTS, KEPT_EVERY = 48, 0.05


@dataclass
class Course:
    """Group ``k`` of a scenario while it runs.

    ``lr`` holds the rates of as many updates as were needed so far, ``works`` the group's parts up to there, and
    ``checkpoints`` rise from update 0; the newer they are the closer together.
    """

    scenario: Scenario
    drawn: Problem
    k: int
    lr: NDArray[np.float64]
    works: list[Work]
    state: State
    checkpoints: list[Packed]
    most: int = MAX_CHECKPOINTS
    kept_at: float = 0.0

    @property
    def group(self) -> OptimizerGroup:
        """The group's table."""
        return self.scenario.optimizer[self.k]

    @property
    def work(self) -> Work:
        """The part that makes the next update."""
        return work_of(self.works, self.state.update)

    @property
    def kernels(self) -> set[tuple[int, str]]:
        """Which compiled functions its parts use."""
        return {(id(work.kernels), work.loop) for work in self.works}

    def position(self) -> NDArray[Any]:
        """Where the particles are, (particles, 2), a copy."""
        return np.array(position(self.work, self.state))

    def rate(self, update: int) -> float:
        """The rate of update ``update``, counted from 0."""
        self.reach(update + 1)
        return float(self.lr[update])

    def advance(self, last: int, marks: NDArray[np.int64], pool: Executor, stop: Event) -> Frames:
        """Make updates up to ``last``, and frames after those in ``marks``.  If stopped, the state is of no use."""
        self.reach(last + 1)
        frames = empty_frames(self.work, marks)
        advance_parts(self.works, self.state, last, frames, pool, stop, lambda _updates: None)
        return frames

    def reach(self, updates: int) -> None:
        """Have rates of so many updates."""
        if updates > len(self.lr):
            self._rebuild(len(self.works) - 1, max(updates, 2 * len(self.lr)))

    def adopt(self, scenario: Scenario, k: int, first: int) -> None:
        """Go on with group k of a scenario in which nothing before update ``first`` is different."""
        self.scenario, self.k = scenario, k
        before = sum(part.first <= first for part in parts(self.group))
        self._rebuild(before - 1, max(first + 1, len(self.lr)))
        if first == 0:
            self.state = start(self.works[0], positions(scenario.swarm, scenario.seed))
            self.checkpoints = [self._checkpoint()]

    @property
    def bytes(self) -> int:
        """The size of a checkpoint."""
        return self.checkpoints[0].numbers.nbytes + self.checkpoints[0].diverged.nbytes

    def keep(self) -> None:
        """Make a checkpoint now and then; of too many the one goes whose neighbours are closest for their age."""
        found, now = self.checkpoints, monotonic()
        if self.state.update == found[-1].update or now - self.kept_at < KEPT_EVERY:
            return
        found.append(self._checkpoint())
        self.kept_at = now
        if len(found) > self.most:
            at = np.array([each.update for each in found])
            del found[1 + int(np.argmin((at[2:] - at[:-2]) / (at[-1] + 1 - at[:-2])))]

    def back(self, update: int) -> "Course":
        """The group at the last checkpoint up to an update; it can be run apart from this one."""
        last = bisect_right([each.update for each in self.checkpoints], update)
        from_there = self.checkpoints[last - 1]
        state = unpacked(work_of(self.works, from_there.update), from_there)
        return replace(self, works=list(self.works), state=state, checkpoints=self.checkpoints[:last])

    def _checkpoint(self) -> Packed:
        return packed(self.work, self.state)

    def _rebuild(self, known: int, updates: int) -> None:
        """Make the parts from number ``known`` on anew, with so many rates."""
        before, run = self.work, parts(self.group)
        self.lr = run_rates(run, updates, self.lr[: run[known].first])
        works, like = self.works[:known], self.works[min(known, len(self.works) - 1)]
        self.works = group_works(self.scenario, self.drawn, self.k, self.lr, self.scenario.seed, works, like)
        relay(before, self.state, self.work)


def course(scenario: Scenario, drawn: Problem, k: int) -> Course:
    """Group k before its first update."""
    group = scenario.optimizer[k]
    total = total_updates(scenario.run, group, scenario.surface.train.examples)
    lr = run_rates(parts(group), min(total, FIRST_RATES))
    works = group_works(scenario, drawn, k, lr, scenario.seed)
    made = Course(scenario, drawn, k, lr, works, start(works[0], positions(scenario.swarm, scenario.seed)), [])
    made.checkpoints.append(made._checkpoint())
    return made
