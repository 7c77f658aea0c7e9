"""Exit times against exact theory: Langevin dynamics out of a well, and the way off a saddle."""

from math import exp, sqrt

import pytest
from scipy.integrate import quad
from scipy.special import dawsn

from errsurf import Findings, scenario_from, simulate
from errsurf.measures.intervals import Estimate
from errsurf.measures.measuring import measured
from errsurf.scenario import Scenario
from errsurf.scenario.measures import Measure
from errsurf.statistics import statistic

PARTICLES = 1000
OVERSHOOT = 0.5826
"""Mean overshoot of a random walk over a far boundary, in standard deviations of a step: -zeta(1/2) / sqrt(2 pi).

Broadie, Glasserman, Kou 1997, Mathematical Finance 7, 325-349: walks that are looked at in steps leave a boundary as
continuous ones leave one that is farther by so much.
"""


def leaving(
    formula: str, start: float, edge: tuple[float, float], lr: float, temperature: float, updates: int
) -> Scenario:
    """Particles that move by Langevin dynamics until x leaves an interval."""
    inside = {"name": "inside", "box": [list(edge), [-100.0, 100.0]], "stop": "leave"}
    return scenario_from(
        {
            "surface": {"kind": "expression", "loss": formula, "examples": 1},
            "swarm": {"particles": PARTICLES, "start": "point", "at": [start, 0.0]},
            "run": {"updates": updates, "frames": 2, "losses": False},
            "optimizer": [{"kind": "langevin", "lr": lr, "temperature": temperature}],
            "region": [inside],
        }
    )


def mean_time(scenario: Scenario) -> Estimate:
    """The mean number of updates to leave with its interval; all particles leave."""
    result = simulate(scenario)
    assert (result.groups[0].left[0] > 0).all()
    settings = statistic("time_to_leave").settings(region="inside")
    return measured(Findings(result), Measure("time_to_leave", settings, take="mean"), result.groups[0].label).estimate


def well(x: float) -> float:
    return x**4 / 4 - x**2 / 2


@pytest.mark.parametrize("temperature", [0.1, 0.15, 0.25, 0.4, 0.8])
def test_langevin_dynamics_leaves_a_well_after_its_mean_first_passage_time(temperature: float) -> None:
    """``1 / T`` times the integral of ``exp(U(z) / T)`` from start to edge, and of ``exp(-U(w) / T)`` below z.

    Gardiner 2009, Stochastic Methods, 5.5.24; the edge is farther by the overshoot of a step.
    """
    lr, edge = 0.01, 0.5
    far = edge + OVERSHOOT * sqrt(2 * temperature * lr)

    def below(z: float) -> float:
        found: float = quad(lambda w: exp((well(z) - well(w)) / temperature), -6.0, z, limit=200)[0]
        return found

    exact = quad(below, -1.0, far, limit=200)[0] / temperature
    _, low, high = mean_time(leaving("x^4/4 - x^2/2 + y^2/2", -1.0, (-100.0, edge), lr, temperature, 60_000))
    assert low < exact / lr < high


@pytest.mark.parametrize("temperature", [1e-4, 1e-3, 1e-2])
def test_noise_leaves_a_saddle_after_its_mean_exit_time(temperature: float) -> None:
    """``2 / lambda`` times the integral of Dawson's function up to ``r sqrt(lambda / 2 T)``.

    It solves ``T u'' + lambda x u' = -1`` with ``u = 0`` at both edges (Gardiner 2009, Stochastic Methods, 5.5.21).
    """
    lr, curvature, radius = 0.005, 2.0, 0.5
    far = radius + OVERSHOOT * sqrt(2 * temperature * lr)
    exact = 2 / curvature * quad(dawsn, 0.0, far * sqrt(curvature / (2 * temperature)), limit=200)[0]
    _, low, high = mean_time(leaving("-x^2 + y^2", 0.0, (-radius, radius), lr, temperature, 5000))
    assert low < exact / lr < high
