"""Charts in pictures: room for two, what is drawn when, faults in words, and the other formats."""

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_charts import POINTS, walk

from errsurf.drawing import PictureRequest, painter, write_picture
from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import chart, chart_kind, chart_names
from errsurf.drawing.page import page
from errsurf.errors import FolderError, ScenarioError
from errsurf.results.folder import open_result
from errsurf.results.run import run_scenario
from errsurf.run.result import Result
from errsurf.scenario import scenario_from
from errsurf.scenario.picture_tables import ChartName
from errsurf.scenario.words import allowed
from helpers.chart_results import made, source

CHARTS = chart_names()


def left_of_y(points: Any) -> Any:
    return (points[:, 0] < 0).astype(np.int64)


def many(groups: int = 3, particles: int = 8, **picture: Any) -> Result:
    paths = [walk(particles, seed=seed) for seed in range(groups)]
    batches = (1, 2, 5, 10, 20, "full")[:groups]
    found = made(*paths, batches=batches, seconds=tuple(0.1 * (k + 1) for k in range(groups)), **picture)
    rates = 10.0 ** np.linspace(-3, 0, 9 * 4).reshape(9, 2, 2)
    parts = [replace(each, watched=np.array([0]), parts={"effective_rate": rates[:, :1]}) for each in found.groups]
    return replace(found, groups=parts)


def ready(result: Result, *charts: str, size: tuple[int, int] = (960, 540)) -> Any:
    return painter(result, critical=POINTS, basin_of=left_of_y, size=size, charts=charts)


def test_a_scenario_knows_the_charts_by_their_files() -> None:
    assert set(allowed(ChartName).names) == set(CHARTS)


@pytest.mark.parametrize("pair", [*pairwise(CHARTS)][::2])
def test_every_chart_is_drawn_from_the_first_frame_to_the_last(pair: tuple[str, str]) -> None:
    """Of several particles, and of one that diverged."""
    alone = walk(1)
    alone[4:] = np.nan
    lost = made(alone, alone, batches=(1, "full"), seconds=(1.0, 1.0))
    lost = replace(lost, groups=[replace(g, parts={"effective_rate": np.empty((9, 0, 2))}) for g in lost.groups])
    for result in (many(), lost):
        scene = ready(result, *pair, size=(480, 270))
        first, last = scene.frame(0.0), scene.frame(scene.end)
        for _, box in scene.layout.charts:
            drawn = [frame[box.top : box.bottom, box.left : box.right] for frame in (first, last)]
            assert (drawn[0] != drawn[1]).any() or result is lost
    assert len(ready(many(), *pair).layout.charts) == 2


@pytest.mark.parametrize("size", [(960, 540), (480, 270), (540, 960), (800, 800)])
@pytest.mark.parametrize("panels", [False, True])
def test_two_charts_stand_apart_and_are_as_large_as_each_other(size: tuple[int, int], panels: bool) -> None:
    scene = ready(many(panels=panels), "loss", "gradient norm", size=size)
    first, second = (space.box for space in scene.layout.charts)
    assert not first.overlaps(second)
    assert abs(first.height - second.height) <= 1
    assert abs(first.width - second.width) <= 1
    assert first.height >= 0.1 * min(size)
    assert not any(first.overlaps(row.label) or second.overlaps(row.label) for row in scene.layout.rows)


def test_the_numbers_of_the_legend_go_before_the_second_chart_does() -> None:
    five = many(5)
    one, two = (ready(five, *CHARTS[:count]).layout for count in (1, 2))
    assert all(row.numbers for row in one.rows)
    assert not any(row.numbers for row in two.rows)
    assert len(two.charts) == 2
    assert all(space.box.height > 70 for space in two.charts)


def test_a_picture_without_room_for_two_has_one() -> None:
    assert len(ready(many(6), "loss", "lr", size=(240, 136)).layout.charts) < 2


def test_points_appear_where_the_numbers_are() -> None:
    scene = ready(many(), "loss by batch")
    (only,) = zip(scene.scene.charts.values(), scene.layout.charts, strict=True)
    only, space = only
    frame, box = scene.frame(scene.end), space.box
    for k, curve in enumerate(only.curves):
        if 0 < curve.height[-1] < 1:
            row = box.top + round((1 - curve.height[-1]) * box.height)
            column = box.left + round(curve.at[-1] * (box.width - 1))
            assert (frame[row - 1, column] == scene.scene.maps.colours[k]).all()


