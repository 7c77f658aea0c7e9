"""Survival analysis of escapes: scipy's estimates, closed forms, coverage, and runs whose exits are known."""

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

import errsurf
from errsurf import Result
from errsurf.drawing.charts import chart, chart_kind
from errsurf.measures.intervals import rate_interval
from errsurf.measures.measuring import measured
from errsurf.measures.survival import Exits, exits, exits_of, hazard, median_time, restricted_mean, survival
from errsurf.measures.view import view
from errsurf.run_analysis.findings import Findings
from helpers.chart_results import source, values

TRIALS = 400
ERROR = (0.95 * 0.05 / TRIALS) ** 0.5


def drawn(count: int, until: float, seed: int) -> Exits:
    """Exponential times of mean 1, censored at ``until`` and for every third particle at half of it."""
    draw = np.random.default_rng(seed)
    time, last = draw.exponential(size=count), np.where(np.arange(count) % 3, until, until / 2)
    return Exits(np.minimum(time, last), time <= last)


def test_the_curve_and_its_band_are_scipys() -> None:
    found = drawn(50, 2.0, 0)
    curve = survival(found)
    expected = ecdf(CensoredData(uncensored=found.time[found.left], right=found.time[~found.left])).sf
    band = expected.confidence_interval(method="log-log")
    assert [each[0] for each in curve] == [0, 1, 1, 1, 50, 0]
    assert curve.share[1:] == pytest.approx(expected.evaluate(curve.time[1:]), abs=1e-12)
    assert curve.low[1:] == pytest.approx(band.low.evaluate(curve.time[1:]), abs=1e-6)
    assert curve.high[1:] == pytest.approx(band.high.evaluate(curve.time[1:]), abs=1e-6)


def test_time_inside_is_counted_from_the_entry_to_the_exit_or_the_end() -> None:
    """Updates of five particles: inside from the start or later, outside always, and still inside when the run ends."""
    entered, left = np.array([0, 0, 3, -1, 4]), np.array([1, -1, 5, -1, -1])
    found = exits_of(entered, left, 9, lambda updates: updates * 0.5)
    assert found.time.tolist() == [0.5, 4.5, 1.0, 2.5]
    assert found.left.tolist() == [True, False, True, False]


def test_without_censoring_the_restricted_mean_is_the_mean_and_its_error_that_of_the_mean() -> None:
    time = np.random.default_rng(1).exponential(size=200)
    value, low, high = restricted_mean(survival(Exits(time, np.ones(200, np.bool_))), 100.0)
    assert value == pytest.approx(time.mean())
    assert (high - low) / 2 == pytest.approx(1.959964 * time.std() / np.sqrt(200), rel=1e-6)


def test_intervals_of_median_and_restricted_mean_cover() -> None:
    """Of exponential times: log 2, and 1 - exp(-2) up to time 2; of 60 particles."""
    held = np.zeros(2)
    for seed in range(TRIALS):
        curve = survival(drawn(60, 3.0, seed))
        for k, (found, truth) in enumerate(
            ((median_time(curve), np.log(2)), (restricted_mean(curve, 1.4), 1 - np.exp(-1.4)))
        ):
            held[k] += found.low <= truth <= found.high
    assert held / TRIALS == pytest.approx([0.95, 0.95], abs=4 * ERROR), held / TRIALS


def test_the_hazard_of_escapes_without_memory_is_constant() -> None:
    estimates = hazard(drawn(4000, 2.0, 5), np.linspace(0.0, 2.0, 5))
    assert all(each.low < 1.0 < each.high for each in estimates)


def test_where_nobody_left_there_is_no_median_and_the_restricted_mean_is_the_end() -> None:
    curve = survival(Exits(np.full(9, 4.0), np.zeros(9, np.bool_)))
    assert median_time(curve) == (np.inf, np.inf, np.inf)
    assert restricted_mean(curve, 4.0) == (4.0, 4.0, 4.0)
    assert np.isnan(restricted_mean(survival(Exits(np.zeros(0), np.zeros(0, np.bool_))), 1.0).value)
    all_at_once = survival(Exits(np.full(9, 2.0), np.ones(9, np.bool_)))
    assert (all_at_once.share[-1], all_at_once.low[-1], all_at_once.high[-1]) == (0.0, 0.0, 1.0)


