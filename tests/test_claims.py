"""Claims: their verdicts, what is printed and kept of them, in Python, in the shell and in files."""

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf import claims_of, open_result, read_scenario, scenario_from, simulate
from errsurf.claims.checking import HOLDS, UNDECIDED, Repeated, verdict
from errsurf.claims.wording import estimate_text, lines, plain, seeds_line, some, statistic_words
from errsurf.measures.intervals import Estimate, exactly
from errsurf.scenario import resolved_toml
from helpers.claim_results import claims_run
from helpers.command_line import CommandLine

NUMBERS = {"examples.npz", "manifest.json", "scenario.toml", "summary.json", "table.csv"}
FAILS = "does not hold"
STAY = np.tile([0.0, 0.0], (3, 40, 1))
MOVED = np.stack([STAY[0], np.stack([np.linspace(0.9, 1.1, 40), np.zeros(40)], axis=-1), np.tile([1.0, 0.0], (40, 1))])


def claim(**keys: Any) -> dict[str, Any]:
    return {"says": "It is so.", "statistic": "distance", "point": [0.0, 0.0], "group": "a", **keys}


def checked(**keys: Any) -> Any:
    (found,) = claims_of(claims_run({"a": MOVED, "b": STAY}, claim(**keys)))
    return found


# relation and margins, interval of the difference or ratio, verdict
VERDICTS = [
    ({"above": 0.0, "by": 0.2}, (0.2, 0.5), HOLDS),
    ({"above": 0.0, "by": 0.2}, (0.1, 0.5), UNDECIDED),
    ({"above": 0.0, "by": 0.2}, (0.0, 0.19), FAILS),
    ({"above": 0.0}, (0.0, 0.1), UNDECIDED),
    ({"above": 0.0}, (0.001, 0.1), HOLDS),
    ({"above": 0.0}, (0.0, 0.0), FAILS),
    ({"above": 0.0}, (-0.1, 0.0), FAILS),
    ({"below": 0.0, "by": 0.2}, (-0.5, -0.2), HOLDS),
    ({"below": 0.0, "by": 0.2}, (-0.5, -0.1), UNDECIDED),
    ({"below": 0.0, "by": 0.2}, (-0.19, 1.0), FAILS),
    ({"below": 0.0}, (-np.inf, -np.inf), HOLDS),
    ({"above": "b", "times": 3}, (3.0, 4.0), HOLDS),
    ({"above": "b", "times": 3}, (2.0, 4.0), UNDECIDED),
    ({"above": "b", "times": 3}, (1.0, 2.9), FAILS),
    ({"below": "b", "times": 0.5}, (0.1, 0.5), HOLDS),
    ({"below": "b", "times": 0.5}, (0.6, 0.7), FAILS),
    ({"equals": 0.0, "within": 0.1}, (-0.1, 0.1), HOLDS),
    ({"equals": 0.0, "within": 0.1}, (-0.2, 0.1), UNDECIDED),
    ({"equals": 0.0, "within": 0.1}, (0.11, 0.2), FAILS),
    ({"equals": "b", "times": 4, "within": 0.1}, (3.95, 4.05), HOLDS),
    ({"equals": "b", "times": 4, "within": 0.1}, (3.0, 3.8), FAILS),
    ({"above": 0.0}, (np.nan, np.nan), UNDECIDED),
    ({"above": 0.0}, (np.nan, -0.1), UNDECIDED),
    ({"above": 0.0}, (0.1, np.nan), UNDECIDED),
]


@pytest.mark.parametrize(("keys", "interval", "expected"), VERDICTS)
def test_a_claim_is_decided_if_its_whole_interval_lies_on_one_side(keys: Any, interval: Any, expected: str) -> None:
    written = claims_run({"a": MOVED, "b": STAY}, claim(**keys)).scenario.claim[0]
    assert verdict(written, Estimate(sum(interval) / 2, *interval)) == expected


