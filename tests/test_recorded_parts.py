"""What updates are made of, as ``run.record`` keeps it: gradient, movement and effective rate of some particles."""

from itertools import product
from math import isnan
from pathlib import Path
from threading import Event
from typing import Any, get_type_hints

import numpy as np
import pytest

from errsurf import scenario_from, simulate
from errsurf.engine import blocks, group_plan
from errsurf.engine.random_lanes import Order
from errsurf.engine.recorded_parts import update_parts
from errsurf.engine.size import run_size
from errsurf.optimizers import optimizer, optimizer_names
from errsurf.results.folder import open_result
from errsurf.results.run import run_scenario
from errsurf.run.result import Group, Result
from errsurf.sampling.batches import BatchPlan
from helpers.engine_cases import Array, example_problem

PARTS = ("gradient", "movement", "effective_rate", "iterate")
UPDATES = 60


def recorded(*groups: dict[str, Any], **options: Any) -> Result:
    return simulate(scenario(*groups, **options))


def scenario(*groups: dict[str, Any], particles: int = 40, **options: Any) -> Any:
    settings = {"updates": UPDATES, "frames": "all", "precision": "float64", "record": PARTS} | options
    return scenario_from(
        {
            "seed": 11,
            "surface": {"kind": "saddle", "examples": 20, "shift": 0.1, "scale": 1.2, "tilt": 0.3},
            "swarm": {"particles": particles, "start": "cloud", "at": [0.3, 0.9], "spread": 0.2},
            "run": settings,
            "optimizer": [{"lr": 0.05, "batch": 3} | group for group in groups],
        }
    )


def before(group: Group) -> Array:
    """Where the watched particles were before each update, if all are recorded, shape (updates, watched, 2)."""
    return np.asarray(group.position[:-1, group.watched], np.float64)


SGD = {"label": "sgd", "kind": "sgd", "schedule": {"decay": "cosine"}}


def test_gradient_descent_is_made_of_its_parts() -> None:
    """``theta_new = theta - lr gradient`` and its difference is the movement, to the last rounding."""
    for precision, rounding in (("float64", 1e-15), ("float32", 3e-7)):
        group = recorded(SGD, precision=precision)["sgd"]
        lr = group.lr[:-1, None, None]
        assert np.ptp(lr) > 0.01
        np.testing.assert_array_equal(group.parts["movement"][1:], np.diff(group.position[:, group.watched], axis=0))
        expected = before(group) - lr * group.parts["gradient"][1:]
        assert np.abs(group.position[1:, group.watched] - expected).max() < rounding
        np.testing.assert_allclose(group.parts["effective_rate"][1:], np.broadcast_to(lr, expected.shape), rtol=1e-6)


@pytest.mark.parametrize("kind", ["sgd", "adam"])
def test_gradient_of_full_batch_is_that_of_the_surface(kind: str) -> None:
    result = recorded({"label": "full", "kind": kind, "batch": "full", "lr": 0.02})
    group = result["full"]
    expected = result.landscape.gradient(before(group))
    np.testing.assert_allclose(group.parts["gradient"][1:], expected, rtol=0, atol=1e-14)


def test_batches_and_their_clipping_are_seen_in_the_gradient() -> None:
    """What the rule saw: noise is in it, and it is clipped."""
    options: dict[str, Any] = {"clip": {"kind": "norm", "most": 0.4}, "noise": {"kind": "isotropic", "deviation": 0.3}}
    group = recorded(SGD | options)["sgd"]
    sizes = np.linalg.norm(group.parts["gradient"][1:], axis=-1)
    assert 0.1 < (sizes > 0.3999).mean() < 0.95
    assert sizes.max() < 0.4
    expected = before(group) - group.lr[:-1, None, None] * group.parts["gradient"][1:]
    assert np.abs(group.position[1:, group.watched] - expected).max() < 1e-15


def test_momentum_is_a_movement_kept_and_a_gradient() -> None:
    """Claim 10: each movement is momentum times the last minus lr times the gradient; with either form of it."""
    for movement in (False, True):
        group = recorded({"label": "m", "kind": "sgd", "momentum": 0.8, "movement": movement})["m"]
        moved, gradient = group.parts["movement"], group.parts["gradient"]
        np.testing.assert_allclose(moved[1], -0.05 * gradient[1], rtol=0, atol=1e-15)
        np.testing.assert_allclose(moved[2:], 0.8 * moved[1:-1] - 0.05 * gradient[2:], rtol=0, atol=1e-15)
        np.testing.assert_allclose(group.parts["effective_rate"][1:], 0.05, rtol=1e-12)


def mean_square(g: Array, past: float) -> Array:
    """The running mean of squares, from 0, along the first axis."""
    out, mean = [], np.zeros_like(g[0])
    for each in g:
        mean = past * mean + (1 - past) * each**2
        out.append(mean)
    return np.array(out)


