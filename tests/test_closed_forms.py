"""Closed forms of gradient descent on quadratics and at a saddle, seen through the engine.

A batch's loss of ``loss_i = (theta - c_i) . H (theta - c_i) / 2`` falls apart along the eigenvectors of H into
``lambda / 2 (u - c_i)^2``.  Seeds are fixed; statistics may be 4 of their standard errors away.
"""

from math import log, log1p, sqrt
from typing import Any

import numpy as np
import pytest

from errsurf.engine.examples import Problem
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPlan
from errsurf.surfaces import surface
from helpers.engine_cases import Array, NumpyDraw, example_problem, run

EXAMPLES = 16
ANGLE = 30.0
TURN = np.deg2rad(ANGLE)
# Rows: the directions of the smallest and of the largest curvature.
AXES = np.array([[np.cos(TURN), np.sin(TURN)], [-np.sin(TURN), np.cos(TURN)]])


def bowl(condition: float, sharpness: float) -> Problem:
    """A turned bowl whose examples differ in nothing but their minimum."""
    record = surface("quadratic_bowl")
    assert record.terms is not None
    terms = np.array(record.terms(record.settings(condition, sharpness, ANGLE)))
    table = np.zeros((EXAMPLES, 5))
    table[:, :2] = np.array([0.3, -0.2]) + NumpyDraw(3).normal(EXAMPLES, 2)
    table[:, 2] = 1.0
    return Problem("quadratic_bowl", record, terms, table, table)


def centers(problem: Problem) -> Array:
    """The minima of the examples in the directions of AXES, shape (examples, 2)."""
    return np.asarray(problem.train[:, :2] @ AXES.T)


def descent(problem: Problem, lr: float, plan: BatchPlan, updates: int, **options: Any) -> Array:
    """Places in the directions of AXES from the mean of the examples' minima, shape (frames, particles, 2)."""
    settings = optimizer("sgd").settings(lr, options.pop("momentum", 0.0))
    rates = np.full(updates, lr)
    path, _ = run(problem, "sgd", settings, plan, updates=updates, lr=rates, **options)
    return np.asarray(path @ AXES.T - centers(problem).mean(axis=0))


def at(problem: Problem, particles: int, away: tuple[float, float] = (0.0, 0.0)) -> Array:
    """All particles at one place, given in the directions of AXES from the mean of the examples' minima."""
    return np.tile((centers(problem).mean(axis=0) + away) @ AXES, (particles, 1))


def assert_within_standard_errors(samples: Array, expected: float, most: float = 4.0) -> None:
    """The mean of independent samples (particles,) is what is expected."""
    error = samples.std() / sqrt(len(samples))
    assert abs(samples.mean() - expected) < most * error, (samples.mean(), expected, error)


@pytest.mark.parametrize("lr", [0.1, 0.7, 1.3, 1.9])
def test_each_direction_contracts_by_one_minus_lr_times_curvature(lr: float) -> None:
    problem = bowl(4.0, 1.0)
    path = descent(problem, lr, BatchPlan(EXAMPLES, EXAMPLES), 30, particles=16, theta=at(problem, 16, (1.0, -2.0)))
    factors = 1 - lr * np.array([0.25, 1.0])
    expected = np.array([1.0, -2.0]) * factors ** np.arange(1, 31)[:, None]
    np.testing.assert_allclose(path, np.broadcast_to(expected[:, None], path.shape), rtol=0, atol=1e-14)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize(("condition", "sharpness"), [(1.0, 0.5), (10.0, 3.0)])
def test_descent_is_stable_up_to_two_times_one_plus_momentum_over_the_curvature(
    condition: float, sharpness: float, momentum: float
) -> None:
    """1% below the limit it converges, 1% above it diverges; without momentum by 0.98 and 1.02 an update."""
    problem, limit = bowl(condition, sharpness), 2 * (1 + momentum) / sharpness
    options: dict[str, Any] = {"momentum": momentum, "particles": 16, "theta": at(problem, 16, (1.0, 1.0))}
    plan = BatchPlan(EXAMPLES, EXAMPLES)
    ends = [
        np.abs(descent(problem, share * limit, plan, 600, frames=(600,), **options)[0, 0]) for share in (0.99, 1.01)
    ]
    assert (ends[0] < 1e-4).all()
    assert ends[1][1] > 1e4


