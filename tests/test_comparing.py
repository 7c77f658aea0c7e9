"""Fair comparisons: what is searched and judged, budgets, edges, and what is refused."""

import csv
import json
import re
from collections.abc import Sequence
from pathlib import Path
from shlex import split
from threading import Event

import numpy as np
import pytest

from errsurf import FairComparison, compare, read_scenario, resolved_toml, scenario_from, simulate
from errsurf.cli.comparison_rows import _doubt, _Words
from errsurf.comparing import timing
from errsurf.comparing.choice import Choice, Cost, Edge, Tried, chosen
from errsurf.comparing.judging import NEVER, Difference, Judged, differences, doubted
from errsurf.comparing.picture import choice_plot
from errsurf.errors import FolderError, ScenarioError, UserError
from errsurf.measures.intervals import Estimate, student
from errsurf.measures.rows import group_rows
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.terrain import terrain_of
from errsurf.sweeps.sweep import Sweep
from errsurf.sweeps.sweeping import open_sweep
from errsurf.words import said
from helpers.command_line import SMALL, TWO_GROUPS, CommandLine, interrupted, process
from helpers.doc_blocks import ROOT, blocks

RATES = {"lr": [0.02, 0.2, 2.5]}
SAM = '\n[[optimizer]]\nkind = "sam"\nlr = 0.1\nbatch = 4\nlabel = "sam"\n'


def numbers(found: FairComparison) -> list[tuple[object, ...]]:
    """What was tried, and what it gave, whatever the time of an update was."""
    return [(each.settings, each.estimate) for choice in found.choices for each in choice.tried]


def test_numbers_of_the_search_and_of_the_judgement_are_those_of_the_runs_themselves(errsurf: CommandLine) -> None:
    file = errsurf.file(TWO_GROUPS)
    found = compare(file, RATES, statistic="train_loss", seeds=3)
    for rate in RATES["lr"]:
        scenario = read_scenario(file, {"optimizer.lr": rate})
        rows = group_rows(Findings(simulate(scenario), terrain_of(scenario)))
        for row in rows:
            (tried,) = [each for each in found[str(row["group"])].tried if each.settings["lr"] == rate]
            assert tried.estimate == (row["train_loss"], row["train_loss_low"], row["train_loss_high"])
    for judged in found.judged:
        best = found[judged.label].best
        assert best is not None
        assert best.estimate.value == min(each.estimate.value for each in found[judged.label].tried)
        values = []
        for seed in (1, 2, 3):
            scenario = read_scenario(file, {"optimizer.lr": best.settings["lr"], "seed": seed})
            rows = group_rows(Findings(simulate(scenario), terrain_of(scenario)))
            values += [row["train_loss"] for row in rows if row["group"] == judged.label]
        assert (judged.seeds, judged.values) == ((1, 2, 3), tuple(values))
        half = student(3) * np.std(values, ddof=1) / np.sqrt(3)
        assert judged.over_seeds == pytest.approx((np.mean(values), np.mean(values) - half, np.mean(values) + half))
        assert judged.n == 3 * 16


def test_equal_examples_count_the_second_gradient_of_sam(errsurf: CommandLine) -> None:
    found = compare(errsurf.file(TWO_GROUPS + SAM), {"lr": [0.05, 0.1]}, budget="examples", amount=200, seeds=1)
    costs = {choice.label: choice.tried[0].cost for choice in found.choices}
    assert (costs["slow"].updates, costs["slow"].examples) == (10, 200)
    assert (costs["fast"].updates, costs["fast"].examples) == (50, 200)
    assert (costs["sam"].updates, costs["sam"].examples) == (25, 200)


def test_the_usual_budget_is_that_of_the_group_that_uses_most(errsurf: CommandLine) -> None:
    file = errsurf.file(TWO_GROUPS.replace("updates = 12", "epochs = 3"))
    assert compare(file, RATES, seeds=1).budget == ("updates", 15)
    assert compare(file, RATES, seeds=1, budget="examples").budget == ("examples", 60)
    assert {row["updates"] for row in compare(file, RATES, seeds=1).search.rows} == {15}


