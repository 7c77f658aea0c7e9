"""Claims that a page checks: the numbers, intervals and verdicts of Python."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import errsurf
from errsurf.claims.checking import checked
from errsurf.run_analysis.findings import Findings
from errsurf.statistics import statistic_names
from errsurf.web.formulas import Formulas, formulas, script
from helpers.live_recordings import SCRIPT, kept_orders, recording
from helpers.node import NODE, run_node_later

pytestmark = pytest.mark.skipif(NODE is None, reason="no node on this machine runs the page's scripts")

AT = {"point": (0.0, 0.0)}
PLANE = {"point": (0.3, 0.1), "direction": (1.0, 0.5)}
# Settings of each statistic, and what is said of it.
CLAIMED: dict[str, dict[str, Any]] = {
    "autocorrelation": {"axis": "x", "lag": 2, "after": "25%", "above": "b", "group": "a"},
    "batch_covariance": {"part": "xy", "batch": 4, "below": 5.0},
    "cloud_covariance": {"part": "xx", "above": "b", "group": "a", "times": 1.2},
    "effective_temperature": {"point": (0.1, 0.0), "above": 0.0, "at": "50%"},
    "hessian_spectrum": {"of": "condition", "below": 50.0},
    "mean_squared_displacement": {"after": 10, "above": "a", "group": "b"},
    "noise_scale": {"above": 1.0, "take": "median"},
    "position": {"axis": "y", "above": "c", "group": "a"},
    "stationary_covariance": {"part": "trace", "after": "75%", "above": "b", "group": "a"},
    "apart": {"other": "b", "above": 0.1},
    "batch_cosine": {"above": "b", "take": "mean"},
    "batch_error": {"batch": 3, "below": 5.0, "at": "50%"},
    "batch_error_law": {"equals": 1.0, "within": 0.5, "take": "mean"},
    "correlation": {"first": "train_loss", "second": "sharpness", "above": -0.5},
    "distance": {**AT, "below": "a", "group": "b", "times": 1.5, "at": 9},
    "effective_rate": {"axis": "x / y", "group": "c", "above": 0.5},
    "gap": {"above": "c", "group": ("a", "b"), "at": "2 epochs"},
    "gradient_norm": {"of": "batch", "above": ("b", "c"), "group": "a"},
    "largest_movement": {"after": "25%", "above": 1e-3, "take": "largest"},
    "lr": {"equals": 0.1, "within": 0.3},
    "matched_gap": {"other": "b", "within_loss": 0.1, "above": -2.0, "group": "a"},
    "momentum_sum": {"momentum": 0.5, "above": 0.1, "group": "a"},
    "path_length": {"after": "1 epoch", "above": "b", "group": "a", "times": 1.1},
    "seconds_an_update": {"below": 10.0},
    "share_diverged": {"below": 0.5},
    "share_in_basin": {"near": (1.0, 0.0), "above": "b", "group": "a", "times": 0.7},
    "share_near": {**AT, "radius": 0.8, "above": "b", "group": "a"},
    "share_passed": {**PLANE, "equals": "b", "within": 0.2, "group": "c", "other_at": "0%"},
    "share_reached": {"loss": -0.2, "above": 0.1},
    "sharpness": {"above": 1.0, "take": "smallest"},
    "swings": {"axis": "x", "around": 0.9, "after": 5, "below": 30.0},
    "test_loss": {"above": "a", "group": "a", "at": "10%", "other_at": "100%"},
    "test_loss_at": {"train_loss": -0.1, "above": -1.0},
    "rate_of_leaving": {**AT, "radius": 0.6, "above": "c", "group": "a"},
    "restricted_time_to_leave": {**AT, "radius": 0.6, "unit": "epochs", "below": "b", "group": "a", "at": "90%"},
    "share_left": {**AT, "radius": 0.6, "above": 0.1, "at": "50%"},
    "time_to_leave": {**AT, "radius": 0.6, "unit": "examples", "above": 3.0},
    "time_to_loss": {"loss": -0.15, "unit": "epochs", "below": "b", "group": "a"},
    "together_again": {"below": 0.9, "group": "b"},
    "train_loss": {"below": "b", "group": ("a", "c")},
    "updates_an_epoch": {"above": 2.0},
}
GROUPS = [
    {"label": "a", "kind": "sgd", "lr": 0.1, "momentum": 0.5, "batch": 2},
    {"label": "b", "kind": "adam", "lr": 0.05, "batch": 5, "changes": [{"after": 20, "batch": 10, "lr": 0.2}]},
    {"label": "c", "kind": "sgd", "lr": 0.9, "batch": 3, "accumulate": 2},
]
RUN = {"updates": 60, "frames": "all", "record": ["gradient", "movement", "effective_rate"], "precision": "float64"}
SURFACE = {"kind": "saddle", "examples": 20, "tilt": 1.5, "scale": 1.5, "test": {"tilt": 0.4, "shift": [0.5, 0.0]}}


@pytest.fixture(scope="module")
def made() -> Formulas:
    return formulas()


def of_every_statistic() -> errsurf.Scenario:
    claims = [{"says": name, "statistic": name, **keys} for name, keys in CLAIMED.items()]
    swarm = {"particles": 40, "start": "cloud", "at": [0.2, 0.1], "spread": 0.4}
    return errsurf.scenario_from({"surface": SURFACE, "swarm": swarm, "run": RUN, "optimizer": GROUPS, "claim": claims})


def bundled(name: str) -> errsurf.Scenario:
    return errsurf.read_scenario(name, {"swarm.particles": 50})


def both(scenario: errsurf.Scenario, scripts: str, folder: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each claim as Python checks it, and as node does."""
    findings = Findings(errsurf.simulate(scenario))
    with kept_orders() as orders:
        expected = checked(findings)
    body = "checkedClaims(await read(), told.claims)"
    engine = script("engine").replace("if (typeof module", "if (false && typeof module")
    found = run_node_later(scripts + engine, SCRIPT, body, recording(findings, orders), folder)
    return zip(expected, found, strict=True)


@pytest.mark.parametrize("name", ["", "growing_batch", "next_batch_has_slope", "same_training_loss", "saddle_escape"])
def test_claims_have_the_same_numbers_intervals_and_verdicts(name: str, made: Formulas, tmp_path: Path) -> None:
    for ours, theirs in both(bundled(name) if name else of_every_statistic(), made.text, tmp_path):
        assert "error" not in theirs, (ours.claim.statistic, theirs["error"])
        assert (ours.verdict, ours.minimum) == (theirs["verdict"], theirs["minimum"]), ours
        for one, other in zip(ours.comparisons, theirs["comparisons"], strict=True):
            assert (one.group, one.other, one.verdict) == (other["group"], other["other"], other["verdict"])
            for key in ("estimate", "reference", "compared"):
                numbers = [*other[key].values()]
                np.testing.assert_allclose(numbers, getattr(one, key), 1e-9, 1e-12, err_msg=str((ours.claim, key)))


def test_every_statistic_is_claimed_here() -> None:
    assert set(CLAIMED) == set(statistic_names())


def test_a_statistic_that_a_page_lacks_is_said(made: Formulas) -> None:
    assert made.missing == {}
    without = formulas([("optimizer", "sgd"), ("statistic", "correlation")])
    for name in ("train_loss", "test_loss", "gap", "sharpness", "correlation"):
        assert f"{name}:{{values:" in without.text
    assert "distance:{values:" not in without.text
    assert json.dumps(sorted(without.missing)) == "[]"
