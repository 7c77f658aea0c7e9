"""A scenario run under other settings, and its claims checked on the result."""

import tomllib
from collections.abc import Iterable, Iterator
from math import isfinite, isnan
from typing import Any

from benchmarks.results import rounded
from errsurf import claims_of, scenario_from, simulate
from errsurf.claims.checking import Checked, Comparison
from errsurf.claims.wording import plain
from errsurf.measures.intervals import Estimate
from errsurf.run.result import Result
from errsurf.scenario import scenario_text
from research.claim_grids._record import PARTICLES, Axis, Changes, Grid

DRAWN = ("picture", "output", "translation")


def grid_figures(grid: Grid, lecture: int) -> dict[str, Any]:
    """The claims in every cell of a grid; ``compared`` says what each number of a cell is."""
    lines, laws, first = [], [], None
    claims = tuple(chosen(grid, lecture))
    for row in grid.rows.values.values():
        cells = []
        for column in grid.columns.values.values():
            result = ran(grid.scenario, claims, {**grid.changes, **row, **column})
            found = claims_of(result)
            first = first or found
            cells.append([cell(each) for claim in found for each in claim.comparisons])
        lines.append(cells)
        laws.append([rounded(float(law(result))) for law in grid.laws.values()])
    return {
        "kind": "grid",
        "title": grid.title,
        "scenario": grid.scenario,
        "changes": dict(grid.changes),
        "rows": axis_figures(grid.rows),
        "columns": axis_figures(grid.columns),
        **said(first or (), lecture),
        "compared": list(compared(first or ())),
        "cells": lines,
        "laws": {name: [values[k] for values in laws] for k, name in enumerate(grid.laws)},
    }


def chosen(grid: Grid, lecture: int) -> Iterator[Changes]:
    """The claims of a grid: its own, and those of the scenario with this number in the lecture."""
    for claim in grid.claims:
        if isinstance(claim, str):
            yield from (each for each in _tables(grid.scenario)["claim"] if _is(each, claim, lecture))
        else:
            yield claim


def _is(claim: Changes, statistic: str, lecture: int) -> bool:
    numbers = claim["lecture"] if isinstance(claim["lecture"], list) else [claim["lecture"]]
    return claim["statistic"] == statistic and lecture in numbers


def _tables(source: str) -> dict[str, Any]:
    return tomllib.loads(scenario_text(source))


def ran(source: str, claims: Iterable[Changes], changes: Changes) -> Result:
    """The result of a bundled scenario with these claims and changes."""
    tables = {key: value for key, value in _tables(source).items() if key not in DRAWN}
    tables["claim"] = [dict(claim) for claim in claims]
    few = min(PARTICLES, tables["swarm"].get("particles", PARTICLES))
    tables |= {key: value for key, value in changes.items() if "." not in key}
    others = {key: value for key, value in changes.items() if "." in key}
    return simulate(scenario_from(tables, name=source, changes={"swarm.particles": few} | others))


def said(found: tuple[Checked, ...], lecture: int) -> dict[str, Any]:
    """The claims in words, and whether each is the lecture's."""
    return {
        "claims": [claim.claim.says for claim in found],
        "counted": [lecture in claim.claim.lecture for claim in found],
    }


def compared(found: tuple[Checked, ...]) -> Iterator[dict[str, Any]]:
    """For each comparison of the claims: which claim, of whom, with whom, and what its number is."""
    for k, claim in enumerate(found):
        words = plain(claim)
        for each in claim.comparisons:
            ratio = "ratio" if claim.claim.times is not None else "difference"
            yield {
                "claim": k,
                "group": each.group if claim.claim.groups else "",
                "other": each.other,
                "number": ratio if isinstance(each.other, str) else words["statistic"],
            }


def cell(each: Comparison) -> list[Any]:
    """Verdict and number with its interval: the difference or ratio of groups, or the group's own number."""
    return [each.verdict, *numbers(each.compared if isinstance(each.other, str) else each.estimate)]


def numbers(estimate: Estimate) -> list[Any]:
    """An estimate to four digits, as JSON: None for none, a text for infinity."""
    return [rounded(float(value)) if isfinite(value) else None if isnan(value) else f"{value:g}" for value in estimate]


def axis_figures(axis: Axis) -> dict[str, Any]:
    """Name and shown values of an axis."""
    return {"name": axis.name, "values": list(axis.values)}
