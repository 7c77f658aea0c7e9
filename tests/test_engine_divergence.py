"""Particles that leave the finite numbers: frozen, counted, and no trouble to the others."""

from typing import Any

import numpy as np
import pytest

from errsurf.engine.examples import Problem
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPlan
from errsurf.surfaces import surface
from helpers import reference_loops
from helpers.engine_cases import Array, example_problem, plain_batches, reference_gradient, run, starts

UPDATES = 2600


def plain_bowl(examples: int) -> Problem:
    """y^2 / 2 + x^2 / 20, for all examples alike."""
    record = surface("quadratic_bowl")
    assert record.terms is not None
    terms = np.array(record.terms(record.settings(condition=10.0, sharpness=1.0, angle=0.0)), np.float64)
    table = np.tile([0.0, 0.0, 1.0, 0.0, 0.0], (examples, 1))
    return Problem("quadratic_bowl", record, terms, table, table)


def bowl_starts(particles: int) -> Array:
    """Every third particle on the floor of the bowl, where no rate up to 20 makes it diverge."""
    x = np.linspace(0.5, 1.5, particles)
    y = np.where(np.arange(particles) % 3 == 0, 0.0, np.linspace(1.0, 3.0, particles))
    return np.stack([x, y], axis=1)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("size", [4, 1])
def test_gradient_descent_beyond_two_over_lambda(size: int, precision: str) -> None:
    """y grows by 1.5 an update until a batch's sum of gradients, or y, passes the largest number; x shrinks by 0.75.

    It stays where its slope, x / 10, is smaller than any normal number, and so 0 to kernels.
    """
    particles, updates = 40, UPDATES if precision == "float64" else 400
    theta = bowl_starts(particles)
    settings = optimizer("sgd").settings(lr=2.5)
    lr = np.full(updates, 2.5)
    options: dict[str, Any] = {"updates": updates, "precision": precision, "particles": particles}
    path, diverged = run(plain_bowl(4), "sgd", settings, BatchPlan(4, size), theta=theta, lr=lr, **options)
    largest, flat = float(np.finfo(precision).max), 10 * float(np.finfo(precision).tiny)
    assert np.isfinite(path).all()
    for p in range(particles):
        y = float(theta[p, 1])
        if y == 0:
            assert diverged[p] == -1
            floor = theta[p, 0] * 0.75 ** np.arange(1, updates + 1)
            np.testing.assert_allclose(path[:, p, 0], floor, rtol=1e-4, atol=flat)
            continue
        heights = [y]
        while max(size, 1.5) * abs(heights[-1]) <= largest:
            heights.append(-1.5 * heights[-1])
        last = len(heights) - 1
        assert diverged[p] == last + 1
        np.testing.assert_allclose(path[:last, p, 1], heights[1:], rtol=1e-4)
        assert (path[last:, p] == path[last - 1, p]).all()


@pytest.mark.parametrize("rule", ["sgd", "rmsprop"])
def test_cuts_threads_and_frames_agree_on_divergence(rule: str) -> None:
    settings = optimizer(rule).settings(lr=1e37 if rule == "rmsprop" else 5.0, momentum=0.9)
    lr = np.full(300, settings.lr)
    theta = bowl_starts(100)
    found = []
    for workers, pieces in ((1, ()), (3, (1, 2, 150)), (2, (7, 8, 133)), (1, tuple(range(1, 300, 5)))):
        options: dict[str, Any] = {"workers": workers, "pieces": pieces, "precision": "float32", "particles": 100}
        path, diverged = run(plain_bowl(4), rule, settings, BatchPlan(4, 1), updates=300, theta=theta, lr=lr, **options)
        found.append(path.tobytes() + diverged.tobytes())
    assert (diverged > 0).any()
    assert len(set(found)) == 1


def test_others_go_on_as_if_alone() -> None:
    """A particle that diverges changes nothing for its neighbours."""
    settings, lr = optimizer("sgd").settings(lr=2.5), np.full(400, 2.5)
    theta = bowl_starts(40)
    calm = theta.copy()
    calm[:, 1] = 0
    options: dict[str, Any] = {"updates": 400, "precision": "float32", "particles": 40, "lr": lr}
    wild, _ = run(plain_bowl(4), "sgd", settings, BatchPlan(4, 1), theta=theta, **options)
    still, _ = run(plain_bowl(4), "sgd", settings, BatchPlan(4, 1), theta=calm, **options)
    assert np.array_equal(wild[:, ::3], still[:, ::3])


def test_infinity_minus_infinity_on_a_steep_surface() -> None:
    """On Rosenbrock's valley numbers overflow in the formula itself, and become NaN before infinity."""
    problem = example_problem("rosenbrock", 20)
    settings = optimizer("sgd").settings(lr=3.0, momentum=0.5)
    path, diverged = run(problem, "sgd", settings, BatchPlan(20, 20), updates=40, lr=np.full(40, 3.0))
    assert np.isfinite(path).all()
    for particle in range(20):
        with np.errstate(all="ignore"):
            reference = reference_loops.trajectory(
                reference_loops.sgd,
                settings._asdict(),
                [3.0] * 40,
                reference_gradient(problem),
                plain_batches(BatchPlan(20, 20), "reshuffle", particle, 40),
                starts(20)[particle],
            )
        left = np.flatnonzero(~np.isfinite(reference).all(axis=1))
        assert diverged[particle] == left[0]
        assert (path[left[0] - 1 :, particle] == path[left[0] - 2, particle]).all()
        np.testing.assert_allclose(path[left[0] - 2, particle], reference[left[0] - 1], rtol=1e-6)
