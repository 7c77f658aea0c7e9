"""Groups that differ in nothing but what a sweep varies: one of them stands for all."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from errsurf.errors import ScenarioError
from errsurf.scenario import Scenario
from errsurf.scenario.claims import ClaimTable
from errsurf.scenario.measures import MeasureTable
from errsurf.statistics import statistic
from errsurf.sweeps.cells import Cells, Tables

NAMES = ("label", "color")
CLAIMED = {*ClaimTable._fields} - {*MeasureTable._fields}
"""Keys of a claim that a measure does not have."""


def one_of_alike(cells: Cells) -> Cells:
    """The cells with their first group alone if all groups are alike in each of them, else the same cells.

    The statistics of claims, which compare groups, become measures.
    """
    if not _alike(cells):
        return cells
    tables = deepcopy(cells.tables)
    tables["optimizer"] = [{key: value for key, value in tables["optimizer"][0].items() if key not in NAMES}]
    tables["measure"] = [*tables.get("measure", ()), *map(_measure, filter(_alone, tables.pop("claim", ())))]
    return replace(cells, tables=tables)


def _alike(cells: Cells) -> bool:
    """Whether a key for all groups makes them alike in the first cell, and so in all."""
    keys = [axis.key for axis in cells.axes]
    if not any(key.startswith("optimizer.") for key in keys):
        return False
    unclaimed = {key: value for key, value in cells.tables.items() if key != "claim"}
    groups = [{**group, "label": str(k)} for k, group in enumerate(cells.tables["optimizer"])]
    apart = replace(cells, tables={**unclaimed, "optimizer": groups})
    try:
        first, last = apart.scenario(0), apart.scenario(len(cells) - 1)
    except ScenarioError:  # which the check of all cells explains
        return False
    return all(len(each.optimizer) > 1 and _same(each) for each in (first, last))


def _same(scenario: Scenario) -> bool:
    return len({repr(group._replace(label="", color=None)) for group in scenario.optimizer}) == 1


def _alone(claim: Mapping[str, Any]) -> bool:
    """Whether a claim's statistic needs no other group."""
    return "other" not in claim and not statistic(claim["statistic"]).pooled


def _measure(claim: Tables) -> Tables:
    return {key: value for key, value in claim.items() if key not in CLAIMED}
