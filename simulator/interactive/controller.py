"""Steering: changes to the scenario, and the commands with which the thread follows them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, Literal, NamedTuple

from errsurf.errors import UserError
from errsurf.interactive import steering
from errsurf.interactive.clocks import clocks
from errsurf.interactive.experiment import Experiment
from errsurf.interactive.experiment_setup import add_group, check_fits, experiment, share_memory
from errsurf.scenario import Scenario


class Command(NamedTuple):
    """What the thread does to an experiment; it replaces a pending command of the same ``kind``, unless None."""

    act: Callable[[Experiment, ThreadPoolExecutor], Experiment]
    kind: tuple[int, int] | None = None


class Bookmark(NamedTuple):
    """The changes up to some time, as in ``Controller``."""

    scenario: Scenario
    base: Scenario
    log: tuple[tuple[tuple[int, dict[str, Any]], ...], ...]


@dataclass
class Controller:
    """The ``scenario`` with every change, and the ``base`` without the changes made during the run.

    For each group ``reached`` is its update once the piece in progress is done, and ``log`` the changes made during
    the run, with the update of each.  Groups in ``held`` have a rate for the time after the scenario's own run.
    """

    scenario: Scenario
    base: Scenario
    reached: list[int]
    log: list[list[tuple[int, dict[str, Any]]]]
    held: set[int]
    generation: int = 0

    def change(self, group: int, settings: dict[str, Any]) -> Command:
        """Change settings of a group from its next update on; raises ScenarioError."""
        first, before = self.reached[group], self.scenario
        if first >= clocks(before).totals[group]:
            before = steering.held(before, group)
        scenario = self.scenario = steering.changed(before, group, first, settings)
        self.log[group].append((first, settings))
        return Command(lambda made, _pool: made.adopt(scenario, group, first), (group, first))

    def hold(self, group: int) -> Command:
        """Keep a group's last rate after the scenario's own run, if its schedule ends with it."""
        self.held.add(group)
        scenario = self.scenario = steering.held(self.scenario, group)
        return Command(lambda made, _pool: made.adopt(scenario, group, clocks(scenario).totals[group]))

    def restart(
        self,
        memory: int,
        seed: int | None,
        at: tuple[float, float] | None,
        spread: float,
        *,
        add: bool,
        forget: bool,
    ) -> Command:
        """Start again; raises TooLargeError, and ScenarioError for settings that are not possible from the start."""
        scenario = self.base if forget else self._from_start()
        if at is not None:
            scenario = steering.dropped(scenario, at, spread, add=add)
        if seed is not None:
            scenario = scenario.reseeded(seed)
        return self._again(memory, controller(scenario, [0] * len(scenario.optimizer)))

    def replace(self, memory: int, group: int, kind: str) -> Command:
        """Start again with another optimizer in a group; raises TooLargeError and ScenarioError."""
        scenario = steering.with_kind(self._from_start(), group, kind)
        return self._again(memory, controller(scenario, [0] * len(scenario.optimizer)))

    def bookmark(self) -> Bookmark:
        """The changes so far."""
        return Bookmark(self.scenario, self.base, tuple(map(tuple, self.log)))

    def restore(self, memory: int, mark: Bookmark) -> Command:
        """Start again with the changes of an earlier time, each at its update."""
        log = [list(each) for each in mark.log]
        return self._again(memory, Controller(mark.scenario, mark.base, [0] * len(log), log, set()))

    def _from_start(self) -> Scenario:
        """The scenario with the changes made during the run from its start on."""
        scenario = self.base
        for k, log in enumerate(self.log):
            settings = {key: value for _, changed in log for key, value in changed.items()}
            if settings:
                scenario = steering.changed(scenario, k, 0, settings)
        return scenario

    def _again(self, memory: int, fresh: "Controller") -> Command:
        """Follow another controller from the start; raises TooLargeError."""
        check_fits(fresh.scenario)
        scenario, generation = fresh.scenario, self.generation + 1
        vars(self).update(vars(fresh) | {"generation": generation})
        return Command(lambda _made, _pool: experiment(scenario, memory, generation))

    def rewind(self, clock: float) -> Command:
        """Go back to a clock value, and discard what came after it."""
        known = clocks(self.scenario)
        updates = [min(known.update(k, clock), made) for k, made in enumerate(self.reached)]
        scenario = self.scenario = steering.cut(self.scenario, self.base, updates)
        self.log = [[entry for entry in log if entry[0] < most] for log, most in zip(self.log, updates, strict=True)]
        self.reached, self.held, self.generation = list(updates), set(), self.generation + 1
        generation = self.generation
        return Command(lambda made, pool: made.rewind(scenario, generation, clock, updates, pool, Event()))

    def count(self, unit: Literal["examples", "updates"]) -> Command:
        """Synchronize groups by "examples" seen or by "updates"; groups that are then behind catch up."""
        self.scenario, self.base = (
            replace(each, picture=each.picture._replace(clock=unit)) for each in (self.scenario, self.base)
        )
        self.generation += 1
        scenario, generation = self.scenario, self.generation

        def act(made: Experiment, _pool: ThreadPoolExecutor) -> Experiment:
            made.regroup(scenario, generation)
            made.clock = float(max(made.clocks.value(k, update) for k, update in enumerate(made.updates)))
            return made

        return Command(act)

    def add(self, table: dict[str, Any]) -> Command:
        """Add a group; raises ScenarioError."""
        scenario = self.scenario = steering.with_group(self.scenario, table)
        self.base = steering.with_group(self.base, table)
        self.reached.append(0)
        self.log.append([])
        self.generation += 1
        generation, k = self.generation, len(self.reached) - 1

        def act(made: Experiment, _pool: ThreadPoolExecutor) -> Experiment:
            add_group(made.regroup(scenario, generation), k)
            return share_memory(made)

        return Command(act)

    def remove(self, group: int) -> Command:
        """Remove a group; raises UserError for the last one."""
        if len(self.reached) == 1:
            raise UserError("the only group cannot be removed; add another one first")
        scenario = self.scenario = steering.without_group(self.scenario, group)
        self.base = steering.without_group(self.base, group)
        del self.reached[group], self.log[group]
        self.held = {k - (k > group) for k in self.held if k != group}
        self.generation += 1
        generation = self.generation

        def act(made: Experiment, _pool: ThreadPoolExecutor) -> Experiment:
            del made.runners[group], made.records[group]
            return share_memory(made.regroup(scenario, generation))

        return Command(act)


def controller(scenario: Scenario, reached: list[int], generation: int = 0) -> Controller:
    """A controller without any changes yet."""
    return Controller(scenario, scenario, reached, [[] for _ in reached], set(), generation)
