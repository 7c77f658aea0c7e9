"""A run as rows of a table, one a group: what the group is, and every number with its interval."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from errsurf.measures.intervals import Array, Estimate, share_of
from errsurf.measures.measuring import Measured, measured_in
from errsurf.measures.view import RunView
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.terrain import Window
from errsurf.scenario import OptimizerGroup, Scenario
from errsurf.scenario.claims import Claim
from errsurf.scenario.measures import SETTINGS, Measure, cell_text
from errsurf.scenario.writing import group_table
from errsurf.statistics import statistic

Cell: TypeAlias = str | int | float | None
ALWAYS = ("train_loss", "test_loss", "sharpness", "share_diverged")
"""Statistics of every row, at the end."""
SPREAD = {"train_loss": (0.05, 0.95), "test_loss": (0.05, 0.95)}
"""Quantiles of the particles that stand beside the median."""
ELSEWHERE = "flow_elsewhere"
"""The last column of all rows before those of measures."""
NOT_VARIED = {*SETTINGS, "label", "color"}


def group_rows(findings: Findings, window: Window | None = None) -> list[dict[str, Cell]]:
    """One row a group: its settings, its final numbers, then each measure and the statistic of each claim.

    An estimate ``x`` has the columns ``x``, ``x_low`` and ``x_high``, its 95% interval, and ``x_n``, the number of
    particles behind it; None where there is none.  Losses have the quantiles ``x_q05`` and ``x_q95`` of the particles
    too.  All rows have the same columns.  Particles outside ``window``, by default the terrain's, are outside the map.
    """
    scenario = findings.result.scenario
    varied = varied_settings(scenario)
    where = findings.ends(window or findings.window)
    return [
        _head(scenario, k) | varied[k] | _counts(findings, k) | dict(_numbers(findings, k, where[k]))
        for k in range(len(findings.result.groups))
    ]


def varied_settings(scenario: Scenario) -> list[dict[str, Cell]]:
    """The settings of each group, by dotted keys, in which the groups differ besides those that all rows have."""
    tables = [group_table(group) for group in scenario.optimizer]
    return cells_of([{key: part for key, part in table.items() if key not in NOT_VARIED} for table in tables])


def cells_of(tables: Sequence[Mapping[str, Any]]) -> list[dict[str, Cell]]:
    """What differs among tables, as cells by dotted keys; None where a table does not have the key."""
    found = [dict(_flat(table)) for table in tables]
    keys = dict.fromkeys(key for table in found for key in table)
    kept = [key for key in keys if any(table.get(key) != found[0].get(key) for table in found)]
    return [{key: _cell(table.get(key)) for key in kept} for table in found]


def measures_of(scenario: Scenario) -> dict[str, Measure]:
    """The measures of every row by their columns: the usual ones, then the scenario's own and those of its claims."""
    usual = [Measure(name, statistic(name).settings()) for name in ALWAYS]
    found: dict[str, Measure] = {}
    for measure in (*usual, *scenario.measure, *map(measure_of, scenario.claim)):
        found.setdefault(measure.column, measure)
    return found


def measure_of(claim: Claim) -> Measure:
    """What a claim measures of a group."""
    return Measure(claim.statistic, claim.settings, claim.at, claim.take)


def heads_of(columns: Sequence[str]) -> list[str]:
    """The columns before the first number: what a row is, and how many updates and particles it has."""
    return list(columns)[: list(columns).index(ALWAYS[0])]


def measures_among(columns: Sequence[str]) -> list[str]:
    """The columns of the scenario's own measures and claims, which come last."""
    names = [name for name in columns if f"{name}_n" in columns]
    return names[names.index(ELSEWHERE) + 1 :]


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _cell(value: Any) -> Cell:
    """A setting as a cell: several numbers, and tables, as one text."""
    if isinstance(value, Mapping):
        return " ".join(f"{key}={cell_text(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return (
            "; ".join(str(_cell(part)) for part in value)
            if any(isinstance(v, Mapping) for v in value)
            else cell_text(value)
        )
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _head(scenario: Scenario, k: int) -> dict[str, Cell]:
    """What the group is."""
    group: OptimizerGroup = scenario.optimizer[k]
    return {
        "group": group.label,
        "kind": group.kind,
        "lr": _cell(group.settings.lr),
        "batch": group.batch,
        "accumulate": group.accumulate,
        "seed": scenario.seed,
    }


