"""An experiment that runs while it is watched: what it shows is what simulate() gives, at any moment."""

from dataclasses import replace
from threading import Thread
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest

from errsurf import scenario_from, simulate
from errsurf.interactive import Live, Moment
from errsurf.interactive.record import Record
from errsurf.run.result import Result
from errsurf.scenario import Scenario

PATIENCE = 200.0


def scenario(run: dict[str, Any] | None = None, **tables: Any) -> Scenario:
    return scenario_from(
        {
            "seed": 5,
            "surface": {"kind": "saddle", "examples": 20, "tilt": 0.3, "test": {"examples": 30}},
            "swarm": {"particles": 50, "start": "cloud", "at": [0.0, 0.9], "spread": 0.1},
            "run": {"updates": 60, "frames": 11} | (run or {}),
            "optimizer": [
                {"label": "a", "kind": "sgd", "batch": 1, "lr": 0.05, "momentum": 0.5},
                {"label": "b", "kind": "adam", "batch": "full", "lr": 0.05},
                {"label": "too fast", "kind": "sgd", "batch": 3, "lr": 40.0},
            ],
            "picture": {"clock": "updates"},
            "region": [{"name": "near", "at": [0, 0], "radius": 0.8}, {"name": "low", "loss": -0.2}],
        }
        | tables
    )


def every_update(chosen: Scenario, updates: int | None = None) -> Result:
    run = chosen.run._replace(frames="all")
    return simulate(replace(chosen, run=run if updates is None else run._replace(updates=updates)))


def reached(live: Live, clock: float) -> Moment:
    live.aim(clock)
    assert live.wait(PATIENCE)
    moment = live.now()
    assert not moment.trouble
    assert moment.clock == clock
    return moment


def exactly(live: Live, clock: float) -> Moment:
    began = monotonic()
    while not (moment := live.at(clock, exact=True)).exact:
        assert monotonic() - began < PATIENCE
        sleep(0.001)
    return moment


def assert_same_run(moment: Moment, whole: Result) -> None:
    """All recorded frames, and what the moment shows, are those of a run that recorded every update."""
    for k, (group, other) in enumerate(zip(moment.result.groups, whole.groups, strict=True)):
        for name in ("position", "train_loss", "test_loss", "examples_seen"):
            assert np.array_equal(getattr(group, name), getattr(other, name)[group.update]), name
        assert np.array_equal(group.lr[:-1], other.lr[group.update[:-1]])
        assert np.array_equal(moment.position[k], other.position[moment.update[k]])
        gone = np.where(other.diverged > moment.update[k], -1, other.diverged)
        assert np.array_equal(moment.diverged[k], gone)
        for name in ("diverged", "entered", "left"):
            whole_run = getattr(other, name)
            assert np.array_equal(getattr(group, name), np.where(whole_run > group.update[-1], -1, whole_run)), name


@pytest.mark.parametrize("clock", ["updates", "examples"])
def test_it_shows_what_simulate_gives(clock: str) -> None:
    chosen = scenario(picture={"clock": clock})
    live = Live(chosen)
    first = live.now()
    assert (first.clock, first.update) == (0.0, (0, 0, 0))
    moment = reached(live, first.end)
    assert moment.update == (60, 60, 60)
    assert moment.result.complete
    assert_same_run(moment, every_update(chosen))
    for group, recorded in zip(moment.result.groups, simulate(chosen).groups, strict=True):
        assert set(recorded.update) <= set(group.update.tolist())
    assert (first.clock, [len(group.update) for group in first.result.groups]) == (0.0, [1, 1, 1])
    live.close()


def test_of_too_many_frames_the_first_and_the_last_stay() -> None:
    record = Record({"update": np.array([0])})
    record.bound(16 * record.columns["update"].itemsize)
    for update in range(1, 60):
        record.append({"update": np.array([update])})
        kept = record.columns["update"].tolist()
        assert (kept[0], *kept[-2:]) == (0, update - 1, update)
        assert len(kept) <= 16


def test_one_update_after_the_other_is_recorded_and_found_again() -> None:
    live = Live(scenario())
    whole = every_update(scenario())
    for clock in range(1, 9):
        assert live.following(live.now().clock) == clock
        reached(live, clock)
    assert live.now().result.groups[0].update.tolist() == list(range(9))
    assert [live.preceding(clock) for clock in (8, 7.5, 7, 0.5, 0)] == [7, 7, 6, 0, 0]
    for clock in range(8):
        moment = live.at(clock)
        assert moment.exact
        assert np.array_equal(moment.position[0], whole.groups[0].position[clock])
        assert moment.lr == (0.05, 0.05, 40.0)
    live.close()


