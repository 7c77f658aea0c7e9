"""Every optimizer against torch.optim 2.13, and what torch has not against straight loops, in float64.

Five settings an optimizer, three surfaces, 1,000 updates; the other settings' forms likewise.
"""

import json
from typing import get_type_hints

import numpy as np
import pytest

from errsurf.optimizers import optimizer, optimizer_names
from helpers.optimizer_cases import (
    TOLERANCE,
    Array,
    Case,
    cases,
    engine_path,
    loop_path,
    own_cases,
    rule_difference,
    stored,
    torch_cases,
    worst_difference,
)

NAMES = [name for name in optimizer_names() if cases(name)]
IN_TORCH = sorted({json.loads(str(text))["optimizer"] for text in stored()["cases"]})


@pytest.mark.parametrize("name", NAMES)
def test_the_rule_in_plain_python(name: str) -> None:
    """Over all updates; the tolerance is relative to theta."""
    for case in cases(name):
        assert rule_difference(optimizer(name), case) < TOLERANCE, case


def expected(case: Case) -> Array:
    """The point that the rule shows, where the reference has it, else theta."""
    return np.where(np.isfinite(case.shown), case.shown, case.theta)


@pytest.mark.parametrize("name", NAMES)
def test_the_compiled_rule(name: str) -> None:
    """On the bowl, where the kernel that all tests share is at hand; kernels are the same code on all surfaces."""
    for case in cases(name):
        if case.surface == "quadratic_bowl":
            assert worst_difference(engine_path(case), expected(case)) < TOLERANCE, case


@pytest.mark.parametrize("name", IN_TORCH)
def test_the_straight_loops_that_other_tests_trust(name: str) -> None:
    for case in torch_cases(name):
        assert worst_difference(loop_path(case, 100), case.theta) < TOLERANCE, case


def test_torch_has_been_asked_for_all_it_has() -> None:
    assert set(IN_TORCH) == {name for name in optimizer_names() if "torch.optim" in optimizer(name).reference}
    assert str(stored()["torch"]).startswith("2.13.")


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_takes_two_values_in_some_case(name: str) -> None:
    """So that none of them is without effect unseen; five settings and three surfaces for each optimizer."""
    record = optimizer(name)
    chosen = [record.settings(**case.settings) for case in cases(name)]
    for field in get_type_hints(record.settings):
        assert len({getattr(settings, field) for settings in chosen}) > 1, field
    several = torch_cases(name) or own_cases(name)
    assert len({record.settings(**case.settings) for case in several}) == 5
    assert len({case.surface for case in several}) == 3
    assert len(several) == 15


def test_paths_go_somewhere() -> None:
    """A comparison of points that have hardly moved would prove little."""
    for name in NAMES:
        for case in cases(name):
            assert max(abs(case.theta[-1] - case.theta[0])) > 0.05, case
