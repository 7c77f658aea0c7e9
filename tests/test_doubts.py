"""Sentences about what an author may not mean, said by check and run; none for scenarios that are as they should be."""

from typing import Any

import pytest

from errsurf import read_scenario, scenario_from
from errsurf.results.doubts import doubts
from errsurf.scenario import bundled
from helpers.command_line import TWO_GROUPS, CommandLine

INTENDED = {
    "catapult": [
        "lr 0.75: lr 0.75 is above 0.4774, 2 / sharpness at the start",
        "lr 1.3: lr 1.3 is above 0.4774, 2 / sharpness at the start",
    ],
}
"""What bundled scenarios are about."""
BOWL = {"kind": "expression", "loss": "2*x^2 + y^2", "examples": 4}
FAR = {"kind": "expression", "loss": "(x-1000)^2/2 + (y-1000)^2/2", "examples": 1}
SADDLE = {"kind": "saddle", "examples": 20, "tilt": 0.4}
LOG = {"kind": "expression", "loss": "log(y) + 1/(2*y^2) + x^2/2", "examples": 1}
CLAIM = {"says": "a", "statistic": "train_loss", "below": 1.0}
SAID: dict[str, tuple[dict[str, Any], str]] = {
    "rate of 0": ({"optimizer": [{"kind": "adam", "lr": 0}]}, "adam, full batch: lr is 0, so its particles stay"),
    "a rate each": (
        {"optimizer": [{"kind": "sgd", "lr": [0.1, 0.01]}]},
        "lr of x is 0.1, of y 0.01; a label with both says so, and --set optimizer.lr=0.1,0.01 makes a group of each",
    ),
    "a rate each for one group": (
        {"optimizer": [{"kind": "adam", "lr": [0.1, 0.01], "label": "A"}, {"kind": "sgd", "lr": 0.1}]},
        "and --set A.lr=0.1,0.01 makes a group of each",
    ),
    "large rate": ({"optimizer": [{"kind": "sgd", "lr": 0.51}]}, "lr 0.51 is above 0.5, 2 / sharpness at the start"),
    "alike": (
        {"optimizer": [{"kind": "sgd", "lr": 0.1}, {"kind": "sgd", "lr": 0.1, "batch": 2}]},
        "all 4 examples are alike, so every batch has the same gradient as all of them; surface.tilt or surface.shift",
    ),
    "few particles": (
        {"swarm": {"particles": 5, "start": "cloud"}, "claim": [CLAIM]},
        "claims have no intervals over 5 particles; 6 or more have them",
    ),
    "float32": (
        {"surface": FAR, "swarm": {"start": "point", "at": [1001, 1001]}, "optimizer": [{"kind": "sgd", "lr": 1e-4}]},
        'float32 has steps of 6.1e-05 near 1,001, so no slope below 0.3052 moves it; run.precision = "float64" does',
    ),
    "start on a saddle": (
        {"surface": SADDLE, "swarm": {"start": "point", "at": [0, 0]}},
        "sgd, full batch: starts where the full gradient is 0, so nothing but rounding moves it",
    ),
    "undefined": ({"surface": LOG, "swarm": {"start": "point", "at": [0.5, -0.8]}}, "the loss is undefined at"),
}
SILENT: dict[str, dict[str, Any]] = {
    "nothing": {},
    "rate of 0 for a while": {"optimizer": [{"kind": "sgd", "lr": 0, "changes": [{"after": 2, "lr": 0.1}]}]},
    "rate at the limit": {"optimizer": [{"kind": "sgd", "lr": 0.49}]},
    "a rate each that the label tells": {"optimizer": [{"kind": "sgd", "lr": [0.1, 0.01], "label": "0.1 and 0.01"}]},
    "momentum": {"optimizer": [{"kind": "sgd", "lr": 0.9, "momentum": 0.9}]},
    "warmup": {"optimizer": [{"kind": "sgd", "lr": 0.6, "schedule": {"warmup": 3}}]},
    "one batch size": {"optimizer": [{"kind": "sgd", "lr": 0.1, "batch": 2}]},
    "examples that differ": {
        "surface": BOWL | {"tilt": 0.1},
        "optimizer": [{"kind": "sgd", "lr": 0.1}, {"kind": "sgd", "lr": 0.1, "batch": 2}],
    },
    "nothing at random": {"swarm": {"particles": 1, "start": "point", "at": [1, 1]}, "claim": [CLAIM]},
    "enough particles": {"swarm": {"particles": 6, "start": "cloud"}, "claim": [CLAIM]},
    "start beside a saddle": {"surface": SADDLE, "swarm": {"start": "point", "at": [0.001, 0]}},
    "start on a saddle with noise": {
        "surface": SADDLE,
        "swarm": {"start": "point", "at": [0, 0]},
        "optimizer": [{"kind": "sgd", "lr": 0.1, "noise": {"kind": "isotropic", "deviation": 0.1}}],
    },
    "start on a saddle with batches": {
        "surface": SADDLE,
        "swarm": {"start": "point", "at": [0, 0]},
        "optimizer": [{"kind": "sgd", "lr": 0.1, "batch": 4}],
    },
    "float64": {
        "surface": FAR,
        "swarm": {"start": "point", "at": [1001, 1001]},
        "run": {"updates": 5, "precision": "float64"},
        "optimizer": [{"kind": "sgd", "lr": 1e-4}],
    },
}


