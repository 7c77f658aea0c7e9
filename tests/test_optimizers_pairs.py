"""What rules for both parameters together do that no rule for one parameter can: lengths and turns, in closed form."""

from typing import Any

import numpy as np
import pytest

from errsurf.optimizers import Pair, optimizer
from helpers.optimizer_cases import all_step_constants, first_memories, updated_pair

UPDATES = 50
RATES = 0.01 * 0.97 ** np.arange(UPDATES)
GRADIENTS = np.random.default_rng(5).normal(size=(UPDATES, 2))


def path(name: str, gradients: Any, start: Pair, **settings: Any) -> Any:
    """Theta at the start and after each update with these gradients, (updates + 1, 2)."""
    record = optimizer(name)
    chosen = record.settings(**settings)
    theta, memories, found = start, first_memories(record, chosen, start), [start]
    for gradient, constants in zip(gradients, all_step_constants(record, RATES, chosen), strict=True):
        theta, memories = updated_pair(record, theta, Pair(*gradient), memories, constants, chosen)
        found.append(theta)
    return np.array(found)


def lengths(points: Any) -> Any:
    return np.linalg.norm(points, axis=-1)


def test_muon_moves_by_one_length_whatever_the_gradient() -> None:
    """lr p(p(p(p(p(1))))) with p(v) = a v + b v^3 + c v^5; the documentation says 0.6964."""
    a, b, c = optimizer("muon").settings().ns_coefficients
    length = 1.0
    for _ in range(5):
        length = a * length + b * length**3 + c * length**5
    moved = np.diff(path("muon", GRADIENTS, Pair(0.3, 0.4), weight_decay=0.0), axis=0)
    np.testing.assert_allclose(lengths(moved), RATES * length, rtol=1e-12)
    assert length == pytest.approx(0.6964, abs=5e-5)


def test_muon_without_newton_schulz_is_normalized_momentum() -> None:
    mean, expected = np.zeros(2), []
    for gradient in GRADIENTS:
        mean = 0.9 * mean + 0.1 * gradient
        expected.append(mean / lengths(mean))
    settings = {"weight_decay": 0.0, "momentum": 0.9, "nesterov": False, "ns_coefficients": (1.0, 0.0, 0.0)}
    moved = np.diff(path("muon", GRADIENTS, Pair(0.3, 0.4), **settings), axis=0)
    np.testing.assert_allclose(moved, -RATES[:, None] * expected, rtol=1e-11)


@pytest.mark.parametrize(("name", "share"), [("lamb", 1.0), ("lars", 1e-3)])
def test_trust_ratios_move_theta_by_a_share_of_its_length(name: str, share: float) -> None:
    """LAMB by lr, LARS by lr trust_coeff, whatever the size of the gradient."""
    settings = {"weight_decay": 0.0} | ({"eps": 0.0} if name == "lars" else {})
    for size in (1e-3, 1.0, 1e3):
        theta = path(name, size * GRADIENTS, Pair(0.3, -1.2), **settings)
        np.testing.assert_allclose(lengths(np.diff(theta, axis=0)), share * RATES * lengths(theta[:-1]), rtol=1e-9)


@pytest.mark.parametrize("name", ["adam_mini", "lamb", "lars", "muon"])
def test_who_turns_with_the_surface(name: str) -> None:
    """Gradients turned by 50 degrees turn the path; LAMB divides x and y on their own, as Adam does."""
    angle = np.deg2rad(50)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    start = np.array([0.3, -1.2])
    here, there = path(name, GRADIENTS, Pair(*start)), path(name, GRADIENTS @ turn.T, Pair(*(turn @ start)))
    difference = np.abs(there - here @ turn.T).max()
    assert difference > 1e-3 if name == "lamb" else difference < 1e-13


def test_schedule_free_without_momentum_is_descent_and_its_average() -> None:
    """y is z then, and x the mean of all z so far where all updates count alike."""
    start = Pair(0.3, -1.2)
    descent = path("sgd", GRADIENTS, start)
    record, chosen = (
        optimizer("schedule_free_sgd"),
        optimizer("schedule_free_sgd").settings(momentum=0.0, weight_lr_power=0.0),
    )
    theta, memories = start, first_memories(record, chosen, start)
    for t, (gradient, constants) in enumerate(
        zip(GRADIENTS, all_step_constants(record, RATES, chosen), strict=True), 1
    ):
        theta, memories = updated_pair(record, theta, Pair(*gradient), memories, constants, chosen)
        np.testing.assert_allclose(theta, descent[t], rtol=1e-12)
        np.testing.assert_allclose([memory.x for memory in memories], descent[1 : t + 1].mean(axis=0), rtol=1e-12)
