"""The formula box of pages: what a page makes of a user's own formula, against what Python makes of the saved file."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf.analysis import basin_map, critical_points, lookup
from errsurf.drawing.boxes import Box
from errsurf.drawing.history.contours import contour_levels, loss_grid
from errsurf.drawing.history.heights import light_from_above
from errsurf.drawing.page.formula_box import can_have_box
from errsurf.drawing.page.live_page import live_page
from errsurf.drawing.page.playground import PRESETS, playground_scenario
from errsurf.run.result import Result
from errsurf.run.simulation import simulate
from errsurf.scenario import Scenario, read_scenario, scenario_from
from helpers.chromium import Page, browser, opened
from helpers.page_script import NODE

PROGRAM = browser()
MAP = Box(0, 0, 700, 500)
KINDS = ("sgd", "adam")
SHORT = {"run.updates": 50, "swarm.particles": 40}
STATES: tuple[dict[str, Any], ...] = (
    {"surface.loss": "(x^2 - 1)^2 / 4 + y^2", "surface.tilt": 0.7},
    {"surface.loss": "exp(-x^2 - y^2) + 0.1*cos(3*x)*sin(2*y)", "surface.scale": 2.0, "surface.seed": 11},
    {"surface.loss": "x^2*(1 + y^2) + tanh(y)^2 - x*y/3", "surface.shift": 0.2, "surface.window.y": [-1.0, 2.5]},
    {"surface.loss": "log(1 + 4*x^2) + erf(y)^2 + max(x, y)^2 / 8", "surface.tilt": 0.0},
    {"surface.loss": "where(x < 0, 2*x^2, x^2) + sqrt(1 + y^2) + abs(x - 0.3)", "surface.tilt": 0.1},
    {"surface.loss": "y*log(y) + sqrt((x - 0.2)^2)", "surface.tilt": 0.0},
    {"surface.tilt": 0.2},
    {"surface.loss": "log(x - 9)"},
    {},
)
OWN, SAME_FORMULA, NOWHERE, FIRST = STATES[:6], 6, 7, 8
HOSTILE = "</textarea><img src=x onerror=errsurf.state.taken=1>"

pytestmark = pytest.mark.skipif(NODE is None, reason="no node on this machine")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = scenario_from(playground_scenario(), changes={"swarm.spread": 0.4})
    scenario = replace(scenario, optimizer=scenario.optimizer[:2])
    found = tmp_path_factory.mktemp("formula") / "page.html"
    found.write_text(live_page(scenario, KINDS, presets=PRESETS), encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def made(file: Path) -> list[dict[str, Any]]:
    """What the worker of the page makes of each state."""
    assert NODE
    states = json.dumps([list({**SHORT, **changes}.items()) for changes in STATES])
    script = Path(__file__).parent / "helpers" / "formula_page.js"
    done = subprocess.run([NODE, script, file, states], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return list(json.loads(done.stdout))


def saved(found: dict[str, Any], folder: Path) -> Scenario:
    (folder / "saved.toml").write_text(found["toml"], encoding="utf-8")
    return read_scenario(folder / "saved.toml")


def furthest(found: dict[str, Any], result: Result) -> float:
    """How far apart places at the end are, of a page and of Python."""
    ends = [np.float32(end).reshape(-1, 2) for end in found["ends"]]
    return max(float(np.abs(end - group.position[-1]).max()) for end, group in zip(ends, result.groups, strict=True))


@pytest.mark.parametrize("k", range(len(OWN)))
def test_a_saved_formula_runs_as_in_the_page(made: list[dict[str, Any]], k: int, tmp_path: Path) -> None:
    assert made[k]["failed"] is None
    scenario = saved(made[k], tmp_path)
    assert scenario.surface.settings.loss == OWN[k]["surface.loss"]
    result = simulate(scenario)
    assert all(group.update[-1] == 50 for group in result.groups)
    assert np.ptp(result.groups[1].position[-1], axis=0).max() > 0.01
    assert furthest(made[k], result) < 1e-5


@pytest.mark.parametrize("k", range(len(OWN)))
def test_its_map_is_that_of_python(made: list[dict[str, Any]], k: int, tmp_path: Path) -> None:
    scenario = saved(made[k], tmp_path)
    landscape = Result(scenario, [], "page", 0.0).landscape
    edges = scenario.surface.settings.window
    window = (edges.x, edges.y)
    grid = loss_grid(landscape, window, MAP)
    levels = contour_levels(grid[2], scenario.picture.levels, scenario.picture.level_scale)
    np.testing.assert_allclose(made[k]["levels"], levels, rtol=1e-9, atol=1e-12)
    light = np.rint(255 * light_from_above(grid, (MAP.width, MAP.height), scenario.picture.level_scale)).ravel()
    assert np.mean(np.abs(light - made[k]["light"]) <= 1) > 0.999
    critical = critical_points(landscape, window)
    marks = [(m["kind"].replace("lowest ", ""), m["x"], m["y"]) for m in made[k]["marks"]]
    assert [kind for kind, _, _ in marks] == [each.kind for each in critical]
    np.testing.assert_allclose([m[1:] for m in marks], [(c.x, c.y) for c in critical], atol=1e-7)
    minima = [each for each in critical if each.kind == "minimum"]
    sharpest = max((each.sharpness for each in minima if each.is_smooth), default=None)
    assert made[k]["sharpest"] == (None if sharpest is None else pytest.approx(sharpest))
    assert ("basins" in made[k]["charts"]) == (len(minima) > 1)


@pytest.mark.parametrize("k", range(len(OWN)))
def test_levels_stand_on_their_lines(made: list[dict[str, Any]], k: int, tmp_path: Path) -> None:
    landscape = Result(saved(made[k], tmp_path), [], "page", 0.0).landscape
    labels = made[k]["labels"]
    assert 3 <= len(labels) <= 5
    levels = made[k]["levels"]
    for label in labels:
        assert levels[label["band"] + 1] == pytest.approx(label["level"])
        loss = float(landscape.loss(np.array([label["x"], label["y"]]), "train"))
        assert abs(loss - label["level"]) < 0.1 * (levels[label["band"] + 2] - levels[label["band"]])


def test_the_basins_of_a_formula_are_those_of_python(made: list[dict[str, Any]], tmp_path: Path) -> None:
    result = simulate(saved(made[0], tmp_path))
    window = (result.scenario.surface.settings.window.x, result.scenario.surface.settings.window.y)
    minima = [c for c in critical_points(result.landscape, window) if c.kind == "minimum"]
    labels = basin_map(result.landscape, window, minima)
    shares = [[float((lookup(labels, window, at) == 0).mean()) for at in group.position] for group in result.groups]
    last = [share[-1] for share in shares]
    assert made[0]["basins"][-4] == pytest.approx(last[0], abs=0.11)


def test_other_examples_of_the_same_formula_have_the_kernels_of_python(
    made: list[dict[str, Any]], tmp_path: Path
) -> None:
    assert furthest(made[SAME_FORMULA], simulate(saved(made[SAME_FORMULA], tmp_path))) == 0


def test_what_is_nowhere_a_number_is_said(made: list[dict[str, Any]]) -> None:
    assert made[NOWHERE]["failed"] == "The formula is nowhere on the map a finite number"


def test_the_first_surface_comes_back(made: list[dict[str, Any]], tmp_path: Path) -> None:
    assert made[FIRST]["restored"] is True
    assert furthest(made[FIRST], simulate(saved(made[FIRST], tmp_path))) == 0


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset["name"].replace(" ", "_"))
def test_formulas_to_begin_with_are_scenarios(preset: dict[str, Any]) -> None:
    made = scenario_from(playground_scenario(), changes=preset["changes"])
    assert can_have_box(made)
    (x0, x1), (y0, y1) = made.surface.settings.window
    x, y = preset["changes"]["swarm.at"]
    assert x0 < x < x1
    assert y0 < y < y1
    assert np.isfinite(Result(made, [], "page", 0.0).landscape.loss(np.array([[x, y]]), "train")).all()


def test_only_formulas_without_columns_have_a_box() -> None:
    assert not can_have_box(read_scenario("flat_or_sharp"))
    columns = {"surface.loss": "(a*x - y)^2", "surface.columns.a": "normal(0, 1)"}
    assert can_have_box(scenario_from(playground_scenario(), changes={"surface.loss": "x^2 + y^2"}))
    assert not can_have_box(scenario_from(playground_scenario(), changes=columns))


@pytest.fixture(scope="module")
def shown(file: Path) -> Iterator[Page]:
    if PROGRAM is None:
        pytest.skip("no Chromium on this machine")
    with opened(PROGRAM, file, file.parent / "profile") as found:
        yield found
        assert found.said == []
        assert [address for address in found.asked if not address.startswith(("file:", "blob:", "data:"))] == []


def typed(shown: Page, text: str) -> None:
    """Type a formula, and wait until the page has done with it."""
    shown.ask("""(() => { const box = document.getElementById("formula"); box.focus(); box.select(); })()""")
    shown.call("Input.insertText", text=text)
    shown.ask("""new Promise((done) => {
        const look = () => (errsurf.finished() ? done(1) : setTimeout(look, 20));
        setTimeout(look, 500);
    })""")


def test_typing_changes_the_map(shown: Page) -> None:
    typed(shown, "(x - 0.5)^2 + 3*(y + 0.25)^2")
    marks = shown.ask("errsurf.run.marks.map(({ kind, x, y }) => [kind, x, y])")
    assert marks == [["lowest minimum", pytest.approx(0.5), pytest.approx(-0.25)]]
    assert "surface.loss=(x%20-%200.5)%5E2" in shown.ask(
        "new Promise((done) => setTimeout(() => done(location.hash), 400))"
    )


def test_faults_are_said_at_their_place(shown: Page) -> None:
    typed(shown, "x^2 + y^2")
    typed(shown, "x^2 + foo(y)")
    assert "no function `foo`" in shown.ask("document.getElementById('fault').textContent")
    assert shown.ask("document.querySelector('#fault mark').textContent") == "f"
    assert shown.ask("document.getElementById('formula').getAttribute('aria-invalid')") == "true"
    assert 'loss = "x^2 + y^2"' in shown.ask("errsurf.stateToml()")


def test_markup_in_a_formula_is_text(shown: Page) -> None:
    typed(shown, HOSTILE)
    shown.ask(f"location.hash = 'surface.loss=' + encodeURIComponent({json.dumps(HOSTILE)})")
    shown.drawn()
    assert shown.ask("document.querySelectorAll('img').length") == 0
    assert shown.ask("errsurf.state.taken") is None
    assert "cannot be: surface.loss" in shown.ask("document.getElementById('failure').textContent")


def test_a_formula_to_begin_with_is_chosen(shown: Page) -> None:
    shown.ask("""(() => {
        const box = document.getElementById("presets");
        box.value = "6";
        box.dispatchEvent(new Event("change"));
    })()""")
    assert shown.ask("document.getElementById('formula').value") == PRESETS[6]["changes"]["surface.loss"]
    assert "spread = 0.05" in shown.ask("errsurf.stateToml()")
