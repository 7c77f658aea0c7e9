"""Numbers at the ends of their range: refused where a scenario is read, or simulated and drawn as they are."""

import base64
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from errsurf import scenario_from, simulate
from errsurf.analysis import critical_points
from errsurf.drawing import PictureRequest, write_picture
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Contours, RasterCanvas
from errsurf.drawing.canvas.outlines import contour_rings
from errsurf.drawing.charts._scales import scale_marks, size_scale, spanning
from errsurf.drawing.history.contours import contour_levels
from errsurf.drawing.history.heights import light_from_above
from errsurf.drawing.history.window import marks
from errsurf.drawing.layout.parts import mark_place, mark_width
from errsurf.drawing.layout.style import scenario_style
from errsurf.drawing.relief.terrain import terrain
from errsurf.errors import ScenarioError
from errsurf.run_analysis.findings import Findings
from errsurf.scenario.models import schema
from errsurf.system.json_text import json_text
from helpers.command_line import CommandLine
from helpers.schema_numbers import numbers

RANGE = "0, or a size from 1e-30 to 1e+30"
AREA = Box(0, 0, 200, 150)


def tables(surface: dict[str, Any] | None = None, **more: dict[str, Any]) -> dict[str, Any]:
    """A scenario of 6 particles, 4 updates and small pictures, with other keys in its tables."""
    found: dict[str, Any] = {
        "surface": surface or {"kind": "quadratic_bowl"},
        "swarm": {"particles": 6},
        "run": {"updates": 4},
        "picture": {"size": [240, 240], "seconds": 0.2},
        "optimizer": [{"kind": "sgd", "batch": 4, "label": "a"} | more.pop("optimizer", {})],
    }
    return found | {name: found.get(name, {}) | table for name, table in more.items()}


def toml(value: Any) -> str:
    """Tables as a scenario file has them; JSON of lists and numbers is TOML."""
    lines: list[str] = []
    for name, table in value.items():
        for each in table if isinstance(table, list) else [table]:
            lines.append(f"[[{name}]]" if isinstance(table, list) else f"[{name}]")
            lines += [f"{key} = {inline(part)}" for key, part in each.items()]
    return "\n".join(lines) + "\n"


def inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {inline(part)}" for key, part in value.items()) + " }"
    return "[" + ", ".join(map(inline, value)) + "]" if isinstance(value, list) else json.dumps(value)