RATES: dict[str, tuple[dict[str, Any], Any]] = {
    "adagrad": ({"eps": 1e-3}, lambda g, _t: np.sqrt(np.cumsum(g**2, axis=0)) + 1e-3),
    "rmsprop": ({"alpha": 0.9, "eps": 1e-3}, lambda g, _t: np.sqrt(mean_square(g, 0.9)) + 1e-3),
    "adam": (
        {"betas": [0.8, 0.9], "eps": 1e-3},
        lambda g, t: np.sqrt(mean_square(g, 0.9) / (1 - 0.9**t)) + 1e-3,
    ),
}


@pytest.mark.parametrize("kind", RATES)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_effective_rate_is_lr_over_the_root_of_past_squares(kind: str, precision: str) -> None:
    """Claims 12, 14 and 17, from the recorded gradients of batches and a falling lr."""
    settings, root = RATES[kind]
    group = recorded(SGD | {"kind": kind, "label": kind} | settings, precision=precision)[kind]
    gradient, t = group.parts["gradient"][1:], np.arange(1, UPDATES + 1)[:, None, None]
    expected = group.lr[:-1, None, None] / root(gradient, t)
    rtol = 1e-12 if precision == "float64" else 1e-5
    np.testing.assert_allclose(group.parts["effective_rate"][1:], expected, rtol=rtol)
    if kind != "adam":
        np.testing.assert_allclose(group.parts["movement"][1:], -expected * gradient, rtol=10 * rtol, atol=rtol)


@pytest.mark.parametrize("kind", optimizer_names())
def test_rates_are_those_of_the_records(kind: str) -> None:
    """A record's ``rate`` takes plain numbers, for a particle at an update; without one the rate is lr."""
    record, updates = optimizer(kind), 8
    settings = record.settings()
    lr = np.linspace(0.1, 0.02, updates)
    problem, plan = example_problem("saddle", 20), BatchPlan(20, 3)
    order, watched = Order("reshuffle", 20, 1), np.array([0, 3, 19])
    job = group_plan.group_plan(problem, kind, settings, lr, plan, order, 20, precision="float64", watched=watched)
    frames = blocks.empty_frames(job, np.array([0, 1, 2, 7, 8]))
    frames.parts[:] = np.random.default_rng(4).uniform(0.1, 2.0, size=frames.parts.shape)
    frames.parts[0] = np.nan
    rates = update_parts(job, frames, ["effective_rate"])["effective_rate"]
    assert rates.shape == (5, 3, 2)
    assert np.isnan(rates[0]).all()
    memories, constants_of = len(record.memory._fields), get_type_hints(record.step_constants)["return"]
    for frame, particle, axis in product(range(1, 5), range(3), range(2)):
        numbers = frames.parts[frame, particle, 6 + (0 if record.pair else axis * memories) :][:memories]
        constants = constants_of(*job.step_constants[frames.update[frame] - 1])
        if record.rate:
            expected = record.rate(record.memory(*numbers), constants, settings)
            expected = expected[axis] if record.pair else expected
            assert rates[frame, particle, axis] == pytest.approx(expected, rel=1e-14)
        else:
            assert rates[frame, particle, axis] == pytest.approx(constants[0], rel=1e-14)


@pytest.mark.parametrize(("particles", "count"), [(5, 5), (16, 16), (40, 16), (700, 16)])
def test_up_to_16_particles_are_watched_evenly(particles: int, count: int) -> None:
    group = recorded(SGD, particles=particles)["sgd"]
    assert len(group.watched) == count
    assert group.watched[0] == 0
    assert group.watched[-1] == particles - 1
    assert np.ptp(np.diff(group.watched)) <= 1
    for part in PARTS:
        assert group.parts[part].shape == (UPDATES + 1, count, 2)
    np.testing.assert_array_equal(group.parts["movement"][1:], np.diff(group.position[:, group.watched], axis=0))


def test_before_the_first_update_there_is_nothing() -> None:
    result = recorded(SGD, SGD | {"kind": "adam", "label": "adam"})
    for group in result.groups:
        for part in PARTS:
            assert np.isnan(group.parts[part][0]).all()
            assert np.isfinite(group.parts[part][1:]).all()


@pytest.mark.parametrize("record", [["movement"], ["effective_rate", "gradient"], []])
def test_only_what_is_asked_for_is_recorded(record: list[str]) -> None:
    group = recorded(SGD, record=record)["sgd"]
    assert set(group.parts) == set(record)
    assert len(group.watched) == (16 if record else 0)


@pytest.mark.parametrize("particles", [5, 40])
def test_frames_take_what_was_reckoned(particles: int) -> None:
    for record in (["movement"], PARTS):
        chosen = scenario(SGD, particles=particles, record=record, frames=11)
        group = simulate(chosen)["sgd"]
        arrays = (group.position, group.train_loss, group.test_loss, *group.parts.values())
        assert sum(array.nbytes for array in arrays) == run_size(chosen).frames


