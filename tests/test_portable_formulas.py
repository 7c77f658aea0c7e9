"""With portable rounding all numbers that a run is made of come from portable formulas."""

from typing import Any

import numpy as np
import pytest

import errsurf
from errsurf.engine.examples import problem
from errsurf.engine.segments import group_plans, group_rates
from errsurf.portable import elementary
from errsurf.sampling.philox import Draw, Stream
from errsurf.starts import positions

SCENARIO: dict[str, Any] = {
    "surface": {"kind": "scale_invariant", "examples": 40},
    "swarm": {"start": "cloud", "spread": 0.3, "at": [1.0, 1.0]},
    "run": {"updates": 200, "precision": "float64"},
    "optimizer": [{"kind": "adamw", "lr": 0.1, "batch": 4, "schedule": {"decay": "cosine", "warmup": 20}}],
}


def scenario(rounding: str) -> errsurf.Scenario:
    return errsurf.scenario_from(SCENARIO, changes={"run.rounding": rounding})


def made(rounding: str) -> dict[str, Any]:
    """All numbers of a group before its first update."""
    chosen = scenario(rounding)
    data = problem(*chosen.drawn_from)
    lr = group_rates(chosen, 0)
    (plan,) = group_plans(chosen, data, 0, lr, chosen.run_seed)
    starts = positions(chosen.swarm, chosen.start_seed, None, rounding)
    return {"examples": data.train, "rates": lr, "constants": plan.step_constants, "starts": starts}


def test_numbers_of_a_portable_run_differ_from_others_by_rounding_alone() -> None:
    fast, portable = made("fast"), made("portable")
    for name, expected in fast.items():
        np.testing.assert_allclose(portable[name], expected, 1e-12, 1e-14, err_msg=name)
        assert not np.array_equal(portable[name], expected), name


def test_a_portable_run_asks_the_system_for_no_elementary_function(monkeypatch: pytest.MonkeyPatch) -> None:
    made("portable")  # formulas are rewritten by what NumPy's names mean, and kept
    for name in ("exp", "log", "log1p", "sin", "cos", "tanh", "hypot", "power"):
        monkeypatch.setattr(np, name, lambda *_: pytest.fail("not portable"))
    with pytest.raises(pytest.fail.Exception):
        made("fast")
    portable = made("portable")
    draw = Draw(0, Stream.TRAIN, "portable").normal(40)
    spread = np.radians(scenario("portable").surface.settings.spread)
    angle = np.radians(scenario("portable").surface.settings.angle) + spread * draw
    np.testing.assert_array_equal(portable["examples"][:, 0], elementary.cos(angle))


def test_whole_powers_are_products_and_integers_stay_whole() -> None:
    x = np.array([0.1, 0.999, -1.7, 3.0])
    np.testing.assert_array_equal(elementary.power(x, 2), x * x)
    np.testing.assert_array_equal(elementary.power(x, -1.0), 1 / x)
    np.testing.assert_array_equal(elementary.power(np.abs(x), 0.5), np.sqrt(np.abs(x)))
    assert elementary.power(2, 40) == 2**40
    assert isinstance(elementary.power(2, 40), int)
