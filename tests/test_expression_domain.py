"""Formulas that are not defined everywhere: NaN where a part of them is, in values, slopes, kernels and searches."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf import Findings, simulate, surface
from errsurf.cli.main import main
from errsurf.run_analysis.stalled import stalled
from errsurf.run_analysis.terrain import Terrain
from errsurf.scenario import resolved_toml, scenario_from
from helpers.expression_cases import made
from helpers.formula_domains import PARTIAL, PLACES

NAMES = ("exp", "log", "sqrt", "tanh", "sign", "abs")
SPACE = {name: getattr(np, name) for name in NAMES}
SPACE |= {"max": np.maximum, "min": np.minimum, "where": np.where, "__builtins__": {}}


class Power(np.ndarray):
    """Numbers whose powers are NaN where a base is, also that to 0, and roots of numbers below 0."""

    def __pow__(self, power: Any) -> Any:
        base, power = np.asarray(self), np.asarray(power)
        whole = power.ndim == 0 and power == np.floor(power)
        return np.where(np.isnan(base) | (not whole and base < 0), np.nan, base**power).view(Power)


def plainly(text: str, x: Any, y: Any) -> Any:
    """The value of a formula by NumPy, operation by operation."""
    with np.errstate(all="ignore"):
        return np.asarray(eval(text.replace("^", "**"), SPACE, {"x": x.view(Power), "y": y.view(Power)}))


@pytest.mark.parametrize("text", PARTIAL)
def test_a_formula_is_undefined_where_a_part_of_it_is(text: str) -> None:
    """Value and derivatives; where it is defined, they are those of plain evaluation and its differences."""
    record, (x, y), h = made(text), np.ascontiguousarray(PLACES.T), 1e-6
    row, exact = record.row(0.0), plainly(text, x, y)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(np.broadcast_to(record.loss(x, y, row), x.shape), exact, rtol=1e-12, atol=1e-12)
        slopes = np.column_stack(np.broadcast_arrays(*record.gradient(x, y, row), x)[:2])
        bends = np.column_stack(np.broadcast_arrays(*record.hessian(x, y, row), x)[:3])
    steps = [(plainly(text, x + h, y), plainly(text, x - h, y)), (plainly(text, x, y + h), plainly(text, x, y - h))]
    found = np.stack([(up - down) / (2 * h) for up, down in steps], axis=1)
    np.testing.assert_allclose(slopes, found, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(np.isnan(bends).any(axis=1), np.isnan(exact))


@pytest.mark.parametrize("text", ["(x^2)^0.5 + y^2", "sqrt(x^2 + y^2)", "abs(x)^0.3 + y^2", "abs(x) + abs(y)"])
def test_the_slope_at_a_kink_is_0(text: str) -> None:
    record = made(text)
    with np.errstate(divide="ignore"):
        assert np.array_equal(record.gradient(np.float64(0.0), np.float64(0.0), record.row(0.0)), [0.0, 0.0])


@pytest.mark.parametrize(
    "text",
    [
        "log(1 + exp(x)) + y",
        "abs(x)^1.3 + y",
        "(x^2 + 1)^1.5 + y",
        "sqrt(1 + x^2)*y",
        "1/x + x/y",
        "log(2 + cosh(x)*y^2)",
    ],
)
def test_what_is_defined_everywhere_keeps_its_code(text: str) -> None:
    from inspect import getsource

    record = made(text)
    assert "inside" not in "".join(map(getsource, (record.loss, record.gradient, record.hessian)))


def scenario(loss: str, at: list[float], updates: int = 60, **changes: Any) -> Any:
    tables = {
        "surface": {"kind": "expression", "loss": loss, "examples": 1},
        "swarm": {"start": "cloud", "spread": 0.05, "at": at, "particles": 16},
        "run": {"updates": updates} | changes.pop("run", {}),
        "optimizer": [{"kind": "sgd", "lr": 0.1} | changes],
    }
    return scenario_from(tables)


def test_particles_where_the_loss_is_undefined_have_diverged(capsys: Any, tmp_path: Path) -> None:
    """Before, they went on by the gradient of log|y| to a minimum that does not exist."""
    given = scenario("log(y)+1/(2*y^2)+x^2/2", [0.5, -0.8])
    for precision in ("float32", "float64"):
        result = simulate(scenario("log(y)+1/(2*y^2)+x^2/2", [0.5, -0.8], run={"precision": precision}))
        assert (result.groups[0].diverged == 1).all()
    findings = Findings(result)
    assert findings.undefined == (16,)
    assert [(point.kind, round(point.y, 6)) for point in findings.critical] == [("minimum", 1.0)]
    assert not np.isfinite(surface(given).gradient([[0.5, -0.8], [1.0, -0.1]])).any()
    file = tmp_path / "s.toml"
    file.write_text(resolved_toml(given), encoding="utf-8")
    assert main(["run", str(file), "--out", str(tmp_path / "out")]) == 0
    assert "16 of 16 diverged particles stopped where the loss is undefined" in capsys.readouterr().out
    for written in (tmp_path / "out").glob("*.json"):
        json.loads(written.read_text(encoding="utf-8"), parse_constant=pytest.fail)


def found(loss: str) -> list[tuple[str, float, float]]:
    terrain = Terrain(surface("expression", loss=loss), ((-2.0, 2.0), (-1.5, 1.5)))
    return [(each.word, round(each.x, 6) + 0.0, round(each.y, 6) + 0.0) for each in terrain.critical]


@pytest.mark.parametrize(
    ("loss", "points"),
    [
        ("x*log(x)+y^2", [("minimum", round(float(np.exp(-1)), 6), 0.0)]),
        ("(x-1)^2+(y-0.2)^2+0.8*(abs(x)+abs(y))", [("non-smooth minimum", 0.6, 0.0)]),
        ("sqrt(x^2+y^2)", [("non-smooth minimum", 0.0, 0.0)]),
        ("10*abs(x+y-0.3)+(x-y-0.1)^2", [("non-smooth minimum", 0.2, 0.1)]),
        ("max(x^2+y^2, (x-1)^2+y^2)", [("non-smooth minimum", 0.5, 0.0)]),
        ("abs(x^2-1)+y^2", [("non-smooth minimum", -1.0, 0.0), ("saddle", 0.0, 0.0), ("non-smooth minimum", 1.0, 0.0)]),
        ("max(x, 0)^2 + min(x, 0)^2/9 + y^2", [("minimum", 0.0, 0.0)]),
    ],
)
def test_minima_are_found_beside_edges_and_at_kinks(loss: str, points: list[Any]) -> None:
    assert found(loss) == points


def test_a_particle_that_hops_over_a_kink_is_at_its_minimum() -> None:
    findings = Findings(simulate(scenario("(x-1)^2+(y-0.2)^2+0.8*(abs(x)+abs(y))", [1.5, 1.0])))
    assert findings.ends(findings.window).tolist() == [[16, 0, 0, 0, 0]]
    assert findings.statistics[0].shares == (1.0,)
    assert not findings.critical[0].is_smooth


@pytest.mark.parametrize(("precision", "count"), [("float32", 16), ("float64", 0)])
def test_particles_that_float32_holds_on_a_slope_are_counted(precision: str, count: int) -> None:
    loss = "(x-1000)^2/2+(y-1000)^2/2"
    result = simulate(scenario(loss, [1001.0, 1001.0], 30_000, lr=1e-4, run={"precision": precision}))
    assert stalled(result, result.groups[0]).sum() == count
