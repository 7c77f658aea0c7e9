"""Rules that learn curvature, or their own rate: what their formulas promise on quadratics."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import BFGS
from scipy.sparse.linalg import cg

from errsurf.optimizers import Hessian, Pair, optimizer
from errsurf.optimizers._hutchinson import diagonal
from errsurf.optimizers.shampoo import inverse_root
from errsurf.sampling.batches import BatchPlan
from helpers.engine_cases import Array, example_problem, run
from helpers.optimizer_cases import all_step_constants, first_memories, updated_pair

Rates = Callable[[Array, Array], float]


def bowls(count: int = 20) -> list[tuple[Array, Array]]:
    """Hessians of quadratics with a condition of up to 100, and starts around their minimum, the origin."""
    draw = np.random.default_rng(15)
    turns = [np.linalg.qr(draw.normal(size=(2, 2)))[0] for _ in range(count)]
    shapes = [np.diag([1.0, 10 ** draw.uniform(0, 2)]) for _ in range(count)]
    return [(turn @ shape @ turn.T, draw.normal(size=2)) for turn, shape in zip(turns, shapes, strict=True)]


def walked(
    name: str, hessian: Array, start: Array, updates: int, rate: Rates | None = None, **chosen: Any
) -> tuple[Array, list[Any]]:
    """Theta before and after each update on a quadratic, (updates + 1, 2), and the memory before and after.

    ``rate(theta, direction)`` is the lr of an update, whose direction is the rule's movement at an lr of 1.
    """
    record = optimizer(name)
    settings = record.settings(**chosen)
    theta, bend = Pair(*start.tolist()), Hessian(hessian[0, 0], hessian[0, 1], hessian[1, 1])
    memories, path = first_memories(record, settings, theta), [theta]
    kept = [memories[0]]
    for constants in all_step_constants(record, np.full(updates, settings.lr), settings):
        now, gradient = constants, Pair(*(hessian @ theta))
        if rate:
            unit, _ = updated_pair(record, theta, gradient, memories, constants._replace(lr=1.0), settings, bend)
            now = constants._replace(lr=rate(np.array(theta), np.subtract(unit, theta)))
        theta, memories = updated_pair(record, theta, gradient, memories, now, settings, bend)
        path.append(theta)
        kept.append(memories[0])
    return np.array(path), kept


def to_the_minimum(hessian: Array) -> Rates:
    """The rate that minimizes a quadratic along a direction."""
    return lambda theta, d: float(-(d @ hessian @ theta) / (d @ hessian @ d))


@pytest.mark.parametrize(("hessian", "start"), bowls())
def test_conjugate_gradient_solves_a_quadratic_in_two_updates(hessian: Array, start: Array) -> None:
    path, _ = walked("conjugate_gradient", hessian, start, 2)
    first, _ = cg(hessian, -hessian @ start, rtol=0, maxiter=1)
    np.testing.assert_allclose(path[1] - start, first, rtol=1e-12, atol=1e-14)
    assert np.abs(path[2]).max() < 1e-12


@pytest.mark.parametrize(("hessian", "start"), bowls())
def test_bfgs_solves_a_quadratic_in_two_updates_to_the_minimum_along_a_line(hessian: Array, start: Array) -> None:
    """And its estimate is then the inverse Hessian."""
    path, kept = walked("bfgs", hessian, start, 3, to_the_minimum(hessian))
    assert np.abs(path[2]).max() < 1e-11
    estimate = np.array([[kept[3].xx, kept[3].xy], [kept[3].xy, kept[3].yy]])
    np.testing.assert_allclose(estimate @ hessian, np.eye(2), atol=1e-6)


@pytest.mark.parametrize(("hessian", "start"), bowls(5))
def test_bfgs_by_default_is_scipys(hessian: Array, start: Array) -> None:
    path, _ = walked("bfgs", hessian, start, 50, lr=0.05)
    estimate = BFGS()
    estimate.initialize(2, "inv_hess")
    theta, last = start, np.zeros((2, 2))
    for t, at in enumerate(path[:-1]):
        np.testing.assert_allclose(theta, at, rtol=0, atol=1e-12)
        if t:
            estimate.update(theta - last[0], hessian @ theta - last[1])
        last = np.array([theta, hessian @ theta])
        theta = theta - 0.05 * estimate.dot(hessian @ theta)


def test_bfgs_skips_what_has_no_curvature_upwards() -> None:
    """Down a ridge the gradient grows along the movement: the estimate stays as it was."""
    _, kept = walked("bfgs", np.diag([-1.0, -3.0]), np.array([0.3, 0.2]), 5, lr=0.1)
    scales = {(memory.xx, memory.xy, memory.yy) for memory in kept[2:]}
    assert len(scales) == 1
    assert kept[-1].xx == kept[-1].yy > 0
    assert kept[-1].xy == 0


@pytest.mark.parametrize("name", ["shampoo", "soap", "bfgs", "conjugate_gradient", "dadapt_sgd", "mechanic"])
def test_axes_mean_nothing_to_rules_that_join_x_and_y(name: str) -> None:
    """The path on a turned bowl is the turned path, which no rule for one parameter but plain descent can promise."""
    chosen: dict[str, dict[str, float]] = {
        "soap": {"lr": 0.01, "eps": 0.01},
        "dadapt_sgd": {"lr": 0.01, "d0": 0.1},
        "mechanic": {"lr": 0.01, "s_init": 0.1, "eps": 0.1},
    }
    for k, (hessian, start) in enumerate(bowls(5)):
        angle = 0.8 + 0.6 * k
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        options = chosen.get(name, {"lr": 0.1})
        path, _ = walked(name, hessian, start, 40, **options)
        turned, _ = walked(name, turn @ hessian @ turn.T, turn @ start, 40, **options)
        assert np.ptp(path, axis=0).max() > 1e-3
        np.testing.assert_allclose(turned, path @ turn.T, rtol=0, atol=1e-9)


def test_the_root_of_shampoo_inverts_the_matrix_when_squared() -> None:
    for matrix, _ in bowls():
        a, b, c = inverse_root(matrix[0, 0], matrix[0, 1], matrix[1, 1])
        root = np.array([[a, b], [b, c]])
        np.testing.assert_allclose(root @ root @ matrix, np.eye(2), atol=1e-11)
        assert np.linalg.eigvalsh(root).min() > 0


def test_shampoo_along_one_axis_is_adagrad() -> None:
    """With gradients (g, 0) the root is 1 / sqrt(eps + the sum of squares)."""
    path, _ = walked("shampoo", np.diag([2.0, 1.0]), np.array([1.3, 0.0]), 30, lr=0.2, eps=1e-3)
    theta, total = 1.3, 1e-3
    for after in path[1:]:
        total += (2 * theta) ** 2
        theta -= 0.2 * 2 * theta / np.sqrt(total)
        np.testing.assert_allclose(after, [theta, 0], rtol=1e-12)


def test_random_signs_estimate_the_diagonal() -> None:
    """Over all pairs of signs the mean is the diagonal, and each estimate is a product with the Hessian."""
    hessian = np.array([[2.0, -0.7], [-0.7, 1.0]])
    curvature, estimates = Hessian(2.0, -0.7, 1.0), []
    for z in product((-1.0, 1.0), repeat=2):
        estimate = diagonal(curvature, Pair(*z), True)
        np.testing.assert_allclose(estimate, np.array(z) * (hessian @ z), rtol=1e-15)
        assert diagonal(curvature, Pair(*z), False) == Pair(2.0, 1.0)
        estimates.append(estimate)
    np.testing.assert_allclose(np.mean(estimates, axis=0), [2.0, 1.0], rtol=1e-15)


@pytest.mark.parametrize("name", ["adahessian", "sophia"])
def test_particles_draw_their_own_signs(name: str) -> None:
    """After one update there are two movements, about equally often: for equal and for opposite signs of x and y."""
    problem = example_problem("quadratic_bowl", 20)
    slow = {"betas": (0.0, 0.0)} | ({"gamma": 1e6} if name == "sophia" else {})
    settings = optimizer(name).settings(lr=0.1, **slow)
    theta = np.tile([0.8, -0.3], (400, 1))
    path, _ = run(problem, name, settings, BatchPlan(20, 20), updates=1, lr=np.full(1, 0.1), theta=theta, particles=400)
    found, counts = np.unique(path[0].round(12), axis=0, return_counts=True)
    assert len(found) == 2
    assert counts.min() > 150


@pytest.mark.parametrize(("hessian", "start"), bowls())
def test_d_adaptation_stays_below_twice_the_distance(hessian: Array, start: Array) -> None:
    """``sum of rate g . s <= |s| |theta_0|`` on any convex loss; and d has grown to 20 times d0 at least."""
    _, kept = walked("dadapt_sgd", hessian, start, 300, lr=0.02, d0=1e-3)
    assert 0.02 < kept[-1].d <= 2 * np.linalg.norm(start)


@pytest.mark.parametrize(("hessian", "start"), bowls())
def test_prodigy_finds_the_distance(hessian: Array, start: Array) -> None:
    """Its estimate is a lower bound, in the largest norm, for a convex loss without momentum; it grows 1,000 times."""
    _, kept = walked("prodigy", hessian, start, 300, lr=0.3, d0=1e-6, betas=(0.0, 0.999))
    assert 1e-3 < kept[-1].d < 1.001 * np.abs(start).max()


def test_prodigy_that_finds_nothing_is_adam() -> None:
    """With estimates too small to count d is d0, and the rule Adam's, with the rate lr d0."""
    hessian, start = bowls(1)[0]
    options: dict[str, Any] = {"betas": (0.8, 0.95), "eps": 0.1}
    path, _ = walked("prodigy", hessian, start, 100, lr=3.0, d0=0.01, d_coef=1e-9, bias_correction=True, **options)
    theta, mean, square = start, np.zeros(2), np.zeros(2)
    for t, at in enumerate(path[1:], 1):
        gradient = hessian @ theta
        mean, square = 0.8 * mean + 0.2 * gradient, 0.95 * square + 0.05 * gradient**2
        theta = theta - 0.03 * np.sqrt(1 - 0.95**t) / (1 - 0.8**t) * mean / (np.sqrt(square) + 0.1)
        np.testing.assert_allclose(at, theta, rtol=0, atol=1e-13)
