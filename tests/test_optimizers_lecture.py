"""The lecture's own forms: their first three updates by hand, exactly, and what ties them to the usual forms.

Gradients are given, not computed, and chosen so that every root and every quotient by hand is a decimal
of a few places.  Claims are those of lecture.md.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from errsurf.errors import ScenarioError
from errsurf.optimizers import optimizer
from errsurf.scenario import scenario_from
from helpers.optimizer_cases import all_step_constants, first_memory

VANISHES = 1e-300


def movements(name: str, gradients: Sequence[float], rates: Sequence[float], **settings: Any) -> list[float]:
    """How far each update goes from 0, where theta is put back after each, so that nothing is rounded on the way."""
    record = optimizer(name)
    chosen = record.settings(**settings)
    assert record.fault(chosen) is None
    memory, made = first_memory(record, chosen), []
    for gradient, constants in zip(gradients, all_step_constants(record, np.array(rates), chosen), strict=True):
        theta, memory = record.update(0.0, gradient, memory, constants, chosen)
        made.append(float(theta))
    return made


def test_momentum_moves_by_the_last_movement_minus_the_gradient() -> None:
    """Claim 10: m_1 = -lr_0 g_0, m_2 = momentum m_1 - lr_1 g_1, m_3 = momentum m_2 - lr_2 g_2."""
    g, lr = (3.0, -2.0, 5.0), (0.5, 0.25, 2.0)
    by_hand = [-1.5, 0.5 * -1.5 + 0.5, 0.5 * (0.5 * -1.5 + 0.5) - 10.0]
    assert by_hand == [-1.5, -0.25, -10.125]
    assert movements("sgd", g, lr, momentum=0.5, movement=True) == by_hand


def test_movement_is_a_weighted_sum_of_all_gradients() -> None:
    """Claim 10: m_t = -sum over k of momentum^(t - k) lr_k g_k."""
    g, lr = np.random.default_rng(1).normal(size=(2, 40))
    weights = np.tril(0.9 ** np.subtract.outer(np.arange(40.0), np.arange(40.0)).clip(0))
    np.testing.assert_allclose(movements("sgd", g, lr, momentum=0.9, movement=True), -weights @ (lr * g), rtol=1e-12)


def test_both_forms_of_momentum_agree_until_the_rate_changes() -> None:
    g = np.random.default_rng(2).normal(size=30)
    rates = np.where(np.arange(30) < 20, 0.125, 0.03125)
    kept, usual = (movements("sgd", g, rates, momentum=0.75, movement=flag) for flag in (True, False))
    np.testing.assert_allclose(kept[:20], usual[:20], rtol=1e-13)
    assert all(abs(a - b) > 1e-6 for a, b in zip(kept[20:], usual[20:], strict=True))


def test_adagrad_divides_by_the_root_mean_square_of_all_gradients() -> None:
    """Claim 14: sigma = 1, then sqrt((1 + 49) / 2) = 5, then sqrt((1 + 49 + 25) / 3) = 5."""
    g, lr = (1.0, -7.0, 5.0), (10.0, 5.0, 3.0)
    assert movements("adagrad", g, lr, root_mean_square=True, eps=VANISHES) == [-10.0, 7.0, -3.0]


def test_the_two_adagrads_differ_by_the_root_of_the_update_number() -> None:
    """Claim 14: with a rate of lr / sqrt(t) the mean is the sum."""
    g, t = np.random.default_rng(3).normal(size=50), np.arange(1, 51)
    mean = movements("adagrad", g, 0.1 / np.sqrt(t), root_mean_square=True, eps=VANISHES)
    np.testing.assert_allclose(mean, movements("adagrad", g, np.full(50, 0.1), eps=VANISHES), rtol=1e-13)


def test_rmsprop_starts_with_the_first_gradient() -> None:
    """Claim 15: sigma = |g_0| = 1, then sqrt((1 + 49) / 2) = 5, then sqrt((25 + 1225) / 2) = 25."""
    g, lr = (-1.0, 7.0, 35.0), (2.0, 5.0, 5.0)
    assert movements("rmsprop", g, lr, alpha=0.5, first_value=True, eps=VANISHES) == [2.0, -7.0, -7.0]


def test_rmsprop_without_the_first_value_begins_too_fast() -> None:
    """Claim 15: torch's mean starts from 0, so its first sigma is |g_0| sqrt(1 - alpha), half of it here."""
    assert movements("rmsprop", (3.0,), (1.0,), alpha=0.75, eps=VANISHES) == [-2.0]
    assert movements("rmsprop", (3.0,), (1.0,), alpha=0.75, eps=VANISHES, first_value=True) == [-1.0]


def test_rmsprop_with_momentum_is_adam() -> None:
    """Claim 16: exactly so without bias correction, Adam's rate being (1 - beta1) times larger."""
    g = np.random.default_rng(4).normal(size=100) + 0.3
    rates = 0.01 * 0.99 ** np.arange(100)
    adam = movements("adam", g, rates, betas=(0.9, 0.99), bias_correction=False)
    rmsprop = movements("rmsprop", g, 0.1 * rates, alpha=0.99, momentum=0.9, raw_momentum=True)
    np.testing.assert_allclose(rmsprop, adam, rtol=1e-12)


def test_bias_correction_is_a_factor_that_goes_to_one() -> None:
    """Claim 16: sqrt(1 - beta2^t) / (1 - beta1^t) is all that keeps RMSProp with momentum from Adam."""
    g, rates, t = np.random.default_rng(5).normal(size=60), np.full(60, 0.01), np.arange(1, 61)
    settings: dict[str, Any] = {"betas": (0.5, 0.75), "eps": VANISHES}
    factor = np.divide(
        movements("adam", g, rates, **settings), movements("adam", g, rates, bias_correction=False, **settings)
    )
    np.testing.assert_allclose(factor, np.sqrt(1 - 0.75**t) / (1 - 0.5**t), rtol=1e-13)
    assert abs(factor[-1] - 1) < 1e-7


def test_all_together() -> None:
    """Claim 20: theta -= lr_t / sigma_t m_t with sigma = 1, 5, 25 and m = 1, 1/2 + 7, 15/4 + 35."""
    g, lr = (1.0, 7.0, 35.0), (3.0, 2.0, 20.0)
    settings: dict[str, Any] = {"alpha": 0.5, "momentum": 0.5, "first_value": True, "raw_momentum": True}
    assert movements("rmsprop", g, lr, eps=VANISHES, **settings) == [-3.0, -3.0, -31.0]


def test_momentum_of_scaled_gradients_is_another_thing() -> None:
    """Claim 20: torch sums g / sigma, each with the sigma of its own update: 1, 1/2 + 7/5, 19/20 + 35/25."""
    g, lr = (1.0, 7.0, 35.0), (3.0, 2.0, 20.0)
    assert movements("rmsprop", g, lr, alpha=0.5, momentum=0.5, first_value=True, eps=VANISHES) == pytest.approx(
        [-3.0, -3.8, -47.0], rel=1e-15
    )


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"kind": "sgd", "movement": True, "nesterov": True}, "nesterov needs"),
        ({"kind": "sgd", "movement": True, "momentum": 0.9, "dampening": 0.1}, "movement needs"),
        ({"kind": "rmsprop", "first_value": True, "centered": True}, "first_value has no meaning with centered"),
        ({"kind": "rmsprop", "first_value": True, "initial_accumulator_value": 1.0}, "first_value needs"),
    ],
)
def test_forms_that_exclude_each_other(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        scenario_from({"surface": {"kind": "saddle"}, "run": {"updates": 3}, "optimizer": [settings]})
