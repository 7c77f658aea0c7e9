"""The page that computes its run: what is in it, and that a browser computes what `errsurf run` does."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from test_html_page import Parts

from errsurf.drawing.page.content import content, curve_table, history_table
from errsurf.drawing.page.live_page import live_page, worker_text
from errsurf.errors import UserError
from errsurf.run.simulation import simulate
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Scenario, bundled, read_scenario, scenario_from
from errsurf.web.formulas import Formulas
from helpers.chromium import Page, browser, opened
from helpers.command_line import CommandLine
from helpers.node import NODE

PROGRAM = browser()
HOSTILE = "</script><img src=x onerror=errsurf.state.taken=1>"
KINDS = ("sgd", "adam", "schedule_free_sgd")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    changes = {"swarm.particles": 300, "run.epochs": 12, "title": HOSTILE, "optimizer[1].label": HOSTILE}
    changes["picture.window"] = {"x": [-2.0, 2.0], "y": [-1.5, 1.5]}
    claim = {"says": "It is low.", "statistic": "train_loss", "below": 0.5}
    return scenario_from(read_scenario("flat_or_sharp"), changes={**changes, "claim": [claim]})


@pytest.fixture(scope="module")
def text(scenario: Scenario) -> str:
    return live_page(scenario, KINDS)


def test_it_fetches_nothing_and_allows_its_own_scripts_only(text: str) -> None:
    rule = next(attrs["content"] for _, attrs, _ in Parts(text).found if "http-equiv" in attrs) or ""
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-\S+' 'sha256-\S+' 'wasm-unsafe-eval'; style-src 'sha256-\S+'; "
        r"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
        r"trusted-types errsurf errsurf-page; worker-src blob:",
        rule,
    )
    assert not re.search(r"https?://|\bsrc=\"|\bhref=|@import|url\(", text.replace(HOSTILE, ""))


def test_words_of_a_scenario_stay_words(text: str) -> None:
    parts = Parts(text)
    assert [attrs.get("id") for name, attrs, _ in parts.found if name == "script"] == ["origin", "run", "arrays", None]
    assert parts.text("title") == parts.text("h1") == HOSTILE
    assert not [name for name, *_ in parts.found if name == "img"]


def test_it_carries_its_scenario(text: str, scenario: Scenario, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    assert read_scenario(tmp_path / "page.html") == scenario_from(scenario, changes={"run.rounding": "portable"})


def test_a_rule_without_translation_is_said(monkeypatch: pytest.MonkeyPatch, scenario: Scenario) -> None:
    why = "sgd.py:1: `open`: no such formula"
    given = live_page.__globals__["formulas"]

    def lacking(chosen: object, also: object) -> Formulas:
        return given(chosen, also)._replace(missing={("optimizer", "sgd"): why, ("optimizer", "adam"): why})

    monkeypatch.setitem(live_page.__globals__, "formulas", lacking)
    with pytest.raises(UserError, match="no page can compute this run"):
        live_page(scenario, KINDS)


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
@pytest.mark.parametrize("box", [False, True])
def test_the_worker_is_one_program(box: bool, tmp_path: Path) -> None:
    """With all statistics of the bundled scenarios' claims: no part of it says a name that another one has."""
    text, _missing = worker_text([read_scenario(name) for name in bundled()], box=box)
    (tmp_path / "worker.js").write_text(text, encoding="utf-8")
    assert NODE
    checked = subprocess.run([NODE, "--check", str(tmp_path / "worker.js")], capture_output=True, encoding="utf-8")
    assert checked.stderr == ""


def test_export_makes_it_without_a_run(monkeypatch: pytest.MonkeyPatch, errsurf: CommandLine) -> None:
    monkeypatch.setitem(live_page.__globals__, "optimizer_names", lambda: KINDS)
    monkeypatch.setattr("errsurf.run.simulation.simulate", lambda *_args, **_more: pytest.fail("it was simulated"))
    assert errsurf("export", "flat_or_sharp", "live.html", "--page", "live") == 0
    assert "Not on this page, but in one without --page live: the chart gap by sharpness." in " ".join(
        errsurf.err.split()
    )
    assert 200_000 < Path("live.html").stat().st_size < 300_000