def numbers_of(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of a number that need not be whole, with its place."""
    if isinstance(node, dict):
        if node.get("type") == "number":
            yield path, node
        for key, part in node.items():
            yield from numbers_of(part, f"{path}/{key}")
    elif isinstance(node, list):
        for k, part in enumerate(node):
            yield from numbers_of(part, f"{path}/{k}")


def test_every_number_of_a_scenario_has_bounds() -> None:
    found = dict(numbers_of(schema()))
    assert len(found) > 300
    for place, node in found.items():
        assert node.get("maximum", np.inf) <= 1e30 or node.get("exclusiveMaximum", np.inf) <= 1e30, place
        assert node.get("minimum", -np.inf) >= -1e30 or node.get("exclusiveMinimum", -np.inf) >= -1e30, place


@pytest.mark.parametrize("value", [1.1e30, -1.1e30, 1e39, 1e308, 0.9e-30, 5e-324])
@pytest.mark.parametrize(
    ("path", "wrap"),
    [
        ("swarm.at[1]", lambda value: {"swarm": {"at": [value, 0.0]}}),
        ("swarm.size[2]", lambda value: {"swarm": {"start": "grid", "size": [1.0, abs(value)]}}),
        ("swarm.points[1][2]", lambda value: {"swarm": {"start": "points", "points": [[0.0, value]]}}),
        ("picture.window.x[2]", lambda value: {"picture": {"window": {"x": [-1.0, value], "y": [0.0, 1.0]}}}),
        ("picture.levels[1]", lambda value: {"picture": {"levels": [value]}}),
        ("optimizer[1].lr", lambda value: {"optimizer": {"lr": abs(value)}}),
        ("optimizer[1].clip.most", lambda value: {"optimizer": {"clip": {"kind": "norm", "most": abs(value)}}}),
        ("surface.shift", lambda value: {"surface": {"kind": "saddle", "shift": abs(value)}}),
        ("surface.test.shift[1]", lambda value: {"surface": {"kind": "saddle", "test": {"shift": [value, 0.0]}}}),
        (
            "surface.columns.a",
            lambda value: {"surface": {"kind": "expression", "columns": {"a": value}}},
        ),
    ],
)
def test_numbers_out_of_range_are_refused_with_their_key(path: str, wrap: Any, value: float) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario_from(tables(**wrap(value)))
    (fault,) = error.value.faults
    assert fault.key == path
    assert f"out of range; allowed: {RANGE}" in str(fault)


@pytest.mark.parametrize(
    ("x", "good"),
    [
        ([1.0, 1.00001], True),
        ([-1e30, 1e30], True),
        ([0.0, 1e-30], True),
        ([1.0, 1.00000001], False),
        ([-100000.05, -100000.0], False),
        ([1.0, 1.0], False),
        ([1.0, -1.0], False),
    ],
)
def test_windows_are_as_wide_as_numbers_can_tell_apart(x: list[float], good: bool) -> None:
    for key, wanted in (
        ("picture.window.x", tables(picture={"window": {"x": x, "y": [0.0, 1.0]}})),
        ("surface.window.x", tables({"kind": "expression", "loss": "x^2+y^2", "window": {"x": x, "y": [0.0, 1.0]}})),
    ):
        if good:
            scenario_from(wanted)
            continue
        with pytest.raises(ScenarioError, match=f"{key}.*at least 1e-06 of the larger size apart"):
            scenario_from(wanted)


@pytest.mark.parametrize("changes", [{}, {"changes": [{"after": 2, "batch": 1}], "lr_batch": 1}])
def test_rates_that_scaling_takes_out_of_range_are_refused(changes: dict[str, Any]) -> None:
    scaled = {"lr": 9e29, "lr_scaling": "linear", "lr_batch": 3} | changes
    with pytest.raises(ScenarioError, match=r"optimizer\[1\].lr = \S+: out of range once scaled"):
        scenario_from(tables(optimizer=scaled))


def test_settings_that_give_numbers_beyond_the_precision_are_refused() -> None:
    wells: dict[str, Any] = {"kind": "wells", "wells": [{"at": [0.0, 0.0], "width": 1e-30}]}
    with pytest.raises(ScenarioError, match="surface: its settings together give numbers that float32 cannot hold"):
        scenario_from(tables(wells))
    scenario_from(tables(wells, run={"precision": "float64"}))


def test_a_rate_that_a_schedule_takes_beyond_all_numbers_ends_the_particles() -> None:
    growing = {"lr": 1.0, "schedule": {"decay": "exponential", "gamma": 1e30}}
    group = simulate(scenario_from(tables(swarm={"at": [1.0, 1.0]}, run={"updates": 20}, optimizer=growing))).groups[0]
    assert (group.diverged > 0).all()
    assert np.isinf(group.lr[-1])


def npz(folder: Path, **arrays: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"x": np.arange(5.0), "y": np.arange(4.0), "loss": np.zeros((2, 4, 5))} | arrays
    np.savez(folder / "d.npz", **given)
    return {"kind": "grid", "data": "d.npz"}


CSV = {"d.csv": "target\n1\n2\n", "large.csv": "input,target\n1,2\n2,-1e31\n"}
TYPO = {
    "kind": "expression",
    "loss": "(a*x - t)^2 + y^2",
    "columns": {"t": "d.csv:target", "a": "normal(1, 0.1)"},
    "test": {"columns": {"a": "nromal(1, 0.2)"}},
}
REFUSED = [
    (lambda folder: tables(npz(folder, loss=np.full((2, 4, 5), 1e307))), r"line 3: surface.data: .* 1e\+307"),
    (lambda folder: tables(npz(folder, x=np.arange(5) * 1e300)), r"line 3: surface.data: .*`x` has 1e\+300"),
    (lambda folder: tables(npz(folder, x=1 + np.arange(5) * 1e-9)), "line 3: surface.data: .*`x` is too narrow"),
    (lambda _: tables({"kind": "linear_regression", "data": "large.csv"}), "line 3: surface.data: .*`-1e31` is of a"),
    (lambda _: tables(TYPO), "line 5: surface.test.columns.a = .*did you mean `normal`"),
    (lambda _: tables(swarm={"start": "grid", "at": [1e308, 0.0]}), r"line 6: swarm.at\[1\]"),
    (lambda _: tables(output={"gif": "a.gif", "max_size": "9" * 400 + "MB"}), "output.max_size"),
    (lambda _: tables(output={"gif": "a.gif", "max_size": "0.0001kB"}), "output.max_size"),
]


@pytest.mark.parametrize(("made", "words"), REFUSED, ids=range(len(REFUSED)))
def test_check_and_run_say_the_same(errsurf: CommandLine, made: Any, words: str) -> None:
    for name, text in CSV.items():
        errsurf.file(text, name)
    file = errsurf.file(toml(made(errsurf.folder)), "a.toml")
    said = []
    for command in ("check", "run"):
        assert errsurf(command, file.name) == 2
        said.append(errsurf.err)
    assert re.search(words, said[0])
    assert said[0] == said[1]
    assert not (errsurf.folder / "results").exists()


def test_a_size_of_many_digits_is_refused_on_the_command_line(errsurf: CommandLine) -> None:
    assert errsurf("export", errsurf.file(), "a.gif", "--max-size", "9" * 400 + "MB") == 2
    assert "no file size; allowed: a number above 0 of up to 12 digits" in errsurf.err


def expression(loss: str, reach: float = 2.0) -> dict[str, Any]:
    return {"kind": "expression", "loss": loss, "window": {"x": [-reach, reach], "y": [-reach, reach]}}


EXTREMES = {
    "large constant loss": tables(swarm={"at": [0.0, 1e9]}, optimizer={"lr": 1e-9}),
    "start at the end": tables(swarm={"at": [1e30, -1e30]}),
    "grid at the end": tables(swarm={"start": "grid", "at": [1e30, 1e30], "size": [1e30, 1e-30]}),
    "narrow": tables({"kind": "saddle"}, picture={"window": {"x": [1.0, 1.00001], "y": [0.0, 1e-30]}}),
    "wide": tables({"kind": "saddle"}, picture={"window": {"x": [-1e30, 1e30], "y": [-1e30, 1e30]}}),
    "flat": tables(expression("1e15 + x^2 + y^2"), swarm={"at": [1.0, 1.0]}),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_are_simulated_and_drawn(name: str, tmp_path: Path) -> None:
    result = simulate(scenario_from(EXTREMES[name], name=name))
    findings, group = Findings(result), result.groups[0]
    assert sum(findings.statistics[0].shares) <= 1
    for view, suffixes in (("flat", ("png", "svg", "html")), ("3d", ("png",))):
        picture = result.scenario.picture._replace(view=view)
        shown = replace(result, scenario=replace(result.scenario, picture=picture))
        for suffix in suffixes:
            request = PictureRequest(shown, findings.critical, findings.basin_of, findings.regions)
            write_picture(request, tmp_path / f"a.{suffix}")
    run, arrays = kept((tmp_path / "a.html").read_text(encoding="utf-8"))
    medians = arrays["history0"].reshape(len(group.update), -1)[:, run["history"].index("median")]
    going = group.alive(slice(None)).all(axis=1)
    np.testing.assert_array_equal(medians[going], np.median(group.train_loss[going], axis=1))
    assert np.isfinite(arrays["grid"]).all()
    assert all(a < b for a, b in pairwise(run["grid"]["levels"]))


def kept(page: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What a page says of its run, and its arrays."""
    run, packed = (re.search(f'id="{name}"[^>]*>([^<]*)<', page) for name in ("run", "arrays"))
    assert run
    assert packed
    told, data = json.loads(run[1]), zlib.decompress(base64.b64decode(packed[1]))
    return told, {name: np.frombuffer(data[a:b], f"<{kind}") for name, (kind, a, b) in told["arrays"].items()}


LOSSES = {
    "rounding": 1e15 + np.random.default_rng(1).integers(0, 2, (20, 30)) / 8,
    "one value": np.full((20, 30), -5e17),
    "huge": np.linspace(1e55, 1e60, 600).reshape(20, 30),
    "tiny": np.linspace(0, 1e-60, 600).reshape(20, 30) ** 2,
    "steep": np.geomspace(1, 1e300, 600).reshape(20, 30),
    "both ends": 1.7e308 * np.linspace(-1, 1, 600).reshape(20, 30),
    "none": np.full((20, 30), np.nan),
}


@pytest.mark.parametrize("scale", ["area", "linear", "log"])
@pytest.mark.parametrize("name", LOSSES)
def test_every_place_of_a_map_has_a_level(name: str, scale: str) -> None:
    grid = np.arange(30.0), np.arange(20.0), LOSSES[name]
    levels = contour_levels(LOSSES[name], 24, scale)
    assert all(a < b for a, b in pairwise(levels))
    fills = np.full((len(levels) - 1, 1, 3), (200, 210, 220), np.uint8)
    light = light_from_above(grid, (30.0, 20.0), scale)
    assert ((light >= 0) & (light <= 1)).all()
    canvas = RasterCanvas.blank((AREA.right, AREA.bottom), (255, 0, 255))
    contours = Contours(*grid, levels, fills, fills, 1.0, light)
    canvas.surface(AREA, contours)
    assert not (canvas.surfaces[AREA] == (255, 0, 255)).all(axis=-1).any()
    assert all(np.isfinite(ring).all() for _, rings in contour_rings(AREA, contours) for ring in rings)
    land = terrain(grid, levels, ((0.0, 29.0), (0.0, 19.0)), AREA, scale)
    assert np.isfinite(land.heights).all()
    assert np.isfinite(land.slopes).all()
    assert (name in ("rounding", "one value", "none")) == (np.ptp(land.heights) < 1e-9)


VALUES = [
    [5e17] * 3,
    [5e17, np.nextafter(5e17, 1e18)],
    [-1e300, 1e300],
    [1e-300, 1e300],
    [1e308, 1.0, np.inf],
    [0.0, 5e-324],
    [np.nan],
    [],
]


@pytest.mark.parametrize("values", VALUES, ids=range(len(VALUES)))
def test_scales_hold_any_values(values: list[float]) -> None:
    for scale, given in ((spanning([np.array(values)]), values), (size_scale([np.array(values)]), np.abs(values))):
        assert scale.low < scale.high
        heights = scale.height(np.array([value for value in given if abs(value) <= 1e300]))
        assert ((heights >= 0) & (heights <= 1)).all()
        assert np.isfinite([scale.height(np.array(value)) for value, _ in scale_marks(scale)]).all()


def test_marks_are_told_apart_and_say_where_they_are() -> None:
    draw = np.random.default_rng(3)
    for _ in range(300):
        low = draw.normal() * 10.0 ** draw.uniform(-30, 29)
        high = low + abs(low) * 10.0 ** draw.uniform(-6, 3)
        found = marks(low, high, 5)
        assert len({text for _, text in found}) == len(found) > 1
        for value, text in found:
            said = float(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))
            assert abs(said - value) <= 1e-3 * (high - low)


