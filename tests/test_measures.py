"""Measures of a scenario, and the rows of a run: their columns, their numbers, and what they refuse."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

import errsurf
from errsurf.measures import view as viewing
from errsurf.measures.measuring import NUMBER, SHARE, SIGNED, TIME, compared, kind_of, measured
from errsurf.measures.rows import cells_of, group_rows, heads_of, measures_among
from errsurf.measures.view import RunView
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.terrain import terrain_of
from helpers.claim_results import claims_findings

LEAVES = {"statistic": "time_to_leave", "point": [0.0, 0.0], "radius": 0.5}


def scenario(*measures: Mapping[str, Any], **changes: Any) -> errsurf.Scenario:
    few = {"swarm.particles": 60, "run.updates": 60, "claim": [], "measure": [*measures]}
    return errsurf.read_scenario("saddle_escape", few | changes)


def test_a_column_says_what_differs_from_the_defaults_and_does_not_depend_on_other_measures() -> None:
    measures = (
        {**LEAVES, "at": "50%"},
        {"statistic": "lr"},
        {"statistic": "train_loss", "take": "mean"},
        {**LEAVES, "name": "exit"},
    )
    columns = ["time_to_leave(point=0 0, radius=0.5, at=50%)", "lr(at=100%)", "train_loss(take=mean)", "exit"]
    assert [measure.column for measure in scenario(*measures).measure] == columns
    assert [scenario(each).measure[0].column for each in measures] == columns


def test_measures_are_written_and_read_again() -> None:
    made = scenario({**LEAVES, "name": "exit"}, {"statistic": "apart", "other": "batch 1", "at": 7})
    assert errsurf.scenario_from(made) == made


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        ([{"statistic": "apart", "other": "batch 2"}], "no such group"),
        ([{"statistic": "lr", "name": "seed"}], "every table has another column of this name"),
        ([{"statistic": "gap"}, {"statistic": "gap"}], "is the column of measure[1] too"),
        ([{"statistic": "sharpnes"}], "did you mean `sharpness`?"),
        ([{"statistic": "path_length"}], "needs every update recorded"),
        ([{"statistic": "share_diverged", "take": "mean"}], "is one number of all particles"),
        ([{"statistic": "rate_of_leaving", "point": [0, 0], "radius": 1, "take": "mean"}], "is one number of all"),
        ([{"statistic": "gap", "at": 0.5}], "measure[1].at"),
    ],
)
def test_a_wrong_measure_is_said(measures: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(errsurf.ScenarioError) as caught:
        scenario(*measures, **{"run.frames": 10})
    assert said in str(caught.value)


def test_rows_hold_settings_final_numbers_measures_and_claims() -> None:
    claim = {"says": "It is low.", "statistic": "distance", "point": [0.0, 1.0], "below": 1.0}
    result = errsurf.simulate(scenario({**LEAVES, "name": "exit"}, claim=[claim]))
    findings = Findings(result)
    rows = group_rows(findings)
    assert [row["group"] for row in rows] == ["full batch", "batch 5", "batch 1"]
    assert len({tuple(row) for row in rows}) == 1
    for row, group in zip(rows, result.groups, strict=True):
        losses = result.landscape.loss(group.position[-1])
        assert row["train_loss"] == np.median(losses)
        assert row["train_loss_q95"] == np.quantile(losses, 0.95)
        assert row["train_loss_n"] == 60
        exit_time = measured(findings, result.scenario.measure[0], group.label)
        assert (row["exit"], row["exit_n"]) == (exit_time.estimate.value, exit_time.n)
        assert "distance(point=0 1)_low" in row
        assert (row["updates"], row["particles"], row["diverged"]) == (60, 60, 0)
        assert row["examples_seen"] == group.examples_seen[-1]
        flows = [row[name] for name in row if name.startswith("flow_") and f"{name}_n" in row]
        places = [row[name] for name in row if name.startswith(("at_", "on_", "outside_")) and f"{name}_n" in row]
        assert len(flows) > 1 < len(places)
        assert [sum(flows), sum(places)] == pytest.approx([1.0, 1.0])
    assert [row["batch"] for row in rows] == ["full", 5, 1]
    assert measures_among(list(rows[0])) == ["exit", "distance(point=0 1)"]
    assert heads_of(list(rows[0]))[-2:] == ["particles", "diverged"]


def test_settings_in_which_groups_differ_are_columns() -> None:
    groups = [{"kind": "sgd", "label": "a"}, {"kind": "sgd", "label": "b", "momentum": 0.9, "schedule": "cosine"}]
    rows = group_rows(Findings(errsurf.simulate(scenario(optimizer=groups))))
    assert [(row["momentum"], row["schedule.decay"]) for row in rows] == [(0.0, "constant"), (0.9, "cosine")]
    assert "nesterov" not in rows[0]


def test_a_table_that_lacks_a_key_has_an_empty_cell() -> None:
    tables = [{"clip": {"by": "norm", "at": 0.5}, "betas": [0.9, 0.99]}, {"betas": [0.5, 0.99], "on": True}]
    assert cells_of(tables) == [
        {"clip.by": "norm", "clip.at": 0.5, "betas": "0.9 0.99", "on": None},
        {"clip.by": None, "clip.at": None, "betas": "0.5 0.99", "on": True},
    ]
    assert cells_of(tables[:1]) == [{}]


def test_several_tables_of_a_key_are_one_cell() -> None:
    wrapped, plain = {"wrappers": [{"kind": "ema", "decay": 0.5}, {"kind": "swa"}]}, {"wrappers": []}
    assert cells_of([wrapped, plain]) == [{"wrappers": "kind=ema decay=0.5; kind=swa"}, {"wrappers": ""}]


def test_the_row_of_diverged_particles_counts_them_and_has_no_losses() -> None:
    far = {"optimizer": [{"kind": "sgd", "lr": 9.0}], "swarm.particles": 8}
    (row,) = group_rows(Findings(errsurf.simulate(scenario(**far))))
    assert (row["diverged"], row["share_diverged"], row["flow_elsewhere"]) == (8, 1.0, 0.0)
    assert row["train_loss"] is row["train_loss_q05"] is row["train_loss_high"] is None
    assert (row["train_loss_n"], row["share_diverged_n"]) == (0, 8)


def test_a_correlation_is_scipys_with_an_interval_around_it() -> None:
    result = errsurf.simulate(
        scenario({"statistic": "correlation", "first": "train_loss", "second": "gap", "name": "r"})
    )
    (row, *_), ends = group_rows(Findings(result)), np.concatenate([group.position[-1] for group in result.groups])
    train, test = (result.landscape.loss(ends, split) for split in ("train", "test"))
    expected = spearmanr(train, test - train).statistic
    assert row["r"] == pytest.approx(expected, abs=1e-9)
    assert row["r_low"] < row["r"] < row["r_high"]


def test_a_group_is_not_compared_with_itself() -> None:
    rows = group_rows(Findings(errsurf.simulate(scenario({"statistic": "apart", "other": "batch 1", "name": "d"}))))
    assert [(row["d"] is None, row["d_n"]) for row in rows] == [(False, 60), (False, 60), (True, 0)]


@pytest.mark.parametrize("name", ["flat_or_sharp", "saddle_escape"])
def test_a_terrain_that_is_known_gives_the_same_rows(name: str) -> None:
    result = errsurf.simulate(errsurf.read_scenario(name, {"swarm.particles": 100, "claim": []}))
    assert group_rows(Findings(result, terrain_of(result.scenario))) == group_rows(Findings(result))


def test_basins_of_a_terrain_are_those_of_the_flow() -> None:
    """Uniform points of the window and around it: cells at borders and points outside are followed."""
    from errsurf.analysis import basin_labels

    terrain = terrain_of(errsurf.read_scenario("flat_or_sharp"))
    points = np.random.default_rng(0).uniform(-3, 3, (2000, 2))
    np.testing.assert_array_equal(terrain.basins(points), basin_labels(terrain.landscape, points, terrain.minima))


def test_the_share_in_a_basin_follows_the_flow_that_places_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for all of them, and from a terrain that is known not at all where its map is sure."""
    from errsurf.run_analysis import terrain as module

    table = {"statistic": "share_in_basin", "near": [0.8, 0.0], "name": "flat"}
    found = errsurf.read_scenario("flat_or_sharp", {"swarm.particles": 50, "claim": [], "measure": [table]})
    result, calls, flow = errsurf.simulate(found), list[int](), module.basin_labels

    def counted(*given: Any, **more: Any) -> Any:
        calls.append(len(given[1]))
        return flow(*given, **more)

    monkeypatch.setattr(module, "basin_labels", counted)
    for row in group_rows(Findings(result, terrain_of(found))):
        assert row["flat"] == row["flow_to_flat"]
    assert len(calls) <= 1


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        (LEAVES, TIME),
        ({**LEAVES, "statistic": "rate_of_leaving"}, NUMBER),
        ({**LEAVES, "statistic": "share_left"}, SHARE),
        ({"statistic": "gap"}, SIGNED),
        ({"statistic": "sharpness"}, SIGNED),
        ({"statistic": "distance", "point": [0.0, 0.0]}, NUMBER),
    ],
)
def test_numbers_are_shares_times_signed_or_none_of_these(table: dict[str, Any], kind: str) -> None:
    assert kind_of(scenario(table).measure[0]) == kind


