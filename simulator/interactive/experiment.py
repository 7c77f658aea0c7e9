"""All groups of a running experiment and their recorded frames; for one thread."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames
from errsurf.engine.examples import Problem
from errsurf.engine.landscape import Landscape
from errsurf.engine.marks import known_until
from errsurf.engine.precompile import precompiled
from errsurf.engine.segments import all_update_parts
from errsurf.engine.state_layout import current_frame
from errsurf.interactive.clocks import Clocks, clocks
from errsurf.interactive.group_runner import GroupRunner
from errsurf.interactive.moment import Moment
from errsurf.interactive.record import Record
from errsurf.interactive.steering import lengthened
from errsurf.run.group_run import losses
from errsurf.run.result import Group, Result
from errsurf.run.simulation import compile_all
from errsurf.scenario import Scenario
from errsurf.scenario.frame_marks import marks_between

# Commands are read between pieces, which take 5 ms, or 12 ms where the aim is far.  Up to 60 frames a second are
# recorded, fewer where their losses take long.
PIECE, FAR_PIECE = 0.005, 0.012
KEPT_EVERY, SHARE_KEPT, SOON = 1 / 60, 4, 0.01


class Piece(NamedTuple):
    """What is computed between two commands: group k up to update ``until[k]``; the clock is then at ``clock``."""

    clock: float
    until: Mapping[int, int]
    final: bool


@dataclass
class Experiment:
    """A scenario's groups at the clock value ``clock``; computing ``stride`` of it takes about PIECE seconds."""

    scenario: Scenario
    generation: int
    clocks: Clocks
    data: Problem
    landscape: Landscape
    sample: NDArray[np.int64]
    runners: list[GroupRunner]
    records: list[Record]
    memory: int
    clock: float = 0.0
    stride: float = 1.0
    ready: bool = False
    wall_time: float = 0.0
    seconds: dict[int, float] = field(default_factory=dict)
    kept_at: float = 0.0
    keeping: float = 0.0

    @property
    def updates(self) -> list[int]:
        """How many updates each group has made, or has recorded."""
        return [max(c.state.update, r.last) for c, r in zip(self.runners, self.records, strict=True)]

    def prepare(self, pool: ThreadPoolExecutor, stop: Event) -> None:
        """Compile all kernels and evaluate the losses at the start; not ``ready`` afterwards if stopped."""
        plans = [each.plans for each in self.runners]
        with precompiled(self.scenario, plans) as wait:
            compile_all(plans, wait, stop)
        if stop.is_set():
            return
        for record in self.records:
            first = record.columns["position"][:1]
            if not record.last:
                for name, loss in losses(self.landscape, first[:, self.sample], pool).items():
                    record.replace(name, loss[0])
        self.ready = True

    def plan(self, aim: float) -> Piece | None:
        """The next piece towards a clock value; None if there is nothing to do."""
        goals = [self.clocks.update(k, self.clock) for k in range(len(self.runners))]
        behind = {
            k: goal
            for k, (goal, each) in enumerate(zip(goals, self.runners, strict=True))
            if each.state.update < goal and (aim > self.clock or self.records[k].last < goal)
        }
        if behind:
            until = {
                k: min(goal, self.runners[k].state.update + self._many(k, len(behind))) for k, goal in behind.items()
            }
            return Piece(self.clock, until, until == behind)
        if aim <= self.clock:
            return None
        clock = min(aim, max(self.clock + self.stride, self.clocks.following(self.clock)))
        until = {k: self.clocks.update(k, clock) for k in range(len(self.runners))}
        moving = {k: goal for k, goal in until.items() if goal > self.runners[k].state.update}
        return Piece(clock, moving, clock == aim)

    def advance(self, piece: Piece, aim: float, pool: ThreadPoolExecutor, stop: Event) -> None:
        """Compute a piece."""
        began = perf_counter()
        soon = began - self.kept_at >= max(KEPT_EVERY, SHARE_KEPT * self.keeping)
        keep = soon or (piece.final and self.keeping < SOON)
        for k, until in piece.until.items():
            self._advance(k, until, keep, pool, stop)
        taken = perf_counter() - began
        self.wall_time += taken
        if piece.clock > self.clock:
            budget = FAR_PIECE if aim - piece.clock > 4 * self.stride else PIECE
            growth = budget / max(taken, 1e-5) * (piece.clock - self.clock) / self.stride
            self.stride = max(1.0, self.stride * min(4.0, max(0.05, growth)))
            self.clock = piece.clock

    @property
    def late(self) -> list[int]:
        """Groups whose current state is not recorded yet."""
        return [k for k, each in enumerate(self.runners) if self.records[k].last < each.state.update]

    def settle(self, pool: ThreadPoolExecutor) -> None:
        """Record the current state of the groups."""
        for k in self.late:
            self._append(k, current_frame(self.runners[k].plan, self.runners[k].state), pool)

    def adopt(self, scenario: Scenario, k: int, first: int) -> "Experiment":
        """Continue with a scenario whose group k differs from update ``first`` on."""
        self.scenario, self.clocks = scenario, clocks(scenario)
        for number, each in enumerate(self.runners):
            each.scenario, each.k = scenario, number
        kernels = self.runners[k].kernels
        self.runners[k].adopt(scenario, k, first)
        self.ready = self.ready and self.runners[k].kernels <= kernels
        if self.records[k].last == first:
            self.records[k].replace("lr", np.array(self.runners[k].rate(first)))
        self.stride = max(1.0, self.stride / 16)
        self.seconds.pop(k, None)
        return self

    def regroup(self, scenario: Scenario, generation: int) -> "Experiment":
        """Continue with a scenario that has one more group at the end, or one less."""
        self.scenario, self.generation, self.clocks, self.ready = scenario, generation, clocks(scenario), False
        self.seconds = {}
        for k, each in enumerate(self.runners):
            each.scenario, each.k = scenario, k
        return self

    def rewind(
        self,
        scenario: Scenario,
        generation: int,
        clock: float,
        updates: Sequence[int],
        pool: ThreadPoolExecutor,
        stop: Event,
    ) -> "Experiment":
        """Go back to a clock value at which the groups had made these updates, and continue with the scenario."""
        for k, update in enumerate(updates):
            self.runners[k] = self.runners[k].back(update)
            self.runners[k].advance(update, np.empty(0, np.int64), pool, stop)
            self.runners[k].adopt(scenario, k, update)
            self.records[k].cut(update)
        self.clock = clock
        return self.regroup(scenario, generation)

    def moment(self) -> Moment:
        """The current moment."""
        updates = self.updates
        runners, records = self.runners, self.records
        diverged = [known_until(each.state.diverged, update) for each, update in zip(runners, updates, strict=True)]
        groups = [self._group(k, each) for k, each in enumerate(diverged)]
        return Moment(
            clock=self.clock,
            generation=self.generation,
            result=self._result(groups, updates),
            update=tuple(updates),
            examples_seen=tuple(int(self.clocks.seen(k, update)) for k, update in enumerate(updates)),
            lr=tuple(each.rate(update) for each, update in zip(runners, updates, strict=True)),
            position=tuple(
                records[k].columns["position"][-1] if records[k].last == update else runners[k].position()
                for k, update in enumerate(updates)
            ),
            diverged=tuple(diverged),
            end=float(self.clocks.end),
            exact=all(update >= self.clocks.update(k, self.clock) for k, update in enumerate(updates)),
        )

    def _result(self, groups: list[Group], updates: list[int]) -> Result:
        left = [total - update for update, total in zip(updates, self.clocks.totals, strict=True)]
        scenario = lengthened(self.scenario, updates) if min(left) < 0 else self.scenario
        result = Result(scenario, groups, "cpu", self.wall_time, complete=max(left) <= 0)
        vars(result)["landscape"] = self.landscape  # the cached property: making it again takes longer than a piece
        return result

    def _group(self, k: int, diverged: NDArray[np.int64]) -> Group:
        columns: dict[str, Any] = self.records[k].columns
        each = self.runners[k]
        entered, left = known_until(each.state.passages, self.updates[k])
        return Group(
            label=each.group.label,
            kind=each.group.kind,
            loss_particles=self.sample,
            diverged=diverged,
            entered=entered,
            left=left,
            watched=each.plan.watched,
            parts={name: columns.pop(name) for name in each.parts},
            **columns,
        )

    def _many(self, k: int, groups: int) -> int:
        """Updates that group k makes in a piece while it catches up."""
        return max(1, int(FAR_PIECE / groups / self.seconds.get(k, FAR_PIECE)))

    def _advance(self, k: int, until: int, keep: bool, pool: ThreadPoolExecutor, stop: Event) -> None:
        began, each, record = perf_counter(), self.runners[k], self.records[k]
        first = each.state.update
        wanted = record.wanted(self._marks(k, max(first, record.last), until, keep))
        frames = each.advance(until, wanted, pool, stop)
        self.seconds[k] = (perf_counter() - began) / max(1, until - first)
        if len(wanted) and not stop.is_set():
            began = perf_counter()
            self._append(k, frames, pool)
            self.kept_at = perf_counter()
            self.keeping = 0.7 * self.keeping + 0.3 * (self.kept_at - began)
        each.keep()

    def _marks(self, k: int, first: int, last: int, keep: bool) -> NDArray[np.int64]:
        """Updates after ``first``, up to ``last``, at which the scenario's run has a frame; and the last one."""
        totals = self.clocks.totals
        marks = marks_between(self.scenario, totals[k], max(totals), first, last)
        return np.union1d(marks, [last]) if keep and last > first else marks

    def _append(self, k: int, frames: Frames, pool: ThreadPoolExecutor) -> None:
        each, update = self.runners[k], frames.update
        each.reach(int(update[-1]) + 1)
        self.records[k].append(
            {
                "update": update,
                "examples_seen": self.clocks.seen(k, update),
                "lr": each.lr[update],
                "position": frames.position,
                **losses(self.landscape, frames.position[:, self.sample], pool),
                **all_update_parts(each.plans, frames, self.scenario.run.record),
            }
        )
