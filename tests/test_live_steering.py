"""Steering: what is changed on the way, saved and run again gives the same run, bit for bit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_live import PATIENCE, assert_same_run, every_update, exactly, reached, scenario

from errsurf import read_scenario
from errsurf.errors import ScenarioError, TooLargeError, UserError
from errsurf.interactive import Live


def assert_replayed(live: Live, folder: Path) -> None:
    """Save, read, simulate: every frame is the same."""
    live.save(folder / "steered.toml")
    again = read_scenario(folder / "steered.toml")
    assert again.optimizer == live.scenario.optimizer
    moment = live.now()
    assert not moment.trouble
    assert moment.exact
    assert_same_run(moment, every_update(again))


STEERED: dict[str, Callable[[Live], None]] = {
    "rates": lambda live: (live.change(0, lr=0.2), reached(live, 25), live.change(1, lr=0.01), None)[-1],
    "momentum and batch": lambda live: live.change(0, momentum=0.9, batch=4),
    "full and back": lambda live: (live.change(0, batch="full"), reached(live, 40), live.change(0, batch=2), None)[-1],
    "schedule": lambda live: live.change(1, schedule={"decay": "cosine", "warmup": 5}),
    "again and again": lambda live: [live.change(2, lr=0.1 / k) for k in range(1, 5)] and None,
    "accumulate": lambda live: live.change(2, accumulate=3, lr=0.02),
}


@pytest.mark.parametrize("name", STEERED)
def test_a_steered_run_is_replayed_bit_for_bit(name: str, tmp_path: Path) -> None:
    live = Live(scenario())
    reached(live, 17)
    STEERED[name](live)
    reached(live, 70)
    assert_replayed(live, tmp_path)
    whole = every_update(live.scenario)
    assert np.array_equal(exactly(live, 41.5).position[0], whole.groups[0].position[41])
    live.close()


def test_changes_while_it_runs_are_replayed_bit_for_bit(tmp_path: Path) -> None:
    live = Live(scenario({"updates": 5000}))
    live.aim(5000)
    for k in range(20):
        live.change(k % 3, lr=0.01 + 0.001 * k)
        live.at(live.now().clock / 3, exact=True)
    assert live.wait(PATIENCE)
    assert_replayed(live, tmp_path)
    live.close()


def test_before_the_first_update_a_change_is_one_of_the_table() -> None:
    live = Live(scenario())
    live.change(0, lr=0.3, batch=5)
    group = live.scenario.optimizer[0]
    assert (group.settings.lr, group.batch, group.changes) == (0.3, 5, ())
    assert_same_run(reached(live, 20), every_update(live.scenario))
    live.close()


def test_changes_at_one_update_are_one_change() -> None:
    live = Live(scenario())
    reached(live, 9)
    live.change(0, lr=0.3)
    live.change(0, lr=0.2, momentum=0.1)
    (change,) = live.scenario.optimizer[0].changes
    assert (change.after, dict(change.settings)) == (9, {"lr": 0.2, "momentum": 0.1})
    live.close()


def test_what_is_not_possible_is_said_at_once_and_changes_nothing() -> None:
    live = Live(scenario())
    reached(live, 9)
    before = live.scenario
    with pytest.raises(ScenarioError, match=r"a: lr = -1: out of range; allowed: a number of at least 0"):
        live.change(0, lr=-1)
    with pytest.raises(ScenarioError, match="did you mean `momentum`"):
        live.change(0, momentun=0.5)
    with pytest.raises(ScenarioError, match="more than there are examples"):
        live.change(0, batch=21)
    with pytest.raises(ScenarioError, match="kind"):
        live.add({"kind": "sdg"})
    assert live.scenario == before
    live.close()


def test_a_restart_keeps_what_was_changed_and_may_take_another_seed(tmp_path: Path) -> None:
    live = Live(scenario())
    reached(live, 17)
    live.change(0, lr=0.2)
    reached(live, 20)
    live.restart()
    assert live.wait(PATIENCE)
    moment = live.now()
    assert (moment.clock, moment.generation, moment.update, moment.lr[0]) == (0.0, 1, (0, 0, 0), 0.2)
    same = reached(live, 20).position
    live.restart(seed=6)
    moment = reached(live, 20)
    assert live.landscape is moment.result.landscape
    assert live.scenario.seed == 6
    assert not np.array_equal(moment.position[0], same[0])
    assert_replayed(live, tmp_path)
    live.restart(seed=5)
    assert np.array_equal(reached(live, 20).position[0], same[0])
    live.change(0, lr=0.4)
    live.restart(forget=True)
    assert live.scenario.optimizer[0].settings.lr == 0.2
    live.close()


def test_clouds_are_dropped_and_added(tmp_path: Path) -> None:
    live = Live(scenario())
    live.restart(at=(1.0, -0.5))
    moment = reached(live, 5)
    assert np.allclose(moment.result.groups[0].position[0].mean(axis=0), [1.0, -0.5], atol=0.05)
    live.restart(at=(-1.0, 0.5), add=True)
    moment = reached(live, 5)
    starts = moment.result.groups[0].position[0]
    assert starts.shape == (100, 2)
    assert np.allclose(starts[::2].mean(axis=0), [1.0, -0.5], atol=0.05)
    assert np.allclose(starts[1::2].mean(axis=0), [-1.0, 0.5], atol=0.05)
    assert_replayed(live, tmp_path)
    live.close()


def test_what_does_not_fit_the_memory_is_refused_before_anything_is_allocated() -> None:
    with pytest.raises(TooLargeError, match=r"swarm\.particles"):
        Live(scenario(swarm={"particles": 10**9}))


def test_groups_come_and_go(tmp_path: Path) -> None:
    live = Live(scenario(picture={"clock": "updates", "groups": ["a", 2]}))
    before = reached(live, 30)
    live.add({"kind": "adam", "lr": 0.01, "batch": 2, "label": "late"})
    assert live.wait(PATIENCE)
    moment = live.now()
    assert moment.update == (30, 30, 30, 30)
    assert moment.generation == before.generation + 1
    assert live.scenario.picture.groups == ("a", 2, "late")
    live.change(3, lr=0.02)
    live.remove(1)
    moment = reached(live, 45)
    assert [group.label for group in moment.result.groups] == ["a", "too fast", "late"]
    assert live.scenario.picture.groups == ("a", "late")
    assert_replayed(live, tmp_path)
    live.add({"kind": "adam", "label": "late"})
    assert live.scenario.optimizer[-1].label == "late (2)"
    for _ in range(3):
        live.remove(0)
    with pytest.raises(UserError, match="the only group"):
        live.remove(0)
    assert live.wait(PATIENCE)
    assert not live.now().trouble
    live.close()


def test_going_back_forgets_what_came_after_but_not_what_the_file_says(tmp_path: Path) -> None:
    groups: list[dict[str, Any]] = [
        {"kind": "sgd", "batch": 2, "lr": 0.05, "changes": [{"after": 40, "lr": 0.01}]},
        {"kind": "adam", "lr": 0.05},
    ]
    live = Live(scenario(optimizer=groups))
    reached(live, 10)
    live.change(0, lr=0.1)
    reached(live, 30)
    live.change(0, lr=0.3)
    reached(live, 50)
    live.rewind(25)
    assert live.wait(PATIENCE)
    moment = live.now()
    assert (moment.clock, moment.update, moment.generation) == (25.0, (25, 25), 1)
    assert moment.result.groups[0].update[-1] <= 25
    assert [change.after for change in live.scenario.optimizer[0].changes] == [10, 40]
    live.change(1, lr=0.2)
    reached(live, 60)
    assert_replayed(live, tmp_path)
    live.close()


def test_going_back_to_a_change_forgets_it_but_not_what_the_file_says_there() -> None:
    group = {"kind": "sgd", "batch": 2, "lr": 0.05, "changes": [{"after": 40, "lr": 0.01}]}
    live = Live(scenario(optimizer=[group]))
    said = live.scenario.optimizer[0].changes
    for update, settings in ((10, {"lr": 0.1}), (40, {"momentum": 0.9})):
        reached(live, update)
        live.change(0, **settings)
        assert live.scenario.optimizer[0].changes != said
        reached(live, update + 5)
        live.rewind(update)
        assert live.wait(PATIENCE)
        assert live.scenario.optimizer[0].changes == said
    live.restart()
    assert (live.scenario.optimizer[0].settings.lr, live.scenario.optimizer[0].settings.momentum) == (0.05, 0.0)
    live.close()


def test_the_clock_may_count_something_else(tmp_path: Path) -> None:
    live = Live(scenario())
    assert reached(live, 30).examples_seen == (30, 600, 86)
    live.count("examples")
    assert live.wait(PATIENCE)
    moment = live.now()
    assert (moment.clock, moment.update, moment.end) == (600.0, (60, 30, 60), 1200.0)
    assert live.following(600) == 620
    assert live.preceding(600) == 580
    assert_replayed(live, tmp_path)
    live.close()


def test_data_files_are_saved_beside_it(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    rows = "\n".join(f"{x},{2 * x + 1 + 0.1 * (x % 3)}" for x in range(12))
    (tmp_path / "made" / "data.csv").write_text(f"input,target\n{rows}\n")
    (tmp_path / "made" / "fit.toml").write_text(
        '[surface]\nkind = "linear_regression"\ndata = "data.csv"\n'
        '[run]\nupdates = 20\n[[optimizer]]\nkind = "sgd"\nlr = 0.001\nbatch = 3\n'
    )
    live = Live(read_scenario(tmp_path / "made" / "fit.toml"))
    live.aim(30)
    assert live.wait(PATIENCE)
    live.change(0, lr=0.002)
    live.aim(60)
    assert live.wait(PATIENCE)
    assert_replayed(live, tmp_path)
    assert (tmp_path / "data.csv").read_bytes() == (tmp_path / "made" / "data.csv").read_bytes()
    (tmp_path / "data.csv").write_text("another file")
    with pytest.raises(FileExistsError, match=r"data\.csv is another file"):
        live.save(tmp_path / "again.toml")
    assert (tmp_path / "data.csv").read_text(encoding="utf-8") == "another file"
    assert not (tmp_path / "again.toml").exists()
    live.close()
