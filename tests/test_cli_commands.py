"""The commands beside run: list, check, new, schema, doctor and export."""

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from errsurf import simulate
from errsurf.errors import RunError
from errsurf.new_scenario import formula_surface, named_surface, new_text
from errsurf.optimizers import optimizer_names
from errsurf.scenario import bundled, read_scenario, scenario_from, scenario_text
from errsurf.surfaces import surface_names
from helpers.command_line import SMALL, CommandLine


def test_errsurf_alone_is_help(errsurf: CommandLine) -> None:
    assert errsurf() == 0
    alone = errsurf.out
    assert errsurf("-h") == 0
    assert errsurf.out == alone
    assert errsurf("--version") == 0
    assert errsurf.out.startswith("errsurf, version ")


def test_every_command_has_help(errsurf: CommandLine) -> None:
    for name in ("basins", "check", "doctor", "export", "inspect", "list", "measure", "new", "run", "schema", "table"):
        assert errsurf(name, "--help") == 0
        assert errsurf.out.startswith(f"Usage: errsurf {name}")


def test_list_names_everything(errsurf: CommandLine) -> None:
    assert errsurf("list") == 0
    assert {*bundled(), *surface_names(), *optimizer_names()} <= set(errsurf.out.split())
    for kind, names in {"surfaces": surface_names(), "optimizers": optimizer_names()}.items():
        for name in names:
            assert errsurf("list", kind, name) == 0
            assert "reference: " in errsurf.out
    for kind, name in {
        "charts": "loss",
        "overlays": "near",
        "formats": "gif",
        "schedules": "cosine",
        "themes": "dark",
    }.items():
        assert errsurf("list", kind) == 0
        assert f"  {name} " in errsurf.out
        assert errsurf("list", kind, name) == 0
        assert errsurf.out.startswith(f"{name}\n")
    assert errsurf("list", "scenarios", bundled()[0]) == 0
    assert errsurf.out.strip() == scenario_text(bundled()[0]).strip()


def test_new_then_run(errsurf: CommandLine) -> None:
    assert errsurf("new", "mine.toml", "--from", "one_example_at_a_time") == 0
    assert Path("mine.toml").read_text(encoding="utf-8") == scenario_text("one_example_at_a_time")
    changes = ["--set=run.updates=4", "--set=picture.seconds=0.1", "--particles=8"]
    assert errsurf("run", "mine.toml", "--quiet", *changes) == 0
    assert {path.name for path in Path("results/mine").glob("*.*")} >= {"one_example_at_a_time.gif", "figure.png"}
    assert errsurf("new", "mine.toml") == 2
    assert errsurf("new", "mine.toml", "--force", "--from", "saddle_escape") == 0
    assert read_scenario("mine.toml") == read_scenario("saddle_escape")


@pytest.mark.parametrize(
    ("options", "written", "groups"),
    [
        (["--surface", "saddle"], None, ["sgd", "adam"]),
        (["--formula", "(x - 1)^2 + a*y + y^2", "--optimizers", "sgd"], 'loss = "(x - 1)^2 + a*y + y^2"', ["sgd"]),
        (
            ["--csv", "points.csv", "--optimizers", "sgd"],
            'columns = { input = "length [m]", target = "price" }\nstandardize = true',
            ["sgd"],
        ),
    ],
)
def test_a_new_scenario_runs_and_gets_somewhere(
    errsurf: CommandLine, options: list[str], written: str | None, groups: list[str]
) -> None:
    Path("points.csv").write_text(
        "name;length [m];price\na;1.000,0;2\nb;3000;4\nc;5000;6\nd;3000;4\n", encoding="utf-8"
    )
    assert errsurf("new", "mine.toml", *options) == 0
    scenario = read_scenario("mine.toml", {"swarm.particles": 20})
    assert [group.kind for group in scenario.optimizer] == groups
    if written is not None:
        assert written in Path("mine.toml").read_text(encoding="utf-8")
    for group in simulate(scenario).groups:
        assert np.median(group.train_loss[-1]) < np.median(group.train_loss[0])


def test_a_new_scenario_takes_names_of_optimizers_from_elsewhere(errsurf: CommandLine) -> None:
    assert errsurf("new", "mine.toml", "--optimizers", "sgd,momentum,adam") == 0, errsurf.err
    groups = read_scenario("mine.toml").optimizer
    assert [(group.kind, group.label) for group in groups[:2]] == [("sgd", "sgd"), ("sgd", "momentum")]
    assert [group.settings.momentum for group in groups[:2]] == [0.0, 0.9]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("sgd,sgd", "--optimizers: `sgd` is given twice; `momentum` is sgd with momentum 0.9"),
        ("sgdm,momentum", "--optimizers: `momentum` is the same as `sgdm`"),
        ("adma", "--optimizers: `adma`: no such optimizer; `errsurf list optimizers` names all; did you mean `adam`?"),
        (",", "--optimizers: no names"),
    ],
)
def test_wrong_names_of_optimizers_are_of_the_option(errsurf: CommandLine, names: str, words: str) -> None:
    assert errsurf("new", "mine.toml", "--optimizers", names) == 2
    assert words in errsurf.err
    assert not errsurf.names()


