"""A learning rate for each parameter: lr = [of x, of y]."""

import tomllib
from typing import Any

import numpy as np
import pytest

from errsurf import Scenario, ScenarioError, build_scenario, scenario_from, simulate
from errsurf.results.folder import open_result
from errsurf.results.run import run_scenario
from errsurf.run.result import Group, Result
from errsurf.scenario.writing import toml

pytestmark = pytest.mark.usefixtures("compiled")

SADDLE = {"kind": "saddle", "examples": 20, "shift": 0.1, "scale": 1.2, "tilt": 0.3}


def scenario(*groups: dict[str, Any], **run: Any) -> Scenario:
    return build_scenario(
        surface=SADDLE,
        swarm={"particles": 20, "start": "cloud", "at": [0.3, 0.9], "spread": 0.2},
        run={"updates": 40, "frames": "all", "precision": "float64"} | run,
        optimizer=[{"kind": "sgd", "batch": 3} | group for group in groups],
    )


def paths(*groups: dict[str, Any], **run: Any) -> list[Group]:
    return list(simulate(scenario(*groups, **run)).groups)


@pytest.mark.parametrize("kind", ["sgd", "adam", "rprop"])
def test_two_equal_rates_are_one(kind: str) -> None:
    one, two = paths({"kind": kind, "lr": 0.03, "label": "1"}, {"kind": kind, "lr": [0.03, 0.03], "label": "2"})
    np.testing.assert_array_equal(two.position, one.position)
    np.testing.assert_array_equal(two.lr, np.stack([one.lr, one.lr], axis=1))


def test_a_parameter_with_rate_0_stays_and_the_other_moves_as_alone() -> None:
    """On a surface whose x and y do not meet."""
    both, x_alone = paths({"lr": 0.05, "label": "1"}, {"lr": [0.05, 0.0], "label": "2"})
    np.testing.assert_array_equal(x_alone.position[..., 0], both.position[..., 0])
    assert (x_alone.position[..., 1] == x_alone.position[0, :, 1]).all()


def test_each_rate_follows_the_schedule() -> None:
    (group,) = paths({"lr": [0.05, 0.02], "schedule": {"decay": "cosine", "warmup": 5}})
    one, other = (paths({"lr": lr, "schedule": {"decay": "cosine", "warmup": 5}})[0] for lr in (0.05, 0.02))
    np.testing.assert_array_equal(group.lr, np.stack([one.lr, other.lr], axis=1))
    np.testing.assert_array_equal(group.position[..., 0], one.position[..., 0])
    np.testing.assert_array_equal(group.position[..., 1], other.position[..., 1])


def test_a_change_may_give_each_a_rate_and_one_again() -> None:
    changes = [{"after": 10, "lr": [0.01, 0.04]}, {"after": 20, "lr": 0.02}]
    (group,) = paths({"lr": 0.05, "changes": changes})
    np.testing.assert_array_equal(np.unique(group.lr, axis=0), [[0.01, 0.04], [0.02, 0.02], [0.05, 0.05]])
    (plain,) = paths({"lr": 0.05})
    np.testing.assert_array_equal(group.position[:11], plain.position[:11])
    assert np.abs(group.position[11] - plain.position[11]).max() > 1e-4


def test_effective_rates_are_those_of_each() -> None:
    (group,) = paths({"lr": [0.05, 0.02]}, record=["effective_rate"])
    expected = np.broadcast_to([0.05, 0.02], (40, 16, 2))
    np.testing.assert_allclose(group.parts["effective_rate"][1:], expected, rtol=1e-12)


def test_scaling_scales_both_and_a_file_keeps_them() -> None:
    given = scenario({"lr": [0.05, 0.02], "lr_scaling": "linear", "lr_batch": 6})
    assert given.optimizer[0].settings.lr == (0.025, 0.01)
    assert tomllib.loads(toml(given))["optimizer"][0]["lr"] == [0.025, 0.01]


def test_a_stored_result_has_both_rates(tmp_path: Any) -> None:
    report = run_scenario(scenario({"lr": [0.05, 0.02]}), tmp_path / "out")
    opened: Result = open_result(report.folder)
    assert opened.groups[0].lr.shape == (41, 2)
    np.testing.assert_array_equal(opened.groups[0].lr[0], [0.05, 0.02])


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ({"kind": "sgd", "lr": [0.1]}, "optimizer[1].lr"),
        ({"kind": "sgd", "lr": [0.1, -0.1]}, "at least 0"),
        ({"kind": "newton", "lr": [0.1, 0.2]}, "optimizer[1].lr"),
    ],
)
def test_what_is_no_rate_is_refused(group: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words.replace("[", r"\[").replace("]", r"\]")):
        scenario_from({"surface": SADDLE, "run": {"updates": 5}, "optimizer": [group]})