LOOK = scenario_style(scenario_from(tables()), (960, 540))


def test_numbers_too_long_for_the_margin_stand_inside() -> None:
    edge = mark_width(LOOK) + 14
    for value in (1, -0.25, -1.00001, -1.234567e-30, 123456.7):
        text = f"{value:.7g}".replace("-", "\N{MINUS SIGN}")
        left, inside = mark_place(text, edge, 7, LOOK)
        assert left >= edge if inside else left >= 0
        assert inside == (len(text) > 7)


class Noise:
    """A surface whose gradient is noise: it turns around every cell of every grid, and is zero nowhere."""

    def __init__(self) -> None:
        self.evaluations = 0

    def loss(self, points: Any, _which: str = "train") -> Any:
        return np.zeros(np.shape(points)[:-1])

    def gradient(self, points: Any, _which: str = "train") -> Any:
        self.evaluations += points.size // 2
        angle = 1e9 * np.sin(1e9 * points[..., 0] + 1e8 * points[..., 1])
        return np.stack([np.cos(angle), np.sin(angle)], axis=-1)

    def hessian(self, points: Any, _which: str = "train") -> Any:
        return np.ones((*np.shape(points)[:-1], 3))


def test_the_search_for_critical_points_ends_where_the_gradient_is_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    spent = []
    for grids in (0, 10, 20):
        monkeypatch.setattr("errsurf.analysis.critical.FINER_GRIDS", grids)
        noise = Noise()
        assert critical_points(noise, ((0.0, 1.0), (0.0, 1.0))) == ()
        spent.append(noise.evaluations)
    assert spent[2] - spent[0] < 2.5 * (spent[1] - spent[0])