def test_equal_seconds_give_as_many_updates_as_fit(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    file, asked = errsurf.file(TWO_GROUPS), []

    def seconds(scenario: object) -> float:
        asked.append(scenario)
        return {"slow": 2e-6, "fast": 3e-6}[scenario.optimizer[0].label]  # type: ignore[attr-defined]

    monkeypatch.setattr(timing, "seconds_an_update", seconds)
    found = compare(file, RATES, budget="seconds", amount=1e-4, seeds=1, folder="timed")
    assert [choice.tried[0].cost.updates for choice in found.choices] == [50, 33]
    assert found["fast"].cost.seconds == pytest.approx(3 * 33 * 3e-6)
    assert len(asked) == 2, "a learning rate does not change the time of an update"
    again = compare(file, RATES, budget="seconds", amount=1e-4, seeds=2, folder="timed")
    assert len(asked) == 2, "times that were measured are kept"
    assert again.choices == found.choices
    compare(file, {"batch": [1, 2, 4]}, budget="seconds", amount=1e-4, seeds=1)
    assert len(asked) == 8


def test_an_update_is_timed(errsurf: CommandLine) -> None:
    scenario = read_scenario(errsurf.file(), {"swarm.particles": 2000, "run.updates": 4000})
    one, more = (
        timing.seconds_an_update(scenario_from(scenario, changes={"swarm.particles": count})) for count in (500, 8000)
    )
    assert 0 < one < more < 0.1


def test_a_best_value_at_the_edge_of_the_search_is_told(errsurf: CommandLine) -> None:
    file = errsurf.file(TWO_GROUPS)
    found = compare(file, {"lr": [0.001, 0.01]}, seeds=1)
    assert [edge[:] for choice in found.choices for edge in choice.edges] == [("lr", 0.01, "above")] * 2
    assert "slow: the best lr, 0.01, is the largest that was tried, at the edge of the search" in found.warnings[0]
    assert found["slow"].neighbours["lr"] == (found["slow"].tried[0], None)
    inside = compare(file, {"lr": [0.001, 0.2, 2.5]}, seeds=1)
    assert not inside["slow"].edges
    assert inside["slow"].neighbours["lr"] == (inside["slow"].tried[0], inside["slow"].tried[2])


def tried(numbers: Sequence[float], **settings: Sequence[object]) -> list[Tried]:
    keys = list(settings)
    return [
        Tried(dict(zip(keys, values, strict=True)), Estimate(number, number, number), 10, 10, 0, Cost(1, 1, 1.0))
        for number, *values in zip(numbers, *settings.values(), strict=True)
    ]


@pytest.mark.parametrize(
    ("setting", "values", "edge"),
    [
        ("momentum", [0.0, 0.5], ""),
        ("batch", [1, 4], ""),
        ("batch", ["full", 4], ""),
        ("batch", [2, 4], "below"),
        ("batch", [10, 4], "above"),
        ("momentum", [0.9, 0.5], "above"),
        ("lr", [1, 0.1], "above"),
    ],
)
def test_the_end_of_what_is_possible_is_no_edge_of_a_search(
    errsurf: CommandLine, setting: str, values: list[object], edge: str
) -> None:
    """The first value is the best; batches go from 1 to the 20 examples, which are the full batch."""
    file = errsurf.file(TWO_GROUPS)
    found = compare(file, {setting: values}, seeds=1)
    plan = found._plan

    def place(_key: str, value: object) -> float:
        return 20.0 if value == "full" else float(value)  # type: ignore[arg-type]

    choice = chosen("slow", tried([0.0, 1.0], **{setting: values}), "lowest", place, plan.allows)
    assert [each.beyond for each in choice.edges] == ([edge] if edge else [])


def test_of_settings_that_lose_too_many_particles_none_is_the_best() -> None:
    few = Tried({"lr": 2.0}, Estimate(-9.0, -9.0, -9.0), 3, 10, 7, Cost(1, 1, 1.0), accepted=False)
    some = Tried({"lr": 1.0}, Estimate(-8.0, -8.0, -8.0), 7, 10, 3, Cost(1, 1, 1.0))
    rest = tried([float("inf"), float("nan"), 5.0], lr=[0.1, 0.2, 0.3])

    def choose(known: Sequence[Tried], best: str = "lowest") -> Choice:
        return chosen("a", known, best, lambda _key, value: float(value), lambda *_: True)

    assert choose([few, some, *rest]).best is some
    assert "3 of 10 particles diverged" in choose([few, some, *rest]).warnings[0]
    assert choose([few, some, *rest]).refused == (few,)
    assert choose([few, *rest], "highest").best is rest[2]
    assert choose([few, *rest], "highest").refused == ()
    assert choose([few, *rest[:2]]).best is None
    assert "no value" in choose([few]).warnings[0]


def test_a_rate_at_which_particles_diverge_does_not_win_by_those_that_are_left(errsurf: CommandLine) -> None:
    """With lr 0.1 a fifth of the particles leave the camel's valleys for good, and the rest are the lowest of all."""
    text = SMALL.replace("saddle", "six_hump_camel").replace("tilt = 0.4", "")
    text = (
        text.replace("16", "100")
        .replace("0.3", "1.0")
        .replace("12", "40")
        .replace('"sgd"', '"sgd"\nbatch = 4\nlabel = "sgd"')
    )
    file = errsurf.file(text + '\n[[optimizer]]\nkind = "adam"\nlabel = "adam"\nbatch = 4\nlr = 0.05\n')
    asked = ("compare", file, "--tune=adam.lr=1e-4,2e-4", "--tune=sgd.lr=0.001,0.01,0.1", "--seeds=3")
    assert errsurf(*asked) == 0
    assert "  sgd: lr 0.01: " in errsurf.out
    assert re.search(
        r"not chosen: lr 0.1 gives -\S+ \(n = \d+ of 100\), but \d+ of 100 particles diverged", errsurf.out
    )
    assert "sgd is better; not fair to adam, whose best lr is at the edge of the search" in errsurf.out
    assert errsurf(*asked, "--diverged=1", "--out=all") == 0
    assert "  sgd: lr 0.1: " in errsurf.out


def test_particles_that_diverge_with_other_seeds_leave_it_undecided() -> None:
    group, other = (
        Judged(label, Estimate(0, 0, 0), Estimate(0, 0, 0), 3, (1, 2), (1.0, 1.1), 200, 50) for label in "ab"
    )
    found = Difference("a", "b", Estimate(-1.0, -1.5, -0.5), "a")
    assert doubted(found, {"a": group}, {})[3:] == ("", "50 of 200 particles of a diverged")
    assert doubted(found, {"b": other}, {})[3:] == ("a", "")
    assert doubted(found, {}, {"a": Choice("a", (), None, {}, (Edge("lr", 0.1, "above"),), Cost(1, 1, 1.0))})[3:] == (
        "a",
        "",
    )


def test_each_group_at_the_edge_of_its_search_has_a_sentence_in_both_languages() -> None:
    edges = (Edge("lr", 0.1, "above"),)
    choices = {label: Choice(label, (), None, {}, edges, Cost(1, 1, 1.0)) for label in ("sgd, batch 1", "momentum")}
    found = doubted(Difference("sgd, batch 1", "momentum", Estimate(0.0, -1.0, 1.0), ""), {}, choices)
    parts = found.doubt.split("; ")
    assert parts == [f"not fair to {label}, whose best lr is at the edge of the search" for label in choices]
    assert _doubt(found, _Words({}, "zh")).count("在搜索范围的边缘") == 2
    assert "whose" not in _doubt(found, _Words({}, "zh"))


@pytest.mark.parametrize(
    ("beside", "accepted", "coarse"), [(29.5, True, False), (151.0, True, True), (29.5, False, True)]
)
def test_a_search_whose_steps_are_larger_than_the_difference_is_told(
    beside: float, accepted: bool, coarse: bool
) -> None:
    """The numbers beside the best of b are 29.2 and this one; the difference is 1."""
    known = tried([29.2, 29.0, beside], lr=[0.01, 0.1, 1.0])
    known[2] = known[2]._replace(accepted=accepted)
    choice = chosen("b", known, "lowest", lambda _key, value: float(value), lambda *_: True)
    found = Difference("a", "b", Estimate(-1.0, -1.5, -0.5), "a")
    words = "the search is coarse for b: finer values of lr may change this"
    assert doubted(found, {}, {"b": choice}) == found._replace(doubt=words if coarse else "")
    assert not doubted(found._replace(better="b"), {}, {"b": choice}).doubt


def test_differences_hold_together() -> None:
    """Of 2,000 comparisons of four equal groups, each with 6 seeds, 5% see a difference: 100 with an error of 10."""
    draw, wrong = np.random.default_rng(5), 0
    for _ in range(2000):
        shared = draw.normal(size=6)
        judged = [
            Judged(
                str(k), Estimate(0, 0, 0), Estimate(0, 0, 0), 6, tuple(range(6)), tuple(shared + draw.normal(size=6))
            )
            for k in range(4)
        ]
        wrong += any(each.better for each in differences(judged, "lowest"))
    assert 50 < wrong < 135


def test_what_is_better_and_what_is_not_decided() -> None:
    def judged(label: str, *values: float) -> Judged:
        return Judged(label, Estimate(0, 0, 0), Estimate(0, 0, 0), 3, tuple(range(len(values))), values)

    low, high = judged("low", 1.0, 2.0, 3.0), judged("high", 5.0, 6.1, 7.0)
    assert [each.better for each in differences([low, high], "lowest")] == ["low"]
    assert [each.better for each in differences([high, low], "highest")] == ["high"]
    assert [each.better for each in differences([low, judged("never", 5.0, np.inf, 7.0)], "lowest")] == [""]
    assert [each.better for each in differences([judged("a", 1.0), judged("b", 2.0)], "lowest")] == [""]


def test_a_group_that_never_comes_is_judged_by_the_last_time_that_it_was_seen_at() -> None:
    def judged(label: str, *values: float) -> Judged:
        return Judged(label, Estimate(0, 0, 0), Estimate(0, 0, 0), 3, tuple(range(len(values))), values)

    never, comes, late = judged("never", *[np.inf] * 3), judged("comes", 70.2, 75.1, 80.3), judged("late", 99, 99.9, 98)
    ends = {"never": 100.0, "comes": 100.0, "late": 100.0, "some": 100.0}
    (found,) = differences([never, comes], "lowest", ends=ends)
    low = 100 - np.mean(comes.values) - student(3) * np.std(comes.values, ddof=1) / np.sqrt(3)
    assert found.estimate == pytest.approx((np.inf, low, np.inf))
    assert (found.better, found.doubt) == ("comes", "")
    (found,) = differences([comes, never], "lowest", ends=ends)
    assert found.estimate == pytest.approx((-np.inf, -np.inf, -low))
    assert found.better == "comes"
    for other in (late, judged("some", 70.0, np.inf, 71.0), never._replace(label="too")):
        (found,) = differences([never, other], "lowest", ends=ends)
        assert (found.better, found.doubt) == ("", NEVER)
    (found,) = differences([never, comes], "lowest", ends=ends | {"never": 50.0})
    assert not found.better
    (found,) = differences([never, comes], "lowest")
    assert (found.better, found.doubt) == ("", NEVER)


def test_the_command_decides_against_a_group_that_never_comes(errsurf: CommandLine) -> None:
    asked = ("--statistic=time_to_leave", "--set=point=[0,0]", "--set=radius=0.5", "--set=swarm.particles=50")
    assert errsurf("compare", "saddle_escape", *asked, "--amount=90", "--out=kept") == 0
    assert re.search(r"full batch minus batch 1: above \d\S*: batch 1 is better\n", errsurf.out)
    assert f"full batch minus batch 5: none: not decided; {NEVER}" in errsurf.out


def test_medians_of_whole_numbers_that_agree_in_all_seeds_are_no_certainty() -> None:
    def judged(label: str, value: float) -> Judged:
        return Judged(label, Estimate(0, 0, 0), Estimate(0, 0, 0), 3, (1, 2, 3), (value,) * 3)

    for apart, better in ((1.0, ""), (0.5, ""), (2.0, "a")):
        (found,) = differences([judged("a", 5.0), judged("b", 5.0 + apart)], "lowest", whole=True)
        assert (found.estimate, found.better) == ((-apart, -apart - 1, -apart + 1), better)
    (found,) = differences([judged("a", 5.2), judged("b", 6.2)], "lowest", whole=True)
    assert found.better == "a"


@pytest.mark.parametrize("options", [[], ["--tune=lr=0.1"]])
def test_groups_are_compared_as_they_are(errsurf: CommandLine, options: list[str]) -> None:
    file = errsurf.file(SMALL)
    for asked in ("--statistic=train_loss", "--statistic=time_to_loss --set=loss=-9"):
        command = ("compare", file, "--set=optimizer.batch=1,4,10", *asked.split(), *options, "--seeds=2")
        assert errsurf(*command, f"--out={len(asked)}") == 0
        assert "12 updates for each group, nothing is searched" in errsurf.out
        pairs = re.findall(r"batch (\d+) minus .*batch (\d+): \S+", errsurf.out)
        assert pairs == [("1", "4"), ("1", "10"), ("4", "10")]
        assert not errsurf.err
    found = compare(file, statistic="train_loss", seeds=2, changes={"optimizer.batch": "1,4"})
    plot = choice_plot(found, found.scenario)
    assert plot.x.values == ("sgd, batch 1", "sgd, batch 4")
    assert (plot.low <= plot.value).all()


def test_numbers_of_some_particles_say_of_how_many(errsurf: CommandLine) -> None:
    """With lr 1.3 most particles diverge before they come near the point."""
    text = SMALL.replace("updates = 12", "updates = 300").replace('kind = "sgd"', 'kind = "sgd"\nbatch = 4')
    asked = ["--tune=lr=0.05,0.1,0.2", "--statistic=time_to_leave", "--set=point=[0.5,0.1]", "--set=radius=0.2"]
    assert errsurf("compare", errsurf.file(text), *asked, "--seeds=2") == 0
    known = [int(each) for each in re.findall(r"n = (\d+) of 16\)", errsurf.out)]
    assert known
    assert max(known) < 16
    assert "  n: particles that have a number; the others were never inside\n" in errsurf.out
    rates = ("--tune=lr=0.1,0.2", "--statistic=time_to_loss", "--set=loss=0.25", "--out=all")
    assert errsurf("compare", errsurf.file(text), *rates, "--seeds=2") == 0
    assert "  n: " not in errsurf.out


def test_more_values_compute_only_what_is_missing(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    file, told = errsurf.file(TWO_GROUPS), list[tuple[str, float]]()
    compare(file, {"lr": [0.001, 0.01]}, seeds=2, folder="kept")
    found = compare(file, {"lr": [0.001, 0.01, 0.2]}, seeds=2, folder="kept", progress=lambda *now: told.append(now))
    assert [share for stage, share in told if stage == "search"] == [4 / 6, 5 / 6, 1.0]
    assert found["slow"].best is not None
    assert found["slow"].best.settings == {"lr": 0.2}
    assert [judged.seeds for judged in found.judged] == [(1, 2)] * 2
    monkeypatch.setattr("errsurf.sweeps.runner.cell_rows", None)
    again = compare(file, {"lr": [0.001, 0.01, 0.2]}, seeds=2, folder="kept")
    assert (again.choices, again.judged) == (found.choices, found.judged)
    assert len(open_sweep("kept/search").rows) == 6
    with pytest.raises(FolderError, match="kept/search holds another sweep"):
        compare(file, {"lr": [0.3, 0.4]}, seeds=2, folder="kept")


def test_a_comparison_that_is_stopped_keeps_what_is_finished(errsurf: CommandLine) -> None:
    file, stop = errsurf.file(TWO_GROUPS), Event()
    rates = {"lr": list(np.linspace(0.01, 0.1, 30))}
    begun = compare(
        file,
        rates,
        seeds=1,
        folder="kept",
        stop=stop,
        progress=lambda stage, share: stop.set() if stage == "search" and share > 0.1 else None,
    )
    assert not begun.complete
    assert not begun.judged
    assert 0 < begun.search.finished < 60
    assert not Path("kept/choice.png").exists()
    kept, fresh = (compare(file, rates, seeds=1, folder=folder) for folder in ("kept", "fresh"))
    assert numbers(kept) == numbers(fresh)
    assert Path("kept/search/table.csv").read_bytes() == Path("fresh/search/table.csv").read_bytes()


def test_a_group_may_have_its_own_list(errsurf: CommandLine) -> None:
    lists = {"lr": "0.1,0.2", "fast": {"lr": [0.3, 0.4, 0.5], "momentum": "0,0.9"}, "slow.batch": [1, "full"]}
    found = compare(errsurf.file(TWO_GROUPS), lists, seeds=1)
    assert [dict(each.settings) for each in found["slow"].tried] == [
        {"lr": lr, "batch": batch} for lr in (0.1, 0.2) for batch in (1, "full")
    ]
    assert len(found["fast"].tried) == 6
    plot = choice_plot(found, found.scenario)
    assert (plot.x.values, plot.y.values, plot.value.shape) == ((0.1, 0.2, 0.3, 0.4, 0.5), ("slow", "fast"), (1, 2, 5))
    best = min(each.estimate.value for each in found["slow"].tried if each.settings["lr"] == 0.2)
    assert plot.value[0, 0, 1] == best
    assert np.isnan(plot.value[0, 0, 2:]).all()
    assert "best over batch and momentum" in plot.note
    assert plot.again is not None
    np.testing.assert_array_equal(plot.again[0], [judged.over_seeds for judged in found.judged])
    # At the minima of the saddle's surface the sharpness is 2; fast has no one limit, since its momentum is tuned.
    np.testing.assert_allclose(plot.limits, [[1.0, np.nan]], rtol=1e-6)
    alone = choice_plot(found, found.scenario, "momentum")
    assert (alone.x.values, alone.y.values, alone.value.shape) == ((0, 0.9), ("fast",), (1, 1, 2))
    found.save_picture("momentum.png", x="momentum", changes={"title": "One group", "picture.size": [480, 270]})
    with pytest.raises(UserError, match="not tuned; closest: momentum"):
        choice_plot(found, found.scenario, "momentun")


TABLE = """
[[claim]]
says = "Faster."
statistic = "train_loss"
group = "fast"
below = "slow"

[compare]
statistic = "share_near"
point = [0, 0]
radius = 0.5
at = "50%"
seeds = 2
amount = 8

[compare.tune]
lr = "0.05,0.5"
fast.momentum = [0, 0.5]
"""


def test_the_table_of_a_file_says_the_same(errsurf: CommandLine) -> None:
    file = errsurf.file(TWO_GROUPS + TABLE)
    found = compare(file)
    assert (found.statistic, found.best) == ("share_near(point=0 0, radius=0.5, at=50%)", "highest")
    assert (found.budget, found.seeds, len(found["fast"].tried)) == (("updates", 8), (1, 2), 4)
    scenario = read_scenario(file)
    assert scenario_from(scenario).compare == scenario.compare
    assert "[compare" in resolved_toml(scenario)
    assert errsurf("check", file) == 0
    assert "; a comparison of 6 values, then of 2 seeds" in errsurf.out
    assert errsurf("check", file, "--set=compare.tune.lrr=[1, 2]") == 2
    assert "tune lrr: slow (sgd) has no such setting; closest: lr" in errsurf.err
    again = compare(scenario, statistic="train_loss", seeds=1)
    assert (again.statistic, again.best, again.seeds) == ("train_loss", "lowest", (1,))
    assert numbers(compare(scenario)) == numbers(found)


def test_fixed_seeds_are_told_and_without_any_other_there_is_nothing_to_judge(errsurf: CommandLine) -> None:
    file = errsurf.file(TWO_GROUPS)
    found = compare(file, RATES, seeds=2, changes={"surface.seed": 4, "swarm.seed": 5})
    assert found.fixed == ("surface.seed", "swarm.seed")
    with pytest.raises(UserError, match="nothing follows the seed"):
        compare(file, RATES, seeds=2, changes={"surface.seed": 4, "swarm.seed": 5, "run.seed": 6})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"tune": {"lrr": [1, 2]}}, "tune lrr: slow (sgd) has no such setting; closest: lr"),
        ({"tune": {"fats.lr": [1, 2]}}, "tune fats.lr: slow (sgd) has no such setting; closest: fast"),
        ({"tune": {"betas": [1, 2]}}, "allowed: kind, lr, momentum"),
        ({"tune": {"lr": "log:1:2"}}, "no range; allowed: log:FIRST:LAST:COUNT"),
        ({"tune": {"fast.lr": [0.1, 1]}}, "nothing of slow is tuned; give --tune KEY=VALUES"),
        ({"tune": {"lr": [-1, 1]}}, "cell group = slow, optimizer.lr = -1"),
        ({"tune": {"lr": "lin:0:1:9999", "momentum": "lin:0:0.9:999"}}, "19,978,002 combinations; allowed: up to"),
        ({"tune": RATES, "statistic": "trainloss"}, "did you mean `train_loss`"),
        ({"tune": RATES, "statistic": "apart", "settings": {"other": "fast"}}, "is of several groups"),
        ({"tune": RATES, "statistic": "time_to_leave"}, "allowed: point and radius, or region"),
        ({"tune": RATES, "settings": {"radius": 1}}, "unknown key for test_loss"),
        ({"tune": RATES, "best": "low"}, "did you mean `lowest`"),
        ({"tune": RATES, "budget": "time"}, 'allowed: "updates", "examples", "seconds"'),
        ({"tune": RATES, "budget": "seconds"}, "a budget of seconds needs it"),
        ({"tune": RATES, "budget": "seconds", "amount": 1e-12}, "is less than one update of slow, lr 0.02"),
        (
            {"tune": RATES, "budget": "examples", "amount": 19},
            "19 examples is less than one update of slow, lr 0.02, 20",
        ),
        ({"tune": RATES, "amount": 1.5}, "updates are whole"),
        ({"tune": RATES, "seeds": 0}, "compare.seeds = 0: out of range"),
    ],
)
def test_what_cannot_be_compared_is_told_before_anything_runs(
    errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch, given: dict[str, object], words: str
) -> None:
    monkeypatch.setattr("errsurf.sweeps.runner.cell_rows", None)
    with pytest.raises((UserError, ScenarioError)) as error:
        compare(errsurf.file(TWO_GROUPS), **given)  # type: ignore[arg-type]
    assert words in str(error.value)


