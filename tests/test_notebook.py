"""Notebooks: scenarios and results show themselves, and a widget's page and Python have the same settings."""

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets

import errsurf
from errsurf.drawing.page.assembly import FOLDER
from errsurf.drawing.page.markup import json_text
from errsurf.errors import ScenarioError, UserError
from errsurf.notebook.state import Told, state_scenario, state_tables, told
from errsurf.notebook.widget import Widget
from errsurf.scenario import Scenario, read_scenario, scenario_from
from helpers.chromium import Page, browser, opened
from helpers.page_script import NODE

PROGRAM = browser()
KINDS = ["sgd", "adam"]
HOSTILE = "</script><img src=x onerror=parent.taken=1>"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    changes = {"swarm.particles": 200, "run.epochs": 8, "optimizer[1].label": HOSTILE}
    return scenario_from(read_scenario("flat_or_sharp"), changes={**changes, "claim": []})


@pytest.fixture(scope="module")
def widget(scenario: Scenario) -> Iterator[Widget]:
    found = errsurf.live(scenario, KINDS)
    assert isinstance(found, Widget)
    yield found
    found.close()


def saved(page: Told, states: list[tuple[list[int], dict[str, Any]]]) -> list[str]:
    """What the page saves of each state."""
    assert NODE
    scripts = "\n".join(FOLDER.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in ("state", "toml"))
    given = {"tables": page.tables, "records": page.records, "states": states}
    given["modules"] = {"modules": {"rules": dict.fromkeys(page.rules, 1)}}
    code = f'const live = JSON.parse(require("fs").readFileSync(0, "utf8"));\n{scripts}\n'
    code += "const texts = live.states.map(([groups, changes]) => scenarioToml(live, { groups, changes }));"
    code += "process.stdout.write(JSON.stringify(texts));"
    done = subprocess.run(
        [NODE, "-e", code], input=json_text(given), encoding="utf-8", capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def random_state(page: Told, dice: random.Random) -> tuple[list[int], dict[str, Any]]:
    """Groups copied and left out, and settings that a user of the page might choose."""
    count = len(page.tables["optimizer"])
    groups = [dice.randrange(count) for _ in range(dice.randint(1, 4))]
    settings: dict[str, Any] = {}
    for _ in range(dice.randint(0, 6)):
        k = dice.randrange(len(groups))
        choices: list[tuple[str, Any]] = [
            (f"{k}.kind", dice.choice(sorted(page.records["optimizers"]))),
            (f"{k}.lr", dice.choice([1e-7, 0.3, 2, 1.5e-5, 0.000123])),
            (f"{k}.momentum", 0.5),
            (f"{k}.batch", dice.choice([1, 3, "full"])),
            (f"{k}.schedule.decay", dice.choice(sorted(page.records["schedules"]))),
            (f"{k}.schedule.warmup", dice.choice([3, "5%", None])),
            (f"{k}.clip.kind", dice.choice(["none", "norm", "value"])),
            (f"{k}.clip.most", 0.25),
            (f"{k}.noise.kind", dice.choice(["none", "isotropic", "stable"])),
            (f"{k}.at", dice.choice([None, [0.1, -0.2]])),
            ("swarm.start", dice.choice(sorted(page.records["starts"]))),
            ("swarm.particles", dice.randint(1, 99)),
            ("swarm.at", [0.25, 1e-7]),
            ("run.updates", dice.randint(1, 60)),
            ("run.epochs", dice.randint(1, 9)),
            ("run.seed", dice.randrange(1000)),
            ("run.sampling.kind", "replacement"),
            ("picture.surface", "batch"),
        ]
        path, value = dice.choice(choices)
        trial = {**settings, path: value}
        try:
            state_scenario(page, groups, trial)
        except (UserError, ScenarioError):
            continue
        settings = trial
    return groups, settings


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
@pytest.mark.parametrize("name", ["all_together", "averages", "flat_or_sharp", "rate_each"])
def test_python_reads_settings_as_the_page_does(name: str, tmp_path: Path) -> None:
    page, dice = told(read_scenario(name)), random.Random(7)
    states = [random_state(page, dice) for _ in range(20)]
    assert sum(len(settings) for _, settings in states) > 24
    for state, text in zip(states, saved(page, states), strict=True):
        (tmp_path / "saved.toml").write_text(text, encoding="utf-8")
        assert read_scenario(tmp_path / "saved.toml") == state_scenario(page, *state), state


def test_a_widget_has_the_scenario_of_its_settings(widget: Widget) -> None:
    widget.settings, widget.groups = {}, [2, 0]
    widget.change({"0.lr": 0.02, "1.kind": "adam", "run.seed": 5})
    first, second = widget.scenario.optimizer
    assert (first.settings.lr, first.batch, first.label) == (0.02, 1, "batch 1 (lr 0.02)")
    assert second.kind == "adam"
    assert (widget.scenario.run.rounding, widget.scenario.run_seed, widget.scenario.start_seed) == ("portable", 5, 5)
    assert [group.label for group in widget.result().groups] == [first.label, second.label]


def test_settings_that_cannot_be_are_refused_in_words(widget: Widget) -> None:
    widget.settings, widget.groups = {"0.lr": 0.5}, [0, 1, 2]
    for settings, error, words in (
        ({"0.lrr": 1}, UserError, "`0.lrr` is no setting"),
        ({"7.lr": 1}, UserError, "`7.lr` is no setting"),
        ({"__class__.x": 1}, UserError, "is no setting"),
        ({"0.lr": -1}, ScenarioError, "out of range"),
        ({"0.lr": HOSTILE}, ScenarioError, "lr"),
    ):
        with pytest.raises(error, match=words):
            widget.change(settings)
    with pytest.raises(traitlets.TraitError, match="from 0 to 2"):
        widget.groups = [3]
    assert (widget.settings, widget.groups) == ({"0.lr": 0.5}, [0, 1, 2])


def test_what_a_page_tells_is_kept_as_it_is(widget: Widget) -> None:
    ends = np.float32([[1, 2], [3, 4]])
    group = {"label": "batch 1", "update": 7, "type": "float32", "data": memoryview(ends.tobytes())}
    widget.set_state(
        {"settings": {"0.noise.kind": "matched", "0.batch": 1}, "_places": {"clock": 1, "groups": [group]}}
    )
    with pytest.raises(ScenarioError, match="matched"):
        widget.scenario  # noqa: B018
    assert widget.positions["batch 1"].tolist() == ends.tolist()
    assert widget.updates == {"batch 1": 7}
    widget.set_state({"settings": {}, "_places": {}})
    assert widget.positions == {}


def test_without_anywidget_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, scenario: Scenario) -> None:
    monkeypatch.delitem(sys.modules, "errsurf.notebook.widget")
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(UserError, match=r'pip install "errsurf\[notebook\]"'):
        errsurf.live(scenario)


