"""On a GPU: the same examples and frames as on the CPU, the same positions, or the same distribution where paths part.

``pytest -m gpu`` runs these tests and no others; without a GPU they are skipped and say why.
"""

from typing import Any

import numpy as np
import pytest
from scipy.stats import ks_2samp

from errsurf import scenario_from, simulate
from errsurf.errors import DeviceFailedError
from errsurf.gpu.device import device
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPlan
from helpers.cuda_cases import LANES, OPTIONS, ORDERS, SOME, TOLERANCE, Run, counted, telling
from helpers.cuda_simulator import on_gpu, trajectory
from helpers.engine_cases import Array, example_problem, optimizer_settings, plain_epoch, run, starts

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not device().name, reason=device().why)]
# On a surface where paths come together differences do not grow: what an update rounds is a few times 1e-7.
NEAR = {"float32": 2e-5, "float64": 1e-11}


@pytest.mark.parametrize("case", [*LANES, *ORDERS, *OPTIONS], ids=lambda case: "-".join(map(str, case[:4])))
def test_positions_are_those_of_the_cpu(case: Run) -> None:
    """The GPU rounds divisions, roots and exponentials in another way."""
    options, settings = SOME | case.options, optimizer_settings(case.optimizer)[case.settings]
    problem = example_problem(case.surface, case.plan.examples)
    expected, _ = run(problem, case.optimizer, settings, case.plan, **options)
    found, _ = trajectory(problem, case.optimizer, settings, case.plan, lanes=case.lanes, **options)
    assert np.abs(found.astype(float) - expected).max() < 10 * TOLERANCE[options.get("precision", "float64")]


@pytest.mark.parametrize("sampling", ["reshuffle", "once", "replacement"])
@pytest.mark.parametrize("examples", [1, 20, 128, 129, 1024, 60_000])
def test_every_index_is_that_of_the_definition(sampling: str, examples: int) -> None:
    updates, particles = min(examples, 3000), 300
    plan, problem = BatchPlan(examples, 1), telling(examples, np.arange(examples, dtype=float))
    options: dict[str, Any] = {"updates": updates, "particles": particles, "lr": np.ones(updates), "lanes": 1}
    theta = np.zeros((particles, 2))
    path, _ = trajectory(
        problem, "sgd", optimizer("sgd").settings(1.0), plan, sampling=sampling, theta=theta, **options
    )
    for particle in (0, 1, particles - 1):
        used = plain_epoch(sampling, examples, particle, 0)[:updates]
        assert counted(path, np.zeros(particles))[:, particle].tolist() == used


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize(("batch", "rule"), [(20, "sgd"), (3, "sgd"), (7, "adam")])
def test_a_thousand_updates_where_paths_come_together(precision: str, batch: int, rule: str) -> None:
    problem, settings = example_problem("quadratic_bowl", 20), optimizer_settings(rule)[0]
    options: dict[str, Any] = {"updates": 1000, "particles": 1000, "precision": precision, "frames": [250, 500, 1000]}
    expected, _ = run(problem, rule, settings, BatchPlan(20, batch), **options)
    found, _ = trajectory(problem, rule, settings, BatchPlan(20, batch), **options)
    assert np.abs(found.astype(float) - expected).max() < NEAR[precision]


def test_ten_thousand_particles_where_paths_part_have_the_same_distribution() -> None:
    """Kolmogorov and Smirnov's test of two samples, of x and of y; rates are large enough to leap between minima."""
    problem, settings = example_problem("rastrigin", 20), optimizer("sgd").settings(lr=0.08)
    options: dict[str, Any] = {"updates": 1000, "particles": 10_000, "precision": "float32", "frames": [1000]}
    options |= {"lr": np.full(1000, 0.08), "theta": 2 * starts(10_000)}
    cpu, gpu = (made(problem, "sgd", settings, BatchPlan(20, 1), **options)[0][0] for made in (run, trajectory))
    assert np.median(np.abs(cpu - gpu)) > 1e-3
    assert min(ks_2samp(cpu[:, axis], gpu[:, axis]).pvalue for axis in range(2)) > 1e-3


