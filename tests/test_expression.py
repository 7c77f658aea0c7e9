"""Formulas of a scenario's own: their values, derivatives and limits, and what is said of those that are refused."""

import subprocess
import sys
from inspect import getsource
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from errsurf.errors import SettingsError
from errsurf.surfaces import surface
from errsurf.surfaces.formulas.reading import CONSTANTS, FUNCTIONS
from helpers.expression_cases import made
from helpers.formula_reference import POINT, disagreement
from helpers.formula_texts import COLUMNS, good

H = 1e-30


FORMULAS = [
    "(1 - x)^2 + 100*(y - x^2)^2",
    "(a*x + b*y - width_2)^2 + 0.1*cos(3*x)",
    "-exp(-(x - a)^2/0.3 - y^2) + x**4/4",
    "log(1 + exp(-a*(b + x*y)))",
    "(b*tanh(a*x) - y)^2/2",
    "sin(x)*cos(y)*tan(x*y/9)",
    "sqrt(x^2 + y^2 + 1)^3 / (2 + cos(x))^2",
    "(x^2 + 1)^y + (3 + y)^0.3 + (x^2 + 2)^-1.7 + 2^x + e^(-y)",
    "x^16 - y^-16 + (x*y)^7",
    "exp(sin(exp(sin(x*y))))",
    "arctan(x*y)^2 + sinh(a*x - y) + cosh(x)*erf(y - b*x)",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_derivatives_are_those_of_the_loss_by_complex_steps(text: str) -> None:
    record, random = made(text), np.random.default_rng(3)
    x, y = random.uniform(0.5, 1.5, (2, 1000))
    row = record.row(*(POINT[name] for name in record.row._fields)) if record.examples else record.row(0.0)
    along = [np.imag(record.loss(*at, row)) / H for at in ((x + 1j * H, y), (x, y + 1j * H))]
    agree(record.gradient(x, y, row), along)
    xx, xy, yy = record.hessian(x, y, row)
    agree((xx, xy), np.imag(record.gradient(x + 1j * H, y, row)) / H)
    agree((xy, yy), [np.imag(part) / H for part in np.broadcast_arrays(*record.gradient(x, y + 1j * H, row))])


def agree(given: Any, exact: Any) -> None:
    for mine, other in zip(given, exact, strict=True):
        np.testing.assert_allclose(
            np.broadcast_to(mine, other.shape), other, rtol=1e-8, atol=1e-8 * np.abs(other).max()
        )


@pytest.mark.parametrize(
    "text",
    [
        "abs(x*y - a)*x",
        "max(x, y^2, a*x*y)",
        "min(x, y)*max(2, x*y)",
        "abs(x)^1.3",
        "sign(x)*x*y^3",
        "where(x*y < 0.5, sqrt(x + 2), y^2*x)",
    ],
)
@pytest.mark.parametrize("signs", [(1, 1), (-1, 1), (1, -1)])
def test_formulas_with_kinks_have_the_derivatives_of_their_sides(text: str, signs: tuple[int, int]) -> None:
    record, h = made(text), 1e-5
    row = record.row(*(POINT[name] for name in record.row._fields)) if record.examples else record.row(0.0)
    x, y = 0.7312 * signs[0], 1.2391 * signs[1]
    pairs = [((x + h, y), (x - h, y)), ((x, y + h), (x, y - h))]
    slope = [(record.loss(*up, row) - record.loss(*down, row)) / (2 * h) for up, down in pairs]
    bend = [np.subtract(record.gradient(*up, row), record.gradient(*down, row)) / (2 * h) for up, down in pairs]
    xx, xy, yy = record.hessian(x, y, row)
    np.testing.assert_allclose(record.gradient(x, y, row), slope, atol=1e-8)
    np.testing.assert_allclose([[xx, xy], [xy, yy]], bend, atol=1e-8)


def test_random_formulas_have_the_values_and_derivatives_that_mpmath_finds() -> None:
    """By Python's grammar and 60 digits; a number that sympy or the source loses changes some of them."""
    random, found = Random(11), 0
    while found < 25:
        text = good(random, 3)
        try:
            record = made(text)
        except SettingsError:
            continue
        assert disagreement(text, record) == "", text
        found += 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-x^2", -4.0),
        ("x^2^3", 256.0),
        ("2^-x", 0.25),
        ("x/2/2*3", 1.5),
        ("--x - -3", 5.0),
        ("x - 3 - 1", -2.0),
        ("x**2*.5e1", 20.0),
        ("1.e0*x", 2.0),
        (" max( 1 ,\n\tx , 0.5 ) ", 2.0),
        ("min(3, x)", 2.0),
        ("x + min(3, 1) + max(2)", 5.0),
        ("x + cos(pi) + log(e)", 2.0),
        ("x + 0.1*3 - 0.3", 2.0),
        ("x^0*x", 2.0),
        ("007*x", 14.0),
        ("(sqrt(x + 14))^1.5", 8.0),
        ("where(x < 2, 1, 3) + y", 3.0),
        ("where(x <= 2, 1, 3) + y", 1.0),
        ("where(x > 2, 1, 3) + y", 3.0),
        ("where(x >= 2, 1, 3) + y", 1.0),
        ("where(1 < 2, x, y) + where(1 >= 2, y, sign(-3))", 1.0),
        ("where(x > 1, 2, y + 7)", 2.0),
        ("x + erf(0) + arctan(0) + sinh(0) + cosh(0)", 3.0),
    ],
)
def test_signs_powers_and_order_are_those_of_mathematics(text: str, value: float) -> None:
    record = made(text)
    assert record.loss(2.0, 0.0, record.row(0.0)) == pytest.approx(value, rel=1e-15)


