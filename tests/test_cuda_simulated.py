"""CUDA kernels, run thread by thread in Python, against the CPU engine: the same examples, positions and records."""

from collections.abc import Iterator
from math import inf
from typing import Any

import numpy as np
import pytest

from errsurf import scenario_from, simulate
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPlan
from helpers.breadth import some
from helpers.cuda_cases import LANES, OPTIONS, ORDERS, SOME, TOLERANCE, Run, counted, telling
from helpers.cuda_simulator import Simulator
from helpers.engine_cases import example_problem, optimizer_settings, plain_batches, run

pytest.importorskip("numba_cuda")
SLOW_LR = {"lr": 1.0}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """One process for all tests of this file, because it takes seconds to start."""
    made = Simulator()
    yield made
    made.close()


@pytest.mark.parametrize("case", some([*LANES, *ORDERS, *OPTIONS]), ids=lambda case: "-".join(map(str, case[:4])))
def test_positions_are_those_of_the_cpu(simulator: Simulator, case: Run) -> None:
    options, settings = SOME | case.options, optimizer_settings(case.optimizer)[case.settings]
    known = (case.surface, case.plan.examples)
    expected, _ = run(example_problem(*known), case.optimizer, settings, case.plan, **options)
    found, diverged = simulator("trajectory", known, case.optimizer, settings, case.plan, lanes=case.lanes, **options)
    assert found.dtype == expected.dtype
    assert np.abs(found.astype(float) - expected).max() < TOLERANCE[options.get("precision", "float64")]
    assert (diverged == -1).all()


@pytest.mark.parametrize("sampling", ["reshuffle", "once", "replacement"])
@pytest.mark.parametrize("examples", [1, 2, 20, 128, 129, 300, 1024])
def test_every_index_is_that_of_the_definition(simulator: Simulator, sampling: str, examples: int) -> None:
    """One example an update, into a second epoch, begun in the middle of one by a run that was cut."""
    updates, particles = min(2 * examples, 40) + 1, 3
    plan, problem = BatchPlan(examples, 1), telling(examples, np.arange(examples, dtype=float))
    options: dict[str, Any] = {"updates": updates, "particles": particles, "lr": np.ones(updates)}
    options |= {"theta": np.zeros((particles, 2)), "sampling": sampling, "pieces": [updates // 3]}
    path, _ = simulator("trajectory", problem, "sgd", optimizer("sgd").settings(1.0), plan, lanes=1, **options)
    for particle in range(particles):
        used = [batches[0][0] for batches in plain_batches(plan, sampling, particle, updates)]
        assert counted(path, np.zeros(particles))[:, particle].tolist() == used


@pytest.mark.parametrize(("lanes", "size", "sampling"), [(4, 8, "reshuffle"), (8, 16, "replacement"), (64, 16, "once")])
def test_threads_that_share_a_batch_use_all_of_it(simulator: Simulator, lanes: int, size: int, sampling: str) -> None:
    """An example is a power of two, so that a sum tells which ones it is made of."""
    plan, problem = BatchPlan(40, size), telling(40, 2.0 ** np.arange(40))
    options: dict[str, Any] = {"updates": 6, "particles": 2, "lr": np.ones(6), "theta": np.zeros((2, 2))}
    given = (problem, "sgd", optimizer("sgd").settings(1.0), plan)
    path, _ = simulator("trajectory", *given, lanes=lanes, sampling=sampling, frames=[1, 2, 3, 4, 5, 6], **options)
    for particle in range(2):
        batches = [used for (used,) in plain_batches(plan, sampling, particle, 6)]
        sums = counted(path, np.zeros(2))[:, particle] * [len(used) for used in batches]
        assert sums.tolist() == [sum(2.0**example for example in used) for used in batches]


SCENARIO: dict[str, Any] = {
    "seed": 5,
    "surface": {"kind": "wells", "examples": 20, "shift": 0.1, "tilt": 0.2},
    "swarm": {"particles": 9, "start": "cloud", "at": [0.0, 0.3], "spread": 0.3},
    "run": {"updates": 8, "frames": 5, "precision": "float64", "record": ["gradient", "movement", "effective_rate"]},
    "optimizer": [
        {"kind": "adam", "batch": 6, "lr": 0.05},
        {"label": "full", "kind": "sgd", "batch": "full", "lr": 0.1},
        {"label": "mean", "kind": "asgd", "batch": 6, "lr": 0.1},
    ],
    "region": [
        {"name": "disc", "at": [-0.9, 0.4], "radius": 0.25, "stop": "leave"},
        {"name": "box", "box": [[-0.5, 0.3], [-1, 1]]},
        {"name": "low", "loss": -0.2},
    ],
}


def assert_same(groups: dict[str, Any], close: float = 1e-12) -> None:
    """The groups of a run on the GPU are those of the CPU."""
    for expected in simulate(scenario_from(SCENARIO), device="cpu").groups:
        found = groups[expected.label]
        for name in ("update", "examples_seen", "lr", "diverged", "watched", "entered", "left"):
            np.testing.assert_array_equal(found[name], getattr(expected, name))
        for name in ("position", "train_loss", "test_loss"):
            np.testing.assert_allclose(found[name], getattr(expected, name), rtol=0, atol=close)
        assert set(found["parts"]) == set(expected.parts) != set()
        for name, values in expected.parts.items():
            np.testing.assert_allclose(found["parts"][name], values, rtol=1e-9, atol=close)


@pytest.mark.parametrize("machine", some([{"free": 20_000.0}, {"lanes": 4}, {}], 3), ids=str)
def test_whole_runs_with_frames_and_what_updates_are_made_of(simulator: Simulator, machine: dict[str, Any]) -> None:
    """The first one has memory for some of the particles at a time."""
    groups, device, said = simulator("simulated", SCENARIO, "cuda", **machine)
    assert_same(groups)
    assert (device, said) == ("cuda (simulated)", [])


@pytest.mark.parametrize("failing", [0, 3, 5])
def test_the_cpu_takes_over_when_the_gpu_fails(simulator: Simulator, failing: int) -> None:
    """While kernels are compiled, in the first updates, and later; the run is as if nothing had happened."""
    groups, device, said = simulator("simulated", SCENARIO, "auto", failing=failing)
    assert_same(groups)
    assert device == "cuda (simulated), then cpu"
    assert "the run uses the GPU, simulated" in said[0]
    assert "too little free memory" in said[1]
    assert said[1].endswith("; the run continues on the CPU")
    assert ("before the first update" if failing < 2 else "after update") in said[1]


def test_a_failure_of_the_gpu_that_was_asked_for_is_told(simulator: Simulator) -> None:
    with pytest.raises(RuntimeError, match="the GPU has too little free memory"):
        simulator("simulated", SCENARIO, "cuda", failing=3)


def test_divergence_is_noted_and_particles_stay_where_they_were(simulator: Simulator) -> None:
    problem, settings = example_problem("rosenbrock", 20), optimizer("sgd").settings(lr=3.0)
    options: dict[str, Any] = {"updates": 9, "particles": 5, "lr": np.full(9, 3.0), "precision": "float32"}
    expected, when = run(problem, "sgd", settings, BatchPlan(20, 3), **options)
    path, diverged = simulator("trajectory", ("rosenbrock", 20), "sgd", settings, BatchPlan(20, 3), lanes=1, **options)
    assert (when > 0).all()
    assert np.isfinite(path).all()
    np.testing.assert_array_equal(diverged, when)
    np.testing.assert_allclose(path, expected, rtol=1e-4)
    assert np.abs(path).max() < inf