def test_the_command_writes_a_table_a_summary_and_the_curve(errsurf: CommandLine) -> None:
    errsurf.file(TWO_GROUPS)
    command = ("compare", "small.toml", "--tune", "lr=0.001,0.2,0.5", "--seeds=3", "--statistic=share_near")
    assert errsurf(*command, "--set=point=[0,0]", "--set=radius=0.4", "--set=swarm.particles=30", "--set=at=50%") == 0
    folder = Path("results/small-compare")
    assert "share within 0.4 of (0, 0) at 50%, the highest is best, 12 updates for each group" in errsurf.out
    assert "judged by 3 seeds from 1 on" in errsurf.out
    assert f"{folder}/: choice.png, table.csv, summary.json" in errsurf.out
    with (folder / "table.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["group"], row["lr"], row["particles"]) for row in rows[::3]] == [
        ("slow", "0.001", "30"),
        ("fast", "0.001", "30"),
    ]
    assert [sum(row["best"] == "1" for row in rows), sum(bool(row["judged"]) for row in rows)] == [2, 2]
    kept = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert (
        errsurf(*command, "--json", "--set=point=[0,0]", "--set=radius=0.4", "--set=swarm.particles=30", "--set=at=50%")
        == 0
    )
    assert json.loads(errsurf.out) == kept
    assert [len(group["tried"]) for group in kept["groups"]] == [3, 3]
    assert errsurf("compare", "small.toml", "--tune", "lr") == 2
    assert "must look like KEY=VALUES" in errsurf.err
    assert errsurf("compare", "small.toml", "--tune=lr=1,2", "--tune=lr=3") == 2
    assert "given twice" in errsurf.err
    Path("mine").mkdir()
    Path("mine/notes.txt").touch()
    assert errsurf("compare", "small.toml", "--tune=lr=1,2", "-o", "mine") == 2
    assert "exists and is not the folder of a comparison; it contains notes.txt" in errsurf.err


