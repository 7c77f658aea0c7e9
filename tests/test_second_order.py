"""Rules that ask for more than a gradient: Newton, saddle-free Newton and SAM's second gradient."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest

from errsurf import scenario_from, simulate
from errsurf.engine.examples import Problem
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPlan
from helpers import reference_loops
from helpers.engine_cases import (
    Array,
    example_problem,
    plain_batches,
    reference_gradient,
    reference_hessian,
    run,
    starts,
    warm_rates,
)

UPDATES = 200
Batches = Sequence[Sequence[int]]


def mean_over(value: Callable[[Array, int], Array], theta: Array, batches: Batches) -> Array:
    """The mean over accumulated batches of the mean over each batch."""
    return np.asarray(np.mean([np.mean([value(theta, i) for i in batch], axis=0) for batch in batches], axis=0))


def solved(hessian: Array, gradient: Array, damping: float) -> Array:
    """Newton's direction."""
    return np.linalg.solve(hessian + damping * np.eye(2), gradient)


def solved_by_absolute_eigenvalues(hessian: Array, gradient: Array, damping: float) -> Array:
    """Saddle-free Newton's direction: Dauphin et al. 2014, arXiv:1406.2572, algorithm 1."""
    values, vectors = np.linalg.eigh(hessian)
    return np.asarray(vectors @ (vectors.T @ gradient / (np.abs(values) + damping)))


DIRECTIONS = {"newton": solved, "saddle_free_newton": solved_by_absolute_eigenvalues}


def spread(particles: int) -> Array:
    """Places all over the windows of the surfaces."""
    return np.random.default_rng(8).uniform(-1.4, 1.4, size=(particles, 2))


def assert_follows(kind: str, rule: str, settings: Any, plan: BatchPlan, particles: int = 20, **options: Any) -> None:
    """Every update from where the engine stands before it, so that no chaos magnifies roundings."""
    problem, updates = example_problem(kind, plan.examples), 12
    gradient, hessian = reference_gradient(problem), reference_hessian(problem)
    begin = spread(particles)
    lr = np.linspace(1, 0.5, updates) * settings.lr
    path, diverged = run(
        problem, rule, settings, plan, updates=updates, lr=lr, theta=begin, particles=particles, **options
    )
    assert (diverged == -1).all()
    shared = options.get("shared", False)
    for particle in (0, 1, particles - 1):
        batches = plain_batches(plan, options.get("sampling", "reshuffle"), 0 if shared else particle, updates)
        theta = begin[particle]
        for t in range(updates):
            g, h = (mean_over(value, theta, batches[t]) for value in (gradient, hessian))
            step = lr[t] * DIRECTIONS[rule](h, g, settings.damping)
            amplified = np.linalg.cond(h + settings.damping * np.eye(2)) if rule == "newton" else 1.0
            bound = 1e-12 * (1 + np.linalg.norm(theta) + np.linalg.norm(step) * amplified)
            assert np.linalg.norm(path[t, particle] - (theta - step)) < bound, (particle, t)
            theta = path[t, particle]


PLANS: list[tuple[BatchPlan, dict[str, Any]]] = [
    (BatchPlan(20, 20), {}),
    (BatchPlan(20, 3), {}),
    (BatchPlan(20, 1), {"sampling": "replacement"}),
    (BatchPlan(20, 3, 2), {"sampling": "once"}),
    (BatchPlan(20, 3), {"shared": True}),
]
WIDE: list[tuple[BatchPlan, dict[str, Any]]] = [(BatchPlan(100, size), {"particles": 2}) for size in (100, 70)]


@pytest.mark.parametrize(("kind", "plans"), [("rosenbrock", PLANS), ("wells", PLANS + WIDE)])
def test_saddle_free_newton_divides_by_absolute_eigenvalues(kind: str, plans: Any) -> None:
    for plan, options in plans:
        settings = optimizer("saddle_free_newton").settings(lr=0.4, damping=0.3)
        assert_follows(kind, "saddle_free_newton", settings, plan, **options)


def test_newton_divides_by_the_hessian_of_the_batch() -> None:
    for plan, options in PLANS:
        assert_follows("wells", "newton", optimizer("newton").settings(lr=0.1, damping=4.0), plan, **options)


