"""What a person meets in Python: results that fit a screen, and mistakes that are told as such."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from errsurf import (
    DeviceError,
    FolderError,
    Scenario,
    ScenarioError,
    UserError,
    basins,
    build_scenario,
    claims_of,
    inspect,
    open_result,
    read_scenario,
    run_scenario,
    save_picture,
    scenario_from,
    show,
    simulate,
    surface,
)
from errsurf.cli import main
from errsurf.scenario import bundled
from helpers.command_line import SMALL


def scenario() -> Scenario:
    return scenario_from(
        {
            "surface": {"kind": "saddle"},
            "swarm": {"particles": 3000, "start": "cloud"},
            "run": {"updates": 8},
            "optimizer": [{"kind": "sgd", "label": "full batch"}, {"kind": "sgd", "label": "batch 1", "batch": 1}],
        },
        name="short",
    )


def test_a_result_and_its_groups_are_told_in_a_line() -> None:
    result = simulate(scenario())
    shown = repr(result)
    assert len(shown) < 200
    assert all(word in shown for word in ("short", "full batch", "batch 1", "cpu"))
    assert repr(result["batch 1"]) == "Group('batch 1', sgd: 9 frames of 3,000 particles, 8 updates)"


def test_a_folder_may_be_named_by_a_text(tmp_path: Path) -> None:
    result: Any = simulate(scenario(), str(tmp_path))
    assert (tmp_path / "1-batch-1/position.npy").is_file()
    assert result["batch 1"].position.shape == (9, 3000, 2)


def test_a_result_is_opened_by_the_name_of_its_folder(tmp_path: Path) -> None:
    source = tmp_path / "short.toml"
    source.write_text(SMALL, encoding="utf-8")
    assert main(["run", str(source), "--out", str(tmp_path / "kept"), "--no-pictures"]) == 0
    result = open_result(str(tmp_path / "kept"))
    assert repr(result) == "Result('kept', cpu: 'sgd, full batch')"
    assert result.scenario == read_scenario(source)
    with pytest.raises(FolderError, match="nosuch: there is no such folder"):
        open_result("nosuch")
    with pytest.raises(FolderError, match=r"no result folder; it lacks scenario\.toml"):
        open_result(tmp_path)


def test_an_unknown_device_is_no_cpu() -> None:
    with pytest.raises(DeviceError, match=r"gpu.*allowed: auto, cpu, cuda"):
        simulate(scenario(), device="gpu")


def test_names_are_no_scenarios() -> None:
    wrong: Any = "saddle_escape"
    with pytest.raises(TypeError, match=r"read_scenario\('saddle_escape'\)"):
        simulate(wrong)
    with pytest.raises(TypeError, match="a kind of surface or a scenario, not int"):
        surface(wrong.__len__())


@pytest.mark.parametrize("points", [[[3.0, 2.0, 1.0]], 3.0, [], [[[1.0], [2.0]]]])
def test_points_have_two_coordinates(points: Any) -> None:
    for measure in (surface("saddle").loss, surface("saddle").gradient, surface("saddle").hessian):
        with pytest.raises(ValueError, match=r"points of shape \(.*\); \(\.\.\., 2\) is needed"):
            measure(np.array(points))


def test_a_scenario_is_built_from_names_tables_and_numpy_values() -> None:
    chosen = build_scenario(
        surface="saddle",
        optimizer=[{"kind": "sgd", "lr": np.float64(0.1)}, "adam"],
        swarm={"particles": np.int64(30), "start": "points", "points": np.eye(2)},
        run={"epochs": 5},
        picture={"size": (640, 360)},
    )
    assert [group.settings.lr for group in chosen.optimizer] == [0.1, 0.001]
    assert (chosen.swarm.particles, chosen.swarm.settings.points) == (30, ((1.0, 0.0), (0.0, 1.0)))
    assert chosen == scenario_from(
        {
            "surface": {"kind": "saddle"},
            "swarm": {"particles": 30, "start": "points", "points": [[1, 0], [0, 1]]},
            "run": {"epochs": 5},
            "optimizer": [{"kind": "sgd", "lr": 0.1}, {"kind": "adam"}],
            "picture": {"size": [640, 360]},
            "title": "scenario",
        }
    )
    assert build_scenario(surface="saddle", optimizer="adam", run={"epochs": 5}).optimizer[0].kind == "adam"


def test_all_faults_of_what_is_built_are_told_at_once() -> None:
    wrong: Any = None
    with pytest.raises(ScenarioError) as caught:
        build_scenario(surface={"kind": "wells", "tilt": -1}, optimizer=["sgx", wrong], run={"epoch": 5}, seed=-1)
    keys = {fault.key for fault in caught.value.faults}
    assert {"surface.tilt", "optimizer[1].kind", "optimizer[2]", "run.epoch", "seed"} <= keys


@pytest.mark.parametrize("group", [{"lr": 0.1}, {"kind": "zzz"}, 5])
def test_a_group_without_a_kind_hides_no_other_fault(group: Any) -> None:
    with pytest.raises(ScenarioError) as caught:
        build_scenario(surface="wells", optimizer=[group, {"kind": "sgd", "lr": -1}], run={})
    first, *others = (fault.key for fault in caught.value.faults)
    assert first.startswith("optimizer[1]")
    assert others == ["optimizer[2].lr", "run"]


@pytest.mark.parametrize("name", bundled())
def test_a_scenario_of_a_scenario_is_equal(name: str) -> None:
    chosen = read_scenario(name)
    assert scenario_from(chosen) == chosen
    assert scenario_from(chosen).name == name


def test_a_changed_scenario_keeps_its_data_files(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/points.csv").write_text("input,target\n1,2\n2,3\n", encoding="utf-8")
    fit = {"kind": "linear_regression", "data": "data/points.csv"}
    chosen = build_scenario(surface=fit, optimizer="sgd", run={"updates": 3}, folder=tmp_path, name="fit")
    changed = scenario_from(chosen, changes={"optimizer.lr": 0.5, "run.epochs": 2})
    assert (changed.name, changed.surface, changed.run.updates) == ("fit", chosen.surface, None)
    assert changed.optimizer[0].settings.lr == 0.5


def test_a_picture_in_python_is_the_one_of_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "short.toml").write_text(SMALL, encoding="utf-8")
    options = ("--size", "320x240", "--theme", "dark", "--at", "50%")
    assert main(["export", str(tmp_path / "short.toml"), str(tmp_path / "a.png"), *options]) == 0
    result, told = simulate(read_scenario(tmp_path / "short.toml")), list[float]()
    path = save_picture(result, str(tmp_path / "b.png"), at="50%", size=(320, 240), theme="dark")
    assert path.read_bytes() == (tmp_path / "a.png").read_bytes()
    save_picture(result, path, title="short", size=(320, 240), seconds=0.2, hold=0)
    save_picture(result, tmp_path / "a.gif", size=(320, 240), seconds=0.2, hold=0, progress=told.append)
    assert told[-1] == 1.0
    assert result.scenario.picture.size == (960, 540)


@pytest.mark.parametrize(
    ("name", "options", "error", "words"),
    [
        ("a.giff", {}, UserError, "unknown suffix"),
        ("no/a.gif", {}, UserError, "there is no folder"),
        ("a.png", {"thme": "dark"}, ScenarioError, r"picture\.thme: unknown key.*did you mean `theme`"),
        ("a.png", {"at": "200%"}, UserError, "^at = 200%: no frame of this run"),
        ("a.gif", {"at": 3}, UserError, "this picture moves"),
        ("a.png", {"layout": "papr"}, UserError, "^layout = papr: .*did you mean `paper`"),
        ("a.png", {"arrows": "update"}, UserError, "was not recorded; run it again"),
    ],
)
def test_pictures_that_cannot_be(
    tmp_path: Path, name: str, options: dict[str, Any], error: type[Exception], words: str
) -> None:
    result = simulate(scenario())
    with pytest.raises(error, match=words):
        save_picture(result, tmp_path / name, **options)
    assert not list(tmp_path.iterdir())


def test_a_notebook_shows_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    shell, outputs = ModuleType("IPython"), ModuleType("IPython.display")
    shell.get_ipython = lambda: SimpleNamespace(kernel=1)
    outputs.HTML, outputs.display = str, shown.append
    monkeypatch.setitem(sys.modules, "IPython", shell)
    monkeypatch.setitem(sys.modules, "IPython.display", outputs)
    show(simulate(scenario()), theme="dark")
    (frame,) = shown
    assert frame.startswith('<div><iframe sandbox="allow-scripts allow-downloads" srcdoc="&lt;!DOCTYPE html&gt;')
    assert frame.count('"') == 10


def test_a_result_shows_itself_in_notebooks() -> None:
    result = simulate(scenario())
    assert result._repr_html_().startswith(
        '<div><iframe sandbox="allow-scripts allow-downloads" srcdoc="&lt;!DOCTYPE html&gt;'
    )
    assert result._repr_png_().startswith(b"\x89PNG")


def test_without_a_display_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "nosuch")
    with pytest.raises(UserError, match=r'no display .*errsurf\.save_picture\(result, "run\.html"\)'):
        show(simulate(scenario()))


def test_a_window_shows_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[Any] = []
    monkeypatch.setattr("errsurf.viewer.display.opened", lambda title: title)
    monkeypatch.setattr("errsurf.viewer.loop.watch", lambda *given: watched.extend(given))
    result = simulate(scenario())
    show(result)
    assert watched == ["errsurf", result]


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (lambda _: read_scenario({}), "scenario_from takes tables"),
        (lambda _: scenario_from("saddle"), "read_scenario reads files"),
        (lambda result: basins(result), r"such as read_scenario\(file\) or result\.scenario, not Result"),
        (lambda _: inspect("saddle"), r"read_scenario\('saddle'\)"),
        (lambda result: run_scenario(result, "x"), r"result\.scenario"),
        (lambda result: claims_of(result.scenario), r"simulate\(scenario\), not Scenario"),
        (lambda _: show("results/x"), r"open_result\(folder\)"),
    ],
)
def test_what_is_taken_for_another_thing_is_named(use: Callable[[Any], Any], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        use(simulate(scenario()))