def test_recording_changes_no_position() -> None:
    groups = (SGD, {"label": "noisy", "kind": "adam", "noise": {"kind": "isotropic", "deviation": 0.2}})
    with_parts, without = recorded(*groups), recorded(*groups, record=[])
    for one, other in zip(with_parts.groups, without.groups, strict=True):
        assert one.position.tobytes() == other.position.tobytes()


def test_few_frames_hold_the_parts_of_the_update_before_each() -> None:
    every, few = recorded(SGD)["sgd"], recorded(SGD, frames=9)["sgd"]
    assert len(few.update) == 9
    for part in PARTS:
        assert few.parts[part].tobytes() == np.ascontiguousarray(every.parts[part][few.update]).tobytes()


def test_a_particle_that_diverged_moves_no_more() -> None:
    """Its movements are the differences of its positions still; it left before some others did."""
    result = recorded(
        {"label": "fast", "kind": "sgd", "lr": 4.0, "batch": 1},
        {"label": "adagrad", "kind": "adagrad", "lr": 1e30, "batch": 1},
    )
    assert (result["fast"].diverged[result["fast"].watched] > 0).any()
    for group in result.groups:
        moved = np.diff(group.position[:, group.watched], axis=0)
        np.testing.assert_array_equal(group.parts["movement"][1:], moved)


def assert_same(one: Group, other: Group, frames: int | None = None) -> None:
    assert np.array_equal(one.watched, other.watched)
    assert list(one.parts) == list(other.parts)
    for part, values in one.parts.items():
        assert values.dtype == np.float64
        assert np.asarray(values).tobytes() == np.asarray(other.parts[part][:frames]).tobytes()


def test_a_result_folder_reads_back_the_same(tmp_path: Path) -> None:
    chosen = scenario(SGD, SGD | {"kind": "adam", "label": "adam"}, frames=12)
    memory, findings = simulate(chosen), run_scenario(chosen, tmp_path / "result").findings
    again = open_result(tmp_path / "result")
    for kept, written, read in zip(memory.groups, findings.result.groups, again.groups, strict=True):
        assert_same(kept, written)
        assert_same(kept, read)
        assert isnan(read.parts["movement"][0, 0, 0])


@pytest.mark.parametrize("kept", ["memory", "files"])
@pytest.mark.parametrize("share", [0.0, 0.2])
def test_a_stopped_run_has_as_many_parts_as_frames(tmp_path: Path, kept: str, share: float) -> None:
    stop = Event()
    chosen = scenario(SGD, SGD | {"kind": "adam", "label": "adam"}, updates=5000, frames=1001)

    def progress(done: float) -> None:
        if done >= share:
            stop.set()

    part = simulate(chosen, tmp_path if kept == "files" else None, progress=progress, stop=stop)
    whole = simulate(chosen)
    assert not part.complete
    for some, every in zip(part.groups, whole.groups, strict=True):
        frames = len(some.update)
        assert frames < len(every.update) or some.label == "sgd"
        assert all(len(some.parts[name]) == frames for name in PARTS)
        assert_same(some, every, frames)


def test_memories_are_those_of_the_rule(tmp_path: Path) -> None:
    """Adam's averages follow from the gradients, and the average around it is the position; of all particles."""
    adam = {"kind": "adam", "wrappers": [{"kind": "ema", "decay": 0.9}]}
    record = ["gradient", "memory", "iterate"]
    chosen = scenario(adam, {"kind": "shampoo"}, record=record, record_particles="all", frames="all")
    result = run_scenario(chosen, tmp_path / "out", pictures=False).folder
    group, pair = open_result(result).groups
    assert group.watched.tolist() == list(range(40))
    names = {"exp_avg", "exp_avg_sq", "max_exp_avg_sq", "wrapper_1_average"}
    assert set(group.parts) == {"gradient", "iterate", *(f"memory.{name}" for name in names)}
    gradients, first, second = group.parts["gradient"], np.zeros((40, 2)), np.zeros((40, 2))
    for update in range(1, UPDATES + 1):
        first = 0.9 * first + 0.1 * gradients[update]
        second = 0.999 * second + 0.001 * gradients[update] ** 2
        np.testing.assert_allclose(group.parts["memory.exp_avg"][update], first, rtol=1e-12)
        np.testing.assert_allclose(group.parts["memory.exp_avg_sq"][update], second, rtol=1e-12)
    assert np.array_equal(group.parts["memory.wrapper_1_average"][1:], group.position[1:])
    memories = {name: part.shape for name, part in pair.parts.items() if name.startswith("memory.")}
    assert memories
    assert set(memories.values()) == {(UPDATES + 1, 40)}


def test_as_many_particles_are_recorded_as_asked() -> None:
    assert recorded({"kind": "sgd"}, record_particles=3).groups[0].watched.tolist() == [0, 19, 39]
