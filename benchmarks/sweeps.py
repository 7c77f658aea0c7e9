"""Sweeps: 200 cells of 25 ms against their updates alone, in threads and on a local cluster, and peaks of memory.

``python -m benchmarks.sweeps`` takes turns between updates alone on one thread, a sweep in threads, and one in as many
processes of a local cluster, all in processes of their own whose kernels are compiled, and takes medians.  The ideal
is the time of updates alone over the threads.  Then sweeps of 1,000 and 10,000 cells of 5 ms, and their memory, and
docs/studies/paper.toml in one thread and in all.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter, process_time, thread_time
from typing import Any
from unittest import mock

import click

import errsurf
from benchmarks.children import ROOT, said, scenario_tables
from benchmarks.results import keep, rounded, say
from errsurf.engine.segments import advance_segments
from errsurf.run import group_run
from errsurf.sweeps.computing import Shared, cell_rows
from errsurf.sweeps.sweeping import prepared
from errsurf.system.processors import threads

COSTS = ROOT / "docs" / "studies" / "costs.json"
PAPER = ROOT / "docs" / "studies" / "paper.toml"
CELLS, SMALL, MANY = 200, 1_000, 10_000
PARTICLES = 500
UPDATES = {25: 4400, 5: 850}
"""Updates of so many particles at batch 4 that take about so many milliseconds."""


def job(cells: int, milliseconds: int) -> tuple[dict[str, Any], dict[str, object]]:
    """A scenario and the rates that vary."""
    group = {"kind": "sgd", "batch": 4, "lr": 0.05}
    return scenario_tables([group], PARTICLES, UPDATES[milliseconds], 2), {"optimizer.lr": f"lin:0.01:0.1:{cells}"}


def alone(cells: int, milliseconds: int) -> dict[str, float]:
    """Seconds of all updates of the cells, one after the other, by both clocks."""
    found, shared, advance = (
        prepared(job(cells, milliseconds)[0], job(cells, milliseconds)[1], changes={}),
        Shared(),
        advance_segments,
    )
    spent = {"wall": 0.0, "processor": 0.0}

    def timed(*given: Any) -> bool:
        wall, own = perf_counter(), thread_time()
        finished = advance(*given)
        spent["wall"] += perf_counter() - wall
        spent["processor"] += thread_time() - own
        return finished

    cell_rows(found.cells.scenario(0), shared, Event())
    with mock.patch.object(group_run, "advance_segments", timed):
        for k in range(cells):
            cell_rows(found.cells.scenario(k), shared, Event())
    return spent


def swept(cells: int, milliseconds: int, cluster: str | None) -> dict[str, float]:
    """Seconds of a sweep into a folder, once all is imported and, for a cluster, its workers are there; peak in MB."""
    from errsurf.sweeps.sweeping import computers

    scenario, vary = job(cells, milliseconds)
    with TemporaryDirectory() as place, computers(cluster, say) as runner:
        first = prepared(scenario, {"optimizer.lr": "lin:0.2:0.3:100"}, changes={})
        first.computed(Path(place) / "warm", runner=runner)
        wall, own = perf_counter(), process_time()
        found = prepared(scenario, vary, changes={}).computed(Path(place) / "sweep", runner=runner)
        spent = {"wall": perf_counter() - wall, "processor": process_time() - own}
        assert len(found.rows) == cells
    return spent | {"peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}


def paper(processors: int) -> dict[str, float]:
    """Seconds of docs/studies/paper.toml in so many threads, from its file to its table; peak in MB."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:processors])
    with TemporaryDirectory() as place:
        wall, own = perf_counter(), process_time()
        found = errsurf.sweep(PAPER, folder=Path(place) / "sweep")
        spent = {"cells": len(found.rows), "wall": perf_counter() - wall, "processor": process_time() - own}
    return spent | {"peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}


def scaled(repeats: int, cache: Path) -> dict[str, Any]:
    """Medians of the paper's sweep in one thread and in all, in turns, kernels compiled, and their ratio."""
    found: dict[str, list[dict[str, float]]] = {"1": [], str(threads()): []}
    said("benchmarks.sweeps", {"what": "paper", "processors": threads()}, cache)
    for _ in range(repeats):
        for count, some in found.items():
            some.append(said("benchmarks.sweeps", {"what": "paper", "processors": int(count)}, cache))
            say(f"paper, {count} threads: {json.dumps(rounded(some[-1]))}")
    medians = {count: {key: median(each[key] for each in some) for key in some[0]} for count, some in found.items()}
    return {
        "load": os.getloadavg()[0],
        "threads": medians,
        "one over all": medians["1"]["wall"] / medians[str(threads())]["wall"],
    }


def child(what: str, **wish: Any) -> dict[str, float]:
    """What one process measures."""
    measures: dict[str, Callable[..., dict[str, float]]] = {"alone": alone, "swept": swept, "paper": paper}
    return measures[what](**wish)


def compared(repeats: int, cache: Path) -> dict[str, Any]:
    """Medians of 200 cells, in turns, and their ratios."""
    wishes: dict[str, dict[str, Any]] = {
        "alone": {"what": "alone"},
        "threads": {"what": "swept", "cluster": None},
        "cluster": {"what": "swept", "cluster": f"local:{threads()}"},
    }
    found: dict[str, list[dict[str, float]]] = {name: [] for name in wishes}
    for _ in range(repeats):
        for name, wish in wishes.items():
            found[name].append(said("benchmarks.sweeps", wish | {"cells": CELLS, "milliseconds": 25}, cache))
            say(f"{name}: {json.dumps(rounded(found[name][-1]))}")
    wall = {name: median(each["wall"] for each in some) for name, some in found.items()}
    own = {name: median(each["processor"] for each in some) for name, some in found.items()}
    return {
        "threads": threads(),
        "milliseconds a cell": 1e3 * wall["alone"] / CELLS,
        "seconds": wall,
        "threads over ideal": wall["threads"] / (wall["alone"] / threads()),
        "processor time over updates alone": own["threads"] / own["alone"],
        "cluster over threads": wall["cluster"] / wall["threads"],
    }


@click.command(help=__doc__)
@click.option("--repeats", default=3, show_default=True, help="Turns.")
@click.option("--memory/--no-memory", default=True, show_default=True, help="The long sweep, too.")
@click.option("--out", type=click.Path(path_type=Path), default=COSTS, help="File of results.")
@click.option("--child", "wish", hidden=True)
def main(repeats: int, memory: bool, out: Path, wish: str | None) -> None:
    """Measure, print and keep."""
    if wish is not None:
        say(json.dumps(child(json.loads(wish))))
        return
    with TemporaryDirectory() as place:
        figures = compared(repeats, Path(place))
        for cells in (SMALL, MANY) if memory else ():
            wish_of = {"what": "swept", "cluster": None, "cells": cells, "milliseconds": 5}
            figures[f"{cells:,} cells of 5 ms"] = said("benchmarks.sweeps", wish_of, Path(place))
        figures["paper"] = scaled(repeats, Path(place))
    say(json.dumps(rounded(figures), indent=1))
    keep(out, "sweeps", rounded(figures) | {"errsurf": errsurf.__version__})


if __name__ == "__main__":
    sys.exit(main())
