"""Every optimizer against stored paths of torch.optim 2.13 or another package, else straight loops, in float64.

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
    package_cases,
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
    """On the bowl, where the kernel that all tests share is at hand; kernels are the same code on all surfaces.

    Plain rules get the same signs at every update, kernels draw them: these are compared where there are none.
    """
    for case in cases(name):
        signs = getattr(optimizer(name).settings(**case.settings), "hutchinson", False)
        if case.surface == "quadratic_bowl" and not signs:
            assert worst_difference(engine_path(case), expected(case)) < TOLERANCE, case


@pytest.mark.parametrize("name", IN_TORCH)
def test_the_straight_loops_that_other_tests_trust(name: str) -> None:
    for case in torch_cases(name):
        assert worst_difference(loop_path(case, 100), case.theta) < TOLERANCE, case


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_names_what_the_rule_was_compared_with(name: str) -> None:
    packages = {case.package for case in cases(name)} - {""}
    assert {package for package in packages if package not in optimizer(name).reference} == set()
    assert "torch.optim" not in optimizer(name).reference or any("torch.optim" in package for package in packages)


def test_the_stored_paths_are_of_this_torch() -> None:
    assert str(stored()["torch"]).startswith("2.13.")


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_takes_two_values_in_some_case(name: str) -> None:
    """So that none of them is without effect unseen; five settings and three surfaces for each optimizer."""
    record = optimizer(name)
    chosen = [record.settings(**case.settings) for case in cases(name)]
    for field in get_type_hints(record.settings):
        assert len({getattr(settings, field) for settings in chosen}) > 1, field
    several = torch_cases(name) or package_cases(name) or own_cases(name)
    assert len({record.settings(**case.settings) for case in several}) == 5
    assert len({case.surface for case in several}) == 3
    assert len(several) == 15


def test_paths_go_somewhere() -> None:
    """A comparison of points that have hardly moved would prove little."""
    for name in NAMES:
        for case in cases(name):
            assert max(abs(case.theta[-1] - case.theta[0])) > 0.05, case