def test_frames_do_not_depend_on_how_many_there_are_nor_on_cuts_and_slices() -> None:
    problem, settings = example_problem("wells", 20), optimizer_settings("adam")[0]
    options: dict[str, Any] = {"updates": 300, "particles": 2000, "precision": "float32", "lanes": 2}
    every, _ = trajectory(problem, "adam", settings, BatchPlan(20, 3), **options)
    some = [1, 7, 150, 300]
    for more in ({"frames": some}, {"frames": some, "pieces": [50, 149]}, {"frames": some, "free": 200_000.0}):
        few, _ = trajectory(problem, "adam", settings, BatchPlan(20, 3), **options, **more)
        np.testing.assert_array_equal(few, every[[k - 1 for k in some]])


def tables(**run: Any) -> Any:
    return scenario_from(
        {
            "surface": {"kind": "wells", "examples": 20, "shift": 0.1, "tilt": 0.2},
            "swarm": {"particles": 500, "start": "cloud", "at": [0.0, 0.3], "spread": 0.3},
            "run": {"updates": 100, "frames": 20, "precision": "float64", "record": ["gradient", "movement"], **run},
            "optimizer": [{"kind": "adam", "batch": 6, "lr": 0.05}, {"kind": "sgd", "batch": "full", "lr": 0.1}],
        }
    )


def test_whole_runs() -> None:
    gpu, cpu = simulate(tables(), device="cuda"), simulate(tables(), device="cpu")
    assert gpu.device.startswith("cuda (")
    for one, other in zip(gpu.groups, cpu.groups, strict=True):
        np.testing.assert_array_equal(one.update, other.update)
        for name in ("position", "train_loss", "test_loss"):
            np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=0, atol=1e-9)
        for name, values in other.parts.items():
            np.testing.assert_allclose(one.parts[name], values, rtol=1e-6, atol=1e-9)


def test_divergence_is_noted() -> None:
    problem, settings = example_problem("rosenbrock", 20), optimizer("sgd").settings(lr=3.0)
    options: dict[str, Any] = {"updates": 20, "particles": 200, "lr": np.full(20, 3.0)}
    _, expected = run(problem, "sgd", settings, BatchPlan(20, 3), **options)
    path, diverged = trajectory(problem, "sgd", settings, BatchPlan(20, 3), **options)
    assert (expected > 0).all()
    assert np.abs(diverged - expected).max() <= 1
    assert np.isfinite(path).all()


def test_a_gpu_without_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from errsurf.gpu import driver

    monkeypatch.setattr(driver, "buffer", lambda *_: driver.cuda.device_array(1 << 45, np.uint8))
    with on_gpu() as gpu, pytest.raises(DeviceFailedError, match="too little free memory"):
        _advance_once(gpu)


def _advance_once(gpu: Any) -> Array:
    from unittest.mock import patch

    from errsurf.engine import blocks

    with patch.object(blocks, "advance", gpu.advance):
        settings = optimizer("sgd").settings()
        return run(example_problem("saddle", 20), "sgd", settings, BatchPlan(20, 3), updates=2)[0]


def test_entries_into_regions_and_exits_are_those_of_the_cpu() -> None:
    """Rounding moves single particles at an edge by an update."""
    tables = {
        "surface": {"kind": "saddle", "examples": 20, "tilt": 0.4},
        "swarm": {"particles": 5000, "start": "cloud", "at": [0.0, 0.3], "spread": 0.3},
        "run": {"updates": 100, "frames": 2, "precision": "float64"},
        "optimizer": [{"kind": "sgd", "lr": 0.1, "batch": 4}, {"kind": "adam", "lr": 0.1, "label": "full"}],
        "region": [
            {"name": "disc", "at": [0, 0], "radius": 0.5, "stop": "leave"},
            {"name": "box", "box": [[-0.4, 0.3], [-0.2, 1.0]]},
            {"name": "low", "loss": -0.15},
        ],
    }
    scenario = scenario_from(tables)
    expected, found = (simulate(scenario, device=name) for name in ("cpu", "cuda"))
    for one, other in zip(expected.groups, found.groups, strict=True):
        assert (one.entered == other.entered).mean() > 0.999
        assert (one.left == other.left).mean() > 0.999
