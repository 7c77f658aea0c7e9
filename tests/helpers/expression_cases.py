"""Small scenarios whose surface is a formula."""

from pathlib import Path
from typing import Any

from errsurf.engine.examples import Problem, problem
from errsurf.scenario import Scenario, scenario_from
from errsurf.surfaces import Surface, surface
from errsurf.surfaces.formulas.columns import Columns
from helpers import formula_texts

COLUMNS = {"a": "normal(0, 1)", "b": "uniform(-1, 1)", "c": 1.5}


def scenario(
    surface: dict[str, Any], precision: str = "float64", folder: Path | None = None, batch: int | str = 3
) -> Scenario:
    """A small run of a surface, which is an expression unless it says otherwise."""
    tables = {
        "seed": 3,
        "surface": {"kind": "expression"} | surface,
        "swarm": {"start": "cloud", "at": [0.6, 0.5], "spread": 0.3, "particles": 32},
        "run": {"updates": 100, "frames": "all", "precision": precision},
        "optimizer": [{"kind": "sgd", "batch": batch, "lr": 0.001, "momentum": 0.5}],
    }
    return scenario_from(tables, folder)


def drawn(surface: dict[str, Any], folder: Path | None = None) -> Problem:
    """The example tables of an expression."""
    return problem(scenario(surface, folder=folder, batch="full").surface, 3)


def made(text: str, **columns: Any) -> Surface:
    """The record of a formula over the columns a, b and width_2, or those that are given."""
    columns = columns or dict.fromkeys(formula_texts.COLUMNS, 1.0)
    return surface("expression", surface("expression").settings(text, Columns(columns)))