def test_heavy_ball_with_the_best_settings_follows_its_double_root() -> None:
    """``u_t = (1 + c t) r^t`` with ``|r| = (sqrt(condition) - 1) / (sqrt(condition) + 1)`` in both directions."""
    condition, updates = 25.0, 60
    rate = (sqrt(condition) - 1) / (sqrt(condition) + 1)
    lr, curvatures = (2 / (1 + 1 / sqrt(condition))) ** 2, np.array([1 / condition, 1.0])
    problem = bowl(condition, 1.0)
    plan = BatchPlan(EXAMPLES, EXAMPLES)
    theta = at(problem, 16, (1.0, 1.0))
    path = descent(problem, lr, plan, updates, momentum=rate**2, particles=16, theta=theta)[:, 0]
    roots = (1 + rate**2 - lr * curvatures) / 2
    np.testing.assert_allclose(np.abs(roots), rate, rtol=1e-12)
    t = np.arange(1, updates + 1)[:, None]
    # A double root magnifies roundings by the root of them.
    np.testing.assert_allclose(path, (1 + t * ((1 - lr * curvatures) / roots - 1)) * roots**t, rtol=0, atol=1e-7)


def test_no_settings_near_the_best_ones_are_faster() -> None:
    condition = 25.0
    problem, root = bowl(condition, 1.0), sqrt(condition)
    best_lr, best_momentum = (2 / (1 + 1 / root)) ** 2, ((root - 1) / (root + 1)) ** 2

    def rate(lr: float, momentum: float) -> float:
        """Mean factor of an update from 100 to 200; ``t r^t`` itself gains ``2^(1 / 100)`` = 1.007 over r.

        Begun at 1e30, because ``r^200`` is 1e-35.
        """
        theta = at(problem, 16, (1e30, 1e30))
        plan = BatchPlan(EXAMPLES, EXAMPLES)
        path = descent(problem, lr, plan, 220, momentum=momentum, particles=16, theta=theta)[:, 0]
        far = np.abs(path).max(axis=1)
        return float((far[199:].max() / far[99:120].max()) ** (1 / 100))

    found = rate(best_lr, best_momentum)
    assert abs(found / 2 ** (1 / 100) - (root - 1) / (root + 1)) < 2e-3
    for lr, momentum in ((0.9, 1.0), (1.1, 1.0), (1.0, 0.8), (1.0, 1.2)):
        assert rate(lr * best_lr, momentum * best_momentum) > found + 0.01


@pytest.mark.parametrize("size", [1, 4, 16])
@pytest.mark.parametrize("rate", [0.15, 0.6, 1.5])
def test_stationary_variance_of_batches_drawn_with_replacement(rate: float, size: int) -> None:
    """``lr lambda var(c) / (B (2 - lr lambda))`` in both directions, of curvatures 2/3 and 1.

    Begun at the minimum, the variance lacks ``(1 - lr lambda)^200`` of it after 100 updates: at most 1e-9.
    """
    problem, particles = bowl(1.5, 1.0), 20_000
    path = descent(
        problem,
        rate,
        BatchPlan(EXAMPLES, size),
        100,
        particles=particles,
        theta=at(problem, particles),
        sampling="replacement",
        frames=(100,),
        workers=2,
    )[0]
    for k, curvature in enumerate((2 / 3, 1.0)):
        spread, step = centers(problem)[:, k].var(), rate * curvature
        assert_within_standard_errors(path[:, k], 0.0)
        assert_within_standard_errors(path[:, k] ** 2, step * spread / (size * (2 - step)))


@pytest.mark.parametrize("kind", ["reshuffle", "once"])
@pytest.mark.parametrize("size", [1, 3, 4, 8, 15])
def test_variance_of_one_batch_drawn_without_replacement(size: int, kind: str) -> None:
    """``var(c) / B (N - B) / (N - 1)``: one update of lr 1 / lambda ends at the mean of the batch's minima."""
    problem, particles = bowl(1.0, 1.0), 20_000
    theta = at(problem, particles, (5.0, 7.0))
    path = descent(
        problem, 1.0, BatchPlan(EXAMPLES, size), 1, particles=particles, theta=theta, sampling=kind, workers=2
    )[0]
    left = (EXAMPLES - size) / (EXAMPLES - 1) / size
    for k in range(2):
        assert_within_standard_errors(path[:, k], 0.0)
        assert_within_standard_errors(path[:, k] ** 2, centers(problem)[:, k].var() * left)
    across = np.cov(centers(problem).T, bias=True)[0, 1]
    assert_within_standard_errors(path[:, 0] * path[:, 1], across * left)


