"""The files of a result folder: writing and reading them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from errsurf.analysis import Critical
from errsurf.claims.checking import Checked
from errsurf.claims.wording import plain
from errsurf.drawing.scene import map_window
from errsurf.engine.examples import Problem
from errsurf.engine.size import check_memory, example_bytes
from errsurf.errors import FolderError, StoredError
from errsurf.measures.rows import Cell, group_rows
from errsurf.results.folder_checks import RESUME
from errsurf.results.provenance import file_digests
from errsurf.results.stored import opened
from errsurf.results.stored_result import PASSAGES, SMALL, read_group, read_summary, read_unfinished
from errsurf.run.group_run import group_folder
from errsurf.run.made_with import made_with
from errsurf.run.result import Result, unrecorded
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.units import in_units, scalings
from errsurf.scenario import Scenario, read_scenario
from errsurf.sweeps.repeating import ENDS, Repetition
from errsurf.system.atomic_write import whole_file
from errsurf.system.json_text import json_text
from errsurf.system.spreadsheet import write_table

SUMMARY = "summary.json"


def write_arrays(result: Result, folder: Path) -> None:
    """Write what was simulated, except for the recorded frames, which exist already; then the folder is a result."""
    for k, group in enumerate(result.groups):
        for name in SMALL + (PASSAGES if result.scenario.regions else ()):
            np.save(folder / group_folder(k, group.label) / f"{name}.npy", getattr(group, name))
    problem = result.landscape.problem
    np.savez(folder / "examples.npz", train=problem.train, test=problem.test, columns=np.array(problem.columns))
    _write_summary(folder, _summary(result, (), [{"group": g.label, "kind": g.kind} for g in result.groups]))


def write_statistics(
    findings: Findings, folder: Path, claims: Sequence[Checked] = (), seeds: Repetition | None = None
) -> None:
    """Write what was computed from the arrays: the table, and the summary with claims, and what other seeds say."""
    result, names = findings.result, findings.names
    rows = run_rows(findings)
    if seeds is not None:
        rows = [_beside(row, over) for row, over in zip(rows, seeds.rows, strict=True)]
    _write_table(folder / "table.csv", rows)
    problem = result.landscape.problem
    points = [_point(problem, findings.critical[k], names.short[k]) for k in names.order]
    told = {} if seeds is None else {"seeds": {"seeds": list(seeds.seeds), "fixed": list(seeds.fixed)}}
    _write_summary(folder, _summary(result, points, rows) | told | {"claims": [plain(claim) for claim in claims]})


def _beside(row: Mapping[str, Cell], over: Mapping[str, Cell]) -> dict[str, Cell]:
    """A group's row with each number over seeds after the one of the run."""
    found: dict[str, Cell] = {}
    for key, value in row.items():
        found[key] = value
        if key.endswith("_n"):
            found |= {name: over[name] for end in ENDS.values() if (name := f"{key[:-2]}{end}") in over}
    return found


def run_rows(findings: Findings) -> list[dict[str, Cell]]:
    """The rows of one run, as its ``table.csv`` has them: what is outside the map is outside the scenario's picture."""
    return group_rows(findings, map_window(findings))


def _point(problem: Problem, point: Critical, name: str) -> dict[str, Any]:
    found = {"name": name, "x": point.x, "y": point.y, "loss": point.loss, "sharpness": point.sharpness}
    units = in_units(problem, point.x, point.y)
    return found | ({"in_units": units} if units else {})


def _write_summary(folder: Path, summary: dict[str, Any]) -> None:
    with whole_file(folder / SUMMARY) as file:
        file.write((json_text(summary) + "\n").encode())


