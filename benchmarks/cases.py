"""What is timed: a group of particles on a surface, prepared and run as a scenario's groups are."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Event
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.plain import gradients
from errsurf.engine.blocks import State, advance, empty_frames, initial_state, position
from errsurf.engine.examples import Problem, problem
from errsurf.engine.group_plan import GroupPlan, group_plan
from errsurf.engine.random_lanes import Order
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPlan, examples_seen
from errsurf.scenario import scenario_from

SEED, REPEATS, SECONDS = 7, 5, 0.2
LONG = 1.0
STRIDE, SAMPLED = 0.01, 256
WELLS = (((-0.9, 0.0), 1.0, 0.3), ((0.7, 0.0), 1.0, 0.6), ((0.0, 0.9), 0.8, 0.4))
DISAGREEING = {"shift": 0.1}
SURFACES: dict[str, dict[str, Any]] = {
    "wells": {"wells": [{"at": list(at), "depth": d, "width": w} for at, d, w in WELLS], **DISAGREEING},
    "linear_regression": {},
    "rosenbrock": DISAGREEING,
    "rastrigin": DISAGREEING,
}
EXPS = {"wells": len(WELLS)}
OPTIMIZERS: dict[str, tuple[str, dict[str, float]]] = {
    "sgd": ("sgd", {}),
    "sgd+momentum": ("sgd", {"momentum": 0.9}),
    "rmsprop+momentum": ("rmsprop", {"momentum": 0.9}),
    "adam": ("adam", {}),
}


class Case(NamedTuple):
    """One row of the table; a batch of all examples is full batch."""

    surface: str
    optimizer: str = "sgd+momentum"
    particles: int = 4096
    examples: int = 20
    batch: int = 1
    precision: str = "float32"
    threads: int = 2

    @property
    def plan(self) -> BatchPlan:
        """How an epoch is cut."""
        return BatchPlan(self.examples, self.batch)

    @property
    def full(self) -> bool:
        """Whether every batch holds all examples."""
        return self.batch >= self.examples

    def gradients(self, updates: int) -> int:
        """Example gradients in so many updates of all particles."""
        return int(examples_seen(self.plan, updates)) * self.particles


@cache
def drawn(surface: str, examples: int) -> Problem:
    """The examples of a surface: with its settings above, or else its own defaults."""
    settings = {"kind": surface, "examples": examples, **SURFACES.get(surface, {})}
    scenario = scenario_from({"surface": settings, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]})
    return problem(scenario.surface, SEED)


def prepared(case: Case, updates: int) -> GroupPlan:
    """The group's kernel, not yet compiled, and its numbers."""
    kind, settings = OPTIMIZERS[case.optimizer]
    order = Order("once" if case.full else "reshuffle", case.examples, SEED)
    return group_plan(
        drawn(case.surface, case.examples),
        kind,
        optimizer(kind).settings(**settings),
        rates(case, updates),
        case.plan,
        order,
        case.particles,
        precision=case.precision,
    )


def rates(case: Case, updates: int) -> NDArray[np.float64]:
    """A constant lr: by the first update of sgd no particle moves further than about STRIDE."""
    by_size = OPTIMIZERS[case.optimizer][0] != "sgd" or drawn(case.surface, 2).surface.lookup
    return np.full(updates, STRIDE / 10 if by_size else STRIDE / _steepest(case.surface))


@cache
def _steepest(surface: str) -> float:
    """The largest part of the mean gradient of some examples, at the starts."""
    problem, theta = drawn(surface, SAMPLED), starts(surface, SAMPLED)
    return float(np.abs(gradients(problem, theta[:, :1], theta[:, 1:], problem.train).mean(axis=2)).max())


@cache
def starts(surface: str, particles: int) -> NDArray[np.float64]:
    """Around the middle of the surface's window, shape (particles, 2)."""
    window = np.array(drawn(surface, 20).surface.window)
    normal = np.random.default_rng(SEED).normal(size=(particles, 2))
    return np.asarray(window.mean(axis=1) + 0.1 * np.ptp(window, axis=1) * normal)


def run(job: GroupPlan, state: State, updates: int, pool: ThreadPoolExecutor) -> float:
    """Seconds of wall time to make the updates, with one frame at their end."""
    frames = empty_frames(job, np.array([updates]))
    began = perf_counter()
    complete = advance(job, state, updates, frames, pool, Event(), lambda _updates: None)
    took = perf_counter() - began
    assert complete
    return took


def first_run(case: Case, updates: int, pool: ThreadPoolExecutor) -> tuple[float, float, NDArray[Any]]:
    """Seconds of compiling, seconds an update, and the positions (particles, 2) after the updates."""
    job, theta = prepared(case, updates), starts(case.surface, case.particles)
    compiling = run(job, initial_state(job, theta), updates, pool)
    state = initial_state(job, theta)
    took = run(job, state, updates, pool)
    return max(0.0, compiling - took), took / updates, position(job, state)


def timings(case: Case, an_update: float, pool: ThreadPoolExecutor, seconds: float = SECONDS) -> Iterator[float]:
    """Rates in example gradients a second, of REPEATS runs of about so many seconds; of one if an update takes long.

    ``an_update`` is a first guess of an update's seconds.
    """
    updates = max(1, int(seconds / an_update))
    if updates > 1:
        updates = max(1, int(updates * seconds / trial(case, updates, pool)))
    for _ in range(REPEATS if an_update < LONG else 1):
        yield case.gradients(updates) / trial(case, updates, pool)


def trial(case: Case, updates: int, pool: ThreadPoolExecutor) -> float:
    """Seconds of so many updates."""
    job = prepared(case, updates)
    return run(job, initial_state(job, starts(case.surface, case.particles)), updates, pool)