def test_what_was_not_recorded_is_run_again() -> None:
    chosen = scenario({"updates": 4000, "frames": 3})
    live = Live(chosen, memory=400_000)
    reached(live, 3000)
    whole = every_update(chosen, 3000)
    for clock in (1, 1234, 2987, 2999):
        moment = exactly(live, clock)
        assert moment.update == (clock,) * 3
        for position, group in zip(moment.position, whole.groups, strict=True):
            assert np.array_equal(position, group.position[clock])
    assert live.now().clock == 3000
    live.close()


def test_memory_is_bounded_and_first_and_last_frame_are_kept() -> None:
    chosen = scenario({"updates": 5000, "frames": "all"})
    live = Live(chosen, memory=400_000)
    moment = reached(live, 5000)
    for group in moment.result.groups:
        assert group.position.nbytes + group.train_loss.nbytes + group.test_loss.nbytes < 200_000 / 3
        assert (group.update[0], group.update[-1]) == (0, 5000)
        assert np.diff(group.update).max() < 6 * np.diff(group.update).mean()
    assert_same_run(moment, every_update(chosen))
    live.close()


def test_a_finished_result_is_there_to_scrub_and_goes_on() -> None:
    chosen = scenario()
    live = Live(simulate(chosen))
    moment = live.now()
    assert (moment.clock, moment.update, moment.exact) == (60.0, (60, 60, 60), True)
    assert live.at(33).update == (30, 30, 30)
    whole = every_update(chosen, 90)
    assert np.array_equal(exactly(live, 33).position[0], whole.groups[0].position[33])
    assert_same_run(reached(live, 90), whole)
    live.close()


def test_beyond_its_own_run_a_schedule_that_ends_with_it_keeps_its_last_rate() -> None:
    groups = [
        {"label": decay, "kind": "sgd", "lr": 0.05, "schedule": {"decay": decay}}
        for decay in ("cosine", "linear", "constant")
    ]
    groups.append({"label": "own", "kind": "sgd", "lr": 0.05, "schedule": {"decay": "cosine", "T_max": 20}})
    live = Live(scenario(optimizer=groups))
    moment = reached(live, 100)
    whole = every_update(live.scenario)
    assert whole.groups[0].update[-1] == 100
    assert_same_run(moment, whole)
    for group in whole.groups[:2]:
        assert np.ptp(group.lr[59:]) == 0
    assert whole.groups[3].lr[80] == pytest.approx(0.05)
    live.close()


def test_a_group_whose_run_is_over_waits_for_the_others_and_then_goes_on() -> None:
    live = Live(scenario(picture={"clock": "examples"}))
    assert reached(live, 1000).update == (60, 50, 60)
    assert reached(live, 1240).update == (100, 62, 74)
    live.close()


def test_many_threads_may_ask_and_it_can_be_closed_at_any_time() -> None:
    for delay in (0.0, 0.02, 0.2):
        live = Live(scenario({"updates": 10**6, "frames": 200}))
        live.aim(float("inf"))
        clocks: list[float] = []

        def ask(live: Live = live, clocks: list[float] = clocks) -> None:
            for _ in range(200):
                moment = live.now()
                assert live.at(moment.clock / 2, exact=True).clock <= moment.clock
                clocks.append(moment.clock)

        threads = [Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        sleep(delay)
        for thread in threads:
            thread.join(PATIENCE)
        began = monotonic()
        live.close()
        assert monotonic() - began < 30
        assert len(clocks) == 600


def test_what_goes_wrong_in_the_thread_is_said_and_a_restart_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    live = Live(scenario())
    reached(live, 5)

    def full(*_arguments: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("errsurf.interactive.group_runner.advance_segments", full)
        live.aim(20)
        assert live.wait(PATIENCE)
        assert live.now().trouble == "there is not enough memory to continue; restart with fewer particles"
        assert live.now().clock == 5
    live.restart()
    assert reached(live, 20).update == (20, 20, 20)
    live.close()


def test_a_change_takes_effect_within_a_few_pieces_while_it_runs_flat_out() -> None:
    live = Live(scenario({"updates": 10**7, "frames": 200}))
    reached(live, 10)
    live.aim(float("inf"))
    waited = []
    for k in range(10):
        sleep(0.02)
        began, lr = monotonic(), 0.01 + 0.001 * k
        live.change(0, lr=lr)
        assert monotonic() - began < 1.0
        while live.now().lr[0] != lr:
            assert monotonic() - began < PATIENCE
            sleep(0.001)
        waited.append(monotonic() - began)
    began = monotonic()
    live.aim(0)
    assert live.wait(PATIENCE)
    assert monotonic() - began < 2.0
    assert np.median(waited) < 0.5
    assert live.now().clock > 100
    live.close()
