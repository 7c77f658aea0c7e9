"""Rates against torch.optim.lr_scheduler, numbers small enough to check by hand, and what all schedules share."""

import json
from itertools import pairwise
from math import cos, pi, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from errsurf.schedules import ScheduleTable, Warmup, in_updates, rates, schedule, schedule_names

DECAYS = schedule_names()
NEEDED: dict[str, dict[str, Any]] = {
    "exponential": {"gamma": 0.9},
    "step": {"step_size": 3},
    "multi_step": {"milestones": (2, 9)},
    "cosine_restarts": {"T_0": 50},
    "cyclic": {"base_factor": 0.1, "step_size_up": 5},
    "piecewise": {"points": ((0, 1.0), (4, 0.5), (4, 0.3), (30, 0.1))},
}
WARMED = [name for name in DECAYS if schedule(name).warmup]
REFERENCE = json.loads((Path(__file__).parent / "reference" / "torch_schedules.json").read_text(encoding="utf-8"))


def rates_of(decay: str, lr: float, updates: int, **settings: Any) -> NDArray[np.float64]:
    """Rates of a table with these settings in a run of so many updates, ten an epoch."""
    return rates(in_updates(table_of(decay, **settings), 10, updates), lr, updates)


def table_of(decay: str, **settings: Any) -> ScheduleTable:
    """The table with these settings, those of the warmup among them."""
    warmup = {key: settings.pop(key) for key in Warmup._fields if key in settings}
    return ScheduleTable(decay, schedule(decay).settings(**settings), **warmup)


def test_the_reference_holds_every_decay_and_warmup() -> None:
    held = [case["schedule"] for case in REFERENCE["cases"]]
    assert REFERENCE["torch"].startswith("2.13.")
    assert {table["decay"] for table in held} >= {
        name for name in DECAYS if schedule(name).reference.startswith("torch")
    }
    assert {table["decay"] for table in held if table.get("warmup")} >= {
        name for name in WARMED if schedule(name).reference.startswith("torch")
    }
    assert {table.get("warmup_kind") for table in held} == {None, "constant", "exponential"}
    assert {table.get("mode") for table in held} == {None, "triangular2", "exp_range"}


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: case["schedule"]["decay"])
def test_rates_are_those_of_torch(case: dict[str, Any]) -> None:
    ours = rates_of(**case["schedule"], lr=case["lr"], updates=len(case["rates"]))
    np.testing.assert_allclose(ours, case["rates"], rtol=1e-12, atol=0)


