"""Langevin's numbers and the density they lead to."""

from math import sqrt
from typing import Any

import numpy as np
import pytest

from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPlan
from errsurf.settings.gradient_options import Isotropic
from helpers.engine_cases import SURFACE_SETTINGS, Array, example_problem, reference_hessian, run


def langevin(temperature: float, lr: float, particles: int, updates: int, **options: Any) -> Array:
    """Positions, on the bowl whose mean is centred at the origin, begun there; shape (frames, particles, 2)."""
    problem = example_problem("quadratic_bowl", 20)
    table = problem.train.copy()
    table[:, :2] = 0.0
    settings = optimizer("langevin").settings(lr, temperature)
    path, _ = run(
        problem._replace(train=table),
        "langevin",
        settings,
        BatchPlan(20, 20),
        updates=updates,
        lr=np.full(updates, lr),
        theta=np.zeros((particles, 2)),
        particles=particles,
        **options,
    )
    return path


@pytest.mark.parametrize("temperature", [0.01, 1.0])
@pytest.mark.parametrize("rate", [0.3, 1.0])
def test_langevin_reaches_its_density_on_a_quadratic(rate: float, temperature: float) -> None:
    """Normal, of variance ``T / (lambda (1 - lr lambda / 2))`` in each direction and no covariance between them.

    The standard error of a mean square of n normal numbers is its sqrt(2 / n).
    """
    chosen = SURFACE_SETTINGS["quadratic_bowl"]
    high = chosen["sharpness"]
    low = high / chosen["condition"]
    turn = np.deg2rad(chosen["angle"])
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    particles, lr, updates = 20_000, rate / high, 250
    path = langevin(temperature, lr, particles, updates, frames=(updates - 40, updates), workers=2) @ axes.T
    end = path[-1]
    for k, curvature in enumerate((low, high)):
        expected = temperature / (curvature * (1 - lr * curvature / 2))
        assert abs(end[:, k].mean()) < 4 * sqrt(expected / particles)
        assert abs(np.mean(end[:, k] ** 2) / expected - 1) < 4 * sqrt(2 / particles)
        assert abs(np.mean(end[:, k] ** 4) / (3 * expected**2) - 1) < 4 * sqrt(96 / 9 / particles)
    assert abs(np.corrcoef(end.T)[0, 1]) < 4 / sqrt(particles)


def test_langevin_moves_by_fresh_numbers_for_every_update_particle_and_axis() -> None:
    """One update from the minimum is ``sqrt(2 lr T) z``; the next differs from it by fresh numbers."""
    lr, temperature, particles = 0.01, 0.5, 4000
    path = langevin(temperature, lr, particles, 3)
    hessian = (
        reference_hessian(example_problem("quadratic_bowl", 20))(np.zeros(2), 0)
        / example_problem("quadratic_bowl", 20).train[0, 2]
    )
    before = np.concatenate([np.zeros((1, particles, 2)), path[:-1]])
    noise = (path - before + lr * before @ hessian) / sqrt(2 * lr * temperature)
    numbers = noise.transpose(0, 2, 1).reshape(6, particles)
    np.testing.assert_array_less(np.abs(np.corrcoef(numbers) - np.eye(6)), 4 / sqrt(particles))
    assert np.abs(np.corrcoef(numbers[:, 1:], numbers[:, :-1])[:6, 6:]).max() < 4.5 / sqrt(particles)
    np.testing.assert_allclose(numbers.var(axis=1), 1, atol=4 * sqrt(2 / particles))


def test_langevin_has_numbers_of_its_own_beside_noise_on_the_gradient() -> None:
    """One update from the minimum: variances add up, ``(lr deviation)^2 + 2 lr T``."""
    lr, temperature, deviation, particles = 0.1, 0.05, 1.0, 20_000
    moved = langevin(temperature, lr, particles, 1, noise=Isotropic("isotropic", deviation))[0]
    expected = (lr * deviation) ** 2 + 2 * lr * temperature
    assert abs(np.mean(moved**2) / expected - 1) < 4 * sqrt(1 / particles)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_langevin_at_temperature_zero_is_sgd(precision: str) -> None:
    """Bit for bit, at all batch sizes."""
    problem = example_problem("quadratic_bowl", 20)
    for size in (1, 3, 20):
        one, other = (
            run(problem, rule, optimizer(rule).settings(lr=0.1, **chosen), BatchPlan(20, size), precision=precision)[0]
            for rule, chosen in (("langevin", {"temperature": 0.0}), ("sgd", {}))
        )
        assert one.tobytes() == other.tobytes()
