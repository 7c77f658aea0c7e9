"""A comparison that can run: its scenario, the values of each group's settings, the budget, and the seeds."""

from collections.abc import Sequence
from copy import deepcopy
from typing import NamedTuple

from errsurf.comparing.budget import Budget
from errsurf.comparing.search import Lists, Settings, Trial, block_of
from errsurf.errors import ScenarioError
from errsurf.scenario import Scenario
from errsurf.scenario.changes import change
from errsurf.scenario.compared import Compare, CompareTable
from errsurf.scenario.labels import labels_of
from errsurf.scenario.measures import Measure, MeasureTable
from errsurf.scenario.reading import Source
from errsurf.statistics import statistic
from errsurf.sweeps.axes import SEED, Axis
from errsurf.sweeps.cells import GROUP, Cells, Tables, numeric_tables, scenario_of

OWN = {*CompareTable._fields} - {*MeasureTable._fields}
"""Keys of a comparison that a measure does not have."""


class Plan(NamedTuple):
    """What is compared; ``source`` has the tables of every group by itself, and ``seeds`` judge."""

    source: Source
    scenario: Scenario
    compare: Compare
    budget: Budget
    lists: Lists
    seeds: tuple[int, ...]

    def cells(self, tried: Sequence[Trial], seeds: Sequence[int] = ()) -> Cells:
        """The cells of trials, each of one group, with the scenario's seed or with each of these."""
        tables = numeric_tables(self.source.tables)
        by_seed = ((Axis(SEED, tuple(seeds)),),) if seeds else ()
        return Cells(tables, self.source.folder, self.source.name, (block_of(tried), *by_seed))

    def allows(self, label: str, settings: Settings) -> bool:
        """Whether a group may have these settings."""
        changes = {GROUP: label, **{f"optimizer.{key}": value for key, value in settings.items()}}
        try:
            scenario_of(numeric_tables(self.source.tables), self.source.folder, self.source.name, changes)
        except ScenarioError:
            return False
        return True


def tables_of_groups(tables: Tables, measure: Measure) -> Tables:
    """A scenario's tables for runs of one group each: with labels, without claims, and with what decides as a measure.

    Measures that need another group are left out.
    """
    found, given = deepcopy(tables), tables["compare"]
    change(found, {"claim": []}, [])
    for label, group in zip(labels_of(found["optimizer"]), found["optimizer"], strict=True):
        group["label"] = label
    found["measure"] = [each for each in found.get("measure", ()) if alone(each["statistic"], each)]
    asked = {"statistic": measure.statistic} | {key: value for key, value in given.items() if key not in OWN}
    if asked not in found["measure"]:
        found["measure"].append(asked)
    return {key: table for key, table in found.items() if key not in ("compare", "sweep")}


def alone(name: str, table: Tables) -> bool:
    """Whether the statistic of a claim's or measure's table needs no other group."""
    return "other" not in table and not statistic(name).pooled
