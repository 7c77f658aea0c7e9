"""Runs that share an executor and a landscape."""

import numpy as np
import pytest

from errsurf.engine.landscape import surface
from errsurf.run.simulation import simulate
from errsurf.scenario import read_scenario
from errsurf.system.inline import InlineExecutor


def test_a_shared_executor_and_landscape_change_nothing() -> None:
    scenario = read_scenario("saddle_escape", {"swarm.particles": 40, "run.updates": 20})
    plain, landscape = simulate(scenario), surface(scenario)
    shared = simulate(scenario, pool=InlineExecutor(), landscape=landscape)
    assert shared.landscape is landscape
    for one, other in zip(plain.groups, shared.groups, strict=True):
        np.testing.assert_array_equal(one.position, other.position)
        np.testing.assert_array_equal(one.train_loss, other.train_loss)


def test_an_inline_call_fails_where_its_result_is_asked_for() -> None:
    failed = InlineExecutor().submit(int, "x")
    with pytest.raises(ValueError, match="invalid literal"):
        failed.result()
