"""Runs with several seeds: intervals over seeds, and how often claims hold."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from errsurf import Checked, UserError, claims_of, open_result, read_scenario, run_scenario, simulate
from errsurf.claims.wording import plain
from errsurf.measures.intervals import Estimate, student
from errsurf.measures.rows import group_rows
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.terrain import terrain_of
from errsurf.scenario import Scenario
from helpers.command_line import TWO_GROUPS, CommandLine

CLAIMS = """
[[claim]]
says = "Faster steps are lower."
statistic = "train_loss"
group = "fast"
below = "slow"

[[claim]]
says = "It is below a number."
statistic = "train_loss"
group = ["fast"]
below = -0.004
"""
SEEDS = (0, 1, 2, 3)


def scenario_of(errsurf: CommandLine, **changes: object) -> Scenario:
    return read_scenario(
        errsurf.file(TWO_GROUPS + CLAIMS),
        {"swarm.particles": 300, "swarm.spread": 0.05, "surface.tilt": 2.0, **changes},
    )


def alone(errsurf: CommandLine, seed: int) -> tuple[Checked, ...]:
    return claims_of(simulate(scenario_of(errsurf, seed=seed)))


def student_interval(values: list[float]) -> Estimate:
    half = student(len(values)) * np.std(values, ddof=1) / np.sqrt(len(values))
    return Estimate(float(np.mean(values)), float(np.mean(values) - half), float(np.mean(values) + half))


def test_claims_say_with_how_many_seeds_they_hold(errsurf: CommandLine) -> None:
    """Each seed's verdict and numbers are those of a run with this seed."""
    found, each = claims_of(simulate(scenario_of(errsurf)), seeds=4), [alone(errsurf, seed) for seed in SEEDS]
    assert [claim._replace(seeds=None) for claim in found] == list(each[0])
    assert len({checked[1].verdict for checked in each}) > 1, "the seeds should not all agree"
    for k, claim in enumerate(found):
        assert claim.seeds is not None
        assert claim.seeds.seeds == SEEDS
        assert claim.seeds.verdicts == tuple(checked[k].verdict for checked in each)
        assert claim.seeds.held == sum(checked[k].verdict == "holds" for checked in each)
        for j in range(len(claim.comparisons)):
            for name in ("estimate", "reference", "compared"):
                values = [getattr(checked[k].comparisons[j], name).value for checked in each]
                over = {"estimate": "estimates", "reference": "references", "compared": "compared"}[name]
                assert getattr(claim.seeds, over)[j] == pytest.approx(student_interval(values))


def test_every_number_of_a_table_has_its_interval_over_seeds(errsurf: CommandLine) -> None:
    scenario, told = scenario_of(errsurf), list[tuple[str, float]]()
    plainly = run_scenario(scenario, "plain", pictures=False)
    report = run_scenario(scenario, "seeds", pictures=False, seeds=4, progress=lambda *now: told.append(now))
    assert report.seeds is not None
    assert (report.seeds.seeds, report.seeds.fixed) == (SEEDS, ())
    assert ("seeds", 1.0) in told
    tables = [
        list(csv.DictReader(Path(name, "table.csv").read_text("utf-8").splitlines())) for name in ("plain", "seeds")
    ]
    for row, more in zip(*tables, strict=True):
        assert {key: more[key] for key in row} == row
        added = {key for key in more if key not in row}
        assert added == {f"{key[:-2]}_seeds{end}" for key in row if key.endswith("_n") for end in ("", "_low", "_high")}
    values: list[float] = []
    for seed in SEEDS:
        other = scenario_of(errsurf, seed=seed)
        values.append(float(str(group_rows(Findings(simulate(other), terrain_of(other)))[1]["train_loss"])))
    kept = [float(tables[1][1][f"train_loss_seeds{end}"]) for end in ("", "_low", "_high")]
    assert kept == pytest.approx(student_interval(values))
    summary = json.loads(Path("seeds/summary.json").read_text(encoding="utf-8"))
    assert summary["seeds"] == {"seeds": [0, 1, 2, 3], "fixed": []}
    assert summary["groups"][1]["train_loss_seeds"] == kept[0]
    assert summary["claims"] == [plain(claim) for claim in report.claims]
    assert summary["claims"][0]["seeds"]["of"] == 4
    assert len(summary["claims"][0]["comparisons"][0]["difference_over_seeds"]) == 3
    assert "seeds" not in json.loads(Path("plain/summary.json").read_text(encoding="utf-8"))
    assert [claim._replace(seeds=None) for claim in report.claims] == list(plainly.claims)
    assert claims_of(open_result("seeds"), seeds=4) == report.claims


def test_a_claim_of_what_never_comes_has_no_interval_over_seeds(errsurf: CommandLine) -> None:
    claim = 'says = "Late."\nstatistic = "time_to_loss"\nloss = -9\ngroup = "slow"\nabove = 3\n'
    (found,) = claims_of(simulate(read_scenario(errsurf.file(f"{TWO_GROUPS}[[claim]]\n{claim}"))), seeds=3)
    assert found.seeds is not None
    assert (found.verdict, found.seeds.held, found.seeds.estimates[0].value) == ("holds", 3, np.inf)
    assert np.isnan(found.seeds.estimates[0][1:]).all()


def test_the_command_prints_them_and_refuses_what_cannot_be(errsurf: CommandLine) -> None:
    errsurf.file(TWO_GROUPS + CLAIMS)
    run = ("run", "small.toml", "--no-pictures", "--seeds=3")
    assert errsurf(*run, "--set=surface.seed=4") == 0
    assert "means over 3 seeds, the same in all: surface.seed" in errsurf.out
    assert "; with 3 seeds in " in errsurf.out
    assert "mean over 3 seeds " in errsurf.out
    assert errsurf(*run, "--seeds=0") == 2
    assert "--seeds 0: allowed: 1 to 100,000" in errsurf.err
    assert errsurf(*run, "--set=surface.seed=4", "--set=swarm.seed=4", "--set=run.seed=4") == 2
    assert "nothing follows the seed" in errsurf.err
    assert errsurf.names() == {"small.toml", "results"}
    with pytest.raises(UserError, match="allowed: 1 to"):
        run_scenario(read_scenario("small.toml"), "none", pictures=False, seeds=-1)
