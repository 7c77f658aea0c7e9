"""engine.js, run by node: every kind of run has the bits of the portable run on the CPU."""

from typing import Any

import numpy as np
import pytest

from errsurf.engine.landscape import Landscape
from errsurf.engine.random_lanes import fill_order, index_type
from helpers import web_cases
from helpers.web_cases import case, in_node, run_here

pytestmark = pytest.mark.skipif(web_cases.NODE is None, reason="no node on this machine runs the page's scripts")

WELLS: dict[str, Any] = {"kind": "wells", "surface": {"examples": 20, "tilt": 0.4}}
MANY: dict[str, Any] = {"kind": "wells", "surface": {"examples": 300, "tilt": 0.4, "shift": 0.1}}
CHANGES = [{"after": 50, "batch": 8}, {"after": 103, "batch": "full"}, {"after": 150, "lr": 0.05, "batch": 3}]
PLACES = [
    {"name": "disc", "at": [0, 0], "radius": 0.8},
    {"name": "box", "box": [[0.1, 2], [-1, 1]], "stop": "leave"},
    {"name": "low", "loss": -0.6},
    {"name": "lower", "loss": -0.9, "stop": "enter"},
]
RUNS: dict[str, dict[str, Any]] = {
    "own": {**WELLS, "rules": ["sgd", "sam"], "particles": 600},
    "double": {**WELLS, "rules": ["sgd"], "precision": "float64"},
    "full": {**WELLS, "rules": ["sgd"], "group": {"batch": "full"}},
    "shared": {**WELLS, "rules": ["sgd"], "group": {"batch": 7}, "run": {"sampling": {"kind": "once", "shared": True}}},
    "replacement": {**WELLS, "rules": ["sgd"], "run": {"sampling": "replacement"}},
    "drop": {**WELLS, "rules": ["sgd"], "group": {"batch": 3}, "run": {"sampling": {"drop_last": True}}},
    "draw": {**WELLS, "rules": ["sgd"], "group": {"batch": 3, "changes": CHANGES}, "run": {"sampling": "replacement"}},
    "accumulate": {**MANY, "rules": ["sgd"], "group": {"batch": 50, "accumulate": 4}},
    "wide": {**MANY, "rules": ["sgd"], "particles": 5, "group": {"batch": 100}},
    "wide full": {**MANY, "rules": ["sgd"], "particles": 5, "group": {"batch": "full"}},
    "normal numbers": {**WELLS, "rules": ["langevin"]},
    "isotropic": {**WELLS, "rules": ["sgd"], "group": {"noise": {"kind": "isotropic", "deviation": 0.3}}},
    "stable": {**WELLS, "rules": ["sgd"], "group": {"noise": {"kind": "stable", "scale": 0.1}}},
    "matched": {**WELLS, "rules": ["sgd"], "group": {"batch": "full", "noise": {"kind": "matched", "batch": 4}}},
    "clipped": {**WELLS, "rules": ["sgd"], "group": {"clip": {"kind": "norm", "most": 0.2}}},
    "bounded": {**WELLS, "rules": ["sgd"], "group": {"clip": {"kind": "value", "most": 0.1}}},
    "wrapped": {**WELLS, "rules": ["sgd"], "group": {"wrappers": [{"kind": "lookahead"}, {"kind": "ema"}]}},
    "two rates": {**WELLS, "rules": ["adam"], "group": {"lr": [0.1, 0.01]}},
    "changes": {**WELLS, "rules": ["sgd"], "group": {"changes": CHANGES}},
    "diverging": {**WELLS, "rules": ["sgd"], "group": {"lr": 25.0}, "kind": "rosenbrock"},
    "tables": {"kind": "grid", "rules": ["sgd"], "surface": {"examples": 12}},
    "regions": {**WELLS, "rules": ["sgd", "sam"], "particles": 600, "region": PLACES},
    "regions, double": {**WELLS, "rules": ["adam"], "precision": "float64", "region": PLACES},
    "regions, wide": {**MANY, "rules": ["sgd"], "particles": 5, "group": {"batch": 100}, "region": PLACES},
    "regions, wrapped": {
        **WELLS,
        "rules": ["sgd"],
        "group": {"wrappers": [{"kind": "ema"}], "changes": CHANGES},
        "region": PLACES,
    },
}
FRAMES = """return plans.map((plan) => {
  const group = engine.group(plan), some = [0, Math.floor(plan.particles / 2), plan.particles - 1];
  const few = group.only(some);
  group.start(theta);
  few.start(theta);
  const found = [group.advance(told.updates, told.every), group.diverged, few.advance(told.updates, told.every)];
  found.push(group.passages, few.passages);
  few.close();
  group.close();
  return found;
});"""