def test_a_path_grows_and_leaves_nothing_ahead_of_it() -> None:
    scene = ready(many(1), "loss by time")
    box = scene.layout.charts[0].box
    half = scene.frame(scene.end / 2)[box.top : box.bottom - 1, box.left : box.right].astype(int)
    own = np.abs(half - scene.scene.maps.colours[0]).max(axis=-1) < 30
    assert own[:, : box.width // 2].any()
    assert not own[:, box.width // 2 + 6 :].any()


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("los", "did you mean `loss`?"),
        ("gradient-norm", "did you mean `gradient norm`?"),
        (["loss", "gap by bach"], 'picture.chart[2] = "gap by bach": not known'),
        (["loss", "gap by bach"], "did you mean `gap by batch`?"),
        (["loss", "lr", "gap"], "a list of one or two charts"),
        ([], "a list of one or two charts"),
        (["none"], "picture.chart[1]"),
        (7, "picture.chart = 7: wrong type"),
    ],
)
def test_wrong_charts_are_said(given: Any, fault: str) -> None:
    tables = {"surface": {"kind": "saddle"}, "run": {"updates": 3}, "optimizer": [{"kind": "sgd"}]}
    with pytest.raises(ScenarioError) as caught:
        scenario_from(tables | {"picture": {"chart": given}})
    assert fault in str(caught.value)


def test_a_chart_of_a_recorded_part_has_it_recorded(tmp_path: Path) -> None:
    tables = {"surface": {"kind": "saddle"}, "swarm": {"particles": 3}, "run": {"updates": 6}}
    plain = scenario_from(tables | {"optimizer": [{"kind": "sgd"}]})
    asked = scenario_from(tables | {"optimizer": [{"kind": "sgd"}], "picture": {"chart": ["loss", "effective rate"]}})
    assert (plain.run.record, asked.run.record) == ((), ("effective_rate",))
    made_of = run_scenario(plain, tmp_path / "plain").findings.result
    with pytest.raises(FolderError, match=r'needs run\.record = \["effective_rate"\].*run it again'):
        open_result(tmp_path / "plain", {"picture.chart": "effective rate"})
    again = open_result(tmp_path / "plain", {"picture.chart": ["gradient norm", "lr"]})
    assert again.scenario.picture.charts == ("gradient norm", "lr")
    assert again.groups[0].seconds == pytest.approx(made_of.groups[0].seconds, abs=1e-6)


def test_a_page_has_all_charts_of_the_picture_and_the_losses() -> None:
    result = many(2, chart=["loss by batch", "near"])
    text = page(result, critical=POINTS, basin_of=left_of_y)
    data = json.loads(re.search(r'<script type="application/json" id="run">(.*?)</script>', text)[1])  # type: ignore[index]
    titles = [each["title"] for each in data["charts"]]
    assert [title.split(" ")[0] for title in titles] == ["training", "share", "training", "particles"]
    assert [each["own"] for each in data["charts"]] == [True, False, False, False]
    assert data["charts"][0]["below"][0][1] == "1"
    assert all(f"chart{c}group{k}" in data["arrays"] for c in range(4) for k in range(2))


@pytest.mark.parametrize("layout", ["picture", "paper", "slide"])
def test_figures_of_lines_and_letters_have_both_charts(layout: str, tmp_path: Path) -> None:
    result = many(3, chart=["gap by batch", "gap by sharpness"], size=(960, 540))
    order = PictureRequest(result, POINTS, left_of_y, layout=layout, at=5.0)
    write_picture(order, tmp_path / "figure.svg")
    text = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    words = " ".join(re.findall(r"<text[^>]*>([^<]*)", text))
    assert "by batch size" in words
    assert "by sharpness" in words


def test_a_chart_is_quick_to_rebuild() -> None:
    """A run that is watched makes its charts again with every few frames; gradients of 250 particles are the most."""
    run = source(made(walk(250, 400)), POINTS, left_of_y)
    assert len(chart(chart_kind("gradient norm"), run).curves[0].height) == 400


def test_marks_below_a_chart_do_not_overlap() -> None:
    from errsurf.drawing.lettering.text import text_width
    from errsurf.drawing.panel.chart import texts_below

    scene = ready(many(6), "loss by batch", size=(240, 240))
    only, box, kind = scene.scene.charts["loss by batch"], scene.layout.charts[0].box, scene.layout.style.tick
    for marks in (only.below, [(k / 40, str(k)) for k in range(41)]):
        found = texts_below(only._replace(below=marks), box, kind)
        below = [Box(left, 0, left + text_width(text, kind), 1) for text, left in found]
        assert 1 < len(below) < 20
        assert all(a.right + kind.size // 2 <= b.left for a, b in pairwise(below))


def test_marks_beside_a_chart_have_two_lines_each() -> None:
    from errsurf.drawing.lettering.text import line_height
    from errsurf.drawing.panel.chart import few_marks

    kind = ready(many(1), "loss").layout.style.tick
    marks = [(float(k), str(k)) for k in range(10)]
    for lines, left in ((20, 10), (19, 5), (10, 5), (6, 3), (1, 2)):
        assert len(few_marks(marks, Box(0, 0, 9, lines * line_height(kind)), kind)) == left
