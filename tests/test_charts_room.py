"""Numbers and names around charts: they stand where their values are, apart from each other, and say what is drawn."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from test_charts import POINTS, at, walk

from errsurf import surface, surfaces
from errsurf.drawing import painter, write_figure
from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import Scale, chart, chart_kind
from errsurf.drawing.charts.data_and_fit import NODES
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.overlays import key_entries
from errsurf.drawing.page import page
from errsurf.drawing.panel.chart import draw_frame
from errsurf.drawing.panel.chart_room import end_names, name_gap, spread
from helpers.canvas_recorder import Recorder
from helpers.chart_results import made, source, values
from helpers.overlay_cases import painted, run
from helpers.page_script import NODE, drawn_by_scripts

SIZES = [(960, 540), (480, 270), (540, 960)]
FITTED = {
    "linear_regression": (0.7, -0.4),
    "logistic_regression": (1.1, 0.3),
    "sine_fit": (1.7, 0.2),
    "two_layer_tanh": (0.8, 1.3),
}


def left_of_y(points: Any) -> Any:
    return (points[:, 0] < 0).astype(np.int64)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["near", "loss", "loss by batch"])
def test_the_middle_of_a_number_is_at_its_value(size: tuple[int, int], name: str) -> None:
    ready = painter(made(walk(), walk(seed=3), batches=(1, 5)), critical=POINTS, size=size, charts=(name,))
    (space,), (found,) = ready.layout.charts, ready.scene.charts.values()
    canvas, kind = Recorder(), ready.layout.style.tick
    draw_frame(canvas, space.box, found, ready.layout.style)
    told = [text for text, _, _ in canvas.texts]
    beside = [(value, text) for value, text in found.marks if text in told]
    assert len(beside) > 1
    for value, text in beside:
        row = space.box.bottom - float(found.scale.height(np.array(value))) * space.box.height
        tops = [top for each, left, top in canvas.texts if each == text and left < space.box.left - kind.size // 2]
        assert [top + line_height(kind) / 2 for top in tops] == pytest.approx([row], abs=1.6)
    for share, text in found.below:
        column = space.box.left + share * space.box.width
        middles = [left + text_width(text, kind) / 2 for each, left, top in canvas.texts if each == text]
        assert not middles or min(abs(middle - column) for middle in middles) < 1.6
    assert found.word in told or found.word.split(" ")[0] in told
    assert all(left >= space.title.left - 1 for _, left, _ in canvas.texts)


@pytest.mark.skipif(NODE is None, reason="no node on this machine runs the page's scripts")
def test_numbers_of_the_page_stand_at_their_values() -> None:
    result = made(walk(), walk(seed=3), chart="near")
    found = drawn_by_scripts(page(result, critical=POINTS, basin_of=left_of_y), 3.0)[3.0]
    texts = {each["text"]: each for each in found["chart"] if each["kind"] == "text"}
    rows = [each["y"] for each in found["chart"] if each["kind"] == "rect" and each["height"] == 1]
    for text in ("0%", "50%", "100%"):
        assert min(abs(texts[text]["y"] - row) for row in rows) <= 0.5
    assert {"updates", "0: batch full", "1: batch full"} <= texts.keys()


def test_places_move_apart_as_little_as_that_takes() -> None:
    assert spread([10, 50, 90], 10, 0, 100) == [10, 50, 90]
    assert spread([50, 50, 50], 10, 0, 100) == [40, 50, 60]
    assert spread([0, 1, 2, 99], 10, 0, 100) == [0, 10, 20, 99]
    crowded = spread([98, 99, 99, 100], 10, 0, 100)
    assert crowded[-1] <= 100
    assert all(b - a >= 10 for a, b in pairwise(crowded))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("groups", [2, 5, 12])
def test_curves_are_named_beside_their_ends(size: tuple[int, int], groups: int) -> None:
    paths = [walk(seed=seed) for seed in range(groups)]
    ready = painter(made(*paths), size=size, charts=("theta x",))
    for space, found in zip(ready.layout.charts, ready.scene.charts.values(), strict=False):
        names = end_names(found, space, ready.layout.style)
        assert groups > 5 or len(names) == groups
        kind = ready.layout.style.tick
        boxes = [Box(n.left, n.top, n.left + text_width(n.text, kind), n.top + line_height(kind)) for n in names]
        assert all(box.right <= space.title.right + 1 for box in boxes)
        assert all(b.top - a.top >= 0.8 * line_height(kind) for a, b in pairwise(boxes))
        assert all(box.left == space.box.right + name_gap(ready.layout.style) for box in boxes)


def test_zero_has_a_place_of_its_own_on_a_logarithmic_axis() -> None:
    scale = Scale(1.0, 100.0, True, True)
    zero, low, high = scale.height(np.array([0.0, 1.0, 100.0]))
    assert (zero, high) == (0.0, 1.0)
    assert low > 0.1
    paths = [at(*(((k + 1) / 9, 0.3) for k in range(9)))] * 3
    found = chart(chart_kind("error by batch"), source(made(*paths, batches=(1, 16, "full"))))
    assert found.scale.zero
    assert found.marks[0] == (0.0, "0")
    assert found.curves[2].height[0] == 0.0
    assert found.curves[1].height[0] > 0.1


def test_the_figure_of_a_run_has_the_charts_of_its_scenario(tmp_path: Path) -> None:
    result = made(walk(), walk(seed=3), chart="near", size=(480, 270))
    write_figure(result, tmp_path / "figure.png", critical=POINTS)
    ready = painter(result, critical=POINTS, size=(960, 540), charts=("near",), fade=0.5)
    with Image.open(tmp_path / "figure.png") as image:
        assert np.array_equal(np.asarray(image), ready.frame(ready.end))


def test_every_form_of_a_key_means_the_same() -> None:
    result = run({"lr": 0.05, "momentum": 0.8, "batch": 2}, surface={"shift": 0.3}, noise=True, arrows="update")
    for arrows, told in (("update", ("0.8 \N{MULTIPLICATION SIGN}", "gradient", "sum")), ("batch", ("downhill",) * 2)):
        entries = key_entries(painted(result, arrows=arrows).scene.overlays)
        for entry, word in zip(
            [each for each in entries if not {"noise", "particle"} & {*each.texts[0].split()}], told, strict=True
        ):
            assert all(word in text for text in entry.texts)
    (gradient,) = (e for e in key_entries(painted(result).scene.overlays) if "gradient" in e.texts[0])
    assert all(text.startswith("\N{MINUS SIGN}lr \N{MULTIPLICATION SIGN}") for text in gradient.texts)


def test_the_circle_of_a_chart_is_in_the_key() -> None:
    ready = painter(made(walk(), chart="near"), critical=POINTS, charts=("loss",))
    (entry,) = key_entries(ready.scene.overlays)
    assert entry.texts[0].startswith("within ")


@pytest.mark.parametrize("kind", FITTED)
def test_the_loss_is_that_of_what_a_model_predicts(kind: str) -> None:
    theta, landscape = FITTED[kind], surface(kind, examples=12)
    predict = surfaces.surface(kind).predict
    assert predict
    for k, (given, target, *_) in enumerate(landscape.train):
        output = predict(*theta, given)
        squared = (output - target) ** 2 / 2
        expected = -np.log(output if target else 1 - output) if kind == "logistic_regression" else squared
        assert landscape.loss(theta, [k]) == pytest.approx(expected, rel=1e-12)


def test_the_fit_moves_with_the_particles() -> None:
    path = at((1.0, 0.5), (2.0, -0.5), (0.0, 1.0))
    of = {"kind": "linear_regression", "examples": 9, "test": {"examples": 4}}
    run_of = source(made(path, of=of))
    found = chart(chart_kind("data and fit"), run_of)
    assert found.data
    assert (len(found.data.train), len(found.data.test), found.word) == (9, 4, "input")
    lines = values("data and fit", run_of).profile
    assert lines is not None
    assert lines.shape == (3, 1, NODES)
    low, high = lines[:, 0, 0], lines[:, 0, -1]
    width = (high - low)[0]
    assert (high - low) == pytest.approx(np.array([1.0, 2.0, 0.0]) * width)
    ready = painter(made(path, of=of), size=(480, 270), charts=("data and fit", "theta y"))
    box = ready.layout.charts[0].box
    first, last = (ready.frame(clock)[box.top : box.bottom, box.left : box.right] for clock in (0.0, 1.0))
    assert (first != last).any()
    assert values("theta y", run_of).line == pytest.approx([0.5, -0.5, 1.0])


def test_examples_that_are_alike_have_no_test_loss() -> None:
    for given, alike in (({"tilt": 0.0}, True), ({"tilt": 0.4}, False), ({"test": {"shift": [0.1, 0.0]}}, False)):
        result = made(walk(), of={"kind": "saddle", "examples": 20} | given)
        found = painter(result, size=(480, 270)).scene.charts["loss"]
        assert result.landscape.alike == alike
        assert (found.curves[0].dashed is None) == alike
        assert all(("test" in title) != alike for title in found.titles)


def test_no_text_of_a_small_picture_is_below_ten_pixels() -> None:
    ready = painter(made(walk()), size=(480, 270))
    assert min(kind.size for kind in ready.layout.style[:4]) >= 10