@pytest.mark.parametrize("name", RUNS)
def test_a_page_runs_as_the_cpu_does(name: str) -> None:
    made = case(**RUNS[name])
    for plans, (found, diverged, few, counted, counted_few) in zip(made.groups, in_node(made, FRAMES), strict=True):
        frames, marks, passages = run_here(plans, made.theta)
        particles = len(made.theta)
        for k, (all_of_them, some) in enumerate(zip(counted, counted_few, strict=True)):
            for way, updates in zip(("entered", "left"), passages[:, k], strict=True):
                np.testing.assert_array_equal(all_of_them[way], updates)
                np.testing.assert_array_equal(some[way], updates[[0, particles // 2, particles - 1]])
            assert (passages[0, k] > 0).any() or particles < 10
        assert found.dtype == frames.dtype
        np.testing.assert_array_equal(found.reshape(frames.shape), frames)
        np.testing.assert_array_equal(diverged, marks)
        np.testing.assert_array_equal(few.reshape(-1, 3, 2), frames[:, [0, particles // 2, particles - 1]])
        assert (frames[-1] != made.theta).any()
        assert (marks.max() >= 0) == (name == "diverging")


@pytest.mark.parametrize("kind", ["wells", "grid", "linear_regression"])
def test_losses_and_derivatives_are_those_of_the_landscape(kind: str) -> None:
    made = case(kind, ["sgd"], surface={"examples": 12})
    points, landscape = made.theta[:20], Landscape(made.data)
    calls = """const points = theta.slice(0, 40);
    return ["train", "test", [0, 3, 3, 5]].map((which) =>
      ["losses", "gradients", "hessians", "covariances"].map((name) => engine[name](points, which)));"""
    for which, found in zip(("train", "test", [0, 3, 3, 5]), in_node(made, calls), strict=True):
        for name, values in zip(("loss", "gradient", "hessian", "covariance"), found, strict=True):
            expected = getattr(landscape, name)(points, which)
            np.testing.assert_array_equal(values.reshape(expected.shape), expected)
        assert np.ptp(found[0]) > 0


def test_the_examples_of_a_batch() -> None:
    made = case(**MANY, rules=["sgd"], group={"batch": 64})
    plan = made.groups[0][0]
    found = in_node(made, "const group = engine.group(plans[0]); return [group.batch(37, 0), group.batch(37, 7)];")
    index = np.empty((64 * 10, 16), index_type(300))
    fill_order(plan.order, index, 32, 0)
    np.testing.assert_array_equal(found[0], index[:64, 5])
    # An epoch has five updates, the last of 44 examples.
    np.testing.assert_array_equal(found[1], index[300 + 128 : 300 + 192, 5])


def test_gradients_of_the_last_update_and_memories() -> None:
    made = case(**WELLS, rules=["adam"], group={"clip": {"kind": "norm", "most": 0.2}})
    calls = """const group = engine.group(plans[0]);
    group.start(theta);
    group.advance(told.updates);
    return [group.gradients(), group.positions(), group.theta(), group.memory(0, 2), group.update];"""
    gradients, positions, theta, memory, update = in_node(made, calls)
    frames, *_ = run_here(made.groups[0], made.theta)
    assert update == web_cases.UPDATES
    np.testing.assert_array_equal(positions.reshape(-1, 2), frames[-1])
    np.testing.assert_array_equal(theta, positions)
    norms = np.linalg.norm(gradients.reshape(-1, 2), axis=1)
    assert 0 < norms.max() <= 0.2
    assert memory.any()


def test_memory_is_given_back() -> None:
    made = case(**WELLS, rules=["sgd"], group={"noise": {"kind": "isotropic", "deviation": 0.3}})
    calls = """const before = engine.bytes;
    for (let k = 0; k < 3; k++) {
      const group = engine.group(plans[0]);
      group.start(theta);
      group.advance(20, 1);
      group.batch(0, 3);
      group.close();
      engine.losses(theta, [1, 2]);
    }
    const after = engine.bytes;
    engine.surface(told.surface);
    return [before, after, engine.bytes];"""
    before, after, again = in_node(made, calls)
    assert before == after == again


def test_particles_that_are_not_there_are_refused() -> None:
    made = case(**WELLS, rules=["sgd"])
    calls = """try { engine.group(plans[0]).only([0, 300]); } catch (error) { return error.message; }"""
    assert in_node(made, calls) == "there is no particle 300 among 300"