def test_groups_are_compared_with_numbers_groups_and_themselves() -> None:
    assert checked(above=0.9).verdict == HOLDS
    assert checked(below="b").verdict == FAILS
    assert checked(above="b", by=1.0).comparisons[0].compared == exactly(1.0)
    earlier = checked(at=1, above="a", other_at=0, by=0.9)
    assert earlier.verdict == HOLDS
    assert earlier.comparisons[0].reference == exactly(0.0)
    assert checked(equals=1.1, within=0.001, at=1, take="largest").verdict == HOLDS
    assert checked(equals=0.9, within=0.001, at=1, take="smallest").verdict == HOLDS
    assert checked(equals=1.0, within=0.03, at="50%", take="mean").verdict == HOLDS
    assert checked(above=1.0, at=1).verdict == UNDECIDED


def test_a_claim_of_several_groups_holds_if_it_does_for_each() -> None:
    several = checked(group=["a", "b"], below=0.5)
    assert [each.verdict for each in several.comparisons] == [FAILS, HOLDS]
    assert several.verdict == FAILS
    paths = {"a": MOVED, "b": STAY, "c": STAY}
    every, others = (dict(claim(below=2.0)), dict(claim(equals=["b", "c"], within=0.0)))
    every.pop("group")
    found = claims_of(claims_run(paths, every, others))
    assert [each.group for each in found[0].comparisons] == ["a", "b", "c"]
    assert [(each.group, each.other) for each in found[1].comparisons] == [("a", "b"), ("a", "c")]


def test_ratios_of_what_is_zero_are_infinite_and_not_a_fault() -> None:
    found = checked(above="b", times=3)
    assert found.verdict == HOLDS
    assert "ratio infinite" in next(lines(found))
    assert checked(group="b", above="a", times=0.1).verdict == FAILS


def test_negative_numbers_have_no_ratio() -> None:
    """The losses are -0.25 and 0: the one is not half of the other."""
    half = {"says": "x", "statistic": "train_loss", "group": "a", "above": "b", "times": 0.5}
    (found,) = claims_of(claims_run({"a": MOVED, "b": STAY}, half))
    assert found.verdict == UNDECIDED
    assert np.isnan(found.comparisons[0].compared).all()


def test_shares_have_the_intervals_of_shares() -> None:
    written = shared(above="b", by=0.5), shared(above=0.5), shared(below=0.8)
    one = claims_of(claims_run({"a": MOVED, "b": STAY}, *written))
    assert [each.verdict for each in one] == [HOLDS, HOLDS, FAILS]
    assert one[1].comparisons[0].estimate == pytest.approx((1.0, 0.9124, 1.0), abs=1e-4)
    assert one[0].comparisons[0].compared == pytest.approx((1.0, 0.8761, 1.0), abs=1e-4)
    (ratio,) = claims_of(claims_run({"a": MOVED, "b": STAY}, shared(above="b", times=50)))
    assert ratio.verdict == UNDECIDED
    assert ratio.comparisons[0].compared.low < 20
    assert ratio.comparisons[0].compared.high == np.inf


def shared(**keys: Any) -> dict[str, Any]:
    near = {"statistic": "share_near", "point": [1.0, 0.0], "radius": 0.5}
    return {"says": "It is so.", "group": "a", **near, **keys}