def open_result(folder: str | Path, changes: Mapping[str, object] | None = None) -> Result:
    """Read a result folder; trajectories are memory-mapped.

    ``changes`` may give the title and keys of ``[picture]`` other values.  Of a run that goes on, or was killed, what
    its last checkpoint covers is read, and ``complete`` is False.  Raises FolderError for anything else, or if the
    folder is not whole, and ScenarioError for a value that is not allowed.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("saddle_escape", {"swarm.particles": 16})
        >>> report = errsurf.run_scenario(scenario, "opened", pictures=False)
        >>> result = errsurf.open_result("opened")
        >>> result["batch 1"].position.shape == (len(result["batch 1"].update), 16, 2)
        True
    """
    folder = Path(folder)
    for key in changes or {}:
        if key != "title" and not key.startswith("picture."):
            raise FolderError(f"{folder}: {key} cannot be changed after the run; only title and picture.* can")
    scenario = replace(stored_scenario(folder, changes), name=folder.absolute().name)
    if changes and (missing := unrecorded(stored_scenario(folder), scenario)):
        raise FolderError(f"{folder}: {missing}")
    check_memory(scenario, example_bytes(scenario))
    try:
        if not (folder / SUMMARY).is_file() and (folder / RESUME).is_file():
            found, groups = read_unfinished(folder, scenario)
            return Result(scenario, groups, found.device, found.seconds, complete=False)
        summary = read_summary(folder, len(scenario.optimizer))
        groups = [read_group(folder, scenario, k, seconds) for k, seconds in enumerate(summary.seconds)]
    except StoredError as error:
        raise FolderError(f"{folder}: not a complete result folder ({error})") from None
    return Result(scenario, groups, summary.device, summary.wall_time, summary.complete)


def stored_scenario(folder: Path, changes: Mapping[str, object] | None = None) -> Scenario:
    """The scenario of a result folder; raises FolderError and ScenarioError."""
    if not (folder / "scenario.toml").exists():
        problem = "no result folder; it lacks scenario.toml" if folder.exists() else "there is no such folder"
        part = folder.parent / f"{folder.name}.part"
        if not folder.exists() and is_result(part):
            problem += f"; {part} has an unfinished run, which `errsurf run --resume {part}` goes on with"
        if (folder / "sweep.toml").exists():
            own = f" --plugins {folder / 'own'}" if (folder / "own").is_dir() else ""
            again = f"`errsurf sweep {folder / 'sweep.toml'}{own} --out again`"
            problem = (
                "a sweep, which keeps no runs; its numbers are in table.csv, and `errsurf plot` draws them; "
                f"{again} computes them again, to compare again/table.csv"
            )
        raise FolderError(f"{folder}: {problem}")
    try:
        with opened(folder, "scenario.toml"):
            pass
    except StoredError as error:
        raise FolderError(f"{folder}: not a complete result folder ({error})") from None
    return read_scenario(folder / "scenario.toml", changes)


def is_result(path: Path) -> bool:
    """Whether a path looks like a result folder, or that of a run that goes on or was killed."""
    return (path / "scenario.toml").is_file() and any((path / name).is_file() for name in (SUMMARY, RESUME))


def _summary(result: Result, minima: Sequence[Any], rows: Sequence[Mapping[str, Cell]]) -> dict[str, Any]:
    scales = scalings(result.landscape.problem)
    scaled = {column: {"mean": mean, "deviation": deviation} for column, (mean, deviation) in scales.items()}
    return {
        "errsurf": version("errsurf"),
        "title": result.scenario.title,
        "seed": result.scenario.seed,
        "device": result.device,
        "wall_time": round(result.wall_time, 4),
        "complete": result.complete,
        "made_with": made_with(result.scenario, result.device),
        "files": file_digests(result.scenario),
        "minima": list(minima),
        "groups": [
            dict(row) | {"seconds": round(group.seconds, 6)} for row, group in zip(rows, result.groups, strict=True)
        ],
    } | ({"standardized": scaled} if scaled else {})


def _write_table(file: Path, rows: Sequence[Mapping[str, Cell]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        write_table(stream, list(rows[0]), rows)
