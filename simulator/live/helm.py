"""What was steered so far: the scenario that says it, and what the thread has to do to follow."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, Literal, NamedTuple

from errsurf.errors import UserError
from errsurf.live import steering
from errsurf.live.beginning import add_group, check_fits, experiment, share_memory
from errsurf.live.clocks import clocks
from errsurf.live.experiment import Experiment
from errsurf.scenario import Scenario


class Step(NamedTuple):
    """What the thread does to an experiment; one of the same ``kind`` before it, unless None, need not be done."""

    act: Callable[[Experiment, ThreadPoolExecutor], Experiment]
    kind: tuple[int, int] | None = None


@dataclass
class Helm:
    """The ``scenario`` with every change, and the ``base`` without those that were made on the way.

    For each group ``heading`` is the update at which it stands, or will once the piece in progress is done, and
    ``log`` what was changed on the way and from which update on.  Groups that were ``held`` have a rate for the time
    after the scenario's own run.
    """

    scenario: Scenario
    base: Scenario
    heading: list[int]
    log: list[list[tuple[int, dict[str, Any]]]]
    held: set[int]
    generation: int = 0

    def change(self, group: int, settings: dict[str, Any]) -> Step:
        """Other settings for a group from its next update on; raises ScenarioError."""
        first, before = self.heading[group], self.scenario
        if first >= clocks(before).totals[group]:
            before = steering.held(before, group)
        scenario = self.scenario = steering.changed(before, group, first, settings)
        self.log[group].append((first, settings))
        return Step(lambda made, _pool: made.adopt(scenario, group, first), (group, first))

    def hold(self, group: int) -> Step:
        """A group's last rate for the time after the scenario's own run, if its schedule ends with that."""
        self.held.add(group)
        scenario = self.scenario = steering.held(self.scenario, group)
        return Step(lambda made, _pool: made.adopt(scenario, group, clocks(scenario).totals[group]))

    def restart(
        self,
        memory: int,
        seed: int | None,
        at: tuple[float, float] | None,
        spread: float,
        *,
        add: bool,
        forget: bool,
    ) -> Step:
        """Begin again; raises TooLargeError, and ScenarioError for settings that do not go together from the start."""
        scenario = self.base
        for k, log in enumerate(self.log):
            settings = {key: value for _, changed in log for key, value in changed.items()}
            if settings and not forget:
                scenario = steering.changed(scenario, k, 0, settings)
        if at is not None:
            scenario = steering.dropped(scenario, at, spread, add=add)
        if seed is not None:
            scenario = replace(scenario, seed=seed)
        check_fits(scenario)
        vars(self).update(vars(helm(scenario, [0] * len(scenario.optimizer), self.generation + 1)))
        generation = self.generation
        return Step(lambda _made, _pool: experiment(scenario, memory, generation))

    def rewind(self, clock: float) -> Step:
        """Go back to a clock value, and forget what came after it."""
        known = clocks(self.scenario)
        updates = [min(known.update(k, clock), made) for k, made in enumerate(self.heading)]
        scenario = self.scenario = steering.cut(self.scenario, self.base, updates)
        self.log = [[entry for entry in log if entry[0] < most] for log, most in zip(self.log, updates, strict=True)]
        self.heading, self.held, self.generation = list(updates), set(), self.generation + 1
        generation = self.generation
        return Step(lambda made, pool: made.rewind(scenario, generation, clock, updates, pool, Event()))

    def count(self, unit: Literal["examples", "updates"]) -> Step:
        """Keep groups in step by "examples" seen or by "updates"; those that this puts behind catch up."""
        self.scenario, self.base = (
            replace(each, picture=each.picture._replace(clock=unit)) for each in (self.scenario, self.base)
        )
        self.generation += 1
        scenario, generation = self.scenario, self.generation

        def act(made: Experiment, _pool: ThreadPoolExecutor) -> Experiment:
            made.regroup(scenario, generation)
            made.clock = float(max(made.clocks.value(k, update) for k, update in enumerate(made.updates)))
            return made

        return Step(act)

    def add(self, table: dict[str, Any]) -> Step:
        """One more group; raises ScenarioError."""
        scenario = self.scenario = steering.with_group(self.scenario, table)
        self.base = steering.with_group(self.base, table)
        self.heading.append(0)
        self.log.append([])
        self.generation += 1
        generation, k = self.generation, len(self.heading) - 1

        def act(made: Experiment, _pool: ThreadPoolExecutor) -> Experiment:
            add_group(made.regroup(scenario, generation), k)
            return share_memory(made)

        return Step(act)

    def remove(self, group: int) -> Step:
        """One group less; raises UserError for the last one."""
        if len(self.heading) == 1:
            raise UserError("the only group cannot be removed; add another one first")
        scenario = self.scenario = steering.without_group(self.scenario, group)
        self.base = steering.without_group(self.base, group)
        del self.heading[group], self.log[group]
        self.held = {k - (k > group) for k in self.held if k != group}
        self.generation += 1
        generation = self.generation

        def act(made: Experiment, _pool: ThreadPoolExecutor) -> Experiment:
            del made.courses[group], made.records[group]
            return share_memory(made.regroup(scenario, generation))

        return Step(act)


def helm(scenario: Scenario, heading: list[int], generation: int = 0) -> Helm:
    """Nothing steered yet."""
    return Helm(scenario, scenario, heading, [[] for _ in heading], set(), generation)
