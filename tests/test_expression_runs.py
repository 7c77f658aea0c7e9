"""Formulas of a scenario's own in runs: as exact, as packed and as repeatable as the surfaces that they equal."""

import re
import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf.engine.examples import problem
from errsurf.engine.kernel_sources import loop_shape, update_kernels
from errsurf.engine.rule import Rule
from errsurf.optimizers import optimizer
from errsurf.run.simulation import simulate
from errsurf.sampling.batches import BatchPlan
from errsurf.scenario import read_scenario, resolved_toml
from helpers.command_line import CommandLine
from helpers.engine_cases import run
from helpers.expression_cases import COLUMNS, drawn, scenario
from helpers.machine_code import ENTRIES, code, function, lane_loops, vectorized

REGRESSION = {
    "loss": "(a*x + y - (0.5 + a + 0.5*noise))^2 / 2",
    "columns": {"a": "normal(0, 1)", "noise": "normal(0, 1)"},
}
MOVED = {"tilt": 0.3, "shift": 0.1, "scale": 1.2, "test": {"shift": [0.3, -0.2]}}
EQUALS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"kind": "rosenbrock", **MOVED}, {"loss": "(1 - x)^2 + 100*(y - x^2)^2", **MOVED}),
    ({"kind": "linear_regression"}, REGRESSION),
]


@pytest.mark.parametrize(("built_in", "own"), EQUALS, ids=[pair[0]["kind"] for pair in EQUALS])
def test_a_formula_gives_the_trajectories_of_the_surface_it_equals(built_in: Any, own: Any) -> None:
    """To rounding; of linear regression the formula draws the same points, by columns.  Compiles for 12 s."""
    for precision in ("float64", "float32"):
        first, second = (simulate(scenario(surface, precision)).groups[0] for surface in (built_in, own))
        for part in ("position", "train_loss", "test_loss"):
            given, exact = getattr(second, part), getattr(first, part)
            error = 50 * np.finfo(precision).eps * np.abs(exact).max()
            np.testing.assert_allclose(given, exact, rtol=0, atol=error)


FORMULAS = (
    "(a*x + b*y - c)^2 + 0.1*cos(3*x) + max(0, exp(-a*y)) + abs(tan(x)*tanh(y))^1.3 / sqrt(1 + x^2)",
    "erf(a*x) + arctan(b*y)*sinh(x) + cosh(y)*sign(c - x) + where(x < y, x^2, b*y)",
)


@pytest.mark.parametrize(("entry", "formula"), [*product(("own_updates", "shared_updates"), FORMULAS)])
def test_the_kernel_of_a_formula_is_packed(entry: str, formula: str) -> None:
    """With columns and the generic shift, scale and tilt around them.  Compiles for 6 s."""
    made = drawn({"loss": formula, "columns": COLUMNS, "tilt": 0.1})
    particles, batch, shared = ENTRIES[entry]
    settings, plan = optimizer("sgd").settings(), BatchPlan(20, batch)
    run(made, "sgd", settings, plan, updates=1, precision="float32", particles=particles, shared=shared)
    rule = Rule(optimizer("sgd"))
    shape = loop_shape(made, rule, "float32", entry.removesuffix("_updates"))
    kernels = update_kernels("expression_sgd", made.surface, rule, "float32", shape)
    ir = code(getattr(kernels, entry)).ir
    loops = lane_loops(ir, entry)
    packed = [loop for loop in loops if loop.packed]
    assert len(packed) >= 3
    assert all(vectorized(loop, ir) for loop in loops)
    assert not any(loop.scalar or loop.calls for loop in packed)
    assert not any(re.search(r"\bdouble\b", line) for line in function(ir, entry))


SCENARIO = """\
[surface]
kind = "expression"
loss = "(a*x + b*y - c)^2 + 0.1*cos(3*x)"
columns = { a = "normal(0, 1)", b = "uniform(-1, 1)", c = "data/target.csv:c" }
window = { x = [-3, 3], y = [-2, 2] }
tilt = 0.1
test = { columns = { a = "normal(0.5, 1)", c = "target.csv:c" }, shift = [0.1, 0] }
[run]
updates = 6
[swarm]
particles = 4
[[optimizer]]
kind = "sgd"
batch = 2
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A scenario with a formula and two data files of the same name."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/target.csv").write_text("c\n1\n2\n3\n")
    (tmp_path / "target.csv").write_text("c\n4\n5\n")
    (tmp_path / "own.toml").write_text(SCENARIO)
    return tmp_path / "own.toml"


def test_a_result_folder_runs_again_to_the_same_bytes(errsurf: CommandLine, file: Path) -> None:
    """Compiles for 3 s."""
    assert errsurf("run", file, "--out", "first", "--quiet") == 0
    assert errsurf("run", "first/scenario.toml", "--out", "second", "--quiet") == 0
    first, second = (
        {path.relative_to(place) for path in Path(place).rglob("*") if path.is_file()} for place in ("first", "second")
    )
    assert first == second
    for path in first - {Path("summary.json"), Path("manifest.json")}:
        assert ("first" / path).read_bytes() == ("second" / path).read_bytes(), path
    written = tomllib.loads(Path("first/scenario.toml").read_text(encoding="utf-8"))["surface"]
    assert written["columns"]["c"] == "target.csv:c"
    assert written["test"]["columns"]["c"] == "target-2.csv:c"
    with np.load("first/examples.npz") as examples:
        assert (3, 8) in {table.shape for table in examples.values()}


def test_the_resolved_scenario_is_the_same_scenario(file: Path) -> None:
    read = read_scenario(file)
    assert read.surface.train.examples == 3
    assert read.surface.test.examples == 2
    drawn = problem(read.surface, 0)
    (file.parent / "target-2.csv").write_text("c\n4\n5\n")
    (file.parent / "target.csv").write_text("c\n1\n2\n3\n")
    (file.parent / "again.toml").write_text(resolved_toml(read))
    again = read_scenario(file.parent / "again.toml")
    assert again.surface.settings.loss == read.surface.settings.loss
    np.testing.assert_array_equal(problem(again.surface, 0).train, drawn.train)
    np.testing.assert_array_equal(problem(again.surface, 0).test, drawn.test)


def test_a_formula_can_be_changed_from_the_command_line(errsurf: CommandLine, file: Path) -> None:
    changed = read_scenario(file, {"surface.loss": "(a*x)^2 + y^2", "surface.columns.a": "uniform(2, 3)"})
    assert changed.surface.settings.loss == "(a*x)^2 + y^2"
    assert problem(changed.surface, 0).train[:, 0].min() >= 2
    assert errsurf("check", file, "--set", "surface.loss=coss(x)") == 2
    assert "did you mean `cos`?" in errsurf.err