def test_functions_are_a_readable_source_without_the_text_of_the_scenario() -> None:
    record = made("(a*x   + b*y - width_2)^2")
    assert getsource(record.loss).splitlines()[-1] == "    return (e.a * x + e.b * y - e.width_2)**2"
    assert "   +" not in "".join(getsource(part) for part in (record.loss, record.gradient, record.hessian))
    assert record.row._fields == COLUMNS
    assert "2 * e.a * x" not in getsource(record.gradient)


def test_the_source_is_the_same_in_every_process() -> None:
    """Names of kernels hold a hash of it, and results their bytes: no order may depend on hashes of strings."""
    script = (
        "from errsurf.surfaces import surface; from errsurf.surfaces.formulas.columns import Columns\n"
        "from inspect import getsource\n"
        f"for text in {FORMULAS!r}:\n"
        "    columns = Columns(a=1.0, b=2.0, width_2=3.0)\n"
        "    record = surface('expression', surface('expression').settings(text, columns))\n"
        "    print(getsource(record.loss), getsource(record.gradient), getsource(record.hessian))\n"
    )
    texts = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            encoding="utf-8",
            cwd=Path(__file__).parent.parent,
        ).stdout
        for seed in ("1", "2")
    ]
    assert texts[0] == texts[1]
    assert "t0" in texts[0]


def test_every_function_is_one_that_kernels_know() -> None:
    """In both precisions, packed or made of packed ones."""
    from errsurf.engine.kernel_sources import add_surface
    from errsurf.engine.link import Sources

    for name in FUNCTIONS:
        call = "where(x*y < 2, x, y^2)" if name == "where" else f"{name}(x*y + 2)"
        for precision in ("float32", "float64"):
            sources = Sources()
            add_surface(sources, made(f"{call} + x^0.3"), precision, 1, ("loss", "gradient", "hessian"))
            assert "Term" in sources
    assert not set(FUNCTIONS) & set(CONSTANTS)


def test_the_record_stands_for_its_default_formula() -> None:
    record = surface("expression")
    default = surface("expression", record.settings())
    x, y = np.random.default_rng(2).normal(size=(2, 100))
    for part in ("loss", "gradient", "hessian"):
        made_parts, own_parts = (getattr(each, part)(x, y, None) for each in (default, record))
        for mine, other in zip(made_parts, own_parts, strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-14, atol=1e-14)


def test_sympy_is_loaded_for_formulas_only() -> None:
    script = (
        "import sys; from errsurf.scenario import read_scenario, json_schema; read_scenario('saddle_escape')\n"
        "json_schema(); from errsurf.run.simulation import simulate; assert 'sympy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parent.parent)