def test_rates_are_compared_and_have_no_difference_where_a_group_was_never_at_risk() -> None:
    """Ten exits in each unit of time against thirty, of eight particles for a tenth of it."""
    never, few, many = np.zeros((8, 2)), np.tile([1.0, 0.1], (8, 1)), np.tile([3.0, 0.1], (8, 1))
    measure = scenario({**LEAVES, "statistic": "rate_of_leaving", "name": "rate"}).measure[0]
    assert np.isnan(compared(measure, few, never, ratio=False).value)
    assert compared(measure, few, many, ratio=False).value == pytest.approx(-20.0)
    assert compared(measure, few, many, ratio=True).value == pytest.approx(1 / 3)


@pytest.mark.parametrize(("take", "difference", "ratio"), [("largest", 2.0, 1.5), ("smallest", -0.5, 0.5)])
def test_extremes_are_compared_without_an_interval(take: str, difference: float, ratio: float) -> None:
    measure = scenario({"statistic": "distance", "point": [0.0, 0.0], "take": take}).measure[0]
    rows, others = np.array([6.0, 0.5, np.nan]), np.array([np.nan, 1.0, 4.0])
    assert compared(measure, rows, others, ratio=False) == (difference,) * 3
    assert compared(measure, rows, others, ratio=True) == (ratio,) * 3


