"""The result folder: what each file holds, how it is written, and how it is read again."""

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from simulator.analysis import Critical, GroupStatistics
from simulator.claims.checking import Checked
from simulator.claims.wording import plain
from simulator.errors import FolderError
from simulator.result import Group, Result
from simulator.scenario import OptimizerGroup, Scenario, data_files, read_scenario, resolved_toml
from simulator.simulation import RECORDED, group_folder
from simulator.whole_file import whole_file

SMALL = ("update", "examples_seen", "lr", "loss_particles", "diverged", "watched")


def write_arrays(result: Result, folder: Path) -> None:
    """Write what was simulated, except for the recorded frames, which are there; the folder can be opened then."""
    (folder / "scenario.toml").write_text(resolved_toml(result.scenario), encoding="utf-8")
    for name, file in data_files(result.scenario).items():
        shutil.copyfile(file, folder / name)
    for k, group in enumerate(result.groups):
        for name in SMALL:
            np.save(folder / group_folder(k, group.label) / f"{name}.npy", getattr(group, name))
    problem = result.landscape.problem
    np.savez(folder / "examples.npz", train=problem.train, test=problem.test, columns=np.array(problem.columns))
    _write_summary(folder, _summary(result, (), [{"label": g.label, "kind": g.kind} for g in result.groups]))


def write_statistics(
    result: Result,
    statistics: Sequence[GroupStatistics],
    minima: Sequence[Critical],
    folder: Path,
    claims: Sequence[Checked] = (),
) -> None:
    """Write what was computed from the arrays: the table, and the summary with claims."""
    rows = [statistics_row(group, found) for group, found in zip(result.groups, statistics, strict=True)]
    _write_table(folder / "table.csv", rows)
    _write_summary(folder, _summary(result, minima, rows) | {"claims": [plain(claim) for claim in claims]})


def _write_summary(folder: Path, summary: dict[str, Any]) -> None:
    with whole_file(folder / "summary.json") as file:
        file.write((json.dumps(summary, indent=2) + "\n").encode())


def open_result(folder: str | Path, changes: Mapping[str, object] | None = None) -> Result:
    """Read a result folder; trajectories are memory-mapped.

    ``changes`` may give the title and keys of ``[picture]`` other values.  Raises FolderError for anything else, or
    if the folder is not whole, and ScenarioFaults for a value that is not allowed.
    """
    folder = Path(folder)
    if not (folder / "scenario.toml").is_file():
        raise FolderError(f"{folder}: no result folder; it lacks scenario.toml")
    for key in changes or {}:
        if key != "title" and not key.startswith("picture."):
            raise FolderError(
                f"{folder}: {key} belongs to the run, which is done; only title and picture.* can be changed"
            )
    scenario = replace(read_scenario(folder / "scenario.toml", changes), name=folder.absolute().name)
    if changes:
        _check_recorded(folder, scenario)
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        if not isinstance(summary, dict):
            raise ValueError("summary.json holds no table")
        groups = [
            _read_group(folder, k, each, scenario.run.record, _number(summary["groups"][k].get("seconds")))
            for k, each in enumerate(scenario.optimizer)
        ]
        return Result(scenario, groups, summary["device"], summary["wall_time"], summary["complete"])
    except (OSError, EOFError, ValueError, LookupError) as error:
        raise FolderError(f"{folder}: not a whole result folder ({error})") from None


def _check_recorded(folder: Path, scenario: Scenario) -> None:
    """Raise FolderError for changes of the picture that need what the run has not recorded."""
    missing = set(scenario.run.record) - set(read_scenario(folder / "scenario.toml").run.record)
    if missing:
        parts = ", ".join(f'"{part}"' for part in sorted(missing))
        raise FolderError(f"{folder}: this picture needs run.record = [{parts}], which was not recorded; run it again")


def is_result(path: Path) -> bool:
    """Whether a path looks like a result folder."""
    return (path / "summary.json").is_file() and (path / "scenario.toml").is_file()


def statistics_row(group: Group, found: GroupStatistics) -> dict[str, Any]:
    """One group's final statistics, flat: the row of table.csv."""
    row: dict[str, Any] = {
        "label": group.label,
        "kind": group.kind,
        "updates": found.updates,
        "examples_seen": found.examples_seen,
        "particles": found.particles,
        "diverged": found.diverged,
    }
    for name in ("train_loss", "test_loss"):
        spread = getattr(found, name)
        row |= {f"{name}_median": spread.median, f"{name}_low": spread.low, f"{name}_high": spread.high}
    row["sharpness_median"] = found.sharpness
    row |= {f"share_{k}": share for k, share in enumerate(found.shares)}
    return row | {"share_elsewhere": found.elsewhere}


def _read_group(folder: Path, k: int, group: OptimizerGroup, record: Sequence[str], seconds: float) -> Group:
    place = folder / group_folder(k, group.label)
    arrays: dict[str, Any] = {name: np.load(place / f"{name}.npy") for name in SMALL}
    arrays |= {name: np.load(place / f"{name}.npy", mmap_mode="r") for name in (*RECORDED, *record)}
    for name in ("examples_seen", "lr", *RECORDED, *record):
        if len(arrays[name]) != len(arrays["update"]):
            raise ValueError(f"{place.name}: {name}.npy and update.npy differ in their number of frames")
    parts = {name: arrays.pop(name) for name in record}
    return Group(label=group.label, kind=group.kind, parts=parts, seconds=seconds, **arrays)


def _summary(result: Result, minima: Sequence[Critical], rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "errsurf": version("errsurf"),
        "title": result.scenario.title,
        "seed": result.scenario.seed,
        "device": result.device,
        "wall_time": round(result.wall_time, 4),
        "complete": result.complete,
        "minima": [{"x": m.x, "y": m.y, "loss": m.loss, "sharpness": m.sharpness} for m in minima],
        "groups": [
            {key: _plain(value) for key, value in row.items()} | {"seconds": _plain(round(group.seconds, 6))}
            for row, group in zip(rows, result.groups, strict=True)
        ],
    }


def _plain(value: Any) -> Any:
    """JSON has no NaN and no NumPy numbers."""
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value


def _number(value: Any) -> float:
    """The number that ``_plain`` made of a float."""
    return np.nan if value is None else float(value)


def _write_table(file: Path, rows: list[dict[str, Any]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
