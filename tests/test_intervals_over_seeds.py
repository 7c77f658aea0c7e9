"""Intervals over seeds: no impossible numbers, medians of times that may be infinite, and how often they hold."""

import csv
import io
from math import inf, isnan

import numpy as np
import pytest

from errsurf import sweep
from errsurf.measures.intervals import student
from errsurf.measures.measuring import NUMBER, SHARE, SIGNED, TIME
from errsurf.sweeps.plotting import sweep_plot
from errsurf.sweeps.seeds import difference_over_seeds, estimate_over_seeds, student_interval
from helpers.command_line import CommandLine

TRIALS = 2000


def test_times_that_differ_by_factors_have_a_median_and_positive_ends() -> None:
    median, low, high = estimate_over_seeds(np.array([67.0, 430, 254, 5442]), TIME)
    logs = np.log([67, 430, 254, 5442])
    half = student(4) * logs.std(ddof=1) / 2
    assert median == 342
    assert (low, high) == pytest.approx((np.exp(logs.mean() - half), np.exp(logs.mean() + half)))


@pytest.mark.parametrize(
    ("times", "median"), [([325, 3070, 2529, inf], 2799.5), ([3095, 17497, inf, inf], inf), ([inf] * 4, inf)]
)
def test_what_never_came_is_larger_than_all(times: list[float], median: float) -> None:
    found = estimate_over_seeds(np.array(times), TIME)
    assert found.value == median
    assert isnan(found.low)
    assert isnan(found.high)


def test_six_times_have_an_interval_between_ranks_whatever_never_came() -> None:
    assert estimate_over_seeds(np.array([5, 1, 3, 2, inf, 4]), TIME) == (3.5, 1, inf)


@pytest.mark.parametrize(
    ("values", "kind", "low", "high"),
    [([0.0, 0.0, 0.1, 0.9], SHARE, 0, 1), ([1.0, 1.0, 1.0, 0.98], SHARE, 0, 1), ([0.0, 1e-6, 0.3, 90], NUMBER, 0, inf)],
)
def test_no_end_is_impossible(values: list[float], kind: str, low: float, high: float) -> None:
    plain, found = student_interval(np.array(values)), estimate_over_seeds(np.array(values), kind)
    assert plain.low < low or plain.high > high
    assert low < found.low < found.value == np.mean(values) < found.high < high


def test_differences_of_shares_end_at_one_and_signed_numbers_may_be_negative() -> None:
    assert difference_over_seeds(np.array([0.99, 1.0, 0.5]), SHARE).low > -1
    assert difference_over_seeds(np.array([0.99, 1.0, 0.5]), SHARE).high < 1
    values = np.array([0.1, 2.0, 3.0])
    assert estimate_over_seeds(values, SIGNED) == difference_over_seeds(values, NUMBER) == student_interval(values)


@pytest.mark.parametrize("count", [3, 5, 8])
def test_intervals_hold_as_often_as_the_page_says(count: int) -> None:
    """Lognormal times and losses that differ by a factor of two, and shares around 5/6."""
    draw, held = np.random.default_rng(5), np.zeros(3)
    for _ in range(TRIALS):
        factors, shares = np.exp(0.35 * draw.normal(size=count)), draw.beta(5, 1, count)
        cases = ((factors, TIME, 1.0), (factors, NUMBER, np.exp(0.35**2 / 2)), (shares, SHARE, 5 / 6))
        for k, (values, kind, truth) in enumerate(cases):
            _, low, high = estimate_over_seeds(values, kind)
            held[k] += low <= truth <= high
    assert (held / TRIALS > 0.915).all(), held / TRIALS
    assert (held / TRIALS < 0.999).all(), held / TRIALS


def test_a_time_that_came_in_half_of_the_seeds_is_not_told_as_never(errsurf: CommandLine) -> None:
    """With lr 1e-5 nothing leaves; with 0.13 and batch 5 half of the particles leave in two of four seeds."""
    changes = {
        "measure": [{"statistic": "time_to_leave", "name": "escape", "point": [0, 0], "radius": 0.5}],
        "swarm": {"particles": 8, "start": "point", "at": [0, 0]},
        "run.updates": 40,
        "claim": [],
    }
    varied = {"optimizer.lr": [1e-5, 0.13], "optimizer.batch": [1, 5]}
    found = sweep("saddle_escape", varied, seeds=4, changes=changes, folder=errsurf.folder / "s")
    rows = found.over_seeds()
    assert [row["escape_seeds_n"] for row in rows] == [0, 0, 4, 2]
    plot = sweep_plot(found)
    place = plot.table[0].index("median escape, updates")
    assert [line[place] for line in plot.table[1:]] == ["never", "21", "never", "2 of 4 seeds"]
    assert "medians over 4 seeds, never: 2 of 4 points, in half of the seeds or fewer: 1 of 4 points" in plot.note
    assert errsurf("table", "s", "--over-seeds", "--columns", "escape") == 0
    assert [line.split("  ")[-1].strip() for line in errsurf.out.splitlines()[1:3]] == 2 * ["never [no interval]"]
    assert errsurf.out.splitlines()[-1].endswith("2 of 4 seeds [no interval]")
    assert errsurf("table", "s", "--over-seeds", "--csv") == 0
    last = list(csv.DictReader(io.StringIO(errsurf.out)))[-1]
    assert (last["escape"], last["escape_seeds_n"], last["escape_seeds_low"]) == ("inf", "2", "")
    assert errsurf("plot", "s", "s.png") == 0