def said(more: dict[str, Any]) -> list[str]:
    tables: dict[str, Any] = {
        "surface": BOWL,
        "run": {"updates": 5},
        "swarm": {"particles": 20, "start": "cloud", "at": [1, 1]},
        "optimizer": [{"kind": "sgd", "lr": 0.1}],
    }
    return doubts(scenario_from(tables | more, name="mine"))


@pytest.mark.parametrize("name", SAID)
def test_a_doubt_is_said(name: str) -> None:
    more, words = SAID[name]
    (found,) = said(more)
    assert found.startswith("mine: ")
    assert words in found


@pytest.mark.parametrize("name", SILENT)
def test_there_is_no_false_alarm(name: str) -> None:
    assert said(SILENT[name]) == []


@pytest.mark.parametrize("name", bundled())
def test_bundled_scenarios_are_as_they_should(name: str) -> None:
    found, intended = doubts(read_scenario(name)), INTENDED.get(name, [])
    assert len(found) == len(intended)
    assert all(f"{name}: {words}" in one for one, words in zip(found, intended, strict=True))


FILE = """[surface]
kind = "expression"
loss = "x^2 + y^2"
examples = 2
[swarm]
particles = 8
at = [1.0, 1.0]
[run]
updates = 200
[[optimizer]]
kind = "sgd"
label = "still"
lr = 0
[[optimizer]]
kind = "sgd"
label = "wild"
lr = 5
"""


def test_check_and_run_say_the_same_and_run_names_groups_that_diverged(errsurf: CommandLine) -> None:
    file = errsurf.file(FILE)
    assert errsurf("check", file) == 0
    before = errsurf.err
    assert "still: lr is 0" in before
    assert "wild: lr 5 is above 1, 2 / sharpness at the start" in before
    assert errsurf("run", file, "--no-pictures") == 0
    assert all(line in errsurf.err for line in before.splitlines())
    assert "wild: 8 of 8 particles diverged, the first one at update" in errsurf.err
    assert "stopped on a slope" not in errsurf.out


def test_check_looks_at_the_cells_of_a_sweep(errsurf: CommandLine) -> None:
    """A batch that is varied may leave an uneven rest; the scenario's own batch is in no cell."""
    (errsurf.folder / "a.toml").write_text(
        """
[surface]
kind = "saddle"
examples = 20
tilt = 0.4

[swarm]
particles = 8
start = "point"
at = [0.0, 0.0]

[run]
updates = 5

[[optimizer]]
kind = "sgd"
lr = 0.05

[sweep.vary]
optimizer.batch = [4, 16]
""",
        encoding="utf-8",
    )
    assert errsurf("check", "a.toml") == 0
    assert "batch 16: the last batch of an epoch has 4 examples" in errsurf.err
    assert "rounding" not in errsurf.err


def test_a_region_that_no_particle_enters_is_named(errsurf: CommandLine) -> None:
    region = '[{statistic="time_to_leave", point=[50, 50], radius=0.5}]'
    small = ("--particles", "8", "--set", "run.updates=5", "--set", "claim=[]", "--no-pictures")
    assert errsurf("run", "saddle_escape", *small, "--set", f"measure={region}") == 0
    assert "no particle ever entered the region with at [50.0, 50.0], radius 0.5" in errsurf.err


def test_a_sweep_says_what_check_says_once(errsurf: CommandLine) -> None:
    text = TWO_GROUPS.replace("tilt = 0.4", "tilt = 0.4\nexamples = 20") + "\n[sweep.vary]\noptimizer.batch = [3, 6]\n"
    errsurf.file(text)
    assert errsurf("check", "small.toml") == 0
    doubts_of_check = errsurf.err.splitlines()
    assert doubts_of_check
    assert errsurf("sweep", "small.toml", "--seeds", "2", "-o", "s") == 0
    assert [line for line in errsurf.err.splitlines() if line in doubts_of_check] == doubts_of_check
    assert errsurf("sweep", "small.toml", "--seeds", "2", "-o", "t", "--quiet") == 0
    assert not set(errsurf.err.splitlines()) & set(doubts_of_check)
