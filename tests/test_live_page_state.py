"""Settings of a page that computes its run: as a state, as a link, as a scenario file, and back."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from errsurf.drawing.page.assembly import FOLDER
from errsurf.drawing.page.live import live
from errsurf.drawing.page.markup import json_text
from errsurf.drawing.page.records_table import page_tables
from errsurf.optimizers import optimizer_names
from errsurf.scenario import Scenario, read_scenario, scenario_from
from errsurf.scenario.writing import scenario_tables
from helpers.command_line import any_names
from helpers.page_script import NODE

pytestmark = pytest.mark.skipif(NODE is None, reason="no node on this machine")
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario("flat_or_sharp")


@pytest.fixture(scope="module")
def told(scenario: Scenario) -> dict[str, Any]:
    return live(scenario, optimizer_names()).told


def asked(told: dict[str, Any], body: str) -> Any:
    """What the body of a function returns that knows ``live`` and the scripts of states and files."""
    assert NODE
    scripts = "\n".join(FOLDER.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in ("state", "toml"))
    code = f'const live = JSON.parse(require("fs").readFileSync(0, "utf8"));\n{scripts}\n'
    code += f"process.stdout.write(JSON.stringify((() => {{ {body} }})()));"
    done = subprocess.run([NODE, "-e", code], input=json_text(told), encoding="utf-8", capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def changed(*pairs: tuple[str, Any]) -> str:
    """Code that makes a state with these changes, one after the other."""
    steps = "".join(f"state = changedState(live, state, {json.dumps(k)}, {json.dumps(v)});" for k, v in pairs)
    return f"let state = firstState(live); {steps}"


def test_a_page_without_changes_saves_the_scenario(scenario: Scenario, told: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "saved.toml").write_text(asked(told, "return scenarioToml(live, firstState(live));"), "utf-8")
    saved = read_scenario(tmp_path / "saved.toml")
    assert saved.run.rounding == "portable"
    expected = scenario_from(scenario, changes={"run.rounding": "portable"})
    assert saved == expected


@pytest.mark.parametrize("name", ["all_together", "rates_found", "rate_each", "late_move", "averages", "heavy_tails"])
def test_scenarios_of_all_kinds_survive_being_saved(name: str, tmp_path: Path) -> None:
    scenario = read_scenario(name)
    told = {"tables": page_tables(scenario)}
    (tmp_path / "saved.toml").write_text(asked(told, "return scenarioToml(live, firstState(live));"), "utf-8")
    assert read_scenario(tmp_path / "saved.toml") == scenario_from(scenario, changes={"run.rounding": "portable"})


CHANGES = [
    ("0.kind", "adam"),
    ("0.betas", [0.8, 0.99]),
    ("0.amsgrad", True),
    ("0.clip.kind", "norm"),
    ("0.clip.most", 0.5),
    ("1.lr", 1e-7),
    ("1.batch", "full"),
    ("1.schedule.decay", "cosine"),
    ("1.schedule.warmup", "5%"),
    ("2.noise.kind", "stable"),
    ("2.noise.scale", 0.25),
    ("2.accumulate", 3),
    ("swarm.start", "ring"),
    ("swarm.radius", 0.3),
    ("swarm.particles", 77),
    ("run.updates", 50),
    ("run.seed", 12),
    ("run.sampling.kind", "replacement"),
]


def test_a_link_holds_every_change(told: dict[str, Any]) -> None:
    state, again, link = asked(
        told,
        changed(*CHANGES)
        + "state = withCopy(state, 1); state = changedState(live, state, '2.momentum', 0.9);"
        + "const link = stateLink(live, state); const { state: again, faults } = linkState(live, `#${link}`);"
        + "return [state, faults.length ? faults : again, link];",
    )
    assert again["groups"] == state["groups"] == [0, 1, 1, 2]
    assert again["changes"] == state["changes"]
    assert len(link) < 600
    assert "2.momentum=0.9" in link


@any_names
def test_a_link_is_read_as_far_as_it_is_short(told: dict[str, Any]) -> None:
    body = "const { faults } = linkState(live, `#${'0.lr=x&'.repeat(300000)}`); return [faults.length, faults.at(-1)];"
    assert asked(told, body) == [1001, ["0.lr=x", None, None]]
    assert asked(told, "return [cut('\U0001f600'.repeat(90)), cut('a'.repeat(80))];") == [
        "\U0001f600" * 79 + "\u2026",
        "a" * 80,
    ]


@pytest.mark.parametrize("key", ["epochs", "updates"])
def test_a_link_leaves_a_run_its_length(told: dict[str, Any], key: str) -> None:
    assert asked(told, f"return linkState(live, '#run.{key}=').faults.length;") == 1


def test_what_is_saved_is_what_was_chosen(told: dict[str, Any], tmp_path: Path) -> None:
    text = asked(told, changed(*CHANGES) + "state = without(state, 2); return scenarioToml(live, withCopy(state, 0));")
    (tmp_path / "saved.toml").write_text(text, "utf-8")
    saved = read_scenario(tmp_path / "saved.toml")
    first, copy, second = saved.optimizer
    assert first.label != copy.label
    assert (first.kind, first.settings.betas, first.settings.amsgrad) == ("adam", (0.8, 0.99), True)
    assert first.clip is not None
    assert first.clip.most == 0.5
    assert copy[1:] == first[1:]
    assert (second.settings.lr, second.batch, second.schedule.decay) == (1e-7, "full", "cosine")
    assert second.schedule.warmup == 3
    assert second.schedule.settings.T_max == 47
    assert (saved.swarm.start, saved.swarm.particles, saved.swarm.settings.radius) == ("ring", 77, 0.3)
    assert (saved.run.updates, saved.run.epochs, saved.run_seed, saved.start_seed) == (50, None, 12, 12)
    assert saved.seed == 3
    assert saved.run.sampling.kind == "replacement"
    assert [claim.statistic for claim in saved.claim] == ["correlation"], "others are about a group that is gone"


def test_wrappers_go_where_there_is_no_kernel_of_both() -> None:
    scenario = read_scenario("averages")
    rules = {"modules": {"rules": {"sgd+lookahead": {}, "adam": {}}}}
    told = live(scenario, ("sgd", "adam")).told | {"modules": rules}
    k = next(k for k, group in enumerate(scenario.optimizer) if [each.kind for each in group.wrappers] == ["lookahead"])
    code = (
        changed((f"{k}.kind", "adam"))
        + f"return [stateTables(live, state).optimizer[{k}], stateLabels(live, state)[{k}]];"
    )
    table, label = asked(told, code)
    assert (table["kind"], table["wrappers"]) == ("adam", [])
    assert label.endswith("(kind adam, without lookahead)")


def test_a_change_that_is_undone_is_none(told: dict[str, Any]) -> None:
    own = told["tables"]["optimizer"][0]["lr"]
    assert (
        asked(
            told, changed(("0.lr", 3), ("0.lr", own), ("0.kind", "lion"), ("0.kind", "sgd")) + "return state.changes;"
        )
        == {}
    )


@pytest.mark.parametrize(
    ("link", "paths"),
    [
        ("0.lr=0.5", []),
        ("0.lr=", ["0.lr"]),
        ("0.lr=-1&1.lr=1e99&2.lr=NaN", ["0.lr", "1.lr", "2.lr"]),
        ("9.lr=1&nonsense&run.frames=3", ["9.lr", "nonsense", "run.frames"]),
        ("__proto__.x=1&0.constructor=1", ["__proto__.x", "0.constructor"]),
        ("groups=0,7", ["groups"]),
        ("groups=0,0&1.lr=0.5", []),
        ("0.batch=21&1.batch=0&2.batch=full", ["0.batch", "1.batch"]),
        ("0.kind=unknown&swarm.start=%E0%A4%A", ["0.kind", "swarm.start"]),
        (f"0.label={HOSTILE}&swarm.particles=1e9", ["0.label", "swarm.particles"]),
        ("0.kind=adam&0.betas=0.9,0.999&0.nesterov=true", ["0.nesterov"]),
    ],
)  # fmt: skip
def test_rubbish_in_a_link_is_named(told: dict[str, Any], link: str, paths: list[str]) -> None:
    found = asked(
        told, f"const found = linkState(live, {json.dumps('#' + link)}); stateTables(live, found.state); return found;"
    )
    assert [path for path, *_ in found["faults"]] == paths or {path for path, *_ in found["faults"]} == set(paths)


def test_texts_of_users_stay_texts_in_files(scenario: Scenario, tmp_path: Path) -> None:
    worst = f'{HOSTILE} "quoted" \\ \u2028 \U0001f600 é'
    told = {"tables": page_tables(scenario_from(scenario, changes={"title": worst}))}
    (tmp_path / "saved.toml").write_text(asked(told, "return scenarioToml(live, firstState(live));"), "utf-8")
    assert read_scenario(tmp_path / "saved.toml").title == worst


def test_tables_hold_no_durations_that_follow(scenario: Scenario) -> None:
    cosine = scenario_from(scenario, changes={"optimizer[1].schedule": "cosine"})
    assert "T_max" in scenario_tables(cosine, {})["optimizer"][0]["schedule"]
    assert "T_max" not in page_tables(cosine)["optimizer"][0]["schedule"]
