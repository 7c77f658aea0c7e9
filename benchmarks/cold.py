"""What a user waits for at the first run: kernels compiled, and kernels found in the cache.

Run ``python -m benchmarks.cold``.  Every figure is a median over processes of their own, each with a cache folder of
its own that is empty (cold) or was filled by the process before (warm).
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from benchmarks.cases import REPEATS, Case, prepared, run, starts
from benchmarks.children import ROOT, said, scenario_tables
from benchmarks.results import default_file, keep, rounded, say

GROUPS = ("sgd", "adagrad", "rmsprop", "adam", "adamw")
SCRIPT = """
import json, sys
from errsurf import scenario_from, simulate
simulate(scenario_from(json.loads(sys.argv[1])), second_process=True)
"""


def kernel_seconds() -> float:
    """Seconds to link and compile, or find, the kernel of one (surface, optimizer); that of the order is there."""
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    from errsurf.engine.blocks import initial_state
    from errsurf.engine.random_lanes import Order, fill_order, index_type

    case = Case("wells", particles=64)
    fill_order(Order("reshuffle", 20, 1), np.empty((20, 16), index_type(20)), 0, 0)
    theta = starts("wells", 64)
    with ThreadPoolExecutor(1) as pool:
        began = perf_counter()
        job = prepared(case, 1)
        run(job, initial_state(job, theta), 1, pool)
        return perf_counter() - began


def scenario_seconds(kinds: tuple[str, ...], cache: Path) -> float:
    """A whole process that simulates a short scenario with these optimizers, from its start to its end."""
    tables = scenario_tables([{"kind": kind, "batch": 1} for kind in kinds], 64, 20, 2)
    command = [sys.executable, "-c", SCRIPT, json.dumps(tables)]
    began = perf_counter()
    subprocess.run(command, env=os.environ | {"ERRSURF_CACHE": str(cache)}, cwd=ROOT, check=True)
    return perf_counter() - began


def waits(repeats: int) -> dict[str, dict[str, float]]:
    """Median seconds of every wait, cold and warm."""
    measures: dict[str, Callable[[Path], float]] = {
        "one kernel, imports apart": lambda cache: float(said("benchmarks.cold", {}, cache)["seconds"]),
        "a scenario of one group": lambda cache: scenario_seconds(GROUPS[:1], cache),
        "a scenario of five groups": lambda cache: scenario_seconds(GROUPS, cache),
    }
    found = {}
    for name, measure in measures.items():
        twice = []
        for _ in range(repeats):
            with TemporaryDirectory() as folder:
                twice.append((measure(Path(folder)), measure(Path(folder))))
        cold, warm = (median(seconds) for seconds in zip(*twice, strict=True))
        found[name] = {"cold_seconds": cold, "warm_seconds": warm}
        say(f"{name}: {cold:.2f} s cold, {warm:.2f} s warm")
    return found


@click.command(help=__doc__)
@click.option("--repeats", default=REPEATS, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="the JSON file")
@click.option("--child", "wish", hidden=True)
def main(repeats: int, out: Path | None, wish: str | None) -> None:
    if wish:
        say(json.dumps({"seconds": kernel_seconds()}))
        return
    keep(out or default_file(), "cold", rounded(waits(repeats)))


if __name__ == "__main__":
    sys.exit(main())