def test_of_very_many_particles_or_frames_some_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths of 20 of 60 particles, in 61 frames; batches for 30 particles or fewer, but 16 at least."""
    run = Findings(errsurf.simulate(scenario(**{"run.frames": "all"})))
    assert len(RunView(run, 0, "100%").tracked) == len(RunView(run, 0, "100%").drawn) == 60
    monkeypatch.setattr(viewing, "POSITIONS", 61 * 20 + 1)
    monkeypatch.setattr(viewing, "MAX_DRAWN", 30)
    seen = RunView(run, 0, "100%")
    assert (len(seen.tracked), len(seen.drawn)) == (20, 30)
    for limit, count in ((20 * 25 + 1, 25), (20, 16)):
        monkeypatch.setattr(viewing, "MAX_GRADIENTS", limit)
        assert len(RunView(run, 0, "100%").drawn) == count


def test_a_diverged_particle_has_neither_place_nor_losses_from_then_on() -> None:
    """Of three, the second at update 2, whatever its arrays hold later."""
    path = np.random.default_rng(0).uniform(-1, 1, (5, 3, 2))
    path[2, 1] = np.nan
    seen, frames = RunView(claims_findings({"a": path}), 0, "100%"), np.array([1, 2, 4])
    gone = [[False, False, False], [False, True, False], [False, True, False]]
    assert np.isnan(seen.losses("train", frames)).tolist() == np.isnan(seen.losses("test", frames)).tolist() == gone
    assert np.isnan(seen.thetas(frames))[..., 0].tolist() == gone
    assert np.isnan(seen.thetas(frames, np.array([2, 1])))[..., 1].tolist() == [row[:0:-1] for row in gone]
    assert np.isnan(seen.loss("train")).tolist() == gone[-1]