def test_json_has_null_for_what_is_not_finite(errsurf: CommandLine) -> None:
    columns = {"columns": {"a": 1.0}, "test": {"columns": {"a": -1.0}}}
    file = errsurf.file(toml(tables(expression("x^2 + y^2 + sqrt(a)") | columns)))

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    assert errsurf("inspect", file, "--json") == 0
    (point,) = json.loads(errsurf.out, parse_constant=refuse)["points"]
    assert (point["train_loss"], point["test_loss"], point["gap"]) == (1.0, None, None)
    text = json_text({"a": (np.nan, np.float64("-inf"), np.float32(0.5)), "b": [{"c": np.int64(3)}]})
    assert json.loads(text, parse_constant=refuse) == {"a": [None, None, 0.5], "b": [{"c": 3}]}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_no_key_of_a_scenario_takes_a_number_that_is_not_finite(value: float) -> None:
    """Each number of the JSON Schema, one of those with the same end of its path; the answer is about its key."""
    places = {re.sub(r".*[.](?=.*[.])", "", each.key): each for each in numbers(schema(), value)}
    assert len(places) > 300
    for place in places.values():
        with pytest.raises(ScenarioError) as caught:
            scenario_from(tables() | place.tables, name="numbers")
        key = place.key.rpartition(".")[2].partition("[")[0]
        told = [fault for fault in caught.value.faults if key in fault.key]
        assert any(re.search("nan|inf", fault.given) for fault in told), place
