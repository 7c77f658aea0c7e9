"""[picture] and [output]: groups and fonts that must be there, names of files, and the list of formats."""

import shutil
from pathlib import Path

import matplotlib
import pytest

from errsurf.drawing import format_names
from errsurf.errors import ScenarioError
from errsurf.results.folder import open_result
from errsurf.results.run import run_scenario
from errsurf.scenario import bundled, data_files, json_schema, read_scenario, scenario_from

GROUPS = [{"kind": "sgd", "label": "slow"}, {"kind": "sgd", "label": "fast", "lr": 0.1}]


def tables(**picture: object) -> dict[str, object]:
    return {"surface": {"kind": "saddle"}, "run": {"updates": 3}, "optimizer": GROUPS, "picture": picture}


@pytest.mark.parametrize(
    ("picture", "fault"),
    [
        ({"groups": ["slow", "quick"]}, 'picture.groups[2] = "quick": no such group; allowed: a number from 1 to 2'),
        ({"groups": ["slo"]}, "did you mean `slow`?"),
        ({"groups": [3]}, "picture.groups[1] = 3: no such group"),
        ({"groups": []}, "picture.groups = []"),
        ({"font": "missing.ttf"}, 'picture.font = "missing.ttf": no such file'),
        ({"font": "../font.ttf"}, 'picture.font = "../font.ttf": not possible'),
        ({"font": "C:\\font.ttf"}, "picture.font"),
        ({"levels": [0.2, 0.1]}, "picture.levels = [0.2, 0.1]: not possible; allowed: a list of ascending numbers"),
        ({"levels": 1}, "picture.levels = 1: out of range"),
        ({"markers": [1, 2, 3, 4, 5, 6, 7]}, "picture.markers"),
        ({"markers": [-1]}, "picture.markers[1] = -1"),
        ({"trail_length": 0}, "picture.trail_length = 0"),
        ({"theme": "drak"}, "did you mean `dark`?"),
        ({"loop": -1}, "picture.loop = -1"),
        ({"size": [960, 541]}, "picture.size[2] = 541"),
    ],
)
def test_faults_are_said(picture: dict[str, object], fault: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_from(tables(**picture))
    assert fault in str(caught.value)


def test_too_many_panels_are_refused_unless_groups_are_named() -> None:
    many = tables(panels=True) | {"optimizer": [{"kind": "sgd", "label": str(k)} for k in range(13)]}
    with pytest.raises(ScenarioError, match=r"picture\.panels: 13 groups are too many .* up to 12"):
        scenario_from(many)
    assert scenario_from(many | {"picture": {"panels": True, "groups": [1, 13]}}).picture.panels


def test_all_faults_of_the_picture_come_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_from(tables(groups=["quick", 7], font="none.otf", panels=3))
    assert all(word in str(caught.value) for word in ("groups[1]", "groups[2]", "picture.font", "picture.panels"))


def test_a_font_travels_with_the_result(tmp_path: Path) -> None:
    shutil.copyfile(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf", tmp_path / "own.ttf")
    (tmp_path / "scenario.toml").write_text(
        '[surface]\nkind = "saddle"\n[run]\nupdates = 3\n[[optimizer]]\nkind = "sgd"\n[picture]\nfont = "own.ttf"\n',
        encoding="utf-8",
    )
    scenario = read_scenario(tmp_path / "scenario.toml")
    assert data_files(scenario)["own.ttf"] == tmp_path / "own.ttf"
    run_scenario(scenario, tmp_path / "result")
    assert (tmp_path / "result" / "own.ttf").read_bytes() == (tmp_path / "own.ttf").read_bytes()
    assert open_result(tmp_path / "result").scenario.picture.font == "own.ttf"


def test_every_format_has_a_key_in_output() -> None:
    files = {name: f"a.{name}" for name in format_names()}
    assert scenario_from(tables() | {"output": files}).output == files
    keys = json_schema()["$defs"]["Output"]["properties"]
    assert set(keys) == {*format_names(), "max_size"}
    assert all(key["description"] for key in keys.values())


@pytest.mark.parametrize(
    ("key", "given"), [("mp4", "a.gif"), ("webm", "b/a.webm"), ("max_size", "2"), ("max_size", "big")]
)
def test_names_and_sizes_of_outputs_are_checked(key: str, given: str) -> None:
    with pytest.raises(ScenarioError, match=f"output.{key}"):
        scenario_from(tables() | {"output": {key: given}})
    assert scenario_from(tables() | {"output": {"mp4": "a.mp4", "max_size": "2.5 MB"}}).output["mp4"] == "a.mp4"


def test_bundled_scenarios_name_a_picture() -> None:
    assert all(read_scenario(name).output for name in bundled())
