"""Test examples: another draw from the same distribution, one that is shifted or noisier, or a file of their own."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from errsurf.engine.examples import Problem, problem
from errsurf.scenario import scenario_from

Array = NDArray[np.float64]


def drawn(folder: Path | None = None, seed: int = 5, **surface: Any) -> Problem:
    """The examples of a [surface] table."""
    tables = {"seed": seed, "surface": surface, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    return problem(scenario_from(tables, folder).surface, seed)


def column(table: Array, made: Problem, name: str) -> Array:
    values: Array = table[:, made.columns.index(name)]
    return values


@pytest.mark.parametrize("kind", ["saddle", "linear_regression"])
def test_they_are_another_draw_from_the_same_distribution(kind: str) -> None:
    spread = {"shift": 0.3, "tilt": 0.2, "scale": 1.5} if kind == "saddle" else {"noise": 0.7, "center": 1.0}
    made = drawn(kind=kind, examples=4000, test={"examples": 5000}, **spread)
    assert made.test.shape == (5000, made.train.shape[1])
    assert not np.intersect1d(made.train, made.test).size
    for part in (np.mean, np.std):
        np.testing.assert_allclose(part(made.train, axis=0), part(made.test, axis=0), atol=0.08)
    np.testing.assert_array_equal(drawn(kind=kind, examples=9, test={"examples": 5000}, **spread).test, made.test)
    assert (drawn(kind=kind, seed=6, examples=9, test={"examples": 5000}, **spread).test != made.test).any()


@pytest.mark.parametrize(("shift", "mean", "deviation"), [([0.2, -0.1], (0.2, -0.1), 0.3), (0.05, (0.0, 0.0), 0.05)])
def test_a_shift_displaces_all_or_replaces_the_spread(shift: Any, mean: tuple[float, float], deviation: float) -> None:
    made = drawn(kind="saddle", examples=20, shift=0.3, test={"examples": 20_000, "shift": shift})
    shifts = np.stack([column(made.test, made, name) for name in ("shift_x", "shift_y")], axis=1)
    np.testing.assert_allclose(shifts.mean(axis=0), mean, atol=4 * deviation / np.sqrt(20_000))
    np.testing.assert_allclose(shifts.std(axis=0), deviation, rtol=0.03)


def test_noise_and_other_settings_of_data_may_differ() -> None:
    made = drawn(
        kind="linear_regression", noise=0.5, test={"noise": 0.0, "center": 4.0, "slope": 2.0, "examples": 3000}
    )
    inputs, targets = (column(made.test, made, name) for name in ("input", "target"))
    np.testing.assert_allclose(targets, 2.0 * inputs + 0.5, rtol=1e-12)
    assert inputs.mean() == pytest.approx(4.0, abs=0.08)
    assert abs(column(made.train, made, "input").mean()) < 1.0


def test_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("input,target\n1,2\n3,4\n5,6\n")
    (tmp_path / "test.csv").write_text("target,input\n7,8\n9,10\n")
    both = drawn(tmp_path, kind="linear_regression", data="train.csv", test={"data": "test.csv"})
    np.testing.assert_array_equal(both.train, [[1, 2], [3, 4], [5, 6]])
    np.testing.assert_array_equal(both.test, [[8, 7], [10, 9]])
    mixed = drawn(tmp_path, kind="linear_regression", test={"data": "test.csv"})
    assert mixed.train.shape == (20, 2)
    np.testing.assert_array_equal(mixed.test, both.test)


def test_of_a_file_alone_they_are_the_training_examples(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("input,target\n1,2\n3,4\n5,6\n")
    made = drawn(tmp_path, kind="linear_regression", data="train.csv")
    np.testing.assert_array_equal(made.test, made.train)