def test_a_scenario_shows_its_page_and_its_starts(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("errsurf.run.simulation.simulate", lambda *_given, **_more: pytest.fail("it was simulated"))
    monkeypatch.setattr("errsurf.drawing.page.live_page.optimizer_names", lambda: KINDS)
    shown = scenario._repr_html_()
    assert re.match(r'<div><iframe sandbox="allow-scripts allow-downloads" srcdoc="&lt;!DOCTYPE html&gt;', shown)
    assert shown.count('"') == 10
    assert scenario._repr_png_().startswith(b"\x89PNG")


def test_a_scenario_without_a_page_says_why(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: Any, **_more: Any) -> str:
        raise UserError(f"no page can compute this: {HOSTILE}")

    monkeypatch.setattr("errsurf.notebook.frame.live_page", refuse)
    assert (
        scenario._repr_html_()
        == "<p>no page can compute this: &lt;/script&gt;&lt;img src=x onerror=parent.taken=1&gt;</p>"
    )


@pytest.fixture(scope="module")
def host(widget: Widget, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page that holds the widget as a notebook does, with settings that Python has changed before."""
    if PROGRAM is None:
        pytest.skip("no Chromium on this machine")
    widget.settings, widget.groups = {"0.lr": 0.25}, [0, 2]
    values = json.dumps(widget.get_state(["settings", "groups", "clock", "playing", "_page", "_places", "_asked"]))
    script = files("errsurf.notebook").joinpath("widget.js").read_text(encoding="utf-8")
    model = Path(__file__).with_name("helpers").joinpath("notebook_host.js").read_text(encoding="utf-8")
    folder = tmp_path_factory.mktemp("host")
    folder.joinpath("host.html").write_text(
        f'<!DOCTYPE html><body><script type="application/json" id="values">{values.replace("<", chr(92) + "u003c")}'
        f"</script><script>{script.replace('export default', 'const widget =')}\n{model}</script>",
        encoding="utf-8",
    )
    with opened(PROGRAM, folder / "host.html", folder / "profile") as found:
        found.ask("until(() => told.some(({ kind }) => kind === 'errsurf-state'))")
        yield found
        assert found.said == []
        assert found.ask("window.taken === undefined")


def test_page_and_python_follow_each_other(host: Page, widget: Widget) -> None:
    assert host.ask("[model.values.settings, model.values.groups]") == [{"0.lr": 0.25}, [0, 2]]
    host.ask("model.set('playing', false), model.set('clock', 100)")
    host.ask("model.set('settings', { '1.lr': 0.01, '0.kind': 'adam' })")
    host.ask("until(() => model.values.playing === false && model.values._places.clock === 100)")
    assert same_bits(host, widget) == {f"{HOSTILE} (kind adam)": 5, "batch 1 (lr 0.01)": 100}
    host.ask("model.set('clock', 1e9), model.set('groups', [0, 2, 2])")
    host.ask("until(() => model.values._places.clock === 160 && model.values._places.groups.length === 3)")
    assert same_bits(host, widget)["batch 1"] == 160
    host.ask("model.set('_places', {}), model.set('_asked', 1), until(() => model.values._places.groups)")


def same_bits(host: Page, widget: Widget) -> dict[str, int]:
    """Assert that the page's positions are those of Python; the updates that each group has made."""
    told = host.ask("""model.values._places.groups.map(({ data, ...group }) =>
        ({ ...group, data: [...new Uint8Array(data.buffer)] }))""")
    places = [{**group, "data": memoryview(bytes(group["data"]))} for group in told]
    state = host.ask("(({ settings, groups }) => ({ settings, groups }))(model.values)")
    widget.set_state({**state, "_places": {"groups": places}})
    result = errsurf.simulate(scenario_from(widget.scenario, changes={"run.frames": "all"}))
    assert list(widget.positions) == [group.label for group in result.groups]
    for group in result.groups:
        row = group.update.tolist().index(widget.updates[group.label])
        assert np.array_equal(widget.positions[group.label], group.position[row])
    return widget.updates


def test_rubbish_from_a_host_is_ignored(host: Page) -> None:
    before = host.ask("[model.values.settings, model.values.groups]")
    host.ask("""(() => {
        const { contentWindow: page } = document.querySelector("iframe");
        const cyclic = []; cyclic.push(cyclic);
        for (const data of [null, 1, "errsurf-set", [], cyclic, { kind: "constructor" }, { kind: "__proto__" },
            { kind: ["errsurf-set"] }, { kind: "errsurf-clock", clock: "1" }, { kind: "errsurf-play", playing: 1 },
            { kind: "errsurf-clock", clock: NaN }, { kind: "errsurf-clock", clock: cyclic }]) {
            page.postMessage(data, "*");
        }
    })()""")
    host.ask("told.length = 0, model.set('settings', { ...model.values.settings, 'swarm.particles': 50 })")
    host.ask(
        "until(() => told.some(({ kind, settings }) => kind === 'errsurf-state' && settings['swarm.particles'] === 50))"
    )
    assert host.ask("[model.values.settings, model.values.groups]") == [{**before[0], "swarm.particles": 50}, before[1]]
    host.ask("""told.length = 0, document.querySelector("iframe").contentWindow.postMessage(
        { kind: "errsurf-set", groups: ["x"], settings: { "0.lr": "alert(1)", "a&b": 1, "1.lr": 0.125 } }, "*")""")
    host.ask("until(() => model.values.settings['1.lr'] === 0.125)")
    assert host.ask("[model.values.settings, model.values.groups]") == [{"1.lr": 0.125}, [0, 1, 2]]


@pytest.mark.parametrize("width", [1200, 700, 390])
def test_a_host_that_follows_each_height_comes_to_rest(host: Page, width: int) -> None:
    """The page has a layout for low frames and one for high ones; its height does not go to and fro between them."""
    host.ask(f"""(() => {{
        const frame = document.querySelector("iframe");
        frame.style.width = "{width}px";
        frame.style.height = "300px";
    }})(), new Promise((done) => setTimeout(done, 500))""")
    host.ask("told.length = 0, new Promise((done) => setTimeout(done, 400))")
    assert host.ask("told.filter(({ kind }) => kind === 'errsurf-size')") == []
    assert 500 < host.ask("document.querySelector('iframe').clientHeight") < (1000 if width > 760 else 3500)


def test_a_widget_that_is_closed_listens_no_more(host: Page) -> None:
    host.ask("close(), model.set('playing', null)")
    host.ask("""told.length = 0, document.querySelector("iframe").contentWindow.postMessage(
        { kind: "errsurf-play", playing: true }, "*")""")
    host.ask("until(() => told.some(({ kind, playing }) => kind === 'errsurf-state' && playing))")
    assert host.ask("model.values.playing === null")


def test_state_tables_leave_the_scenario_alone(scenario: Scenario) -> None:
    page = told(scenario)
    before = json_text(page.tables)
    state_tables(page, [0, 0], {"0.lr": 3, "1.schedule.decay": "cosine", "run.sampling.kind": "replacement"})
    assert json_text(page.tables) == before