def test_full_batch_has_no_variance() -> None:
    problem = bowl(3.0, 1.0)
    path = descent(problem, 1.0, BatchPlan(EXAMPLES, EXAMPLES), 50, particles=100, theta=at(problem, 100, (2.0, 1.0)))
    assert (path == path[:, :1]).all()
    assert np.abs(path[-1]).max() < 1e-7


def saddle_path(tilt: float, lr: float, updates: int, theta: Array) -> Array:
    """Along x, of single examples that differ by their tilts, shape (updates, particles)."""
    problem = example_problem("saddle", 20)
    record = problem.surface
    table = np.zeros((20, 5))
    table[:, 2] = 1.0
    table[:, 3:] = NumpyDraw(5).normal(20, 2)
    table[:, 3:] -= table[:, 3:].mean(axis=0)
    table[:, 3:] *= tilt
    flat = problem._replace(terms=np.array([record.settings()], np.float64), train=table, test=table)
    settings = optimizer("sgd").settings(lr)
    path, _ = run(
        flat,
        "sgd",
        settings,
        BatchPlan(20, 1),
        updates=updates,
        lr=np.full(updates, lr),
        particles=len(theta),
        theta=theta,
    )
    return np.asarray(path[..., 0])


def test_distance_from_a_saddle_grows_by_one_plus_lr_times_curvature() -> None:
    """The quartic takes ``x^2`` of it, 1e-10 here."""
    path = saddle_path(0.0, 0.1, 90, np.full((16, 2), 1e-9))
    np.testing.assert_allclose(path[1:] / path[:-1], 1.1, rtol=1e-9)


def test_exit_time_from_a_saddle_goes_like_the_logarithm_of_the_noise() -> None:
    """From the saddle itself, by noise of 1e-8 to 1e-3: the mean time to ``|x| = 1/2``.

    Its slope over log(1/noise) is 1 / log(1 + lr lambda), to 0.5%: single particles wait whole updates, and
    noise of 1e-3 feels the quartic.  The 1 / (lr lambda) of the flow is 2.5% more at this rate.
    """
    lr, levels = 0.05, np.array([1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3])
    times = []
    for tilt in levels:
        away = np.abs(saddle_path(tilt, lr, 600, np.zeros((1000, 2)))) > 0.5
        assert away[-1].all()
        times.append(1 + away.argmax(axis=0).mean())
    slope, _ = np.polyfit(-np.log(levels), times, 1)
    assert abs(slope * log1p(lr) - 1) < 0.005
    assert abs(slope * lr - 1) < 0.03
    np.testing.assert_allclose(np.diff(times), -log(10) / log1p(lr), rtol=0.01)


@pytest.mark.parametrize("sampling", ["reshuffle", "once", "replacement"])
@pytest.mark.parametrize(("size", "accumulate"), [(1, 2), (2, 4), (4, 4), (5, 3), (3, 5)])
def test_accumulated_batches_are_the_larger_batch(size: int, accumulate: int, sampling: str) -> None:
    """Claim 24: the same updates, to the rounding of a sum in another order."""
    problem = bowl(4.0, 1.0)
    examples = EXAMPLES // (size * accumulate) * size * accumulate
    problem = problem._replace(train=problem.train[:examples], test=problem.train[:examples])
    options: dict[str, Any] = {"momentum": 0.9, "sampling": sampling, "particles": 100}
    one = descent(problem, 0.1, BatchPlan(examples, size, accumulate), 200, **options)
    other = descent(problem, 0.1, BatchPlan(examples, size * accumulate), 200, **options)
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-13)


def test_accumulated_batches_are_the_larger_batch_bit_for_bit_where_sums_are_exact() -> None:
    """Numbers of a few binary places: no sum is rounded within 5 updates, in whatever order."""
    problem = bowl(1.0, 1.0)
    table = problem.train.copy()
    table[:, :2] = np.round(table[:, :2] * 16) / 16
    record = problem.surface
    assert record.terms is not None
    terms = np.array(record.terms(record.settings(1.0, 1.0, 0.0)))
    dyadic = problem._replace(terms=terms, train=table, test=table)
    theta = np.tile([[0.5, -0.25]], (64, 1))
    options: dict[str, Any] = {"updates": 5, "lr": np.full(5, 0.5), "particles": 64, "theta": theta}
    settings = optimizer("sgd").settings(0.5)
    one, _ = run(dyadic, "sgd", settings, BatchPlan(EXAMPLES, 2, 4), **options)
    other, _ = run(dyadic, "sgd", settings, BatchPlan(EXAMPLES, 8), **options)
    assert np.ptp(one, axis=1).min() > 0
    assert one.tobytes() == other.tobytes()
