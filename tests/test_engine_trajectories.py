"""Trajectories of the engine against straight loops over the same examples, in float64."""

from inspect import signature
from typing import Any

import numpy as np
import pytest

from errsurf.engine.examples import Problem
from errsurf.optimizers import Optimizer, Pair, optimizer
from errsurf.sampling.batches import BatchPlan
from helpers import reference_loops
from helpers.engine_cases import (
    CASES,
    Array,
    example_problem,
    kernels_of,
    of_one_gradient,
    optimizer_settings,
    plain_batches,
    reference_gradient,
    run,
    smooth,
    starts,
    warm_rates,
)
from helpers.optimizer_cases import all_step_constants, answer, first_memories, updated_pair

pytestmark = pytest.mark.usefixtures("compiled")

UPDATES = 200
CHECKED = (0, 17)
SMALL = [
    *((BatchPlan(20, size), kind, False) for size in (1, 3, 20) for kind in ("reshuffle", "once", "replacement")),
    (BatchPlan(20, 3, 2), "reshuffle", False),
    (BatchPlan(20, 6, 3), "replacement", False),
    (BatchPlan(20, 3), "reshuffle", True),
    (BatchPlan(20, 5, 2), "replacement", True),
    (BatchPlan(20, 3, rest="drop"), "reshuffle", False),
    (BatchPlan(20, 3, 2, "drop"), "once", True),
    (BatchPlan(20, 3, 2, "draw"), "replacement", False),
]
LARGE = [(BatchPlan(100, 7), kind, shared) for kind in ("reshuffle", "once", "replacement") for shared in (False, True)]
WIDE = [
    (BatchPlan(100, 100), "reshuffle", False),
    (BatchPlan(100, 70), "reshuffle", False),
    (BatchPlan(100, 64, 2), "once", False),
    (BatchPlan(100, 99), "replacement", False),
    (BatchPlan(300, 290), "reshuffle", False),
    (BatchPlan(300, 140, rest="drop"), "reshuffle", False),
    (BatchPlan(100, 70, rest="draw"), "replacement", False),
]


def loop_of(plan: BatchPlan, sampling: str, shared: bool) -> str:
    """The loop that a run of many particles takes: all of them share full batches."""
    return "shared" if shared or (plan.size >= plan.examples and sampling != "replacement") else "own"


def reference_path(
    problem: Problem, rule: str, settings: Any, plan: BatchPlan, sampling: str, order: int, theta: Array
) -> Array:
    """Theta after each update, with the examples of particle ``order``, shape (updates, 2)."""
    rates, shown = warm_rates(settings.lr, UPDATES), list[Any]()
    loop = getattr(reference_loops, rule, None) or own_rule(optimizer(rule), settings, rates, shown)
    known, usual = signature(loop).parameters, type(settings)()._asdict()
    options = {name: value for name, value in settings._asdict().items() if name in known or value != usual[name]}
    path = reference_loops.trajectory(
        loop,
        options if rule in vars(reference_loops) else {},
        rates,
        reference_gradient(problem),
        plain_batches(plan, sampling, order, UPDATES),
        theta,
    )
    return np.array(shown) if shown else path[1:]


def own_rule(record: Optimizer, settings: Any, rates: Array, shown: list[Any]) -> Any:
    """A rule in plain Python, which stored paths of packages check, in the form that the reference loops have.

    The point that it shows after each update is added to ``shown``.
    """
    constants = all_step_constants(record, rates, settings)

    def loop(theta: Array, g: Array, state: dict[str, Any], t: int, _lr: float) -> Array:
        before, gradient = Pair(*theta.tolist()), Pair(*g.tolist())
        memories = state.setdefault("memories", first_memories(record, settings, before))
        new, state["memories"] = updated_pair(record, before, gradient, memories, constants[t - 1], settings)
        shown.append(answer(record, new, state["memories"]))
        return np.array(new)

    return loop


def distance(path: Array, reference: Array) -> float:
    """The largest distance between two paths, in the largest distance of the second from the origin."""
    assert np.isfinite(path).all()
    return float(np.linalg.norm(path - reference, axis=-1).max() / np.linalg.norm(reference, axis=-1).max())


def assert_equals_the_loops(
    problem: Problem, rule: str, settings: Any, plan: BatchPlan, sampling: str, shared: bool, particles: int = 20
) -> None:
    path, diverged = run(
        problem, rule, settings, plan, updates=UPDATES, sampling=sampling, shared=shared, particles=particles
    )
    assert (diverged == -1).all()
    for particle in [p for p in CHECKED if p < particles]:
        order, theta = 0 if shared else particle, starts(particles)[particle]
        reference = reference_path(problem, rule, settings, plan, sampling, order, theta)
        assert np.ptp(reference, axis=0).max() > 1e-4
        assert distance(path[:, particle], reference) < 1e-10, (rule, settings, plan, sampling, shared)


