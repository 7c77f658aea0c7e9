"""Columns of a formula: what they are drawn from or read from, what stands around them, and what is said of faults."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf.engine.landscape import Landscape
from errsurf.errors import ScenarioError
from errsurf.run.simulation import simulate
from errsurf.sampling.philox import Draw, Stream
from errsurf.scenario import resolved_toml, scenario_from
from errsurf.surfaces.formulas.columns import Columns, column_table
from helpers.expression_cases import COLUMNS, drawn, scenario


def test_examples_are_the_columns_of_the_formula_each_with_its_own_distribution() -> None:
    made = drawn({"loss": "a*x + b*y + c", "columns": {"unused": "normal(0, 1)", **COLUMNS}, "examples": 4000})
    a, b, c = made.train.T
    assert made.columns == ("a", "b", "c")
    assert (abs(a.mean()), a.std()) == (pytest.approx(0, abs=0.05), pytest.approx(1, abs=0.05))
    assert (b.min(), b.max()) == (pytest.approx(-1, abs=0.01), pytest.approx(1, abs=0.01))
    assert set(c) == {1.5}
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.05
    assert not np.isin(made.test[:, 0], a).any()


@pytest.mark.parametrize(
    ("text", "mean", "sd"),
    [
        ("normal(2, 0.5)", 2.0, 0.5),
        ("uniform(0, 6)", 3.0, 6 / 12**0.5),
        ("lognormal(0, 0.5)", np.exp(0.125), np.exp(0.125) * np.sqrt(np.exp(0.25) - 1)),
        ("exponential(2)", 2.0, 2.0),
        ("choice(1, 1, 4)", 2.0, 2**0.5),
        ("linspace(-1, 2)", 0.5, 3 / 12**0.5),
        (" 3*pi/2 ", 1.5 * np.pi, 0.0),
    ],
)
def test_distributions_have_their_mean_and_spread(text: str, mean: float, sd: float) -> None:
    """Of 40,000 numbers: five standard errors are below 4% of the spread of each of these."""
    numbers = column_table(Columns(a=text), 40_000, Draw(1, Stream.TRAIN))[:, 0]
    assert numbers.mean() == pytest.approx(mean, abs=0.04 * sd + 1e-12)
    assert numbers.std() == pytest.approx(sd, rel=0.06, abs=1e-12)


def test_shift_scale_and_tilt_stand_around_columns() -> None:
    """loss_i = scale_i f(theta - shift_i; row_i) + tilt_i . theta; without them the row is as short as the columns."""
    surface = {"loss": "(a*x + b*y - c)^2", "columns": COLUMNS, "examples": 50}
    moved = drawn({**surface, "shift": 0.2, "scale": 1.3, "tilt": 0.4})
    plain = drawn(surface)
    assert moved.columns == (*plain.columns, "shift_x", "shift_y", "scale", "tilt_x", "tilt_y")
    np.testing.assert_array_equal(moved.train[:, :3], plain.train)
    theta = np.array([0.7, -0.4])
    a, b, c, shift_x, shift_y, scale, tilt_x, tilt_y = moved.train.T
    u, v = theta[0] - shift_x, theta[1] - shift_y
    residual = a * u + b * v - c
    losses = scale * residual**2 + tilt_x * theta[0] + tilt_y * theta[1]
    assert Landscape(moved).loss(theta) == pytest.approx(losses.mean(), rel=1e-13)
    gradient = [(2 * scale * residual * a + tilt_x).mean(), (2 * scale * residual * b + tilt_y).mean()]
    np.testing.assert_allclose(Landscape(moved).gradient(theta), gradient, rtol=1e-13)
    hessian = [(2 * scale * a * a).mean(), (2 * scale * a * b).mean(), (2 * scale * b * b).mean()]
    np.testing.assert_allclose(Landscape(moved).hessian(theta), hessian, rtol=1e-13)


def test_test_examples_may_have_columns_a_shift_and_a_number_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("input,target\n1,2\n3,4\n5,6\n")
    (tmp_path / "test.csv").write_text("input,target\n7,8\n9,10\n")
    surface = {"loss": "(i*x + n*y - t)^2", "columns": {"i": "train.csv:input", "t": "train.csv:target", "n": 1}}
    same = drawn({**surface, "test": {"shift": [0.5, 0.0]}}, tmp_path)
    np.testing.assert_array_equal(same.train[:, :3], [[1, 2, 1], [3, 4, 1], [5, 6, 1]])
    np.testing.assert_array_equal(same.test, same.train + 0.5 * np.eye(8)[3])
    other = {"i": "test.csv:input", "t": "test.csv:target"}
    np.testing.assert_array_equal(
        drawn({**surface, "test": {"columns": other}}, tmp_path).test, [[7, 8, 1], [9, 10, 1]]
    )
    free = {"i": "normal(0, 1)", "t": 2}
    table = drawn({**surface, "test": {"columns": free, "examples": 70}}, tmp_path).test
    assert table.shape == (70, 3)
    assert set(table[:, 1]) == {2.0}


def test_a_file_whose_column_the_formula_does_not_have_says_nothing_of_the_number_of_examples(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("t\n1\n2\n")
    surface = {"loss": "x^2 + y^2", "columns": {"t": "d.csv:t"}, "examples": 7, "test": {"examples": 9}}
    read = scenario(surface, folder=tmp_path)
    again = scenario_from(tomllib.loads(resolved_toml(read)), tmp_path)
    for each in (read, again):
        assert (each.surface.train.examples, each.surface.test.examples) == (7, 9)


def test_a_csv_of_one_row_is_one_example(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("t\n2.5\n")
    surface = {"loss": "(x - t)^2 + y^2", "columns": {"t": "one.csv:t"}}
    assert drawn(surface, tmp_path).train.tolist() == [[2.5]]
    result = simulate(scenario(surface, folder=tmp_path, batch="full"))
    assert np.isfinite(result.groups[0].position).all()


COLUMN_FAULTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"columns": {"t": "d.csv:goal"}}, ["surface.columns.t", "d.csv, line 1: no column `goal`", "the header has t, u"]),
    ({"columns": {"t": "d.csv:t", "u": "short.csv:u"}}, ["differ in length: `t` has 2, `u` has 1"]),
    ({"columns": {"t": "broken.csv:t"}}, ["broken.csv, line 3, column `t`: `x` is not a finite number"]),
    ({"columns": {"t": "empty.csv:t"}}, ["empty.csv: no rows below the header"]),
    ({"columns": {"t": "d.csv"}}, ["a colon and the name of a column"]),
    ({"columns": {"t": "d.txt:t"}}, ["the name of a CSV file, a colon"]),
    ({"columns": {"t": "dd.csv:t"}}, ["no such file", "did you mean `d.csv`"]),
    ({"columns": {"t": "../d.csv:t"}}, ["below the scenario's folder"]),
    ({"columns": {"t": "/etc/passwd.csv:t"}}, ["below the scenario's folder"]),
    ({"columns": {"t": "d.csv:t"}, "examples": 3}, ["follows from the data file; take out `examples` or `columns`"]),
    ({"columns": {"t": "nrmal(0, 1)"}}, ["no function `nrmal`", "did you mean `normal`"]),
    ({"columns": {"t": "normal(0)"}}, ["`normal` takes two arguments, not 1"]),
    ({"columns": {"t": "normal(0, -1)"}}, ["allowed: sd of at least 0"]),
    ({"columns": {"t": "uniform(2, 1)"}}, ["allowed: low below high"]),
    ({"columns": {"t": "lognormal(0, 5.1)"}}, ["their sd from 0 to 5"]),
    ({"columns": {"t": "lognormal(-20.1, 5)"}}, ["mean of the logarithms from -20 to 20"]),
    ({"columns": {"t": "exponential(0)"}}, ["allowed: mean above 0"]),
    ({"columns": {"t": "normal(x, 1)"}}, ["no name `x`"]),
    ({"columns": {"t": "2*normal(0, 1)"}}, ["a distribution must stand alone"]),
    ({"columns": {"t": "choice(normal(0, 1), 2)"}}, ["a distribution must stand alone"]),
    ({"columns": {"t": True}}, ["surface.columns.t = true: is neither a number nor a text"]),
    ({"columns": {"t": float("nan")}}, ["surface.columns.t = nan: is not a finite number"]),
    ({"columns": {"t": 1, "a.b": 1}}, ["cannot be the name of a column"]),
    ({"columns": {"t": 1e31}}, ["out of range"]),
    ({"columns": {"t": 1, "lambda": 1}}, ["surface.columns.lambda: cannot be the name of a column"]),
    ({"columns": {"t": 1, "x": 1}}, ["surface.columns.x: cannot be the name of a column"]),
    ({"columns": {"t": 1, "_a": 1}}, ["surface.columns._a: cannot be the name of a column"]),
    ({"columns": {"t": 1, "\N{GREEK SMALL LETTER ALPHA}": 1}}, ["cannot be the name of a column"]),
    ({"columns": {"t": 1} | {f"c{k}": 1 for k in range(16)}}, ["17 columns; allowed: up to 16"]),
    (
        {"columns": {"t": 1}, "test": {"columns": {"u": 1}}},
        ["test.columns.u: not known", "columns of [surface]: t"],
    ),
    (
        {"columns": {"t": 1}, "test": {"columns": {"t": "uniform(1)"}}},
        ["test.columns.t", "takes two arguments"],
    ),
    ({"columns": {"t": 1}, "test": {"loss": "x"}}, ["surface.test.loss: unknown key"]),
    ({"columns": {"t": 1}, "window": {"x": [1, 1]}}, ["surface.window.x", "the smaller one first"]),
]


@pytest.mark.parametrize(("surface", "words"), COLUMN_FAULTS, ids=range(len(COLUMN_FAULTS)))
def test_faults_of_columns_are_said_in_words(surface: dict[str, Any], words: list[str], tmp_path: Path) -> None:
    files = {"d": "t,u\n1,2\n3,4\n", "short": "u\n1\n", "broken": "t\n1\nx\n", "empty": "t\n"}
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
    with pytest.raises(ScenarioError) as error:
        scenario({"loss": "(x - t)^2 + y^2", **surface}, folder=tmp_path, batch="full")
    (fault,) = error.value.faults
    for word in words:
        assert word in str(fault)


def test_formula_and_columns_are_said_to_be_faulty_at_once() -> None:
    """A column that cannot be used does not make the formula's own names unknown."""
    columns = {"a": "no.csv:a", "b": "normal(1)", "c": 1}
    with pytest.raises(ScenarioError) as error:
        scenario({"loss": "a*x + b*y + coss(c)", "columns": columns, "test": {"columns": {"b": "uniform(3)"}}})
    keys = [fault.key for fault in error.value.faults]
    assert sorted(keys) == ["surface.columns.a", "surface.columns.b", "surface.loss", "surface.test.columns.b"]


