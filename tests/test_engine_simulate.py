"""Whole simulations: stopped ones keep consistent frames, and files hold what memory does."""

import _thread
import gc
import warnings
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

from errsurf import scenario_from, simulate
from errsurf.engine.kernel_sources import shape_of, update_kernels
from errsurf.engine.landscape import Landscape
from errsurf.engine.rule import Rule
from errsurf.optimizers import optimizer
from errsurf.run.result import Group, Result
from errsurf.sampling.batches import BatchPlan
from helpers.engine_cases import example_problem, optimizer_settings, run

ARRAYS = ("update", "examples_seen", "lr", "position", "loss_particles", "train_loss", "test_loss", "diverged")


def scenario(**run: Any) -> Any:
    settings = {"updates": 60, "frames": 11, "precision": "float32"} | run
    return scenario_from(
        {
            "title": "t",
            "seed": 5,
            "surface": {"kind": "saddle", "examples": 20, "tilt": 0.3, "test": {"examples": 30}},
            "swarm": {"particles": 50, "start": "cloud", "at": [0.0, 0.9], "spread": 0.1},
            "run": {name: value for name, value in settings.items() if value is not None},
            "optimizer": [
                {"label": "a", "kind": "sgd", "batch": 1, "lr": 0.05, "momentum": 0.5},
                {"label": "b", "kind": "adam", "batch": "full", "lr": 0.05},
                {"label": "too fast", "kind": "sgd", "batch": 3, "lr": 40.0},
            ],
        }
    )


def assert_consistent(group: Group, particles: int = 50) -> None:
    frames = len(group.update)
    assert group.update[0] == 0
    assert (np.diff(group.update) > 0).all()
    for name in ("examples_seen", "lr", "position", "train_loss", "test_loss"):
        assert len(getattr(group, name)) == frames, name
    assert group.position.shape == (frames, particles, 2)
    assert group.train_loss.shape == group.test_loss.shape == (frames, len(group.loss_particles))
    assert np.isfinite(group.position).all()
    assert group.diverged.shape == (particles,)
    assert (group.diverged <= group.update[-1]).all()


def assert_same_frames(part: Group, whole: Group) -> None:
    """The first frames of a run are those of a longer one."""
    frames = len(part.update)
    for name in ("update", "examples_seen", "position", "train_loss", "test_loss"):
        assert np.asarray(getattr(part, name)).tobytes() == np.asarray(getattr(whole, name)[:frames]).tobytes(), name
    seen = np.where(whole.diverged > part.update[-1], -1, whole.diverged)
    assert np.array_equal(part.diverged, seen)


def test_losses_and_examples_belong_to_their_frames() -> None:
    result = simulate(scenario(epochs=3, updates=None))
    assert result.complete
    assert [len(group.update) for group in result.groups] == [11, 4, 11]
    for group in result.groups:
        assert_consistent(group)
        for which in ("train", "test"):
            at = result.landscape.loss(group.position[:, group.loss_particles].astype(np.float64), which)
            assert np.array_equal(at, getattr(group, f"{which}_loss"))
    assert result["a"].examples_seen.tolist() == result["a"].update.tolist()
    assert result["b"].examples_seen.tolist() == [0, 20, 40, 60]
    assert result["too fast"].examples_seen[-1] == 60
    assert (result["too fast"].diverged > 0).all()


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_all_frames_contain_the_few(precision: str) -> None:
    few, every = simulate(scenario(precision=precision)), simulate(scenario(precision=precision, frames="all"))
    for some, whole in zip(few.groups, every.groups, strict=True):
        assert whole.update.tolist() == list(range(61))
        assert whole.position[some.update].tobytes() == some.position.tobytes()
        assert np.array_equal(whole.diverged, some.diverged)


@pytest.mark.parametrize("frames", [2, 11, "all"])
def test_files_hold_what_memory_does(tmp_path: Path, frames: Any) -> None:
    memory, files = simulate(scenario(frames=frames)), simulate(scenario(frames=frames), tmp_path)
    for one, other in zip(memory.groups, files.groups, strict=True):
        for name in ARRAYS:
            assert getattr(one, name).dtype == getattr(other, name).dtype
            assert np.asarray(getattr(one, name)).tobytes() == np.asarray(getattr(other, name)).tobytes()
    for k, folder in enumerate(sorted(tmp_path.iterdir())):
        for name in ("position", "train_loss", "test_loss"):
            stored = np.load(folder / f"{name}.npy")
            assert stored.tobytes() == getattr(memory.groups[k], name).tobytes()


def stopped_run(folder: Path | None, how: str, share: float) -> Result:
    stop, told = Event(), Event()

    def progress(done: float) -> None:
        if done >= share and not told.is_set():
            told.set()
            if how == "event":
                stop.set()
            else:
                _thread.interrupt_main()

    return simulate(scenario(updates=4000, frames=1001), folder, progress=progress, stop=stop)


@pytest.mark.parametrize("kept", ["memory", "files"])
@pytest.mark.parametrize("how", ["event", "ctrl-c"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3])
def test_a_stopped_run_keeps_its_frames(tmp_path: Path, how: str, share: float, kept: str) -> None:
    whole = simulate(scenario(updates=4000, frames=1001))
    part = stopped_run(tmp_path if kept == "files" else None, how, share)
    assert not part.complete
    assert whole.complete
    for some, every in zip(part.groups, whole.groups, strict=True):
        assert_consistent(some)
        assert_same_frames(some, every)
    assert any(len(some.update) < len(every.update) for some, every in zip(part.groups, whole.groups, strict=True))
    if kept == "files":
        for k, folder in enumerate(sorted(tmp_path.iterdir())):
            assert np.array_equal(np.load(folder / "position.npy"), part.groups[k].position)


def test_stopped_before_the_start() -> None:
    stop = Event()
    stop.set()
    result = simulate(scenario(), stop=stop)
    assert not result.complete
    for group in result.groups:
        assert_consistent(group)
        assert group.update.tolist() == [0]


def test_ctrl_c_while_the_first_kernels_compile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No frame is there yet to make a result of: the interrupt goes on to the caller, and no file stays open."""

    def interrupted(*_arguments: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(Landscape, "loss", interrupted)
    raised: type[BaseException] | None = None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            simulate(scenario(), tmp_path)
        except BaseException as error:
            raised = type(error)
        gc.collect()
    assert raised is KeyboardInterrupt
    assert not [warning for warning in caught if issubclass(warning.category, ResourceWarning)]


def test_groups_of_one_scenario_start_alike_and_see_the_same_luck() -> None:
    result = simulate(scenario())
    assert (result["a"].position[0] == result["b"].position[0]).all()
    again = simulate(scenario())
    for one, other in zip(result.groups, again.groups, strict=True):
        assert all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in ARRAYS)


def test_batches_of_all_and_of_some_examples_take_one_kernel() -> None:
    """Indices have one type, so that nothing is compiled twice; shared ones, and large batches of few particles."""
    problem, settings = example_problem("saddle", 70), optimizer_settings("sgd")[0]
    update_kernels.cache_clear()  # other tests have modules linked anew
    kernels = update_kernels(
        "saddle_sgd", problem.surface, Rule(optimizer("sgd")), "float32", shape_of(1, problem.train)
    )
    for particles, entry in ((20, kernels.shared_updates), (2, kernels.wide_updates)):
        for size in (66, 70):
            options: dict[str, Any] = {"shared": particles > 2, "particles": particles, "precision": "float32"}
            run(problem, "sgd", settings, BatchPlan(70, size), updates=2, **options)
        assert len(entry.signatures) == 1
