"""Entries into regions and exits from them, counted by the kernels at every update, against all recorded frames."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf import ScenarioError, open_result, run_scenario, scenario_from, simulate
from errsurf.drawing.charts import drawable
from errsurf.engine import blocks
from errsurf.run.paths import walk
from errsurf.run.regions import passage, passages_at_frames
from errsurf.run.result import Result
from errsurf.settings.regions import disc, level

PLACES = [
    {"name": "disc", "at": [0, 0], "radius": 0.5},
    {"name": "box", "box": [[-0.4, 0.3], [-0.2, 1.0]]},
    {"name": "low", "loss": -0.15},
    {"name": "far", "at": [9, 9], "radius": 0.1},
]
SGD = {"kind": "sgd", "lr": 0.1, "batch": 5}
CASES: dict[str, dict[str, Any]] = {
    "own batches in several blocks": {"swarm.particles": 600},
    "float64": {"run.precision": "float64"},
    "portable": {"run.rounding": "portable"},
    "shared batches": {"run.sampling": {"shared": True}},
    "full batches": {"optimizer.batch": "full"},
    "wide, full": {"optimizer.batch": "full", "surface.examples": 300, "swarm.particles": 3},
    "wide, own": {"optimizer.batch": 100, "surface.examples": 300, "swarm.particles": 3},
    "an average is the answer": {"optimizer.wrappers": [{"kind": "ema"}]},
    "a probe": {"optimizer": [{"kind": "sam", "lr": 0.1, "batch": 5}]},
    "changes": {"optimizer.changes": [{"after": 20, "batch": 3}, {"after": 41, "batch": "full", "lr": 0.3}]},
    "divergence": {"optimizer.lr": 3.0},
}


def run(changes: Any = (), places: Any = PLACES, **more: Any) -> Result:
    tables = {
        "surface": {"kind": "saddle", "examples": 20, "tilt": 0.4},
        "swarm": {"particles": 60, "start": "cloud", "at": [0.0, 0.3], "spread": 0.3},
        "run": {"updates": 60, "frames": "all"},
        "optimizer": [SGD],
        "region": places,
    }
    return simulate(scenario_from(tables, changes=dict(changes) | more))


@pytest.mark.parametrize("case", CASES)
def test_every_update_counts(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    monkeypatch.setattr(blocks, "SLOTS", {"own": 1 << 13, "shared": 200, "wide": 900})  # several chunks
    result = run(CASES[case])
    for group in result.groups:
        at_frames = passages_at_frames(group, result.scenario.regions, partial(result.landscape.loss, which="train"))
        np.testing.assert_array_equal(group.entered, at_frames.entered)
        np.testing.assert_array_equal(group.left, at_frames.left)
        assert (group.entered[0] == 0).any()
        assert (group.entered[3] == -1).all()
        without = run(CASES[case], []).groups[0]
        assert np.array_equal(group.position, without.position)  # to count changes nothing
        assert without.entered.shape == (0, group.position.shape[1])


def test_a_particle_that_diverges_leaves() -> None:
    group = run({"optimizer.lr": 30.0, "run.updates": 200}).groups[0]
    inside = (group.entered[0] >= 0) & (group.entered[0] < group.diverged)
    assert (group.diverged >= 0).all()
    assert ((group.left[0] >= 0) & (group.left[0] <= group.diverged))[inside].all()


@pytest.mark.parametrize("stop", ["enter", "leave"])
def test_particles_stay_where_they_stopped(stop: str) -> None:
    free, held = (run({"optimizer.momentum": 0.9}, [PLACES[0] | more, PLACES[2]]) for more in ({}, {"stop": stop}))
    event = (free.groups[0].entered if stop == "enter" else free.groups[0].left)[0]
    found = (held.groups[0].entered if stop == "enter" else held.groups[0].left)[0]
    assert np.array_equal(event, found)
    assert (event > 0).any()
    assert (held.groups[0].diverged == -1).all()
    for particle in range(60):
        path, same = held.groups[0].position[:, particle], free.groups[0].position[:, particle]
        until = event[particle] if event[particle] >= 0 else 60
        assert np.array_equal(path[: until + 1], same[: until + 1])
        assert (path[until:] == path[until]).all()


def test_frames_do_not_matter_and_a_region_may_be_asked_for_later() -> None:
    fewer = run({"run.frames": 3, "run.losses": False})
    exact, group = run().groups[0], fewer.groups[0]
    assert np.array_equal(group.entered, exact.entered)
    assert (group.train_loss.shape, group.loss_particles.shape) == ((3, 0), (0,))
    plain = run({"run.frames": [7, 30]}, [])
    assert plain.groups[0].update.tolist() == [0, 7, 30, 60]
    for region, number in ((disc((0, 0), 0.5), 0), (level(-0.15), 2)):
        assert np.array_equal(passage(plain, 0, region).left, exact.left[number])
    assert np.array_equal(passage(fewer, 0, "disc").entered, exact.entered[0])
    with pytest.raises(KeyError, match="no region `disk`; there are `disc`, `box`"):
        passage(fewer, 0, "disk")


def test_single_particles_run_again_stop_too() -> None:
    result, chosen = run(places=[PLACES[0] | {"stop": "leave"}]), np.array([3, 17, 40])
    walked = np.concatenate([part.position for part in walk(result.scenario, 0, chosen, 60).on(60)])
    assert np.array_equal(walked, np.float64(result.groups[0].position[1:, chosen]))


def test_statistics_speak_of_the_same_regions(tmp_path: Path) -> None:
    leaves = {"says": "They leave.", "statistic": "time_to_leave", "below": 60.0}
    lows = {"says": "They get low.", "statistic": "time_to_loss", "loss": -0.2, "below": 60.0}
    claims = [leaves | {"point": [0, 0], "radius": 0.5}, leaves | {"region": "disc"}, lows]
    result = run({"claim": claims, "run.frames": 5})
    report = run_scenario(result.scenario, tmp_path / "out", pictures=False)
    first, second, third = (claim.comparisons[0].estimate for claim in report.claims)
    assert first == second
    assert [region.kind for region in result.scenario.regions] == ["at", "box", "loss", "at", "loss"]
    assert third.value == np.median(result.groups[0].entered[4])
    again = open_result(tmp_path / "out").groups[0]
    assert np.array_equal(again.entered, result.groups[0].entered)
    assert np.array_equal(again.left, result.groups[0].left)


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no place": ({"region": [{"name": "a"}]}, r"region\[1\]: needs one of at, box, loss"),
    "two places": ({"region": [{"name": "a", "loss": 1.0, "at": [0, 0], "radius": 1}]}, "and at and loss are given"),
    "no radius": ({"region": [{"name": "a", "at": [0, 0]}]}, r"region\[1\].radius: missing, and `at` needs it"),
    "no middle": ({"region": [{"name": "a", "radius": 1, "loss": 1.0}]}, r"region\[1\].at: missing"),
    "one name twice": ({"region": [PLACES[0], PLACES[0]]}, r"region\[2\].name = \"disc\": is the name of another"),
    "a box upside down": ({"region": [{"name": "a", "box": [[0, 1], [1, 0]]}]}, "the smaller one first"),
    "unknown": ({"claim": [{"says": "a", "statistic": "time_to_leave", "region": "disk", "below": 3}]}, "mean `disc`"),
    "both": (
        {"claim": [{"says": "a", "statistic": "time_to_loss", "region": "disc", "loss": 1, "below": 3}]},
        "loss is given too",
    ),
    "neither": (
        {"claim": [{"says": "a", "statistic": "time_to_leave", "point": [0, 0], "below": 3}]},
        "radius: missing, and time_to_leave needs it",
    ),
    "frames after the end": ({"run.frames": [3, 61]}, "after the end of the run"),
    "frames in disorder": ({"run.frames": [3, 3]}, "not in ascending order"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_said(fault: str) -> None:
    changes, words = FAULTS[fault]
    with pytest.raises(ScenarioError, match=words):
        run(changes)


def test_a_run_without_losses_is_drawn_without_them() -> None:
    with_losses, without = run(), run({"run.losses": False})
    assert drawable(("loss", "gap"), with_losses, (), told_apart=False) == ("loss", "gap")
    assert drawable(("loss", "gap"), without, (), told_apart=False) == ("lr",)