def test_ctrl_c_keeps_what_is_finished_and_the_same_command_continues(errsurf: CommandLine) -> None:
    file = errsurf.file(TWO_GROUPS)
    command = ("compare", file, "--tune=lr=lin:0.01:0.1:40", "--seeds=2", "--set=run.updates=2000", "-o")
    running = process(*command, "cut", "--set=swarm.particles=3000", folder=errsurf.folder)
    journal = errsurf.folder / "cut/search/cells.jsonl"
    code, out, err = interrupted(running, lambda: journal.exists() and journal.read_bytes().count(b"\n") > 2)
    assert (code, "the same command continues" in err) == (130, True), out + err
    assert 0 < len(open_sweep("cut/search").rows) < 80
    assert errsurf(*command, "cut", "--set=swarm.particles=3000", "--quiet") == 0
    assert json.loads(Path("cut/summary.json").read_text(encoding="utf-8"))["complete"]


def test_the_picture_of_the_command_is_in_the_language(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    notes: list[str] = []
    monkeypatch.setattr("errsurf.comparing.files.choice_figure", lambda _found, shown: notes.append(shown.language))
    monkeypatch.setattr("errsurf.comparing.files.save_figure", lambda *_: None)
    errsurf.file(TWO_GROUPS)
    assert errsurf("compare", "small.toml", "--tune=lr=0.1,0.2", "--seeds=1", "--lang", "zh", "--quiet") == 0
    assert notes == ["zh"]


def test_what_is_compared_has_a_name(errsurf: CommandLine) -> None:
    found: FairComparison = compare(errsurf.file(TWO_GROUPS), RATES, seeds=1)
    with pytest.raises(KeyError, match="there are slow, fast"):
        found["medium"]
    assert repr(found) == "FairComparison('small': test_loss, 12 updates, 2 groups, 6 values tried, 1 seeds)"


def test_examples_of_the_page_run(errsurf: CommandLine) -> None:
    exec("".join(blocks("docs/comparing.md")), {})
    text = (ROOT / "docs/comparing.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    labels = {f'label = "{name}"': f'label = "batch {k + 1}"' for k, name in enumerate(("slow", "fast"))}
    groups = TWO_GROUPS
    for old, new in labels.items():
        groups = groups.replace(old, new)
    errsurf.file(f"{groups}\n{table}")
    found = compare("small.toml", seeds=1)
    assert [len(choice.tried) for choice in found.choices] == [26, 13]
    commands = re.findall(r"^errsurf (compare .*)$", text, re.MULTILINE)
    assert len(commands) == 2
    for k, command in enumerate(commands):
        assert errsurf(*split(command), "--set=swarm.particles=20", "--seeds=2", f"--out=page{k}") == 0


def test_the_picture_of_a_comparison_is_in_the_language(errsurf: CommandLine) -> None:
    found = compare(errsurf.file(TWO_GROUPS), {**RATES, "momentum": [0, 0.5]}, seeds=1)
    note = said(choice_plot(found, found.scenario).note, "zh")
    assert not re.search("[a-z]{4}", note.replace("momentum", "")), note


def test_the_best_values_are_a_scenario_that_gives_the_numbers_of_the_search(errsurf: CommandLine) -> None:
    found = compare(errsurf.file(TWO_GROUPS), RATES, statistic="train_loss", seeds=1, folder="kept")
    scenario = read_scenario(Path("kept/best.toml"))
    rows = group_rows(Findings(simulate(scenario), terrain_of(scenario)))
    best = [choice.best for choice in found.choices]
    assert [row["train_loss"] for row in rows] == [each.estimate.value for each in best if each]
    assert [group.settings.lr for group in scenario.optimizer] == [each.settings["lr"] for each in best if each]


def test_a_loss_that_is_reached_and_rises_again_is_told(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    file, means = errsurf.file(TWO_GROUPS), Sweep.over_seeds
    asked = ("compare", file, "--tune=lr=0.02,0.2", "--seeds=2", "--statistic=time_to_loss", "--set=loss=0.25")
    assert errsurf(*asked) == 0
    assert "share_reached" not in errsurf.err
    monkeypatch.setattr(Sweep, "over_seeds", lambda self: [{**row, "train_loss": 0.5} for row in means(self)])
    assert errsurf(*asked) == 0
    assert "slow: gets down to a training loss of 0.25, but ends at a median of 0.5; share_reached" in errsurf.err