def minimum(problem: Problem) -> Array:
    """Of a mean of quadratics, from gradient and Hessian at the origin."""
    gradient, hessian = reference_gradient(problem), reference_hessian(problem)
    every, origin = range(len(problem.train)), np.zeros(2)
    h, g = (np.mean([value(origin, i) for i in every], axis=0) for value in (hessian, gradient))
    return np.asarray(np.linalg.solve(h, -g))


@pytest.mark.parametrize("kind", ["quadratic_bowl", "linear_regression"])
@pytest.mark.parametrize(("examples", "particles"), [(2, 20), (20, 20), (100, 2), (333, 20)])
def test_newton_reaches_the_minimum_of_a_quadratic_in_one_update(kind: str, examples: int, particles: int) -> None:
    """From anywhere; and then it stays, with a gradient of rounding size."""
    problem, settings = example_problem(kind, examples), optimizer("newton").settings()
    path, _ = run(
        problem,
        "newton",
        settings,
        BatchPlan(examples, examples),
        updates=3,
        lr=np.ones(3),
        theta=3 * spread(particles),
        particles=particles,
    )
    assert np.abs(path[:1] - minimum(problem)).max() < 1e-12
    assert np.abs(path[1:] - minimum(problem)).max() < 1e-14


@pytest.mark.parametrize("turn", [0.0, 45.0, 90.0, 137.0])
@pytest.mark.parametrize("condition", [1.0, 1000.0])
def test_newton_solves_bowls_of_any_shape(condition: float, turn: float) -> None:
    problem = example_problem("quadratic_bowl", 20)
    record = problem.surface
    assert record.terms is not None
    shaped = problem._replace(terms=np.array(record.terms(record.settings(condition, 2.0, turn))))
    options: dict[str, Any] = {"updates": 1, "lr": np.ones(1), "theta": spread(20)}
    path, _ = run(shaped, "newton", optimizer("newton").settings(), BatchPlan(20, 20), **options)
    expected = np.mean(shaped.train[:, 2:3] * shaped.train[:, :2], axis=0)
    assert np.abs(path - expected).max() < 1e-14 * (1 + condition)


def test_newton_on_batches_jumps_to_the_minimum_of_each_batch() -> None:
    """Claim 6: where one batch's gradient vanishes the next batch's does not."""
    problem = example_problem("quadratic_bowl", 20)
    path, _ = run(problem, "newton", optimizer("newton").settings(), BatchPlan(20, 3), updates=30, lr=np.ones(30))
    for particle in (0, 19):
        for t, (batch,) in enumerate(plain_batches(BatchPlan(20, 3), "reshuffle", particle, 30)):
            part = problem._replace(train=problem.train[batch])
            assert np.abs(path[t, particle] - minimum(part)).max() < 1e-12


def test_newton_is_drawn_to_the_saddle_and_saddle_free_newton_leaves_it() -> None:
    """The same starts around the saddle between two wells: one ends in it, the other where all curvatures are up."""
    problem = example_problem("wells", 20)
    gradient, hessian = (
        partial(mean_over, value, batches=[range(20)])
        for value in (reference_gradient(problem), reference_hessian(problem))
    )
    place = np.array([-0.4, -0.1])
    for _ in range(20):
        place = place - np.linalg.solve(hessian(place), gradient(place))
    assert np.linalg.det(hessian(place)) < -0.1
    options: dict[str, Any] = {"updates": 60, "lr": np.ones(60), "theta": place + 0.03 * spread(20)}
    drawn, _ = run(problem, "newton", optimizer("newton").settings(), BatchPlan(20, 20), **options)
    assert np.abs(drawn[-1] - place).max() < 1e-13
    left, _ = run(
        problem, "saddle_free_newton", optimizer("saddle_free_newton").settings(), BatchPlan(20, 20), **options
    )
    ends = left[-1]
    assert max(np.abs(gradient(theta)).max() for theta in ends) < 1e-12
    assert all((np.linalg.eigvalsh(hessian(theta)) > 0).all() for theta in ends)
    assert set(np.sign(ends[:, 0])) == {-1.0, 1.0}


def sam_path(problem: Problem, settings: Any, batches: Sequence[Batches], theta: Array) -> Array:
    """Foret et al. 2021, algorithm 1, on torch's SGD with momentum: theta after each update."""
    gradient = reference_gradient(problem)
    buffer, path = np.zeros(2), []
    for lr, batch in zip(warm_rates(settings.lr, len(batches)), batches, strict=True):
        g = mean_over(gradient, theta, batch)
        worst = theta + settings.rho * g / np.linalg.norm(g)
        buffer = settings.momentum * buffer + mean_over(gradient, worst, batch) + settings.weight_decay * theta
        theta = theta - lr * buffer
        path.append(theta)
    return np.array(path)


