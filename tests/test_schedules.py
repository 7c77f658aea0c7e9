"""Rates against the closed forms of torch.optim.lr_scheduler, in numbers small enough to check by hand."""

from dataclasses import dataclass
from math import cos, pi, sqrt

import numpy as np
import pytest

from simulator.schedules import DECAYS, decay_settings, rates


@dataclass(frozen=True)
class Plan:
    decay: str
    warmup: int = 0
    end_factor: float | None = None
    total: int | None = None
    gamma: float | None = None
    step_size: int | None = None
    T_max: int | None = None
    eta_min: float | None = None
    t0: float | None = None


def plan(decay: str, warmup: int) -> Plan:
    return Plan(decay, warmup, gamma=0.5, step_size=3)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Plan("constant"), [8, 8, 8, 8, 8]),
        (Plan("linear"), [8, 6.4, 4.8, 3.2, 1.6]),
        (Plan("linear", end_factor=0.5, total=2), [8, 6, 4, 4, 4]),
        (Plan("exponential", gamma=0.5), [8, 4, 2, 1, 0.5]),
        (Plan("step", gamma=0.5, step_size=2), [8, 8, 4, 4, 2]),
        (Plan("step", step_size=4), [8, 8, 8, 8, 0.8]),
        (Plan("cosine", T_max=4), [8, 4 + 2 * sqrt(2), 4, 4 - 2 * sqrt(2), 0]),
        (Plan("cosine", T_max=2, eta_min=2), [8, 5, 2, 5, 8]),
        (Plan("inverse_sqrt", t0=4), [8, 8 * sqrt(4 / 5), 8 * sqrt(4 / 6), 8 * sqrt(4 / 7), 8 * sqrt(1 / 2)]),
        (Plan("constant", warmup=4), [2, 4, 6, 8, 8]),
        (Plan("linear", warmup=2), [4, 8, 8, 16 / 3, 8 / 3]),
        (Plan("cosine", warmup=1), [8, 8, 4 + 2 * sqrt(2), 4, 4 - 2 * sqrt(2)]),
        (Plan("inverse_sqrt", warmup=2), [4, 8, 8, 8 * sqrt(2 / 3), 8 * sqrt(1 / 2)]),
        (Plan("exponential", warmup=3, gamma=0.1), [8 / 3, 16 / 3, 8, 8, 0.8]),
    ],
)
def test_values_by_hand(schedule: Plan, expected: list[float]) -> None:
    np.testing.assert_allclose(rates(schedule, 8.0, 5), expected, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("decay", DECAYS)
@pytest.mark.parametrize("warmup", [0, 1, 7, 40, 100])
def test_warmup_rises_evenly_and_decay_starts_at_the_whole_rate(decay: str, warmup: int) -> None:
    lr = rates(plan(decay, warmup), 0.3, 40)
    assert lr.shape == (40,)
    assert lr.dtype == np.float64
    np.testing.assert_allclose(lr[:warmup], 0.3 * np.arange(1, 41)[:warmup] / max(warmup, 1), rtol=1e-14)
    assert (lr[warmup : warmup + 1] == 0.3).all()
    assert (np.diff(lr[warmup:]) <= 0).all()
    assert (lr > 0).all()


@pytest.mark.parametrize("decay", DECAYS)
def test_warmup_moves_the_decay_and_changes_nothing_else(decay: str) -> None:
    left = rates(plan(decay, 0), 0.1, 30)
    moved = rates(plan(decay, 12), 0.1, 42)[12:]
    if decay == "inverse_sqrt":
        left = rates(Plan(decay, t0=12), 0.1, 30)
    np.testing.assert_array_equal(moved, left)


@pytest.mark.parametrize("decay", DECAYS)
def test_rates_are_proportional_to_lr_and_none_are_asked_of_an_empty_run(decay: str) -> None:
    np.testing.assert_allclose(rates(plan(decay, 3), 5.0, 20), 50 * rates(plan(decay, 3), 0.1, 20), rtol=1e-13)
    assert rates(plan(decay, 3), 0.1, 0).shape == (0,)


def test_cosine_and_linear_end_one_update_after_the_last() -> None:
    last = rates(Plan("cosine"), 1.0, 50)[-1]
    assert last == pytest.approx((1 + cos(pi * 49 / 50)) / 2)
    assert rates(Plan("linear", end_factor=0.2), 1.0, 50)[-1] == pytest.approx(0.2 + 0.8 / 50)


def test_vaswani_rate_is_the_smaller_of_its_two_branches_apart_from_the_plateau_at_the_top() -> None:
    t = np.arange(1, 61)
    vaswani = np.minimum(t**-0.5, t * 10**-1.5)
    ours = rates(Plan("inverse_sqrt", warmup=10), 10**-0.5, 61)
    np.testing.assert_allclose(np.delete(ours, 10), vaswani, rtol=1e-14)


def test_decays_name_their_own_settings() -> None:
    assert decay_settings("constant") == ()
    assert decay_settings("step") == ("step_size", "gamma")
    with pytest.raises(KeyError):
        decay_settings("cosin")
    with pytest.raises(KeyError):
        rates(Plan("cosin"), 1.0, 3)
    with pytest.raises(TypeError, match="gamma"):
        rates(Plan("exponential"), 1.0, 3)
