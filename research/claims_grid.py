"""Where each claim of the lecture holds and where it stops: bundled scenarios run over grids of their settings.

Run ``python -m research.claims_grid``, or with --claim for some of them; then ``python docs/write_claims_page.py``.
The grids are in research/claim_grids, one file for each claim.
"""

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from benchmarks.machine import device
from benchmarks.results import say
from research.claim_grids import Grid, Study, Timed, Tuned, studies
from research.claim_grids._record import PARTICLES
from research.claim_runs import grid_figures
from research.claim_timings import timed_figures
from research.claim_tuning import tuned_figures

FILE = Path(__file__).parent / "results" / "claims.json"
NESTED = re.compile(r"\[\s+((?:\[[^\[\]]*\],?\s+)+)\]")
INNERMOST, BREAK = re.compile(r"\[\s+([^\[\]{}]*?)\s+\]"), re.compile(r"\s*\n\s*")
RUNS: dict[type, Callable[[Any, int], dict[str, Any]]] = {
    Grid: grid_figures,
    Tuned: tuned_figures,
    Timed: timed_figures,
}


def figures(study: Study) -> dict[str, Any]:
    """All tables of a claim, and how long their runs took on a machine with so many others waiting."""
    began, load = perf_counter(), os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    tables = [RUNS[type(table)](table, study.lecture) for table in study.tables]
    return {"seconds": round(perf_counter() - began, 1), "load": load, "tables": tables}


def written(parts: dict[str, Any]) -> str:
    """JSON with a line for each list of numbers, and for each list of such lists."""
    text = json.dumps(parts, indent=1, allow_nan=False)
    for lists in (INNERMOST, NESTED):
        text = lists.sub(lambda found: f"[{BREAK.sub(' ', found[1]).strip()}]", text)
    return text + "\n"


@click.command(help=__doc__)
@click.option("--claim", "numbers", multiple=True, type=click.IntRange(1, 26), help="only this one; several times")
@click.option("--out", default=FILE, type=click.Path(path_type=Path, dir_okay=False), help="the JSON file")
def main(numbers: tuple[int, ...], out: Path) -> None:
    """Claims that are not run keep what the file has of them."""
    parts: dict[str, Any] = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    known = parts.get("claims", {})
    for study in studies():
        if not numbers or study.lecture in numbers:
            known[str(study.lecture)] = figures(study)
            say(f"{study.lecture:2}  {known[str(study.lecture)]['seconds']:6.1f} s  {study.says}")
            ordered = {key: known[key] for key in sorted(known, key=int)}
            out.write_text(written({"device": device(), "particles": PARTICLES, "claims": ordered}), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