def test_a_formula_without_columns_is_an_analytic_surface() -> None:
    made = drawn({"loss": "x^2 + y^2", "tilt": 0.2, "window": {"x": [-5, 5], "y": [0, 1]}})
    assert made.columns == ("shift_x", "shift_y", "scale", "tilt_x", "tilt_y")
    assert made.surface.window == ((-5, 5), (0, 1))
    assert Landscape(made).loss(np.array([3.0, 4.0])) == pytest.approx(25, rel=1e-12)


def test_names_that_python_or_tuples_know_may_be_columns() -> None:
    """Compiles for 2 s."""
    names = {"count": 2.0, "index": 3.0, "t0": 5.0, "loss": 7.0, "real": 1.0, "np": 11.0}
    made = drawn({"loss": "(count*x + index*y - t0)^2 + loss*x^2*y^2 + real*np*x", "columns": names})
    assert Landscape(made).loss(np.array([1.0, 2.0])) == pytest.approx(9 + 28 + 11)


def test_several_columns_are_standardized_as_the_training_examples_are(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("a,b\n10,1\n30,1\n50,4\n", encoding="utf-8")
    columns = {"a": "two.csv:a", "b": "two.csv:b", "one": 1.0}
    surface = {"loss": "(a*x + b*y + one)^2", "columns": columns, "standardize": ["a", "b"], "tilt": 0.1}
    made = drawn({**surface, "test": {"columns": {"a": 30, "b": 2, "one": 2}, "examples": 3}}, tmp_path)
    np.testing.assert_allclose(made.train[:, :2].mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(made.train[:, :2].std(axis=0), 1)
    np.testing.assert_allclose(made.test[0, :3], [0, 0, 2], atol=1e-15)
    assert set(made.train[:, 2]) == {1.0}
    assert made.column_names[:3] == ("a (standardized)", "b (standardized)", "one")
    assert len(made.column_names) == len(made.columns)
    with pytest.raises(ScenarioError, match="names of columns: a, b, one"):
        drawn({**surface, "standardize": ["c"]}, tmp_path)