@pytest.mark.parametrize("kind", ["saddle", "monkey_saddle", "double_well"])
def test_a_new_scenario_of_a_saddle_passes_the_saddle(kind: str) -> None:
    text = new_text("mine", named_surface(kind), ["sgd"], Path())
    scenario = scenario_from(tomllib.loads(text), changes={"swarm.particles": 40})
    assert scenario.surface.train.tilt > 0
    (group,) = simulate(scenario).groups
    near = np.hypot(*np.moveaxis(np.asarray(group.position, float), -1, 0)).min(axis=0)
    assert np.median(near) < 0.4
    assert np.hypot(*np.median(np.abs(group.position[0]), axis=0)) > 0.5


def test_a_formula_gets_the_columns_that_it_uses() -> None:
    assert formula_surface("a * x + d * y^2")["columns"] == {"a": "normal(0, 1)", "d": "normal(0, 1)"}
    assert formula_surface("abs(x) + y^2") == {"kind": "expression", "loss": "abs(x) + y^2", "examples": 1}


def test_new_leaves_no_part_of_a_file(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, *_: object, **__: object) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert errsurf("new", "mine.toml") == 1
    assert errsurf.err == "errsurf: mine.toml: the disk is full; it was not written\n"
    assert errsurf.names() == set()


def test_schema_is_json(errsurf: CommandLine) -> None:
    assert errsurf("schema") == 0
    schema = json.loads(errsurf.out)
    assert set(schema["properties"]) >= {"surface", "swarm", "run", "optimizer", "picture", "output"}


def test_doctor_tells_what_there_is(errsurf: CommandLine) -> None:
    assert errsurf("doctor") == 0
    lines = {line[:14].strip(): line[14:] for line in errsurf.out.splitlines()}
    assert {"errsurf", "python", "numba", "threads", "device", "kernel cache"} <= set(lines)
    assert int(lines["threads"]) >= 1
    assert "; " in lines["device"]


def test_check_says_the_size(errsurf: CommandLine) -> None:
    assert errsurf("check", *bundled()) == 0
    assert errsurf.out.count(": good; ") == len(bundled())
    assert errsurf("check", errsurf.file(), "--set", "swarm.particles=1") == 0
    assert "1 group of 1 particle, " in errsurf.out
    assert errsurf.names() == {"small.toml"}


def test_export_of_a_scenario_and_of_its_result(errsurf: CommandLine) -> None:
    fast = "--set=picture.seconds=0.2"
    assert errsurf("export", errsurf.file(), "a.gif", "a.PNG", fast) == 0
    assert errsurf.out == "a.gif\na.PNG\n"
    assert errsurf("run", "small.toml", "--quiet", fast) == 0
    assert errsurf("export", "results/small", "b.gif", "b.png") == 0
    assert Path("a.gif").read_bytes() == Path("b.gif").read_bytes()
    assert Path("a.PNG").read_bytes() == Path("b.png").read_bytes()
    assert errsurf("export", "results/small", "b.png", "--force", "--set", "picture.size=[480, 270]") == 0
    with Image.open("b.png") as image:
        assert image.size == (480, 270)


def test_export_of_a_result_cannot_change_the_run(errsurf: CommandLine) -> None:
    errsurf("run", errsurf.file(), "--quiet")
    assert errsurf("export", "results/small", "b.png", "--set", "seed=3") == 2
    assert errsurf.err == "errsurf: results/small: seed cannot be changed after the run; only title and picture.* can\n"
    assert not Path("b.png").exists()


def test_export_says_which_file_failed(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("errsurf.results.pictures.write_picture", full)
    assert errsurf("export", errsurf.file(), "a.png") == 1
    assert errsurf.err == "errsurf: a.png: the disk is full; it was not written\n"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (RunError("x: broken"), 1, "x: broken"),
        (MemoryError(), 1, "out of memory; lower "),
        (OSError(5, "Input/output error", "file"), 1, "file: Input/output error"),
        (KeyboardInterrupt(), 130, "stopped"),
        (UnicodeEncodeError("ascii", "ß", 0, 1, "no"), 1, "PYTHONUTF8=1"),
    ],
)
def test_failures_have_words_and_codes(
    errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("errsurf.scenario.read_scenario", fail)
    assert errsurf("check", errsurf.file(SMALL)) == code
    assert words in errsurf.err


def test_lists_are_wrapped_on_a_terminal_only(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert errsurf("list", "surfaces") == 0
    whole = errsurf.out.splitlines()
    assert max(map(len, whole)) > 100
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert errsurf("list", "surfaces") == 0
    lines = errsurf.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert " ".join(errsurf.out.split()) == " ".join(" ".join(whole).split())
