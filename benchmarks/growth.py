"""How rates change with particles, examples, batch size, threads, groups and length of a run, and how fast one goes.

Run ``python -m benchmarks.growth``.  Cases that are compared are timed in turn.
"""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter
from typing import Any

import click
import numpy as np

from benchmarks.__main__ import QUICK
from benchmarks.cases import REPEATS, SECONDS, Case, first_run, prepared, starts, timings, trial
from benchmarks.cases import SURFACES as CASES
from benchmarks.machine import processors
from benchmarks.results import default_file, keep, rounded, say
from errsurf import Scenario, scenario_from, simulate
from errsurf.engine.blocks import advance, empty_frames, initial_state
from errsurf.system.processors import threads

PARTICLES = (4096, 16384, 65536, 262144, 1_000_000, 10_000_000)
EXAMPLES, BATCHES = (1024, 16384, 65536, 262144, 1_000_000), (1, 8, 32, 128, 1024)
UPDATES, LONGEST = 600, 600_000_000
SURFACES = ("wells", "linear_regression")
SETTLING, EARLY, LATE = ("saddle", "quadratic_bowl", "three_hump_camel", "wells"), 500, 4000
GROUPS, GROUP_UPDATES = 5, 2000


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
    """Time of an update and particle, over that of the fewest particles, in runs of UPDATES updates or fewer."""
    cases = [Case("wells", particles=count, examples=20, batch=8, threads=threads()) for count in PARTICLES]
    rounds = [[_long_run(case) for case in cases] for _ in range(REPEATS + 1)][1:]
    rates = [median(each) for each in zip(*rounds, strict=True)]
    return [
        {"particles": case.particles, "gradients_per_second": rate, "cost": rates[0] / rate}
        for case, rate in zip(cases, rates, strict=True)
    ]


def _long_run(case: Case) -> float:
    updates = min(UPDATES, LONGEST // case.particles)
    with processors(case.threads) as pool:
        return case.gradients(updates) / trial(case, updates, pool)


def by_examples(surface: str, seconds: float) -> list[dict[str, Any]]:
    """Time of an example gradient by the number of examples, over that of the fewest, with B = 8."""
    cases = [Case(surface, examples=count, batch=8, threads=threads()) for count in EXAMPLES]
    rates = in_turn(cases, seconds)
    return [
        {"surface": surface, "examples": case.examples, "gradients_per_second": rate, "cost": rates[0] / rate}
        for case, rate in zip(cases, rates, strict=True)
    ]


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


def by_length() -> list[dict[str, Any]]:
    """Time of an update after LATE updates, where particles have settled, over that of the first EARLY ones."""
    rows = []
    for surface in SETTLING:
        case = Case(surface, examples=20, batch=20, threads=threads())
        with processors(case.threads) as pool:
            first_run(case, EARLY, pool)
            costs = [_late(case, pool) for _ in range(REPEATS)]
        rows.append({"surface": surface, "cost": median(costs)})
    return rows


def _late(case: Case, pool: ThreadPoolExecutor) -> float:
    job = prepared(case, LATE + EARLY)
    state, seconds = initial_state(job, starts(case.surface, case.particles)), []
    for last in (EARLY, LATE, LATE + EARLY):
        began = perf_counter()
        advance(job, state, last, empty_frames(job, np.array([last])), pool, Event(), lambda _updates: None)
        seconds.append(perf_counter() - began)
    return seconds[2] / seconds[0]


def by_groups() -> list[dict[str, Any]]:
    """Time of a run of GROUPS groups that draw alike, over that of as many runs of one group."""
    rows = []
    for surface in SURFACES:
        groups = [{"kind": "sgd", "momentum": 0.9, "batch": 8, "lr": 0.001 * (k + 1)} for k in range(GROUPS)]
        together, alone = (_scenario(surface, chosen) for chosen in (groups, groups[:1]))
        simulate(together)
        rounds = [(_simulated(together), GROUPS * _simulated(alone)) for _ in range(REPEATS)]
        rows.append({"surface": surface, "cost": median(both for both, _ in rounds) / median(one for _, one in rounds)})
    return rows


def _scenario(surface: str, groups: list[dict[str, Any]]) -> Scenario:
    run = {"updates": GROUP_UPDATES, "frames": 2, "losses": False}
    chosen = {"kind": surface, "examples": 20, **CASES.get(surface, {})}
    return scenario_from({"surface": chosen, "swarm": {"particles": 4096}, "run": run, "optimizer": groups})


def _simulated(scenario: Scenario) -> float:
    began = perf_counter()
    simulate(scenario, device="cpu")
    return perf_counter() - began


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
            "examples": [row for surface in SURFACES for row in by_examples(surface, seconds)],
            "threads": by_threads(seconds) if threads() > 1 else [],
            "length": by_length(),
            "groups": by_groups(),
        }
    for name, rows in rounded(figures).items():
        say(f"{name}: {rows}" if isinstance(rows, float) else f"{name}:")
        for row in rows if isinstance(rows, list) else ():
            say("  " + "  ".join(f"{key} {value}" for key, value in row.items()))
    keep(out or default_file(), "growth", rounded(figures))


if __name__ == "__main__":
    sys.exit(main())