def test_lines_hold_numbers_intervals_and_what_was_claimed() -> None:
    (line,) = lines(checked(above="b", by=0.2, at=1, other_at=2), {"b": "Gruppe b"})
    start, _, rest = line.partition(", Gruppe b at 2 updates = 0; difference ")
    assert start.startswith("distance from (0, 0): a at 1 updates = 1 [0.9")
    assert rest.endswith("], claimed at least 0.2")
    assert next(lines(checked(below=2.0, take="mean"))) == "mean distance from (0, 0): a = 1, claimed below 2"
    assert next(lines(checked(equals="b", within=0.5))).endswith("difference 1, claimed 0 within 0.5")
    assert next(lines(checked(below="b", times=0.5))).endswith("claimed at most 0.5")
    apart = {"says": "x", "statistic": "apart", "other": "b", "above": 0.5}
    (found,) = claims_of(claims_run({"a": MOVED, "b": STAY}, apart))
    assert [each.group for each in found.comparisons] == ["a"]
    assert next(lines(found, {"b": "Gruppe b"})).startswith("distance from the same particle in Gruppe b: a = 1,")
    never = claim(statistic="time_to_loss", loss=-9.0, above=3.0)
    never.pop("point")
    (found,) = claims_of(claims_run({"a": MOVED}, never))
    assert next(lines(found)) == "updates to a training loss of -9: a = never, claimed above 3"
    kept = json.loads(json.dumps(plain(found), allow_nan=False))
    assert kept["comparisons"][0]["mine"] == ["inf", "inf", "inf"]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"above": 0.5, "by": 0.2}, "claimed at least 0.7"),
        ({"below": 2.0, "by": 0.5}, "claimed at most 1.5"),
        ({"below": "b"}, "difference 1, claimed below 0"),
        ({"equals": 1.0, "within": 0.0}, "claimed exactly 1"),
        ({"equals": "b", "times": 4, "within": 0.1}, "ratio infinite, claimed 4 within 0.1"),
        ({"above": "a", "other_at": 0}, "a at 100% = 1, a at 0 updates = 0; difference 1, claimed above 0"),
        ({"above": 0.5, "at": "50%"}, "a at 50% = 1 [0.9667, 1.033], claimed above 0.5"),
    ],
)
def test_a_line_ends_with_what_was_claimed_of_it(keys: dict[str, Any], words: str) -> None:
    found = checked(**keys)
    assert next(lines(found)).endswith(words)
    assert words.endswith(f"claimed {plain(found)['comparisons'][0]['claimed']}")


def test_words_name_the_minimum_and_how_many_particles_have_a_number() -> None:
    table = {"says": "x", "statistic": "share_in_basin", "near": [1.0, 0.0], "above": 0.5}
    claimed = claims_run({"a": MOVED}, table).scenario.claim[0]
    assert statistic_words(claimed, "").endswith("minimum near (1, 0)")
    assert statistic_words(claimed, "right minimum").endswith("right minimum")
    assert [some(count, 4) for count in (0, 1, 2, 4)] == ["", "", " (n = 2 of 4)", ""]


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        ((2.0, 2.0, 2.0), "2"),
        ((2.0, 1.0, 3.0), "2 [1, 3]"),
        ((2.0, np.nan, np.nan), "2 [no interval]"),
        ((np.inf, np.inf, np.inf), "never"),
        ((np.inf, 7.0, np.inf), "never [7, never]"),
    ],
)
def test_an_estimate_is_said_with_its_interval_where_it_has_one(estimate: tuple[float, ...], words: str) -> None:
    assert estimate_text(Estimate(*estimate)) == words


def test_what_other_seeds_say_stands_beside_the_numbers_of_this_one() -> None:
    mine, theirs, apart = Estimate(2.0, 1.0, 3.0), Estimate(np.inf, 4.0, np.inf), exactly(0.5)
    seeds = Repeated((0, 7), (HOLDS, UNDECIDED), (mine,), (theirs,), (apart,))
    against, number = checked(above="b"), checked(above=0.5)
    assert seeds_line(against, 0) == ""
    told = "mean over 2 seeds 2 [1, 3]"
    assert seeds_line(number._replace(seeds=seeds), 0) == told
    infinite = "never in half of them or more [4, infinite]"
    assert seeds_line(against._replace(seeds=seeds), 0) == f"{told}, {infinite}; difference 0.5"
    kept = plain(against._replace(seeds=seeds))
    assert kept["seeds"] == {"holds": 1, "of": 2, "verdicts": {"0": HOLDS, "7": UNDECIDED}}
    assert kept["comparisons"][0]["theirs_over_seeds"] == ["inf", 4.0, "inf"]