def _counts(findings: Findings, k: int) -> dict[str, Cell]:
    group = findings.result.groups[k]
    return {
        "updates": int(group.update[-1]),
        "examples_seen": int(group.examples_seen[-1]),
        "particles": len(group.diverged),
        "diverged": int((group.diverged >= 0).sum()),
    }


def _numbers(findings: Findings, k: int, where: Any) -> Iterator[tuple[str, Cell]]:
    """Every number with its column: the usual ones, where the particles are and will be, measures and claims."""
    views = _Views(findings, k, {})
    for name, measure in list(measures_of(findings.result.scenario).items())[: len(ALWAYS)]:
        yield from _estimate(name, measured_in(views.at(measure.at), measure))
        if name in SPREAD:
            yield from _quantiles(name, views.at(measure.at).loss(name.removesuffix("_loss")))
    yield from _places(findings, where)
    yield from _basins(findings, k)
    scenario = findings.result.scenario
    label = scenario.optimizer[k].label
    for column, measure in list(measures_of(scenario).items())[len(ALWAYS) :]:
        alone = getattr(measure.settings, "other", None) == label
        yield from _estimate(column, Measured(_NONE, 0) if alone else views.measured(measure))


_NONE = Estimate(np.nan, np.nan, np.nan)


class _Views(NamedTuple):
    """The views of a group at several moments, each made once."""

    findings: Findings
    k: int
    made: dict[int | str, RunView]

    def at(self, time: int | str) -> RunView:
        """The group up to a moment."""
        if time not in self.made:
            self.made[time] = RunView(self.findings, self.k, time)
        return self.made[time]

    def measured(self, measure: Measure) -> Measured:
        """What a measure gives; what is of all groups together is worked out for the first one only."""
        if not statistic(measure.statistic).pooled:
            return measured_in(self.at(measure.at), measure)
        key = "measured", measure
        return self.findings.result.once(key, lambda: measured_in(self.at(measure.at), measure))


def _estimate(name: str, found: Measured) -> Iterator[tuple[str, Cell]]:
    for suffix, value in zip(("", "_low", "_high"), found.estimate, strict=True):
        yield f"{name}{suffix}", _number(value)
    yield f"{name}_n", found.n


def _quantiles(name: str, values: Array) -> Iterator[tuple[str, Cell]]:
    known = values[~np.isnan(values)]
    for share in SPREAD[name]:
        yield f"{name}_q{100 * share:02.0f}", _number(np.quantile(known, share)) if len(known) else None


def _number(value: float) -> float | None:
    return None if isnan(value) else float(value)


def _places(findings: Findings, where: Any) -> Iterator[tuple[str, Cell]]:
    """Shares of the particles at each critical point, on the way and outside the map, from their counts (parts,)."""
    names = findings.names
    columns = (*(f"at_{names.short[k]}" for k in names.order), "at_saddle", "on_the_way", "outside_the_map")
    total = int(where.sum())
    for column, count in zip(columns, where.tolist(), strict=False):
        yield from _share(column, count, total)


def _basins(findings: Findings, k: int) -> Iterator[tuple[str, Cell]]:
    """Shares of the particles that gradient flow would take to each minimum, and elsewhere."""
    names, labels, particles = findings.names, findings.end_basins[k], len(findings.result.groups[k].diverged)
    for place, point in enumerate(names.minima):
        yield from _share(f"flow_to_{names.short[point]}", int((labels == place).sum()), particles)
    yield from _share(ELSEWHERE, int((labels < 0).sum()), particles)


def _share(column: str, count: int, total: int) -> Iterator[tuple[str, Cell]]:
    return _estimate(column, Measured(share_of(count, total), total))