# Rates too small to arrive: at a minimum the probe's direction is all rounding.
SAM = [
    {"lr": 0.006, "rho": 0.1},
    {"lr": 0.001, "rho": 0.05, "momentum": 0.9, "weight_decay": 0.05},
    {"lr": 0.003, "rho": 0.4, "momentum": 0.5},
]


@pytest.mark.parametrize("chosen", SAM)
def test_sam_takes_the_same_batch_twice(chosen: dict[str, float]) -> None:
    settings = optimizer("sam").settings(**chosen)
    plans = [
        *((BatchPlan(20, size), "reshuffle", False, 20) for size in (1, 3, 20)),
        (BatchPlan(20, 3), "replacement", False, 20),
        (BatchPlan(20, 3, 2), "once", False, 20),
        (BatchPlan(20, 3), "reshuffle", True, 20),
        (BatchPlan(100, 100), "reshuffle", False, 2),
        (BatchPlan(100, 70), "reshuffle", False, 2),
    ]
    for plan, sampling, shared, particles in plans:
        problem = example_problem("wells", plan.examples)
        options: dict[str, Any] = {"sampling": sampling, "shared": shared, "particles": particles}
        path, _ = run(problem, "sam", settings, plan, updates=UPDATES, **options)
        for particle in (0, particles - 1):
            batches = plain_batches(plan, sampling, 0 if shared else particle, UPDATES)
            expected = sam_path(problem, settings, batches, starts(particles)[particle])
            assert np.ptp(expected, axis=0).max() > 0.05
            assert np.linalg.norm(path[:, particle] - expected, axis=1).max() < 1e-10, (plan, sampling, shared)


def test_sam_without_reach_is_sgd() -> None:
    problem, chosen = example_problem("wells", 20), {"lr": 0.05, "momentum": 0.8, "weight_decay": 0.1}
    path, _ = run(problem, "sam", optimizer("sam").settings(rho=0.0, **chosen), BatchPlan(20, 3))
    batches = plain_batches(BatchPlan(20, 3), "reshuffle", 7, UPDATES)
    rates, gradient = warm_rates(0.05, UPDATES), reference_gradient(problem)
    expected = reference_loops.trajectory(reference_loops.sgd, chosen, rates, gradient, batches, starts(20)[7])
    np.testing.assert_allclose(path[:, 7], expected[1:], rtol=0, atol=1e-11)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_sam_rests_where_the_gradient_is_zero(precision: str) -> None:
    """No direction to probe in: neither NaN nor a movement.  Examples cancel in pairs, to the last bit."""
    problem = example_problem("wells", 20)
    half = problem.train[:10]
    table = np.stack([half, half * [-1, -1, 1, -1, -1]], axis=1).reshape(20, 5)
    terms = problem.terms.copy()
    terms[:, :2] = 0.0
    even, settings = problem._replace(terms=terms, train=table), optimizer("sam").settings(lr=0.1)
    path, diverged = run(even, "sam", settings, BatchPlan(20, 20), theta=np.zeros((20, 2)), precision=precision)
    assert (path == 0).all()
    assert (diverged == -1).all()


def test_sam_counts_two_gradients_an_update() -> None:
    groups = [
        {"label": f"{kind} {batch}", "kind": kind, "batch": batch, "lr": 0.01}
        for kind in ("sam", "newton")
        for batch in (3, "full")
    ]
    result = simulate(
        scenario_from(
            {
                "surface": {"kind": "wells", "examples": 20, "shift": 0.1, "scale": 1.3, "tilt": 0.1},
                "swarm": {"particles": 16, "start": "point", "at": [1.0, 1.0]},
                "run": {"epochs": 3, "frames": "all", "precision": "float64"},
                "optimizer": groups,
            }
        )
    )
    per_epoch = [3, 6, 9, 12, 15, 18, 20]
    seen = [0, *per_epoch, *(20 + n for n in per_epoch), *(40 + n for n in per_epoch)]
    for kind, count in (("sam", 2), ("newton", 1)):
        assert result[f"{kind} 3"].examples_seen.tolist() == [count * n for n in seen]
        assert result[f"{kind} full"].examples_seen.tolist() == [
            0,
            count * 20,
            count * 40,
            count * 60,
        ]
