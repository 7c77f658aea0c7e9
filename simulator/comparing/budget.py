"""Budgets: as many updates, examples or seconds of updates for every group."""

from collections.abc import Callable
from dataclasses import replace
from math import floor
from statistics import median
from threading import Event
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from errsurf.comparing.search import Lists, Trial
from errsurf.engine.segments import group_examples_seen
from errsurf.errors import UserError
from errsurf.run.simulation import simulate
from errsurf.scenario import Scenario, total_updates
from errsurf.scenario.compared import Compare
from errsurf.settings.value_lists import value_word
from errsurf.sweeps.computing import INLINE
from errsurf.system.numbers import number_text
from errsurf.system.text import printable

REPEATS, LONGEST, FEWEST, FRAMES = 3, 0.05, 4, 100
"""How often an update's time is measured, for about how many seconds, updates at the least, and frames."""
MOST_UPDATES = 2**53


class Budget(NamedTuple):
    """What every group gets: an ``amount`` of ``kind``, "updates", "examples" or "seconds" of its updates."""

    kind: str
    amount: float

    def __str__(self) -> str:
        """The amount, in words."""
        return f"{number_text(self.amount)} {self.kind}"


def budget_of(scenario: Scenario, compare: Compare) -> Budget:
    """The budget of a comparison; by default as much as the group that uses most in the scenario's own run."""
    if compare.amount is not None:
        return Budget(compare.budget, compare.amount)
    made = [total_updates(scenario.run, group, scenario.surface.train.examples) for group in scenario.optimizer]
    if compare.budget == "updates":
        return Budget("updates", max(made))
    seen = [int(group_examples_seen(scenario, k, np.array(updates))) for k, updates in enumerate(made)]
    return Budget("examples", max(seen))


def updates_in(budget: Budget, scenario: Callable[[], Scenario], tried: Trial, seconds: float) -> int:
    """How many updates of a scenario's one group the budget is enough for; raises UserError if for none.

    An update takes so many ``seconds``.  A gradient at a probe counts its examples again.
    """
    if budget.kind == "updates":
        return int(budget.amount)
    if budget.kind == "seconds":
        found, one = floor(budget.amount / seconds), f"{number_text(seconds, 3)} seconds"
    else:
        group = scenario()
        found = _updates_of_examples(group, int(budget.amount))
        one = f"{int(group_examples_seen(group, 0, np.array(1))):,} examples"
    if not 1 <= found <= MOST_UPDATES:
        raise UserError(
            f"a budget of {budget} is {'less' if found < 1 else 'far more'} than one update of {told(tried)}, {one}"
        )
    return found


def _updates_of_examples(scenario: Scenario, amount: int) -> int:
    """The most updates that use at most so many examples; each uses one or more."""
    low, high = 0, amount
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if group_examples_seen(scenario, 0, np.array(middle)) <= amount else (low, middle - 1)
        )
    return low


def told(tried: Trial) -> str:
    """A group and its values, for people."""
    return ", ".join(
        [printable(tried.label, 80), *(f"{key} {value_word(value)}" for key, value in tried.settings.items())]
    )


def changes_time(values: tuple[Any, ...]) -> bool:
    """Whether the time of an update may depend on a setting: not on one that has fractions among its values."""
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    return not (numbers and any(not float(value).is_integer() for value in values))


def timed(tried: Trial, lists: Lists) -> Trial:
    """What stands for a trial when its update is timed: the first values of settings that do not change the time."""
    own = lists[tried.label]
    return Trial(
        tried.label, {key: value if changes_time(own[key]) else own[key][0] for key, value in tried.settings.items()}
    )


def seconds_an_update(scenario: Scenario) -> float:
    """Seconds that one update of all particles of a scenario's one group takes, in one thread: a median of three."""
    run = scenario.run._replace(frames=FRAMES, frame_spacing="log", losses=False, record=())
    brief = replace(scenario, run=run)
    return median(_once(brief) for _ in range(REPEATS))


def _once(scenario: Scenario) -> float:
    """The time of an update in a run that ends early."""
    stop, clock = Event(), list[float]()
    enough = FEWEST / total_updates(scenario.run, scenario.optimizer[0], scenario.surface.train.examples)

    def progress(share: float) -> None:
        clock.append(perf_counter())
        if share > enough and clock[-1] - clock[0] > LONGEST:
            stop.set()

    result = simulate(scenario, device="cpu", pool=INLINE, progress=progress, stop=stop)
    return result.groups[0].seconds_an_update
