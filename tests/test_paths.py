"""A drawn trail is the path: every update, the same bits as in the run, and no line that no particle walked."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf import scenario_from, simulate
from errsurf.drawing import painter
from errsurf.drawing.history.frames import clock_values
from errsurf.drawing.history.pace import Pace, frame_clocks
from errsurf.drawing.history.window import picture_window
from errsurf.drawing.map.trails import thinned
from errsurf.run.paths import paths, walk
from errsurf.run.result import Result
from errsurf.scenario import Scenario
from errsurf.scenario.frame_marks import frame_updates, marks_between


def scenario(updates: int = 60, frames: int | str = 4, particles: int = 70, **tables: Any) -> Scenario:
    group = {"kind": "sgd", "lr": 0.05, "batch": 3, "momentum": 0.9}
    groups = [group, {**group, "batch": "full", "changes": [{"after": 25, "lr": 0.01}]}]
    folder = tables.pop("folder", None)
    return scenario_from(
        {
            "surface": {"kind": "wells", "tilt": 1.0},
            "swarm": {"particles": particles, "start": "cloud", "spread": 0.4},
            "run": {"updates": updates, "frames": frames, **tables.pop("run", {})},
            "optimizer": tables.pop("optimizer", groups),
            **tables,
        },
        folder,
    )  # fmt: skip


def whole(result: Result, k: int, chosen: Any) -> tuple[Any, Any]:
    found = list(paths(result, k, np.array(chosen)))
    return tuple(np.concatenate([getattr(part, name) for part in found]) for name in ("update", "position"))


@pytest.mark.parametrize("k", [0, 1])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_particles_that_run_again_walk_the_same_path(k: int, precision: str) -> None:
    """Some of 70 particles, over a change of settings, against a run that records all updates: the same bits."""
    chosen = [0, 17, 69]
    run = {"precision": precision}
    update, position = whole(simulate(scenario(run=run)), k, chosen)
    good = simulate(scenario(frames="all", run=run)).groups[k]
    assert np.array_equal(update, np.arange(61))
    assert np.array_equal(position, good.position[:, chosen].astype(float))


def test_a_particle_that_diverges_ends_its_path() -> None:
    groups = [{"kind": "sgd", "lr": 30.0}]
    result = simulate(scenario(updates=40, optimizer=groups, surface={"kind": "saddle"}))
    gone = int(result.groups[0].diverged[5])
    assert 0 < gone < 40
    _, position = whole(result, 0, [5])
    assert np.isfinite(position[:gone]).all()
    assert np.isnan(position[gone:]).all()


def test_frames_that_the_second_run_does_not_meet_are_not_joined() -> None:
    """As after a run on another device: no line leads over updates that nobody knows."""
    result = simulate(scenario())
    moved = np.array(result.groups[0].position)
    moved[2:] += 0.1
    foreign = replace(result, groups=[replace(result.groups[0], position=moved), result.groups[1]])
    update, position = whole(foreign, 0, [3])
    known = np.isin(update, result.groups[0].update)
    assert np.isfinite(position[update <= 20]).all()
    assert np.isnan(position[(update > 20) & ~known]).all()
    assert np.allclose(position[update == 60][-1], moved[-1, 3])


def test_a_walk_goes_on_beyond_its_first_length() -> None:
    some = np.array([2, 40])
    short, long = walk(scenario(), 0, some, 5), walk(scenario(), 0, some, 60)
    pieces = [part.position for last in (3, 9, 60) for part in short.on(last)]
    assert np.array_equal(np.concatenate(pieces), np.concatenate([part.position for part in long.on(60)]))


def distance(points: Any, path: Any) -> Any:
    """Distance of each point (n, 2) to the drawn pieces of a path (m, 2)."""
    best = np.full(len(points), np.inf)
    for a, b in pairwise(path):
        if np.isfinite(a + b).all():
            along = np.clip((points - a) @ (b - a) / max((b - a) @ (b - a), 1e-300), 0, 1)
            best = np.minimum(best, np.hypot(*(points - a - along[:, None] * (b - a)).T))
    return best


@pytest.mark.parametrize("kind", ["zigzag", "curve", "noise", "jumps"])
def test_a_thinned_path_covers_all_of_the_path_and_nothing_else(kind: str) -> None:
    draw, k = np.random.default_rng(3), np.arange(1500.0)
    path = {
        "zigzag": np.stack([0.2 * k, 200 + 100 * (-1) ** k], axis=1),
        "curve": np.stack([0.3 * k, 100 + 50 * np.sin(k / 150)], axis=1),
        "noise": 300 + draw.normal(0, 0.2, (1500, 2)),
        "jumps": 300 + draw.normal(0, 2.0, (1500, 2)).cumsum(axis=0),
    }[kind]
    path[700:720] = np.nan
    points, clock = thinned(path, k, 30.0)
    assert np.all(np.diff(clock) >= 0)
    assert distance(path[np.isfinite(path[:, 0])], points).max() < 1.5
    ends = [(a, b) for a, b in pairwise(points) if np.isfinite(a + b).all()]
    middles = np.array([a + share * (b - a) for a, b in ends for share in (0.3, 0.5, 0.8)])
    assert distance(middles, path).max() < 0.5
    assert len(points) < {"zigzag": 1300, "curve": 120, "noise": 600, "jumps": 1500}[kind]


def test_a_zigzag_between_recorded_frames_is_drawn() -> None:
    """Every 50th update is recorded, after which theta is on one side; the trail shows both sides."""
    groups = [{"kind": "sgd", "lr": 0.1, "batch": "full"}]
    ravine = {"kind": "ravine", "elongation": 400, "sharpness": 40}
    swarm = {"particles": 1, "start": "point", "at": [-3.0, 0.3]}
    window = {"x": [-3.5, 1.0], "y": [-0.8, 0.8]}
    made = scenario(100, 3, optimizer=groups, surface=ravine, swarm=swarm, picture={"window": window, "trails": 1})
    ready = painter(simulate(made))
    (trail,) = ready.scene.swarms[0].trails[0]
    _, _, y1, down = ready.scene.swarms[0].scale
    y = y1 - trail.points[:, 1] / down
    assert (simulate(made).groups[0].position[:, 0, 1] > 0).all()
    assert np.nanmin(y) < -0.2


def test_eight_updates_are_eight_points() -> None:
    few = scenario(8, "all", optimizer=[{"kind": "sgd", "lr": 0.05}], picture={"trails": 1, "markers": []})
    ready = painter(simulate(few))
    (trail,) = ready.scene.swarms[0].trails[0]
    assert trail.steps
    assert len(trail.points) == 9


@pytest.mark.parametrize("kind", ["even", "eased", "log"])
def test_a_pace_goes_from_start_to_end_and_back(kind: str) -> None:
    pace = Pace(kind, 1000.0, 5.0)
    clocks = pace.clocks(11)
    assert clocks[[0, -1]] == pytest.approx([0.0, 1000.0])
    assert pace.evened(clocks) == pytest.approx(np.linspace(0, 1000, 11))


def test_the_pace_decides_when_frames_are_shown() -> None:
    result = simulate(scenario(picture={"pace": "eased", "seconds": 1.0, "fps": 25}))
    assert frame_clocks(result, 25.0)[12] == pytest.approx(60 * (12 / 24) ** 2)


def test_frames_are_dense_at_the_start_where_asked() -> None:
    even, log = scenario(1000, 11), scenario(1000, 11, run={"frame_spacing": "log"})
    assert np.array_equal(frame_updates(even, 1000, 1000), np.arange(0, 1001, 100))
    marks = frame_updates(log, 1000, 1000)
    assert marks[[0, 5, -1]].tolist() == [0, 31, 1000]
    for some in (even, log):
        found = [marks_between(some, 1000, 1000, first, first + 250) for first in range(0, 1000, 250)]
        assert np.array_equal(np.concatenate(found), np.unique(frame_updates(some, 1000, 1000))[1:])
        assert marks_between(some, 1000, 1000, 1000, 3000).size > 0


@pytest.mark.parametrize(("run", "clock"), [({"updates": 12}, "updates"), ({"updates": None, "epochs": 2}, "examples")])
def test_the_clock_follows_what_the_run_counts(run: dict[str, Any], clock: str) -> None:
    tables = {key: value for key, value in run.items() if value is not None}
    made = scenario_from({"surface": {"kind": "wells"}, "run": tables, "optimizer": [{"kind": "sgd", "batch": 4}]})
    assert made.picture.clock == clock


def test_batch_sizes_of_one_length_in_updates_end_together() -> None:
    groups = [{"kind": "sgd", "batch": batch} for batch in (1, "full")]
    result = simulate(scenario(optimizer=groups))
    ends = {int(clock_values(group, result.scenario.picture.clock)[-1]) for group in result.groups}
    assert ends == {60}


def test_the_window_holds_starts_and_minimum_of_a_formula() -> None:
    """Starts far from the default window of formulas: they and the minimum below them are seen."""
    loss = {"kind": "expression", "loss": "(x - 310)^2 + 3*(y + 220)^2"}
    swarm = {"particles": 5, "start": "cloud", "at": [300.0, -200.0], "spread": 0.1}
    result = simulate(scenario(3, optimizer=[{"kind": "sgd", "lr": 1e-4}], surface=loss, swarm=swarm))
    (x0, x1), (y0, y1) = picture_window(result, painter(result).layout.map)
    assert x0 < 300 < 310 < x1
    assert y0 < -220 < -200 < y1
    assert x1 - x0 < 60


def test_the_window_follows_from_data(tmp_path: Path) -> None:
    (tmp_path / "line.csv").write_text("input,target\n" + "".join(f"{k},{40 * k + 300}\n" for k in range(9)))
    made = scenario(5, optimizer=[{"kind": "sgd", "lr": 1e-3}], swarm={"particles": 1, "start": "point", "at": [0, 0]},
                    surface={"kind": "linear_regression", "data": "line.csv"}, folder=tmp_path)  # fmt: skip
    (x0, x1), (y0, y1) = picture_window(simulate(made), painter(simulate(made)).layout.map)
    assert x0 < 0 < 40 < x1
    assert y0 < 0 < 300 < y1


def test_the_window_of_a_known_surface_stays() -> None:
    """Also the search of critical points, which claims rest on, keeps to it."""
    result = simulate(scenario(3))
    (x0, x1), (y0, y1) = picture_window(result, painter(result).layout.map)
    assert x0 <= -2.0
    assert x1 >= 2.0
    assert (x1 - x0) < 8
    assert y0 <= -1.5 < 1.5 <= y1


def test_groups_may_start_at_places_of_their_own() -> None:
    group = {"kind": "sgd", "lr": 0.01}
    groups = [{**group, "label": "a", "at": [1.0, 0.5]}, {**group, "label": "b", "at": [-1.2, 0.3]}, group]
    result = simulate(scenario(20, 3, optimizer=groups, picture={"trails": 1}))
    starts = [np.asarray(group.position[0], float) for group in result.groups]
    assert np.allclose(starts[0] - starts[2], [1.0, 0.5], atol=1e-6)
    assert np.allclose(starts[1] - starts[0], [-2.2, -0.2], atol=1e-6)
    marked = [(place.x, place.y) for place in painter(result).scene.marks if place.kind == "start"]
    assert len(marked) in (0, 3)
    _, position = whole(result, 1, [4])
    assert np.allclose(position[-1], result.groups[1].position[-1, 4])


def test_the_window_of_a_formula_holds_where_its_particles_settle() -> None:
    """Egg holder from (300, -200): the particles leave the box of their starts and settle below it."""
    egg = "-(y+47)*sin(sqrt(abs(x/2+y+47)))-x*sin(sqrt(abs(x-y-47)))"
    swarm = {"particles": 20, "start": "cloud", "at": [300, -200], "spread": 0.05}
    made = scenario(
        100, optimizer=[{"kind": "sgd", "lr": 0.5}], surface={"kind": "expression", "loss": egg}, swarm=swarm
    )
    result = simulate(made)
    ready = painter(result)
    (x0, x1), (y0, y1) = ready.scene.maps.window
    ends = result.groups[0].position[-1]
    assert np.all((ends > (x0, y0)) & (ends < (x1, y1)))
    assert ready.scene.histories[0].outside.tolist() == [0] * len(ready.scene.histories[0].outside)


def test_a_picture_may_have_no_trails() -> None:
    ready = painter(simulate(scenario(picture={"trails": 0})))
    assert ready.scene.swarms[0].trails == [[], []]
    ready.frame(30.0)


def test_even_frames_are_rounded_as_they_always_were() -> None:
    """161 frames of 400 updates: halves go to even numbers, as `linspace` gives them."""
    made = scenario(400, 161)
    assert np.array_equal(frame_updates(made, 400, 400), np.round(np.linspace(0, 400, 161)))


def test_marks_are_where_particles_were_at_their_update() -> None:
    """Update 30 lies between the frames 20 and 40."""
    groups = [{"kind": "sgd", "lr": 0.05, "batch": 3}]
    few = simulate(scenario(optimizer=groups, picture={"trails": 1, "markers": [30]}))
    every = simulate(scenario(frames="all", optimizer=groups))
    (marker,) = painter(few).scene.markers
    assert marker.clock == 30
    assert np.array_equal(marker.points, every.groups[0].position[30][[0]].astype(float))


def test_marks_on_the_curve_of_one_parameter_are_between_frames_too() -> None:
    groups = [{"kind": "sgd", "lr": 0.01}]
    loss = {"kind": "expression", "loss": "x^4 - 2*x^3 + 1"}
    swarm = {"particles": 1, "start": "point", "at": [2.0, 0.0]}
    few, every = (
        simulate(
            scenario(60, frames, optimizer=groups, surface=loss, swarm=swarm, picture={"trails": 1, "markers": [30]})
        )
        for frames in (4, "all")
    )
    found, good = (painter(run).scene.markers[0] for run in (few, every))
    assert found.clock == good.clock == 30
    assert found.points[0, 0] == good.points[0, 0]