@pytest.fixture(scope="module")
def shown(text: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if PROGRAM is None:
        pytest.skip("no Chromium on this machine")
    folder = tmp_path_factory.mktemp("page")
    (folder / "run.html").write_text(text, encoding="utf-8")
    with opened(PROGRAM, folder / "run.html", folder / "profile") as found:
        yield found
        assert found.said == []


def finished(shown: Page) -> None:
    """Wait until the page has computed its state."""
    shown.ask("""new Promise((done) => {
        const look = () => (errsurf.finished() ? done(1) : setTimeout(look, 20));
        setTimeout(look, 50);
    })""")


def same_bits(shown: Page, folder: Path) -> Scenario:
    """Assert that the particles end where those of the saved scenario do, in every bit; the scenario."""
    finished(shown)
    (folder / "saved.toml").write_text(shown.ask("errsurf.stateToml()"), encoding="utf-8")
    saved = read_scenario(folder / "saved.toml")
    ends = shown.ask("errsurf.exactPlaces().then((groups) => groups.map((places) => [...places]))")
    for end, group in zip(ends, simulate(saved).groups, strict=True):
        assert np.array_equal(np.float32(end).reshape(-1, 2), group.position[-1])
    return saved


def test_a_browser_computes_the_same_bits(shown: Page, tmp_path: Path) -> None:
    same_bits(shown, tmp_path)
    shown.ask("errsurf.setValue('0.kind', 'adam'), errsurf.setValue('0.lr', 0.02), errsurf.setValue('2.batch', 3)")
    shown.ask("errsurf.setValue('1.schedule.decay', 'cosine'), errsurf.setValue('run.seed', 11)")
    shown.ask("errsurf.setValue('1.kind', 'schedule_free_sgd'), errsurf.setValue('swarm.particles', 50)")
    saved = same_bits(shown, tmp_path)
    assert saved.optimizer[0].kind == "adam"
    assert saved.optimizer[2].batch == 3


def test_charts_and_shares_are_those_of_a_recorded_page(shown: Page, tmp_path: Path) -> None:
    """What the worker says of its frames is what Python says of the same run."""
    result = simulate(same_bits(shown, tmp_path))
    findings = Findings(result)
    names = ("basins", "loss", "theta x", "gap", "gradient norm", "sharpness", "noise scale", "lr")
    made = content(result, findings.critical, findings.basin_of, findings.regions, names)
    shown.ask("""(async () => {
        const list = document.getElementById("curves");
        for (let k = 0; k < list.options.length; k++) {
            list.selectedIndex = k;
            list.dispatchEvent(new Event("change"));
            while (!errsurf.recording().groups.every(({ curves }) => curves[k].length)) {
                await new Promise((done) => setTimeout(done, 20));
            }
        }
    })()""")
    shown.drawn()
    for k, expected in enumerate(made.scene.histories):
        told = shown.ask(f"[...errsurf.recording().groups[{k}].history].map((x) => Number.isNaN(x) ? null : x)")
        rows = np.array(told, np.float64).reshape(len(expected.frame), -1)
        assert rows == pytest.approx(history_table(expected), rel=1e-9, nan_ok=True)
        assert shown.ask(f"[...errsurf.recording().groups[{k}].clock]") == expected.clock.tolist()
        for name in names:
            told = shown.ask(f"""(({{ charts, groups }}) => [...groups[{k}].curves[
                charts.findIndex(({{ name }}) => name === "{name}")]].map((x) => Number.isNaN(x) ? null : x)
            )(errsurf.recording())""")
            curve = curve_table(made.scene.charts[name].curves[k])
            found = np.array(told, np.float64).reshape(curve.shape)
            assert found == pytest.approx(curve, abs=2e-5, nan_ok=True), name


def test_a_tap_drops_particles_and_a_slider_changes_the_rate(shown: Page) -> None:
    left, top = shown.ask("(({left, top}) => [left, top])(document.getElementById('map').getBoundingClientRect())")
    for kind in ("mousePressed", "mouseReleased"):
        shown.mouse(kind, left + 300, top + 150, button="left", clickCount=1)
    finished(shown)
    at = shown.ask("errsurf.thetaAt([300, 150])")
    start = np.array(shown.ask("errsurf.play(false), errsurf.seek(0), errsurf.places(2)"), np.float64)
    assert np.median(start, axis=0) == pytest.approx(at, abs=0.05)
    shown.ask("""((range) => { range.value = -2; range.dispatchEvent(new Event("input")); })(
        document.querySelector('[data-slides="0.lr"]'))""")
    finished(shown)
    shown.ask("new Promise((done) => setTimeout(done, 400))")
    assert "0.lr=0.01" in shown.ask("location.hash")


def test_rubbish_in_a_link_is_said(shown: Page) -> None:
    shown.ask("location.hash = '#0.lr=abc&nonsense=1'")
    finished(shown)
    told = shown.ask("document.getElementById('failure').textContent")
    assert "0.lr = abc" in told
    assert "nonsense" in told
    assert shown.ask("errsurf.state.taken === undefined")
    assert HOSTILE in shown.ask("errsurf.recording().groups.map(({ label }) => label)")
