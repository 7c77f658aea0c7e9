"""The folder of a comparison: its table, its summary, its picture, and the two sweeps in it.

================  =====================================================================================================
``search/``       the sweep of all values; see ``errsurf.sweeps.store``
``judged/``       the sweep of the best values with other seeds
``times.json``    seconds an update of each group, measured once
``table.csv``     one row a value tried, the best of each group with what other seeds say of it
``summary.json``  the same, with neighbours, edges and differences
``choice.png``    the curve of the choice
``best.toml``     the scenario with the best values of every group, and copies of its data files
================  =====================================================================================================
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from math import isfinite, isnan
from pathlib import Path
from typing import Any

from errsurf.comparing.choice import Choice, Tried
from errsurf.comparing.comparison import FairComparison
from errsurf.comparing.judging import Judged
from errsurf.comparing.picture import choice_figure
from errsurf.drawing.figures.files import save_figure
from errsurf.errors import FolderError, RunError, reason
from errsurf.measures.intervals import Estimate
from errsurf.measures.rows import Cell
from errsurf.run.language import translated
from errsurf.scenario import Scenario, resolved_toml
from errsurf.scenario.files import data_files
from errsurf.settings.value_lists import value_word
from errsurf.sweeps.store import ELSEWHERE, MAX_NAMES
from errsurf.system.atomic_write import whole_file
from errsurf.system.json_text import json_text
from errsurf.system.spreadsheet import write_table

TABLE, SUMMARY, PICTURE = "table.csv", "summary.json", "choice.png"
BEST = "best.toml"
OWN = {"search", "judged", "times.json", TABLE, SUMMARY, PICTURE, BEST}


def made_folder(folder: Path | None) -> None:
    """Make a comparison's folder; raises FolderError if it cannot be made, or if it is that of something else."""
    if folder is None:
        return
    try:
        names = sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []
        if names and not {"search", "times.json"} & set(names):
            more = " and more" if len(names) > MAX_NAMES else ""
            words = f"exists and is not the folder of a comparison; it contains {', '.join(names[:MAX_NAMES])}{more}"
            raise FolderError(f"{folder} {words}; {ELSEWHERE}")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"{folder} cannot be used: {reason(error)}; {ELSEWHERE}") from None


def write_files(found: FairComparison, folder: Path | None, languages: Sequence[str] = ()) -> None:
    """Write the table and the summary and, of a finished comparison, the picture in a language; raises RunError."""
    if folder is None:
        return
    rows = list(table_rows(found))
    try:
        with (folder / TABLE).open("w", newline="", encoding="utf-8") as stream:
            write_table(stream, list(dict.fromkeys(key for row in rows for key in row)), rows)
        with whole_file(folder / SUMMARY) as file:
            file.write((json_text(summary(found)) + "\n").encode())
        if found.complete:
            save_figure(choice_figure(found, translated(found.scenario, languages)), folder / PICTURE)
            _write_best(found.chosen_scenario(), folder)
    except OSError as error:
        raise RunError(f"{folder}: {reason(error)}; the sweeps are kept") from error


def _write_best(scenario: Scenario, folder: Path) -> None:
    """Write the scenario with the best values, and the files that it reads beside it."""
    for name, file in data_files(scenario).items():
        shutil.copyfile(file, folder / name)
    with whole_file(folder / BEST) as stream:
        stream.write(resolved_toml(scenario).encode())


def table_rows(found: FairComparison) -> Iterator[dict[str, Cell]]:
    """One row a value tried: settings, cost, number and interval and, for the best ones, what other seeds say."""
    judged = {each.label: each for each in found.judged}
    for choice in found.choices:
        for tried in choice.tried:
            best = tried is choice.best
            yield (
                _row(choice, tried, found.statistic)
                | {"best": int(best)}
                | (_judged(judged.get(choice.label)) if best else {})
            )


def _row(choice: Choice, tried: Tried, key: str) -> dict[str, Cell]:
    settings: dict[str, Cell] = {name: _cell(value) for name, value in tried.settings.items()}
    numbers = {f"{key}{end}": _known(bound) for end, bound in zip(("", "_low", "_high"), tried.estimate, strict=True)}
    cost = tried.cost._asdict()
    lost = {"particles": tried.particles, "diverged": tried.diverged, "accepted": int(tried.accepted)}
    return {"group": choice.label, **settings, **cost, **lost, **numbers, f"{key}_n": tried.n}


def _judged(found: Judged | None) -> dict[str, Cell]:
    if found is None:
        return {}
    value, low, high = map(_known, found.over_seeds)
    _, particles_low, particles_high = map(_known, found.over_particles)
    return {
        "judged": value,
        "judged_low": particles_low,
        "judged_high": particles_high,
        "judged_seeds_low": low,
        "judged_seeds_high": high,
        "judged_n": found.n,
        "seeds": len(found.seeds),
    }


def _cell(value: Any) -> Cell:
    return value if isinstance(value, int | float | str) and not isinstance(value, bool) else value_word(value)


def _known(value: float) -> float | None:
    return None if isnan(value) else float(value)


def summary(found: FairComparison) -> dict[str, Any]:
    """Everything, for JSON: estimates are [value, low, high], null for none and "inf" for what never came."""
    judged = {each.label: each for each in found.judged}
    return {
        "errsurf": version("errsurf"),
        "title": found.scenario.title,
        "complete": found.complete,
        "statistic": found.statistic,
        "best": found.best,
        "most_diverged": found.most_diverged,
        "budget": found.budget._asdict(),
        "seed": found.scenario.seed,
        "seeds": list(found.seeds),
        "fixed": list(found.fixed),
        "groups": [_group(choice, judged.get(choice.label)) for choice in found.choices],
        "differences": [
            {"group": each.group, "other": each.other, "difference": _triple(each.estimate)}
            | {"better": each.better, "doubt": each.doubt}
            for each in found.differences
        ],
        "warnings": list(found.warnings),
    }


def _group(choice: Choice, judged: Judged | None) -> dict[str, Any]:
    return {
        "group": choice.label,
        "cost": choice.cost._asdict(),
        "best": None if choice.best is None else _plain(choice.best),
        "neighbours": {key: [each and _plain(each) for each in pair] for key, pair in choice.neighbours.items()},
        "edges": [edge._asdict() for edge in choice.edges],
        "judged": None if judged is None else _plain_judged(judged),
        "tried": [_plain(each) for each in choice.tried],
    }


def _plain(tried: Tried) -> dict[str, Any]:
    settings: Mapping[str, Any] = dict(tried.settings)
    numbers = {"n": tried.n, "particles": tried.particles, "diverged": tried.diverged, "accepted": tried.accepted}
    return {"settings": settings, "number": _triple(tried.estimate), **numbers, **tried.cost._asdict()}


def _plain_judged(found: Judged) -> dict[str, Any]:
    return {
        "over_seeds": _triple(found.over_seeds),
        "over_particles": _triple(found.over_particles),
        "n": found.n,
        "particles": found.particles,
        "diverged": found.diverged,
        "seeds": {str(seed): _json(value) for seed, value in zip(found.seeds, found.values, strict=True)},
    }


def _triple(estimate: Estimate) -> list[float | str | None]:
    return [_json(value) for value in estimate]


def _json(value: float) -> float | str | None:
    return float(value) if isfinite(value) else None if isnan(value) else str(value)
