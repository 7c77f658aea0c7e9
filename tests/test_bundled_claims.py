"""The lecture's claims: every bundled scenario holds what it says, on its own seed and on others.

With its own seed a scenario runs as `errsurf run` does, but for pictures, and all its claims hold.  Two other seeds,
which draw other starts, batches and examples, run with few particles: intervals are wide then, so a claim may be left
undecided, but none may be refuted.  Claims about measured seconds are left to quiet machines.  Of the 44 cases one is
left out: flat_or_sharp depends on its steepest example, which a test of its own shows.
"""

from typing import Any

import numpy as np
import pytest

from errsurf import claims_of, read_scenario, simulate
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Scenario, bundled

FEW = 300
OTHER_SEEDS = [(name, more) for name in bundled() for more in (1, 2) if (name, more) != ("flat_or_sharp", 1)]
LECTURE = set(range(1, 27))
BY_ERRSURF_BATCHES = {3, 4, 9}


def verdicts(scenario: Scenario) -> dict[str, str]:
    """What became of each claim, but for those about measured time."""
    found = claims_of(simulate(scenario))
    return {each.claim.says: each.verdict for each in found if getattr(each.claim.settings, "unit", "") != "seconds"}


def with_seed(name: str, more: int) -> Scenario:
    own = read_scenario(name)
    return read_scenario(name, {"seed": own.seed + more, "swarm.particles": min(FEW, own.swarm.particles)})


@pytest.mark.parametrize("name", bundled())
def test_all_claims_hold_as_the_scenario_stands(name: str) -> None:
    found = verdicts(read_scenario(name))
    assert found == dict.fromkeys(found, "holds")
    assert found


@pytest.mark.parametrize(("name", "more"), OTHER_SEEDS)
def test_no_claim_is_refuted_with_another_seed(name: str, more: int) -> None:
    refuted = [says for says, verdict in verdicts(with_seed(name, more)).items() if verdict == "does not hold"]
    assert not refuted


@pytest.mark.parametrize(
    ("seed", "verdict"), [(4, "does not hold"), (116, "does not hold"), (5, "holds"), (117, "holds")]
)
def test_batch_1_leaves_the_sharp_minimum_if_one_example_is_steep_enough(seed: int, verdict: str) -> None:
    """lr times its sharpness there has to be about 4 or more, as it is with 30 of the 33 seeds that were tried."""
    result = simulate(read_scenario("flat_or_sharp", {"seed": seed, "swarm.particles": FEW}))
    problem = result.landscape.problem
    steepest = float(np.max(problem.train[:, problem.columns.index("scale")]))
    sharpness = max(minimum.sharpness for minimum in Findings(result).minima)
    assert claims_of(result)[0].verdict == verdict
    assert (0.09 * sharpness * steepest > 4.1) == (verdict == "holds")


def test_all_claims_of_the_lecture_are_made() -> None:
    made = {number for name in bundled() for claim in read_scenario(name).claim for number in claim.lecture}
    assert made | BY_ERRSURF_BATCHES == LECTURE


@pytest.mark.parametrize(
    ("name", "changes", "place"),
    [
        ("accumulate", {"batch 2, accumulated over 5.accumulate": 1}, 0),
        ("bursts", {"constant rate.schedule": {"decay": "inverse_sqrt", "t0": 1}}, 0),
        ("flat_or_sharp", {"batch 1.batch": "full"}, 0),
        ("momentum_passes", {"momentum 0.9.momentum": 0.0}, 0),
        ("next_batch_has_slope", {"surface.tilt": 0.0}, 1),
        ("one_example_at_a_time", {"batch 1.batch": 2}, 0),
        ("saddle_escape", {"batch 1.batch": 5}, 0),
        ("stuck_between_walls", {"lr 0.1.lr": 0.02}, 1),
        ("warmup", {"warmup of 5 epochs.schedule": {"decay": "cosine"}}, 1),
    ],
)
def test_claims_fall_with_what_they_rest_on(name: str, changes: dict[str, Any], place: int) -> None:
    scenario = read_scenario(name, {"swarm.particles": FEW, **changes})
    assert claims_of(simulate(scenario))[place].verdict == "does not hold"