def test_written_claims_are_read_again_as_they_were() -> None:
    written = [claim(above=0.5), claim(equals="b", times=2, within=0.1, lecture=8), shared(below=["b"], by=0.25)]
    written += [claim(lecture=[1, 26], group=["a", "b"], below=3, at="2 epochs", take="largest")]
    written += [{"says": "x", "statistic": "correlation", "first": "gap", "second": "train_loss", "above": 0.0}]
    scenario = claims_run({"a": MOVED, "b": STAY}, *written).scenario
    again = scenario_from(tomllib.loads(resolved_toml(scenario)))
    assert again == scenario
    assert [each.lecture for each in again.claim] == [(), (8,), (), (1, 26), ()]


FILE = """
title = "Two groups"
[surface]
kind = "saddle"
tilt = 0.4
[swarm]
particles = 60
[run]
updates = 40
[[optimizer]]
label = "full batch"
kind = "sgd"
lr = 0.05
[[optimizer]]
label = "batch 1"
kind = "sgd"
batch = 1
lr = 0.05
[[claim]]
lecture = 21
says = "Noise leaves the saddle."
statistic = "distance"
point = [0.0, 0.0]
group = "batch 1"
above = "full batch"
[[claim]]
says = "Full batch leaves it, too."
statistic = "distance"
point = [0.0, 0.0]
group = "full batch"
above = 0.5
"""


def test_a_run_prints_and_keeps_what_became_of_its_claims(errsurf: CommandLine) -> None:
    file = errsurf.file(FILE, "two.toml")
    assert errsurf("run", file, "--no-pictures", "--out", "out") == 0
    shown = " ".join(errsurf.out.split())
    assert "claim 21 of the lecture holds: Noise leaves the saddle." in shown
    assert "claim does not hold: Full batch leaves it, too." in shown
    assert "claimed above 0.5" in shown
    assert {path.name for path in Path("out").glob("*.*")} == NUMBERS
    kept = json.loads(Path("out/summary.json").read_text(encoding="utf-8"))["claims"]
    assert [each["verdict"] for each in kept] == [HOLDS, FAILS]
    assert [each["lecture"] for each in kept] == [[21], []]
    assert [plain(each) for each in claims_of(open_result(Path("out")))] == kept
    assert errsurf("run", file, "--no-pictures", "--quiet", "--strict") == 1
    assert errsurf("run", file, "--no-pictures", "--quiet", "--strict", "--set", "claim[2].above=-0.5") == 0


def test_all_runs_every_bundled_scenario(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the bundled ones are two in a folder of the test's own."""
    for name in ("one", "two"):
        errsurf.file(FILE, f"{name}.toml")
    monkeypatch.setattr("errsurf.scenarios.FOLDER", errsurf.folder)
    assert errsurf("run", "--all", "--particles", 20, "--no-pictures") == 0
    assert all(Path(f"results/{name}/summary.json").is_file() for name in ("one", "two"))
    *_, head, first, second = (line.split() for line in errsurf.out.splitlines())
    assert head[0] == "scenario"
    assert [row[:3] for row in (first, second)] == [["one", "1", "1"], ["two", "1", "1"]]
    for wrong in ([], ["--all", "one.toml"]):
        assert errsurf("run", *wrong) == 2
        assert "--all" in errsurf.err


def test_claims_and_statistics_are_listed(errsurf: CommandLine) -> None:
    assert errsurf("list", "claims", "8") == 0
    assert "flat_or_sharp: " in errsurf.out
    assert "saddle_escape" not in errsurf.out
    assert errsurf("list", "statistics", "share_reached") == 0
    assert "loss = (must be given)" in errsurf.out
    assert errsurf("list", "statistics", "share_reache") == 2
    assert "did you mean `share_reached`?" in errsurf.err
    assert errsurf("list", "claims", "4") == 0
    assert "errsurf batches: The time of one epoch" in errsurf.out
    assert errsurf("list", "claims", "27") == 2


def test_claims_of_a_bundled_scenario_hold_in_python() -> None:
    found = claims_of(simulate(read_scenario("saddle_escape", {"swarm.particles": 400})))
    assert [each.verdict for each in found] == [HOLDS, HOLDS]
