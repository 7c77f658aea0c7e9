"""The same bytes for any number of threads, block size, cut and company of other particles."""

from typing import Any

import numpy as np
import pytest

from errsurf.engine.blocks import SLOTS
from errsurf.engine.group_plan import FEW_PARTICLES, WIDE_BATCH
from errsurf.engine.kernel_sources import LANES
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPlan
from helpers.engine_cases import CASES, Array, example_problem, kernels_of, optimizer_settings, run, starts

pytestmark = pytest.mark.usefixtures("compiled")

UPDATES = 200
CUTS = ((1,), (7, 8, 133), (64, 65, 66, 199), tuple(range(10, 200, 10)))
PLANS = [
    (BatchPlan(20, 3), False),
    (BatchPlan(20, 1), False),
    (BatchPlan(20, 7, 2), False),
    (BatchPlan(20, 20), False),
    (BatchPlan(20, 3), True),
    (BatchPlan(100, 9), False),
    (BatchPlan(100, 9, 3), True),
]
PRECISIONS = ("float32", "float64")
SAMPLINGS = ("reshuffle", "once", "replacement")


def bytes_of(kind: str, rule: str, plan: BatchPlan, **options: Any) -> bytes:
    problem = example_problem(kind, plan.examples)
    path, diverged = run(problem, rule, optimizer_settings(rule)[0], plan, **options)
    assert np.isfinite(path).all()
    return path.tobytes() + diverged.tobytes()


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize(("plan", "shared"), PLANS)
def test_threads(plan: BatchPlan, shared: bool, precision: str) -> None:
    """One, two, three and seven processors: blocks of 112, 64, 48 and 16 lanes."""
    for particles in (100, 1000):
        options: dict[str, Any] = {"particles": particles, "shared": shared, "precision": precision, "updates": 40}
        one = bytes_of("wells", "adam", plan, workers=1, **options)
        for workers in (2, 3, 7):
            assert bytes_of("wells", "adam", plan, workers=workers, **options) == one


@pytest.mark.parametrize(("kind", "rule"), CASES)
def test_threads_for_every_surface_and_optimizer(kind: str, rule: str) -> None:
    """Blocks of 48 and 16 lanes run LLVM's loops for few lanes, which must round as the wide ones do."""
    for precision, loop in kernels_of(kind, rule):
        options: dict[str, Any] = {"particles": 100, "shared": loop == "shared", "precision": precision, "updates": 60}
        one = bytes_of(kind, rule, BatchPlan(20, 3), **options)
        for workers in (3, 7):
            assert bytes_of(kind, rule, BatchPlan(20, 3), workers=workers, **options) == one


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("shared", [False, True])
def test_lanes(shared: bool, precision: str) -> None:
    options: dict[str, Any] = {"particles": 100, "shared": shared, "precision": precision}
    blocks = [bytes_of("wells", "adam", BatchPlan(20, 3), lanes=lanes, **options) for lanes in (16, 64, 256)]
    assert blocks[0] == blocks[1] == blocks[2]


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize(("plan", "shared"), PLANS)
def test_cuts(plan: BatchPlan, shared: bool, precision: str) -> None:
    options: dict[str, Any] = {"shared": shared, "precision": precision, "updates": UPDATES}
    for sampling in SAMPLINGS:
        whole = bytes_of("wells", "adam", plan, sampling=sampling, **options)
        for pieces in CUTS:
            assert bytes_of("wells", "adam", plan, sampling=sampling, pieces=pieces, **options) == whole


@pytest.mark.parametrize(("kind", "rule"), CASES)
def test_cuts_keep_what_every_optimizer_remembers(kind: str, rule: str) -> None:
    precision, loop = kernels_of(kind, rule)[-1]
    options: dict[str, Any] = {"precision": precision, "shared": loop == "shared"}
    whole = bytes_of(kind, rule, BatchPlan(20, 3), **options)
    assert bytes_of(kind, rule, BatchPlan(20, 3), pieces=(3, 77, 78), **options) == whole


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize(("plan", "shared"), PLANS)
def test_the_first_particles_of_many(plan: BatchPlan, shared: bool, precision: str) -> None:
    problem, settings = example_problem("wells", plan.examples), optimizer_settings("adam")[0]
    paths: list[Array] = []
    for particles, workers in ((1000, 1), (1000, 2), (100, 1), (17, 2)):
        path, _ = run(
            problem,
            "adam",
            settings,
            plan,
            updates=50,
            shared=shared,
            precision=precision,
            particles=particles,
            workers=workers,
        )
        paths.append(path)
    for path in paths[1:]:
        assert np.ascontiguousarray(paths[0][:, : path.shape[1]]).tobytes() == path.tobytes()


@pytest.mark.parametrize("plan", [BatchPlan(100, 70), BatchPlan(100, 100)])
def test_wide_batches_of_few_particles(plan: BatchPlan) -> None:
    """Threads and cuts; more than FEW_PARTICLES take another loop, which rounds differently."""
    assert plan.size >= WIDE_BATCH
    for precision in PRECISIONS:
        options: dict[str, Any] = {"precision": precision, "updates": 40}
        whole = bytes_of("linear_regression", "sgd", plan, particles=FEW_PARTICLES, **options)
        for workers, pieces in ((2, ()), (3, (1, 17)), (1, (39,))):
            part = bytes_of(
                "linear_regression", "sgd", plan, particles=FEW_PARTICLES, workers=workers, pieces=pieces, **options
            )
            assert part == whole


def test_long_runs_are_cut_by_the_driver_where_its_indices_fill() -> None:
    """Two driver cuts or more: 2 * SLOTS / LANES updates of single examples; recorded as a whole or by halves."""
    problem, settings = example_problem("saddle", 20), optimizer_settings("sgd")[0]
    updates = 2 * SLOTS["own"] // LANES + 5
    ends = []
    for particles, pieces in ((256, ()), (256, (777,)), (16, ())):
        options: dict[str, Any] = {"updates": updates, "frames": (updates // 2, updates), "precision": "float32"}
        path, _ = run(problem, "sgd", settings, BatchPlan(20, 1), particles=particles, pieces=pieces, **options)
        ends.append(np.ascontiguousarray(path[:, :16]).tobytes())
    assert ends[0] == ends[1] == ends[2]


def test_few_frames_are_frames_of_all() -> None:
    problem, settings = example_problem("saddle", 20), optimizer_settings("adam")[0]
    every, _ = run(problem, "adam", settings, BatchPlan(20, 3), precision="float32")
    chosen = (1, 2, 50, 133, 199, 200)
    some, _ = run(problem, "adam", settings, BatchPlan(20, 3), precision="float32", frames=chosen, pieces=(50, 51, 134))
    assert some.tobytes() == every[np.array(chosen) - 1].tobytes()


def test_the_same_particle_sees_the_same_examples_under_every_optimizer() -> None:
    """Luck is common: the first update of all optimizers goes down the same example."""
    problem = example_problem("saddle", 20)
    directions = []
    for rule in ("sgd", "adam"):
        settings = optimizer(rule).settings(lr=0.02)
        path, _ = run(problem, rule, settings, BatchPlan(20, 1), updates=1, particles=64, precision="float32")
        directions.append(np.sign(path[0] - starts(64)))
    assert all(np.array_equal(direction, directions[0]) for direction in directions)
