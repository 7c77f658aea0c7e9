"""Groups that change on their way: what a scenario file says of it, and what the run does then."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf import open_result, read_scenario, scenario_from, simulate
from errsurf.errors import ScenarioError
from errsurf.optimizers import optimizer, optimizer_names
from errsurf.results.run import run_scenario
from errsurf.run.batch_members import batch_members
from errsurf.scenario import resolved_toml, total_updates

RIPPLED = {"kind": "saddle", "examples": 20, "tilt": 0.4}


def scenario(changes: list[dict[str, Any]], run: dict[str, Any] | None = None, **group: Any) -> Any:
    settings = {"kind": "sgd", "lr": 0.05, "batch": 4, "label": "g", "changes": changes} | group
    return scenario_from(
        {
            "seed": 3,
            "surface": RIPPLED,
            "swarm": {"particles": 40, "start": "cloud", "at": [0.0, 0.9], "spread": 0.1},
            "run": {"frames": "all"} | (run or {"updates": 30}),
            "optimizer": [settings],
        }
    )


def faults(changes: list[dict[str, Any]], **group: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        scenario(changes, **group)
    return str(caught.value)


def test_times_are_updates_epochs_or_shares() -> None:
    changes = [{"after": 3}, {"after": "2 epochs", "batch": 10}, {"after": "3 epochs"}, {"after": "50%"}]
    chosen = scenario(changes, {"epochs": 12})
    assert [change.after for change in chosen.optimizer[0].changes] == [3, 10, 12, 18]
    assert total_updates(chosen.run, chosen.optimizer[0], 20) == 30
    chosen = scenario([{"after": "50%"}, {"after": "80%"}], {"updates": 30})
    assert [change.after for change in chosen.optimizer[0].changes] == [15, 24]


def test_a_run_of_epochs_is_as_long_in_examples_whatever_changes() -> None:
    chosen = scenario([{"after": 3, "batch": 1}, {"after": 40, "batch": "full"}], {"epochs": 5})
    group = simulate(chosen).groups[0]
    assert group.examples_seen[3] == 12
    assert group.examples_seen[40] == 12 + 37
    assert group.examples_seen[-2] < 100 <= group.examples_seen[-1]


def test_the_resolved_scenario_gives_the_same_bytes(tmp_path: Path) -> None:
    changes = [
        {"after": "1 epoch", "lr": 0.02, "momentum": 0.5},
        {"after": "40%", "batch": 1, "schedule": {"decay": "cosine", "warmup": "10%"}},
    ]
    chosen = scenario(changes, {"epochs": 8, "frames": 20}, lr_scaling="linear", lr_batch=1)
    again = scenario_from(tomllib.loads(resolved_toml(chosen)))
    assert again.optimizer == chosen.optimizer
    run_scenario(chosen, tmp_path / "one")
    run_scenario(read_scenario(tmp_path / "one" / "scenario.toml"), tmp_path / "two")
    for name in ("position", "lr", "examples_seen", "train_loss"):
        one, two = ((tmp_path / folder / "0-g" / f"{name}.npy").read_bytes() for folder in ("one", "two"))
        assert one == two, name
    assert np.array_equal(open_result(tmp_path / "one").groups[0].lr, simulate(chosen).groups[0].lr)


def test_a_change_to_what_is_already_so_changes_nothing() -> None:
    plain = simulate(scenario([])).groups[0]
    same = simulate(scenario([{"after": 7, "lr": 0.05, "batch": 4, "momentum": 0.0}, {"after": 8}])).groups[0]
    assert same.position.tobytes() == plain.position.tobytes()


def test_memories_are_kept_and_the_new_rate_holds_from_the_next_update_on() -> None:
    """Momentum on a full batch of one quadratic bowl, against the formula written out."""
    chosen = scenario_from(
        {
            "surface": {"kind": "quadratic_bowl", "examples": 1},
            "swarm": {"start": "point", "particles": 1, "at": [1.0, -0.7]},
            "run": {"updates": 12, "frames": "all", "precision": "float64"},
            "optimizer": [
                {"kind": "sgd", "lr": 0.1, "momentum": 0.9, "changes": [{"after": 5, "lr": 0.02, "momentum": 0.5}]}
            ],
        }
    )
    result = simulate(chosen)
    theta, buffer = np.array([1.0, -0.7]), np.zeros(2)
    for update in range(12):
        lr, momentum = (0.1, 0.9) if update < 5 else (0.02, 0.5)
        buffer = momentum * buffer + result.landscape.gradient(theta)
        theta = theta - lr * buffer
        assert np.allclose(result.groups[0].position[update + 1, 0], theta, rtol=1e-12, atol=0)
    assert result.groups[0].lr.tolist() == [0.1] * 5 + [0.02] * 8


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_momentum_that_is_switched_on_later_begins_with_an_empty_buffer(precision: str) -> None:
    """As torch.optim.SGD does, which also keeps the buffer of before while momentum is off."""
    phases = ((0, 0.0), (4, 0.9), (8, 0.0), (11, 0.5))
    changes = [{"after": first, "momentum": momentum} for first, momentum in phases[1:]]
    chosen = scenario_from(
        {
            "surface": {"kind": "quadratic_bowl", "examples": 1},
            "swarm": {"start": "point", "particles": 1, "at": [1.0, -0.7]},
            "run": {"updates": 15, "frames": "all", "precision": precision},
            "optimizer": [{"kind": "sgd", "lr": 0.1, "changes": changes}],
        }
    )
    result = simulate(chosen)
    theta, buffer = np.array([1.0, -0.7]), np.zeros(2)
    for update in range(15):
        momentum = next(value for first, value in reversed(phases) if first <= update)
        gradient = result.landscape.gradient(theta)
        buffer = momentum * buffer + gradient if momentum else buffer
        theta = theta - 0.1 * (buffer if momentum else gradient)
        tolerance = 1e-12 if precision == "float64" else 1e-5
        assert np.allclose(result.groups[0].position[update + 1, 0], theta, rtol=tolerance, atol=0)


def test_another_batch_size_begins_a_new_epoch() -> None:
    chosen = scenario([{"after": 7, "batch": 5}])
    plain, changed = (batch_members(each, 0) for each in (scenario([]), chosen))
    for update in range(7):
        assert np.array_equal(changed.of_update(2, update), plain.of_update(2, update))
    third = np.concatenate([plain.of_update(2, update)[0] for update in range(10, 15)])
    assert np.array_equal(np.concatenate([changed.of_update(2, update)[0] for update in range(7, 11)]), third)


def test_particles_use_the_examples_that_members_tell() -> None:
    chosen = scenario([{"after": 7, "batch": 5}, {"after": 12, "lr": 0.1}], {"updates": 20, "precision": "float64"})
    result, members = simulate(chosen), batch_members(chosen, 0)
    group = result.groups[0]
    for update in range(20):
        before, after = group.position[update, 3], group.position[update + 1, 3]
        gradient = result.landscape.gradient(before, members.of_update(3, update)[0])
        assert np.allclose(after, before - group.lr[update] * gradient, rtol=1e-9, atol=1e-14)


def test_lr_scales_a_schedule_and_a_new_schedule_begins_anew() -> None:
    fall = {"decay": "linear", "end_factor": 0.0}
    plain = simulate(scenario([], schedule=fall)).groups[0].lr
    scaled = simulate(scenario([{"after": 10, "lr": 0.1}], schedule=fall)).groups[0].lr
    assert np.allclose(scaled[:10], plain[:10])
    assert np.allclose(scaled[10:30], 2 * plain[10:30])
    anew = simulate(scenario([{"after": 10, "schedule": {"decay": "linear", "warmup": 5}}])).groups[0].lr
    assert np.allclose(anew[:10], 0.05)
    assert np.allclose(anew[10:15], 0.05 * np.arange(1, 6) / 6)
    assert np.isclose(anew[15], 0.05)
    assert np.isclose(anew[29], 0.05 / 15)


def test_lr_scaling_holds_for_changed_batches() -> None:
    changes = [{"after": 4, "batch": 8}, {"after": 6, "lr": 0.03}]
    chosen = scenario(changes, lr=0.01, lr_scaling="linear", lr_batch=4)
    assert [dict(change.settings) for change in chosen.optimizer[0].changes] == [{"lr": 0.02}, {"lr": 0.06}]


def test_particles_that_diverged_stay_so() -> None:
    changes = [{"after": 60, "batch": "full", "lr": 1e-12}]
    group = simulate(scenario(changes, {"updates": 90}, lr=40.0)).groups[0]
    gone = (group.diverged > 0) & (group.diverged <= 60)
    assert gone.any()
    assert (group.position[60:, gone] == group.position[60, gone]).all()
    assert np.isfinite(group.position).all()


def test_recorded_parts_belong_to_their_part() -> None:
    chosen = scenario([{"after": 7, "lr": 0.2, "batch": "full"}], {"updates": 15, "record": ["gradient", "movement"]})
    group = simulate(chosen).groups[0]
    assert np.allclose(group.parts["movement"][1:8], -0.05 * group.parts["gradient"][1:8], rtol=1e-5)
    assert np.allclose(group.parts["movement"][8:], -0.2 * group.parts["gradient"][8:], rtol=1e-5)


@pytest.mark.parametrize("name", optimizer_names())
def test_what_a_rule_needs_of_an_update_does_not_depend_on_the_length_of_the_run(name: str) -> None:
    record = optimizer(name)
    lr = np.linspace(0.1, 0.01, 1000)
    whole = record.step_constants(np.arange(1, 1001), lr, record.settings())
    for length in (1, 7, 250, 999):
        part = record.step_constants(np.arange(1, length + 1), lr[:length], record.settings())
        for short, long in zip(part, whole, strict=True):
            assert np.array_equal(np.broadcast_to(short, length), np.broadcast_to(long, 1000)[:length])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([{"lr": 0.1}], "optimizer[1].changes[1].after: missing"),
        ([{"after": 3, "lr": -1}], "optimizer[1].changes[1].lr = -1: out of range"),
        ([{"after": 3, "momentm": 0.5}], "did you mean `momentum`?"),
        ([{"after": 3, "betas": [0.9, 0.99]}], "unknown key"),
        ([{"after": 0}], "optimizer[1].changes[1].after = 0: out of range"),
        ([{"after": 9}, {"after": "10%"}], 'changes[2].after = "10%": not later than the change before it'),
        ([{"after": 3, "batch": 21}], "changes[1].batch = 21: more than there are examples"),
        ([{"after": 3, "nesterov": True}], "nesterov needs a momentum above 0"),
        ([{"after": 3, "schedule": {"decay": "cosin"}}], "did you mean `cosine`?"),
        (
            [{"after": 3, "schedule": {"decay": "piecewise", "points": [[9, 1.0], [2, 0.5]]}}],
            "changes[1].schedule.points[2][1]",
        ),
    ],
)
def test_faults_are_said_in_words(changes: list[dict[str, Any]], words: str) -> None:
    assert words in faults(changes)


def test_matched_noise_stays_with_full_batch() -> None:
    text = faults([{"after": 3, "batch": 2}], batch="full", noise={"kind": "matched", "batch": 2})
    assert "matched noise is for full batch" in text


def test_a_change_after_the_end_has_no_effect() -> None:
    one, two = (simulate(scenario(changes)).groups[0] for changes in ([], [{"after": 30, "lr": 1.0}]))
    assert one.position.tobytes() == two.position.tobytes()
    assert one.lr.tolist() == two.lr.tolist()


def test_points_may_be_clouds() -> None:
    tables = {"surface": RIPPLED, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    points: dict[str, Any] = {"start": "points", "points": [[0.0, 1.0], [3.0, -1.0]], "particles": 4000}
    exact = simulate(scenario_from(tables | {"swarm": points})).groups[0].position[0]
    spread = simulate(scenario_from(tables | {"swarm": points | {"spread": 0.2}})).groups[0].position[0]
    assert (exact[::2] == [0.0, 1.0]).all()
    assert np.allclose((spread - exact).std(axis=0), 0.2, rtol=0.05)
    assert np.allclose((spread - exact).mean(axis=0), 0.0, atol=0.015)
