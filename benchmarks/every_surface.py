"""Every surface of the folder against its own ceiling: its gradient formula with everything in registers.

Run ``python -m benchmarks.every_surface``.  A surface of measured losses (``grid``) adds up its examples' tables and
takes its formula once a batch; its ceiling is the formula and one patch for every example.
"""

import os
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import click

from benchmarks.cases import SECONDS, Case, first_run, timings
from benchmarks.ceilings import Ceilings
from benchmarks.check import check, updates_to_check
from benchmarks.machine import processors
from benchmarks.results import default_file, keep, line, rounded, say
from errsurf.surfaces import surface, surface_names
from errsurf.system.processors import threads

EXAMPLES, BATCHES, SLOWEST = 1024, (32, 1024), 3
WIDTHS = (22, 16, 12, 16, 10)


def compared(name: str, ceilings: Ceilings, seconds: float) -> dict[str, Any]:
    """Rates of full batch and of batches of 32, and their share of the ceiling."""
    ceiling = ceilings.gradient(name, "float32")
    row: dict[str, Any] = {"surface": name, "ceiling": ceiling}
    for batch in BATCHES:
        case = Case(name, examples=EXAMPLES, batch=batch, threads=ceilings.threads)
        updates = updates_to_check(case)
        _, an_update, position = first_run(case, updates, ceilings.pool)
        if not surface(name).lookup:
            check(case, updates, position)
        rate = median(timings(case, an_update, ceilings.pool, seconds))
        row["full" if case.full else "own"] = {"gradients_per_second": rate, "of_ceiling": rate / ceiling}
    return row


@click.command(help=__doc__)
@click.option("--surface", "names", multiple=True, type=click.Choice(surface_names()))
@click.option("--seconds", default=SECONDS, show_default=True, help="for one measurement")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="the JSON file")
def main(names: tuple[str, ...], seconds: float, out: Path | None) -> None:
    rows = []
    say(line(("surface", "ceiling, 1e9/s", "of it, full", f"of it, B = {BATCHES[0]}", ""), WIDTHS))
    with TemporaryDirectory() as folder, processors(threads()) as pool:
        os.environ["ERRSURF_CACHE"] = folder
        ceilings = Ceilings(threads(), pool, seconds)
        for name in names or surface_names():
            rows.append(compared(name, ceilings, seconds))
            shares = [rows[-1][loop]["of_ceiling"] for loop in ("full", "own")]
            say(line((name, rows[-1]["ceiling"] / 1e9, *shares, ""), WIDTHS))
    slowest = sorted(rows, key=lambda row: float(row["full"]["of_ceiling"]))[:SLOWEST]
    say("furthest from their ceilings: " + ", ".join(row["surface"] for row in slowest))
    keep(out or default_file(), "surfaces", rounded(rows))


if __name__ == "__main__":
    sys.exit(main())
