"""Times of updates and epochs by batch size, and the lecture's table, from what ``errsurf batches`` measures."""

import json
from functools import cache
from typing import Any

from benchmarks.results import rounded
from errsurf.batch_times.measuring import batch_times
from errsurf.batch_times.records import FLAT
from errsurf.scenario import read_scenario
from research.claim_grids._record import Timed

SCENARIO, SMALL, LARGE = "flat_or_sharp", 1, 1000
VERDICTS = {True: "holds", False: "does not hold"}


def timed_figures(timed: Timed, _lecture: int) -> dict[str, Any]:
    """The lecture's rows for each surface, and how far each device's time of an update is flat."""
    measured = {name: _measured(json.dumps(dict(changes))) for name, changes in timed.surfaces.items()}
    return {
        "kind": "timed",
        "title": timed.title,
        "small": SMALL,
        "large": LARGE,
        "flat": FLAT,
        "surfaces": {name: _of(found, timed.names) for name, found in measured.items()},
    }


def _of(found: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {**found, "rows": [row for row in found["rows"] if row["name"] in names]}


@cache
def _measured(changes: str) -> dict[str, Any]:
    """What is measured on one surface, once for all claims."""
    found = batch_times(read_scenario(SCENARIO, json.loads(changes)), SMALL, LARGE)
    rows = [{**row._asdict(), "verdict": _verdict(row.here, row.lecture)} for row in found.rows]
    return {
        "examples": found.examples,
        "rows": rounded([{key: list(v) if isinstance(v, tuple) else v for key, v in row.items()} for row in rows]),
        "flat_to": {f"{each.device}{', drawn' if each.drawn else ''}": each.flat_to for each in found.series},
        "missing": found.missing,
    }


def _verdict(here: tuple[str, str], lecture: tuple[str, str]) -> str:
    return "not decided" if "unclear" in here else VERDICTS[here == lecture]
