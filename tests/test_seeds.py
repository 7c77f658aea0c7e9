"""Seeds of the parts of a run: examples, starts, and orders of examples with noise."""

import numpy as np
import pytest

import errsurf
from errsurf.scenario.writing import toml

LONG = {"swarm.particles": 30, "run.updates": 12, "seed": 5}


def arrays(**seeds):
    """Examples, starts and ends of a run whose parts have these seeds."""
    changes = LONG | {f"{part}.seed": seed for part, seed in seeds.items() if part != "seed"}
    result = errsurf.simulate(
        errsurf.read_scenario("saddle_escape", changes | {k: v for k, v in seeds.items() if k == "seed"})
    )
    position = result.groups[2].position
    return {"surface": result.landscape.train, "swarm": position[0], "run": position[-1]}


@pytest.mark.parametrize("part", ["surface", "swarm", "run"])
def test_a_seed_of_its_own_changes_one_part(part):
    before, after = arrays(), arrays(**{part: 6})
    same = {name: np.array_equal(before[name], after[name]) for name in before}
    assert same == {"surface": part != "surface", "swarm": part != "swarm", "run": False}


def test_seeds_follow_from_the_scenarios():
    for name, value in arrays(seed=6).items():
        np.testing.assert_array_equal(value, arrays(surface=6, swarm=6, run=6)[name])


def test_seeds_are_written_only_where_they_are_given():
    given = {"run.seed": 1, "swarm.seed": 2, "surface.seed": 3}
    assert toml(errsurf.read_scenario("saddle_escape")).count("seed") == 1
    scenario = errsurf.read_scenario("saddle_escape", given)
    assert toml(scenario).count("seed") == 4
    assert (scenario.run_seed, scenario.start_seed, scenario.drawn_from[1]) == (1, 2, 3)
    again = scenario.reseeded(9)
    assert (again.run_seed, again.start_seed, again.drawn_from[1]) == (9, 9, 3)