@pytest.mark.parametrize(("kind", "rule"), [case for case in CASES if of_one_gradient(case[1])])
def test_every_surface_and_optimizer(kind: str, rule: str) -> None:
    """Batch sizes and samplings with the richest settings, every other setting with two of them.

    What a plan does to indices knows nothing of formula and rule: familiar cases run them all, others every second one
    that takes their loop.
    """
    problem = example_problem(kind, 20)
    rich, *others = optimizer_settings(rule)
    loops = {loop for precision, loop in kernels_of(kind, rule) if precision == "float64"}
    mine = [case for case in SMALL if loop_of(*case) in loops]
    for plan, sampling, shared in mine if len(loops) == 2 else mine[CASES.index((kind, rule)) // 2 % 2 :: 2]:
        assert_equals_the_loops(problem, rule, rich, plan, sampling, shared)
    for settings in others:
        for plan, sampling, shared in (mine[0], mine[3]):
            assert_equals_the_loops(problem, rule, settings, plan, sampling, shared)


@pytest.mark.parametrize(("kind", "rule"), [("wells", "adam"), ("linear_regression", "sgd")])
def test_a_hundred_examples(kind: str, rule: str) -> None:
    for plan, sampling, shared in LARGE:
        settings = optimizer_settings(rule)[0]
        assert_equals_the_loops(example_problem(kind, 100), rule, settings, plan, sampling, shared)


@pytest.mark.parametrize(("kind", "rule"), [("wells", "adam"), ("linear_regression", "sgd")])
def test_few_particles_with_large_batches(kind: str, rule: str) -> None:
    for plan, sampling, shared in WIDE:
        settings = optimizer_settings(rule)[0]
        assert_equals_the_loops(
            example_problem(kind, plan.examples), rule, settings, plan, sampling, shared, particles=2
        )


@pytest.mark.parametrize(("kind", "rule"), [case for case in CASES if smooth(case[1])])
def test_float32_stays_close_to_float64(kind: str, rule: str) -> None:
    """Within 200 updates' worth of float32 roundings, none of them magnified: 200 * 6e-8, four times over.

    One loop in float32 and the other in float64 share the examples of particle 0, which starts here and there.
    """
    problem, settings = example_problem(kind, 20), optimizer_settings(rule)[0]
    kernels = kernels_of(kind, rule)
    if len(kernels) == 4:
        for plan, shared in ((BatchPlan(20, 3), False), (BatchPlan(20, 20), False), (BatchPlan(20, 3), True)):
            double, _ = run(problem, rule, settings, plan, updates=UPDATES, shared=shared)
            single, _ = run(problem, rule, settings, plan, updates=UPDATES, shared=shared, precision="float32")
            assert_close(single, double)
    for theta in starts(10)[:, None]:
        given = {"updates": UPDATES, "theta": np.tile(theta, (16, 1)), "particles": 16}
        single, double = (
            run(problem, rule, settings, BatchPlan(20, 7), precision=precision, shared=loop == "shared", **given)[0]
            for precision, loop in (kernels[0], kernels[-1])
        )
        assert_close(single[:, :1], double[:, :1])


def assert_close(single: Array, double: Array) -> None:
    assert single.dtype == np.float32
    assert double.dtype == np.float64
    assert 0 < distance(single.astype(np.float64), double) < 5e-5


def test_accumulated_batches_equal_the_larger_batch() -> None:
    problem, settings = example_problem("saddle", 20), optimizer_settings("sgd")[0]
    one, _ = run(problem, "sgd", settings, BatchPlan(20, 2, 5))
    other, _ = run(problem, "sgd", settings, BatchPlan(20, 10))
    assert distance(one[:, 0], other[:, 0]) < 1e-12


def test_shared_sampling_gives_all_particles_the_examples_of_particle_0() -> None:
    problem, settings = example_problem("wells", 20), optimizer_settings("adam")[0]
    theta = np.tile(starts(1), (20, 1))
    own, _ = run(problem, "adam", settings, BatchPlan(20, 3), theta=theta)
    shared, _ = run(problem, "adam", settings, BatchPlan(20, 3), theta=theta, shared=True)
    assert (shared == shared[:, :1]).all()
    assert distance(own[:, 0], shared[:, 0]) < 1e-12
    assert all(distance(own[:, p], shared[:, 0]) > 1e-4 for p in range(1, 20))
