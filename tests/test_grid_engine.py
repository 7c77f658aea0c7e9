"""Runs on measured losses: trajectories against plain loops over FITPACK's splines, and whole runs by command."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_engine_trajectories import LARGE, SMALL, WIDE, assert_equals_the_loops, distance
from test_grid_files import GOOD, LOSS, SCENARIO

from errsurf.engine.landscape import Landscape
from errsurf.optimizers import Hessian, Pair, optimizer
from errsurf.sampling.batches import BatchPlan
from errsurf.settings.gradient_options import Matched
from helpers.command_line import CommandLine
from helpers.engine_cases import (
    example_problem,
    optimizer_settings,
    plain_batches,
    reference_gradient,
    reference_hessian,
    run,
    starts,
)

REACH = 3.0


@pytest.mark.parametrize(
    ("plan", "sampling", "shared"), [*SMALL[::3], *LARGE[:3], (BatchPlan(1, 1), "reshuffle", False)]
)
def test_batches(plan: BatchPlan, sampling: str, shared: bool) -> None:
    """Own and shared examples, accumulated batches, more examples than are taken at once, and a single one."""
    settings = optimizer_settings("sgd")[0]
    assert_equals_the_loops(example_problem("grid", plan.examples), "sgd", settings, plan, sampling, shared)


@pytest.mark.parametrize(("plan", "sampling", "shared"), WIDE[:3])
def test_few_particles_with_large_batches(plan: BatchPlan, sampling: str, shared: bool) -> None:
    settings = optimizer_settings("sgd")[0]
    assert_equals_the_loops(
        example_problem("grid", plan.examples), "sgd", settings, plan, sampling, shared, particles=2
    )


def test_float32_stays_close_to_float64() -> None:
    problem, settings = example_problem("grid", 20), optimizer_settings("sgd")[0]
    for plan, shared in ((BatchPlan(20, 3), False), (BatchPlan(20, 20), False), (BatchPlan(20, 3), True)):
        double, single = (
            run(problem, "sgd", settings, plan, shared=shared, precision=precision, updates=60)[0]
            for precision in ("float64", "float32")
        )
        assert 0 < distance(single.astype(np.float64), double) < 5e-5


def test_particles_that_leave_the_grid_feel_the_gradient_of_the_loss_there() -> None:
    """That of each example's own formula, which tests/test_grid.py compares with differences of the loss."""
    problem, settings = example_problem("grid", 20), optimizer("sgd").settings(lr=1.0)
    theta, lr, landscape = 2.5 * starts(20) / 0.9, np.ones(30), Landscape(problem)
    path, diverged = run(problem, "sgd", settings, BatchPlan(20, 1), theta=theta, lr=lr, updates=30)
    assert (diverged == -1).all()
    assert 0.2 < (np.abs(path) > REACH).any(axis=2).mean() <= 1
    for particle in range(20):
        before = np.concatenate([theta[[particle]], path[:-1, particle]])
        for t, ((example,),) in enumerate(plain_batches(BatchPlan(20, 1), "reshuffle", particle, 30)):
            here = before[t] - landscape.gradient(before[[t]], [example])[0]
            np.testing.assert_allclose(path[t, particle], here, rtol=1e-12, atol=1e-12)


def test_second_derivatives_are_summed_over_the_batch() -> None:
    problem, settings = example_problem("grid", 20), optimizer("newton").settings(lr=0.1)
    newton, hessian, gradient = optimizer("newton"), reference_hessian(problem), reference_gradient(problem)
    constants = newton.step_constants(1, 0.1, settings)
    path, _ = run(problem, "newton", settings, BatchPlan(20, 20), updates=1, lr=np.array([0.1]))
    for particle, theta in enumerate(starts(20)):
        g, bend = (np.mean([part(theta, i) for i in range(20)], axis=0) for part in (gradient, hessian))
        curvature = Hessian(bend[0, 0], bend[0, 1], bend[1, 1])
        expected, _ = newton.update(Pair(*theta), Pair(*g), newton.memory(), constants, settings, curvature)
        np.testing.assert_allclose(path[0, particle], expected, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("particles", [2, 20])
def test_products_of_gradients_are_summed_example_by_example(particles: int) -> None:
    """Noise like that of a batch of all examples is none, and of a batch of one as large as the examples differ."""
    problem, settings = example_problem("grid", 100), optimizer("sgd").settings(lr=0.02)
    options: dict[str, Any] = {"particles": particles, "updates": 50, "lr": np.full(50, 0.02)}
    quiet, none = (
        run(problem, "sgd", settings, BatchPlan(100, 100), noise=noise, **options)[0]
        for noise in (None, Matched("matched", 100))
    )
    assert distance(none, quiet) < 1e-12
    theta = np.tile([[0.7, -0.4]], (2000, 1))
    options |= {"particles": 2000, "theta": theta, "updates": 1, "lr": np.ones(1)}
    noisy = run(problem, "sgd", settings, BatchPlan(100, 100), noise=Matched("matched", 1), **options)[0][0]
    gradients = np.array([reference_gradient(problem)(theta[0], i) for i in range(100)])
    np.testing.assert_allclose(np.cov(noisy.T), np.cov(gradients.T, bias=True), rtol=0.2, atol=0.01)


def test_a_run_by_command_gives_the_same_bytes_from_its_own_folder(errsurf: CommandLine) -> None:
    np.savez(errsurf.folder / "losses.npz", **GOOD, unseen=LOSS[:2] + 1, x_label=np.array("direction 1"))
    text = SCENARIO.replace("[swarm]", 'test = { losses = "unseen" }\n\n[swarm]\nat = [0.0, 1.0]')
    assert errsurf("run", errsurf.file(text), "--out", "first", "--quiet") == 0
    assert errsurf("run", errsurf.folder / "first" / "scenario.toml", "--out", "second", "--quiet") == 0
    first, second = (array_bytes(errsurf.folder / name) for name in ("first", "second"))
    assert first == second
    assert {Path(name).name for name in first} >= {"position.npy", "train_loss.npy", "test_loss.npy", "losses.npz"}
    train, test = (np.load(next((errsurf.folder / "first").glob(f"0-*/{name}_loss.npy"))) for name in ("train", "test"))
    assert np.isfinite(train).all()
    assert test[0].mean() > train[0].mean() + 0.5


def array_bytes(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.np[yz]")}