BY_HAND: list[tuple[str, dict[str, Any], list[float]]] = [
    ("constant", {}, [8, 8, 8, 8, 8]),
    ("linear", {}, [8, 6.4, 4.8, 3.2, 1.6]),
    ("linear", {"end_factor": 0.5, "total": 2}, [8, 6, 4, 4, 4]),
    ("wsd", {"cooldown": 0.8}, [8, 8, 4, 8 * (1 - sqrt(1 / 2)), 8 * (1 - sqrt(3 / 4))]),
    ("wsd", {"cooldown": 0.4, "form": "linear", "end_factor": 0.5}, [8, 8, 8, 8, 6]),
    ("wsd", {"cooldown": 0.8, "form": "cosine"}, [8, 8, 4 * (1 + cos(pi / 4)), 4, 4 * (1 + cos(3 * pi / 4))]),
    ("wsd", {"cooldown": 1.0, "total": 2, "form": "linear"}, [8, 4, 0, 0, 0]),
    ("exponential", {"gamma": 0.5}, [8, 4, 2, 1, 0.5]),
    ("step", {"gamma": 0.5, "step_size": 2}, [8, 8, 4, 4, 2]),
    ("multi_step", {"gamma": 0.5, "milestones": (1, 4)}, [8, 4, 4, 4, 2]),
    ("multi_step", {"gamma": 0.5, "milestones": (3, 1, 3)}, [8, 4, 4, 1, 1]),
    ("cosine", {"T_max": 4}, [8, 4 + 2 * sqrt(2), 4, 4 - 2 * sqrt(2), 0]),
    ("cosine", {"T_max": 2, "eta_min": 2}, [8, 5, 2, 5, 8]),
    ("cosine_restarts", {"T_0": 2, "eta_min": 2}, [8, 5, 8, 5, 8]),
    ("cosine_restarts", {"T_0": 1, "T_mult": 2}, [8, 8, 4, 8, 4 + 2 * sqrt(2)]),
    ("polynomial", {"total": 4, "power": 2}, [8, 4.5, 2, 0.5, 0]),
    ("inverse_sqrt", {"t0": 4}, [8, 8 * sqrt(4 / 5), 8 * sqrt(4 / 6), 8 * sqrt(4 / 7), 8 * sqrt(1 / 2)]),
    ("one_cycle", {"pct_start": 0.6, "div_factor": 4, "final_div_factor": 2}, [2, 5, 8, 4.5, 1]),
    (
        "one_cycle",
        {"pct_start": 0.4, "three_phase": True, "anneal_strategy": "linear", "div_factor": 4},
        [2, 8, 2, 1.0001, 0.0002],
    ),
    ("one_cycle", {"total": 3, "pct_start": 2 / 3, "div_factor": 4, "final_div_factor": 2}, [2, 8, 1, 1, 1]),
    ("cyclic", {"base_factor": 0.25, "step_size_up": 2, "step_size_down": 1}, [2, 5, 8, 2, 5]),
    ("cyclic", {"base_factor": 0.25, "step_size_up": 1, "mode": "triangular2"}, [2, 8, 2, 5, 2]),
    ("cyclic", {"base_factor": 0.25, "step_size_up": 1, "mode": "exp_range", "gamma": 0.5}, [2, 5, 2, 2.75, 2]),
    ("piecewise", {"points": ((1, 0.5), (3, 1.5))}, [4, 4, 8, 12, 12]),
    ("piecewise", {"points": ((0, 1.0), (2, 1.0), (2, 0.5))}, [8, 8, 4, 4, 4]),
    ("constant", {"warmup": 4}, [1.6, 3.2, 4.8, 6.4, 8]),
    ("constant", {"warmup": 2, "warmup_factor": 0.5}, [4, 6, 8, 8, 8]),
    ("constant", {"warmup": 2, "warmup_factor": 0.25, "warmup_kind": "constant"}, [2, 2, 8, 8, 8]),
    ("constant", {"warmup": 3, "warmup_factor": 0.125, "warmup_kind": "exponential"}, [1, 2, 4, 8, 8]),
    ("linear", {"warmup": 1}, [4, 8, 6, 4, 2]),
    ("cosine", {"warmup": 1}, [4, 8, 4 + 2 * sqrt(2), 4, 4 - 2 * sqrt(2)]),
    ("exponential", {"warmup": 3, "gamma": 0.1}, [2, 4, 6, 8, 0.8]),
    ("piecewise", {"warmup": 2, "points": ((0, 1.0), (2, 0.5))}, [8 / 3, 16 / 3, 8, 6, 4]),
]


