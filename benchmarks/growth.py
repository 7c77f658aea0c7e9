"""How rates change with particles, batch size and threads, and how fast one particle goes.

Run ``python -m benchmarks.growth``.  Cases that are compared are timed in turn.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import click

from benchmarks.__main__ import QUICK
from benchmarks.cases import REPEATS, SECONDS, Case, first_run, timings, trial
from benchmarks.machine import processors
from benchmarks.results import default_file, keep, rounded, say
from errsurf.system.processors import threads

PARTICLES, BATCHES = (4096, 16384, 65536, 262144, 1_000_000), (1, 8, 32, 128, 1024)
UPDATES = 600
SURFACES = ("wells", "linear_regression")


def in_turn(cases: Sequence[Case], seconds: float) -> list[float]:
    """Example gradients a second of each case, medians of rounds in which every case is timed once."""
    an_update = []
    for case in cases:
        with processors(case.threads) as pool:
            an_update.append(first_run(case, 2, pool)[1])
    rounds = []
    for _ in range(REPEATS):
        rounds.append([_once(case, took, seconds) for case, took in zip(cases, an_update, strict=True)])
    return [median(rates) for rates in zip(*rounds, strict=True)]


def by_particles() -> list[dict[str, Any]]:
    """Time of an update and particle, over that of the fewest particles, in runs of UPDATES updates."""
    cases = [Case("wells", particles=count, examples=20, batch=8, threads=threads()) for count in PARTICLES]
    rounds = [[_long_run(case) for case in cases] for _ in range(REPEATS + 1)][1:]
    rates = [median(each) for each in zip(*rounds, strict=True)]
    return [
        {"particles": case.particles, "gradients_per_second": rate, "cost": rates[0] / rate}
        for case, rate in zip(cases, rates, strict=True)
    ]


def _long_run(case: Case) -> float:
    with processors(case.threads) as pool:
        return case.gradients(UPDATES) / trial(case, UPDATES, pool)


def by_batch(surface: str, seconds: float) -> list[dict[str, Any]]:
    """Time of an example gradient by batch size, over that of B = 8."""
    cases = [Case(surface, examples=1024, batch=batch, threads=threads()) for batch in BATCHES]
    rates = in_turn(cases, seconds)
    base = rates[BATCHES.index(8)]
    return [
        {"surface": surface, "batch": case.batch, "gradients_per_second": rate, "cost": base / rate}
        for case, rate in zip(cases, rates, strict=True)
    ]


def by_threads(seconds: float) -> list[dict[str, Any]]:
    """All threads against one, for the nine rows."""
    rows = []
    for case in QUICK:
        one, all_of = in_turn([case._replace(threads=1), case._replace(threads=threads())], seconds)
        rows.append({"surface": case.surface, "examples": case.examples, "batch": case.batch, "gain": all_of / one})
    return rows


def one_particle(seconds: float) -> float:
    """Updates a second of one particle, N = 20 and B = 1, on one thread."""
    (rate,) = in_turn([Case("wells", particles=1, examples=20, batch=1, threads=1)], seconds)
    return rate


def _once(case: Case, an_update: float, seconds: float) -> float:
    with processors(case.threads) as pool:
        return next(timings(case, an_update, pool, seconds))


@click.command(help=__doc__)
@click.option("--seconds", default=SECONDS, show_default=True, help="for one measurement")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="the JSON file")
def main(seconds: float, out: Path | None) -> None:
    with TemporaryDirectory() as folder:
        os.environ["ERRSURF_CACHE"] = folder
        figures = {
            "one_particle_updates_per_second": one_particle(seconds),
            "particles": by_particles(),
            "batch": [row for surface in SURFACES for row in by_batch(surface, seconds)],
            "threads": by_threads(seconds) if threads() > 1 else [],
        }
    for name, rows in rounded(figures).items():
        say(f"{name}: {rows}" if isinstance(rows, float) else f"{name}:")
        for row in rows if isinstance(rows, list) else ():
            say("  " + "  ".join(f"{key} {value}" for key, value in row.items()))
    keep(out or default_file(), "growth", rounded(figures))


if __name__ == "__main__":
    sys.exit(main())
