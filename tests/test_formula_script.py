"""Formulas that are read and derived in a browser, compared by node with those that Python reads."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from errsurf import surface
from errsurf.errors import ScenarioError
from helpers.formula_domains import PARTIAL, PLACES

SCRIPTS = [Path(__file__).parents[1] / "web" / name for name in ("formula.js", "formula_module.js")]
POINTS = np.random.default_rng(5).uniform(0.2, 1.7, (40, 2))
FORMULAS = (
    "(x^2 - 1)^2 / 4 + y^2 / 2",
    "x*y",
    "-x^2 + 2**y",
    "exp(-x^2 - y^2) + 0.1*cos(3*x)*sin(2*y)",
    "log(1 + x^2) * sqrt(y) - tan(x / 3) + arctan(x*y)",
    "sinh(x) / cosh(y) + tanh(x - y) + erf(x*y - 1)",
    "where(x < y, x^3, y^3) + where(x + y >= 1.5, x, 2*y)",
    "min(x, y, 1) + max(x*y, 0.5) + abs(x - y)^3 + sign(x - 1) * x",
    "x^y + x^-2 + y^1.5 + (x^2)^0.5",
    "2e-1*x + .5*y - -x*+y + pi*x^2/e",
    "1/(1 + (x - 1)^2) / (2 + y)",
    "x^16 - (x + y)^7",
)
WRONG = (
    "",
    "x +",
    "x y",
    "sin x",
    "foo(x)",
    "z + x",
    "(x",
    "x)",
    "x < 1",
    "where(x, 1, 2)",
    "x(2)",
    "sin(x, y)",
    "3",
    "x;y",
    "x/0 + y",
    "(x - x)*y + 1",
    "x^17",
    "((x^2 + y)^3 + x)^3",
    "1e40*x + y",
    "1e-40*x + y",
    "log(0) + x",
    "9^9^9*x",
    "*".join(f"(x - {k}*y)" for k in range(40)),
    "+".join(["x"] * 600),
    "(" * 40 + "x" + ")" * 40,
)

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node, which runs the page's scripts, is not here")


def run(code: str) -> object:
    text = "".join(script.read_text(encoding="utf-8") for script in SCRIPTS) + code
    done = subprocess.run(["node", "-"], input=text, capture_output=True, check=True, encoding="utf-8")
    return json.loads(done.stdout)


def test_values_and_derivatives_are_those_of_python():
    code = f"""
    const found = {json.dumps(FORMULAS)}.map((text) => {{
      const made = derivedFormula(text);
      const wanted = [...made.loss, ...made.gradient, ...made.hessian];
      return {json.dumps(POINTS.tolist())}.map(([x, y]) => evaluated(made.graph, wanted, x, y));
    }});
    console.log(JSON.stringify(found));"""
    found = np.array(run(code))
    for formula, values in zip(FORMULAS, found, strict=True):
        known = surface("expression", loss=formula).problem.surface
        row, (x, y) = known.row(0.0), POINTS.T
        parts = (known.loss(x, y, row), *known.gradient(x, y, row), *known.hessian(x, y, row))
        expected = np.column_stack(np.broadcast_arrays(*parts))
        np.testing.assert_allclose(values, expected, rtol=2e-11, atol=2e-11, err_msg=formula)


def test_what_python_finds_undefined_is_undefined():
    code = f"""
    const found = {json.dumps(PARTIAL)}.map((text) => {{
      const made = derivedFormula(text);
      const wanted = [...made.loss, ...made.gradient, ...made.hessian];
      const told = (value) => (Number.isFinite(value) ? value : "nan");
      return {json.dumps(PLACES.tolist())}.map(([x, y]) => evaluated(made.graph, wanted, x, y).map(told));
    }});
    console.log(JSON.stringify(found));"""
    for formula, values in zip(PARTIAL, run(code), strict=True):
        known = surface("expression", loss=formula).problem.surface
        row, (x, y) = known.row(0.0), PLACES.T
        with np.errstate(all="ignore"):
            parts = (known.loss(x, y, row), *known.gradient(x, y, row), *known.hessian(x, y, row))
        found, exact = np.array(values, np.float64), np.column_stack(np.broadcast_arrays(*parts))
        gone = np.isnan(exact[:, 0])
        np.testing.assert_allclose(found[~gone], exact[~gone], 1e-10, 1e-10, err_msg=formula)
        assert np.isnan(found[gone, 0]).all()
        assert np.isnan(found[gone, 1:3]).any(axis=1).all(), formula


def test_what_python_refuses_is_refused():
    code = f"""
    const said = {json.dumps(WRONG)}.map((text) => {{
      try {{ derivedFormula(text); return "taken"; }} catch (error) {{ return error.message; }}
    }});
    console.log(JSON.stringify(said));"""
    for formula, words in zip(WRONG, run(code), strict=True):
        assert words.startswith("column "), formula
        with pytest.raises(ScenarioError):
            surface("expression", loss=formula)


def test_modules_sum_what_the_graph_says():
    check = (Path(__file__).parent / "helpers" / "formula_modules.js").read_text(encoding="utf-8")
    assert run(f"const FORMULAS = {json.dumps([*FORMULAS[:-1], *PARTIAL])};\n{check}") > 10_000
