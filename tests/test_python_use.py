"""What a person meets in Python: results that fit a screen, and mistakes that are told as such."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf import open_result, read_scenario, scenario_from, simulate, surface
from errsurf.cli import main
from errsurf.errors import DeviceError, FolderError
from errsurf.scenario import Scenario
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
    with pytest.raises(FolderError, match=r"nosuch: not a result folder; scenario\.toml is missing"):
        open_result("nosuch")


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
