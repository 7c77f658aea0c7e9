"""The lecture's claims and later ones: every bundled scenario holds what it says, on its own seed and on others.

With its own seed a scenario runs as `errsurf run` does, but for pictures, and all its claims hold.  Other seeds, one
of two in turn, or both with ``ERRSURF_TESTS=all``, draw other starts, batches and examples, and run with few particles:
intervals are wide then, so a claim may be left undecided, but none may be refuted. Claims about measured seconds are
left to quiet machines. One case is left out: flat_or_sharp depends on its steepest example, which a test of its own
shows.
"""

from typing import Any

import numpy as np
import pytest

from errsurf import claims_of, read_scenario, simulate
from errsurf.optimizers import optimizer_names
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Scenario, bundled
from errsurf.wrappers import wrapper_names
from helpers.breadth import some

FEW = 300
SEEDS = [(name, more) for name in bundled() for more in (1, 2) if (name, more) != ("flat_or_sharp", 1)]
OTHER_SEEDS = some(SEEDS)
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


def test_every_optimizer_and_every_wrapper_is_shown_by_a_scenario() -> None:
    groups = [group for name in bundled() for group in read_scenario(name).optimizer]
    assert {group.kind for group in groups} == set(optimizer_names())
    assert {each.kind for group in groups for each in group.wrappers} == set(wrapper_names())


def test_all_claims_of_the_lecture_are_made() -> None:
    made = {number for name in bundled() for claim in read_scenario(name).claim for number in claim.lecture}
    assert made | BY_ERRSURF_BATCHES == LECTURE


@pytest.mark.parametrize(
    ("name", "changes", "place"),
    [
        ("accumulate", {"batch 2, accumulated over 5.accumulate": 1}, 0),
        ("adams_kin", {"radam.kind": "adam"}, 1),
        ("around_a_rule", {"cautious.wrappers": []}, 0),
        ("averages", {"EMA.wrappers": []}, 0),
        ("bursts", {"constant rate.schedule": {"decay": "inverse_sqrt", "t0": 1}}, 0),
        ("catapult", {"lr 0.75.lr": 0.3}, 1),
        ("curvature_used", {"Newton.kind": "saddle_free_newton"}, 0),
        ("edge_of_stability", {"surface.layers": [1, 1]}, 3),
        ("flat_or_sharp", {"batch 1.batch": "full"}, 0),
        ("growing_batch", {"growing batch.changes": []}, 2),
        ("heavy_tails", {"stable noise.noise": {"kind": "isotropic", "deviation": 3.2}}, 2),
        ("late_move", {"with weight decay.wrappers": []}, 2),
        ("momentum_passes", {"momentum 0.9.momentum": 0.0}, 0),
        ("next_batch_has_slope", {"surface.tilt": 0.0}, 1),
        ("one_example_at_a_time", {"batch 1.batch": 2}, 0),
        ("rate_each", {"lr [4, 0.02].lr": 0.02}, 0),
        ("rates_found", {"Prodigy.d0": 1e-12, "Prodigy.growth_rate": 1.01}, 0),
        ("river_valley", {"wsd.schedule": {"decay": "constant"}}, 3),
        ("saddle_escape", {"batch 1.batch": 5}, 0),
        ("sam_or_small_batch", {"SAM, full batch.rho": 0.0}, 0),
        ("schedule_free", {"schedule-free.kind": "sgd"}, 1),
        ("step_lengths", {"signsgd.kind": "sgd"}, 0),
        ("stuck_between_walls", {"lr 0.1.lr": 0.02}, 1),
        ("turned_ravine", {"SOAP.kind": "adam", "SOAP.betas": [0.9, 0.999]}, 1),
        ("warmup", {"warmup of 5 epochs.schedule": {"decay": "cosine"}}, 1),
    ],
)
def test_claims_fall_with_what_they_rest_on(name: str, changes: dict[str, Any], place: int) -> None:
    scenario = read_scenario(name, {"swarm.particles": FEW, **changes})
    assert claims_of(simulate(scenario))[place].verdict == "does not hold"
