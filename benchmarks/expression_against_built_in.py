"""Time of a formula's kernel over that of the built-in surface it equals: median of runs in turn, in one process.

Run ``python benchmarks/expression_against_built_in.py``.  What it prints is below 1.2 on an idle machine.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from threading import Event
from time import perf_counter
from typing import Any

import numpy as np

from errsurf.engine.blocks import advance, empty_frames, initial_state
from errsurf.engine.examples import problem
from errsurf.engine.group_plan import GroupPlan, group_plan
from errsurf.engine.random_lanes import Order
from errsurf.sampling.batches import BatchPlan
from errsurf.scenario import scenario_from

PAIRS: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"kind": "saddle", "tilt": 0.3}, {"loss": "x^4/4 - x^2/2 + y^2/2", "tilt": 0.3}),
    ({"kind": "rosenbrock", "tilt": 0.3}, {"loss": "(1 - x)^2 + 100*(y - x^2)^2", "tilt": 0.3}),
    (
        {"kind": "linear_regression"},
        {"loss": "(a*x + y - c)^2 / 2", "columns": {"a": "normal(0, 1)", "c": "normal(0.5, 1)"}},
    ),
)
EXAMPLES, PARTICLES, UPDATES, ROUNDS = 1000, 2048, 300, 15


def prepared(surface: dict[str, Any], precision: str, batch: int, shared: bool) -> GroupPlan:
    """A group's work on one block of particles after another."""
    tables = {"surface": {"examples": EXAMPLES} | surface, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    scenario = scenario_from(tables)
    settings = scenario.optimizer[0].settings._replace(lr=1e-6)
    plan, order = BatchPlan(EXAMPLES, batch, 1), Order("reshuffle", EXAMPLES, 1)
    drawn = problem(scenario.surface, 1)
    lr = np.full(UPDATES, 1e-6)
    return group_plan(drawn, "sgd", settings, lr, plan, order, PARTICLES, shared=shared, precision=precision)


def seconds(job: GroupPlan, pool: ThreadPoolExecutor) -> float:
    """Wall time of all updates."""
    state = initial_state(job, np.zeros((PARTICLES, 2)))
    frames = empty_frames(job, np.array([UPDATES]))
    began = perf_counter()
    advance(job, state, UPDATES, frames, pool, Event(), lambda _updates: None)
    return perf_counter() - began


def main() -> None:
    """One line a surface, precision and loop."""
    with ThreadPoolExecutor(1) as pool:
        for built_in, own in PAIRS:
            for precision in ("float32", "float64"):
                for batch, shared in ((32, False), (32, True)):
                    jobs = [prepared(s, precision, batch, shared) for s in (built_in, {"kind": "expression"} | own)]
                    times = np.array([[seconds(job, pool) for job in jobs] for _ in range(ROUNDS + 1)])[1:]
                    ratio = median(times[:, 1] / times[:, 0])
                    loop = "shared" if shared else "own"
                    each = median(times[:, 0]) / (PARTICLES * UPDATES * batch) * 1e9
                    words = f"{built_in['kind']:18} {precision} {loop:6} {ratio:5.2f}  ({each:.2f} ns an example)"
                    sys.stdout.write(words + "\n")


if __name__ == "__main__":
    main()