@pytest.mark.parametrize(("decay", "settings", "expected"), BY_HAND)
def test_values_by_hand(decay: str, settings: dict[str, Any], expected: list[float]) -> None:
    np.testing.assert_allclose(rates_of(decay, 8.0, 5, **settings), expected, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("decay", WARMED)
@pytest.mark.parametrize("warmup", [0, 1, 7, 40, 100])
def test_warmup_rises_evenly_and_decay_starts_at_the_whole_rate(decay: str, warmup: int) -> None:
    lr = rates_of(decay, 0.3, 40, warmup=warmup, **NEEDED.get(decay, {}))
    assert lr.shape == (40,)
    assert lr.dtype == np.float64
    np.testing.assert_allclose(lr[:warmup], 0.3 * np.arange(1, 41)[:warmup] / (warmup + 1), rtol=1e-14)
    assert (lr[warmup : warmup + 1] == 0.3).all()
    assert (np.diff(lr[warmup:]) <= 0).all()
    assert (lr > 0).all()


@pytest.mark.parametrize("factor", [1e-6, 0.3, 1.0])
def test_kinds_of_warmup_begin_at_their_factor_and_end_at_the_whole_rate(factor: float) -> None:
    def rise(kind: str) -> NDArray[np.float64]:
        return rates_of("constant", 0.3, 20, warmup=15, warmup_kind=kind, warmup_factor=factor)

    rises = [rise(kind) for kind in ("linear", "constant", "exponential")]
    for lr in rises:
        assert lr[0] == pytest.approx(0.3 * factor, rel=1e-12)
        assert (lr[15:] == 0.3).all()
    np.testing.assert_allclose(np.diff(rises[0][:16]), 0.3 * (1 - factor) / 15, rtol=1e-9, atol=1e-16)
    np.testing.assert_allclose(rises[1][:15], 0.3 * factor, rtol=1e-12)
    np.testing.assert_allclose(rises[2][1:16] / rises[2][:15], factor ** (-1 / 15), rtol=1e-12)


@pytest.mark.parametrize("decay", WARMED)
def test_warmup_moves_the_decay_and_changes_nothing_else(decay: str) -> None:
    settings = NEEDED.get(decay, {}) | ({"t0": 5} if decay == "inverse_sqrt" else {})
    moved = rates_of(decay, 0.1, 42, warmup=12, **settings)[12:]
    np.testing.assert_array_equal(moved, rates_of(decay, 0.1, 30, **settings))


@pytest.mark.parametrize("decay", DECAYS)
def test_rates_are_proportional_to_lr_and_none_are_asked_of_an_empty_run(decay: str) -> None:
    needed = NEEDED.get(decay, {})
    np.testing.assert_allclose(rates_of(decay, 5.0, 20, **needed), 50 * rates_of(decay, 0.1, 20, **needed), rtol=1e-13)
    assert rates_of(decay, 0.1, 0, **needed).shape == (0,)


@pytest.mark.parametrize("decay", DECAYS)
def test_a_longer_run_of_the_same_schedule_begins_alike(decay: str) -> None:
    table = in_updates(table_of(decay, **NEEDED.get(decay, {})), 10, 30)
    np.testing.assert_array_equal(rates(table, 0.1, 90)[:30], rates(table, 0.1, 30))


def test_cosine_and_linear_end_one_update_after_the_last() -> None:
    assert rates_of("cosine", 1.0, 50)[-1] == pytest.approx((1 + cos(pi * 49 / 50)) / 2)
    assert rates_of("linear", 1.0, 50, end_factor=0.2)[-1] == pytest.approx(0.2 + 0.8 / 50)


def test_warmup_and_inverse_sqrt_are_the_rate_of_vaswani() -> None:
    t = np.arange(1, 61)
    vaswani = np.minimum(t**-0.5, t * 10**-1.5)
    np.testing.assert_allclose(rates_of("inverse_sqrt", 10**-0.5, 60, warmup=9), vaswani, rtol=1e-14)


@pytest.mark.parametrize(("first", "times"), [(1, 1), (7, 1), (1, 2), (3, 2), (2, 5)])
def test_restarts_are_cosines_one_after_another(first: int, times: int) -> None:
    lengths = [first * times**k for k in range(100)]
    falls = [rates_of("cosine", 0.1, length, eta_min=0.03) for length in lengths if length <= 400]
    expected = np.concatenate(falls)
    restarts = rates_of("cosine_restarts", 0.1, len(expected), T_0=first, T_mult=times, eta_min=0.03)
    np.testing.assert_allclose(restarts, expected, rtol=1e-14)


@pytest.mark.parametrize("strategy", ["cos", "linear"])
@pytest.mark.parametrize("three_phase", [False, True])
@pytest.mark.parametrize("pct_start", [0.0, 0.1, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("total", [1, 2, 3, 10, 41])
def test_one_cycle_rises_to_lr_and_falls_and_stays_low(
    total: int, pct_start: float, three_phase: bool, strategy: str
) -> None:
    shape = {"pct_start": pct_start, "three_phase": three_phase, "anneal_strategy": strategy}
    lr = rates_of("one_cycle", 0.5, total + 5, total=total, **shape)
    assert np.isfinite(lr).all()
    assert lr.max() <= 0.5
    assert (np.diff(np.sign(np.diff(lr[:total]))) <= 0).all()
    assert (lr[total - 1 :] == lr[total - 1]).all()


def test_cycles_repeat() -> None:
    lr = rates_of("cyclic", 0.5, 60, base_factor=0.2, step_size_up=4, step_size_down=8)
    np.testing.assert_allclose(lr[12:], lr[:-12], rtol=1e-14)
    np.testing.assert_allclose(lr[::12], 0.1, rtol=1e-14)
    np.testing.assert_allclose(lr[4::12], 0.5, rtol=1e-14)


def test_points_are_met() -> None:
    points = tuple((k * k, (k * 7 % 5) / 5) for k in range(8))
    lr = rates_of("piecewise", 0.5, 50, points=points)
    assert [lr[time] for time, _ in points] == [0.5 * factor for _, factor in points]
    assert all(np.allclose(np.diff(lr[a : b + 1], 2), 0, atol=1e-15) for (a, _), (b, _) in pairwise(points))


def test_a_growing_rate_ends_in_infinity_without_a_warning() -> None:
    assert rates_of("exponential", 0.1, 5000, gamma=2.0)[-1] == np.inf
