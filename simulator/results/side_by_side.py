"""Several runs as one table: a row a group of each, and the settings in which the runs differ."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from errsurf.measures.rows import Cell, cells_of
from errsurf.results.folder import run_rows
from errsurf.run.result import Result
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Scenario
from errsurf.scenario.writing import scenario_tables

LEFT_OUT = ("title", "about", "seed", "optimizer", "picture", "output", "claim", "measure", "translation", "sweep")


def side_by_side(results: Mapping[Path, Result]) -> list[dict[str, Cell]]:
    """The rows of several results by their folders: ``run`` is the folder, then come settings in which the runs differ.

    A number that a run does not have is None.
    """
    settings = differing([result.scenario for result in results.values()])
    found = [
        {"run": str(folder)} | own | row
        for (folder, result), own in zip(results.items(), settings, strict=True)
        for row in run_rows(Findings(result))
    ]
    columns = dict.fromkeys(key for row in found for key in row)
    return [{key: row.get(key) for key in columns} for row in found]


def differing(scenarios: Sequence[Scenario]) -> list[dict[str, Cell]]:
    """The settings, by dotted keys, in which scenarios differ beside their groups and pictures."""
    tables: list[Mapping[str, Any]] = [
        {key: table for key, table in scenario_tables(each, {}).items() if key not in LEFT_OUT} for each in scenarios
    ]
    return cells_of(tables)