DISC = {"point": [0.0, 0.0], "radius": 0.5}
MEASURES = [
    {"statistic": "time_to_leave", **DISC},
    {"statistic": "restricted_time_to_leave", **DISC},
    {"statistic": "rate_of_leaving", **DISC},
    {"statistic": "share_left", **DISC},
]


def test_statistics_of_escape_agree_with_the_curve() -> None:
    """Some particles never leave: the median may be infinite, the restricted mean is not."""
    changes = {"claim": [], "measure": MEASURES, "swarm.particles": 80, "swarm.at": [0.0, 0.0], "run.frames": 4}
    scenario = errsurf.read_scenario("saddle_escape", changes | {"run.updates": 40, "swarm.spread": 0.001})
    findings = Findings(errsurf.simulate(scenario))
    for label in ("batch 1", "full batch"):
        median, restricted, rate, share = (measured(findings, each, label) for each in findings.result.scenario.measure)
        found = exits(view(findings, label, "100%"), findings.result.scenario.regions[0])
        curve = survival(found)
        assert share.estimate.value == found.left.mean()
        assert restricted.estimate.value == pytest.approx(restricted_mean(curve, 40.0).value)
        assert rate.estimate == rate_interval(found.left.sum(), found.time.sum())
        if found.left.mean() > 0.6:
            assert median.estimate.value == pytest.approx(median_time(curve).value, abs=1)
    assert not share.estimate.value
    assert restricted.estimate == (40.0, 40.0, 40.0)
    assert rate.estimate.low == 0.0 < rate.estimate.high


def escaping(particles: int = 60) -> Result:
    """Particles that leave a saddle, in few frames."""
    region = {"name": "the saddle", "at": [0, 0], "radius": 0.5}
    changes = {"swarm.particles": particles, "swarm.at": [0, 0], "run.frames": 9, "region": [region]}
    return errsurf.simulate(errsurf.read_scenario("saddle_escape", changes))


def test_escape_curves_count_every_update_and_every_particle() -> None:
    result = escaping()
    curves = errsurf.escape_curves(result, "the saddle")
    for group, curve in zip(result.groups, curves.values(), strict=True):
        left = group.left[0]
        for update in (10, 55, 90, 160):
            still = 1 - ((left >= 0) & (left <= update)).mean()
            assert curve.share[curve.time <= update][-1] == pytest.approx(still, abs=1e-12)
    again = errsurf.escape_curves(result, {"at": (0, 0), "radius": 0.5}, unit="epochs")["batch 1"]
    np.testing.assert_allclose(again.time * 20, curves["batch 1"].time)


def test_the_chart_of_an_escape_is_its_curve_at_the_frames() -> None:
    result = escaping()
    run = source(result)
    for k, group in enumerate(result.groups):
        found, updates = values("escape", run, k), run.histories[k].update
        shares = [1 - ((group.left[0] >= 0) & (group.left[0] <= update)).mean() for update in updates]
        np.testing.assert_allclose(found.line, shares, atol=1e-12)
        assert found.band is not None
        assert ((found.band[:, 0] <= found.line) & (found.line <= found.band[:, 1])).all()
    assert chart(chart_kind("escape"), run).title == "share still in the saddle, 95% band"


def test_a_region_that_is_not_there_is_said() -> None:
    result = escaping(16)
    with pytest.raises(errsurf.UserError, match="no region `sadle`; allowed: the saddle"):
        errsurf.escape_curves(result, "sadle")
    with pytest.raises(errsurf.UserError, match="allowed: updates"):
        errsurf.escape_curves(result, "the saddle", unit="years")
    with pytest.raises(errsurf.ScenarioError, match="radius"):
        errsurf.escape_curves(result, {"at": (0, 0)})
