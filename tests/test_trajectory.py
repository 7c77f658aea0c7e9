"""A path that the user has measured, over the map."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf import ScenarioError, open_result, run_scenario, scenario_from, simulate
from errsurf.drawing import painter
from helpers.canvas_recorder import Recorder


def scenario(folder: Path, **picture: Any) -> Any:
    tables = {
        "surface": {"kind": "himmelblau"},
        "swarm": {"particles": 1, "start": "point", "at": [1.0, 1.0]},
        "run": {"updates": 10},
        "optimizer": [{"kind": "sgd", "lr": 0.001}],
        "picture": {"trajectory": "mine.csv", "trails": 0, **picture},
    }
    return scenario_from(tables, folder, "mine")


def test_the_path_grows_with_the_clock_and_is_in_the_window(tmp_path: Path) -> None:
    points = np.stack([np.linspace(-3, 9, 21), np.linspace(2, -8, 21)], axis=1)
    np.savetxt(tmp_path / "mine.csv", points, delimiter=",", header="x,y", comments="")
    ready = painter(simulate(scenario(tmp_path)))
    (_, x1), (y0, _) = ready.scene.maps.window
    assert x1 > 9
    assert y0 < -8
    (overlay,) = (each for each in ready.scene.overlays if each.entries and "your path" in each.entries[0].texts)
    for clock, rows in ((0.0, 1), (5.0, 11), (10.0, 21)):
        canvas = Recorder()
        overlay.over(canvas, clock)
        (drawing,) = [drawing for _, drawing in canvas.drawings]
        drawn = drawing.strokes[0].path
        assert np.allclose(drawn, ready.scene.maps.pixels(ready.layout.map, points[:rows]))


def test_a_result_folder_keeps_the_path(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("step,x,y\n0,1,1\n1,2,2\n")
    run_scenario(scenario(tmp_path), str(tmp_path / "out"), pictures=False)
    (tmp_path / "mine.csv").unlink()
    again = open_result(tmp_path / "out")
    assert Path(str(again.scenario.picture.trajectory)).read_text(encoding="utf-8").startswith("step,x,y")


@pytest.mark.parametrize(
    ("text", "words"), [("u,v\n1,2\n", "no column `x`"), ("x,y\n1,two\n", "two"), (None, "no such file")]
)
def test_a_file_that_is_no_path_is_refused_with_its_place(tmp_path: Path, text: str | None, words: str) -> None:
    if text is not None:
        (tmp_path / "mine.csv").write_text(text)
    with pytest.raises(ScenarioError, match=words):
        scenario(tmp_path)
