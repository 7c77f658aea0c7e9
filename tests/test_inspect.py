"""The command inspect: what lies on a surface, in words, as JSON and as a figure."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from errsurf import scenario_from
from errsurf.analysis import Critical, noise_scale
from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import group_colours, theme
from errsurf.drawing.figures.landscape import _words, landscape_figure
from errsurf.drawing.figures.number_labels import labels
from errsurf.drawing.layout.style import scenario_style
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.run_analysis.inspection import Inspection, inspect
from helpers.command_line import SMALL, CommandLine

BATCH_5 = SMALL + "batch = 5\n"


def inspected(kind: str = "saddle", groups: tuple[dict[str, Any], ...] = ({},), **surface: Any) -> Inspection:
    tables: dict[str, Any] = {"surface": {"kind": kind, **surface}, "run": {"updates": 3}}
    tables["optimizer"] = [{"kind": "sgd", "label": str(k), **group} for k, group in enumerate(groups)]
    return inspect(scenario_from(tables))


def test_equal_losses_have_no_gap() -> None:
    found = inspected("himmelblau", tilt=0.4)
    assert (found.test_loss - [c.loss for c in found.critical]).any()
    assert not found.gap.any()
    shifted = inspected(test={"shift": [0.2, 0.0]})
    np.testing.assert_array_equal(shifted.gap, shifted.test_loss - [c.loss for c in shifted.critical])
    assert shifted.gap.all()


@pytest.mark.parametrize("command", [["inspect"], ["basins", "--size=8", "--seeds=1", "-o", "map.npz"]])
def test_a_surface_takes_the_place_of_a_scenario(errsurf: CommandLine, command: list[str]) -> None:
    first, *options = command
    assert errsurf(first, "rosenbrock", *options, "--set", "surface.tilt=0.4") == 0
    assert "minimum" in errsurf.out
    assert errsurf(first, "rosenbrok", *options, "--force" if options else "--json") == 2
    assert "no such file, bundled scenario or surface; did you mean `rosenbrock`?" in errsurf.err


def test_json_holds_what_the_surface_says(errsurf: CommandLine) -> None:
    assert errsurf("inspect", errsurf.file(BATCH_5), "--json") == 0
    told = json.loads(errsurf.out)
    assert (told["surface"], told["examples"], told["batches"]) == ("saddle", 20, [5])
    assert [point["kind"] for point in told["points"]] == ["minimum", "minimum", "saddle"]
    found = inspected(tilt=0.4, groups=({"batch": 5},))
    at = np.array([(point["x"], point["y"]) for point in told["points"]])
    np.testing.assert_allclose(at, [(-1, 0), (1, 0), (0, 0)], atol=1e-9)
    for k, point in enumerate(told["points"]):
        train, test = (float(found.landscape.loss(at[k], which)) for which in ("train", "test"))
        assert point["train_loss"] == pytest.approx(train, abs=1e-14)
        assert point["gap"] == pytest.approx(test - train, abs=1e-14)
        assert point["sharpness"] == point["eigenvalues"][1] > 0
        assert point["largest_lr"] == pytest.approx(2 / point["sharpness"])
        (noise,) = point["noise"]
        c = found.landscape.covariance(at[k]) / 5 * 15 / 19
        np.testing.assert_allclose(noise["covariance"], [[c[0], c[1]], [c[1], c[2]]], rtol=1e-12)


def test_plain_descent_stays_at_a_minimum_only_below_two_over_sharpness() -> None:
    found = inspected("six_hump_camel")
    minimum, limit = found.critical[0], found.largest_lr[0]
    assert minimum.kind == "minimum"
    assert limit is not None
    for lr, stays in ((0.97 * limit, True), (1.03 * limit, False)):
        theta = np.array([minimum.x, minimum.y]) + 1e-6
        for _ in range(2000):
            theta = theta - lr * found.landscape.gradient(theta)
        assert (np.hypot(*(theta - (minimum.x, minimum.y))) < 1e-3) == stays


def test_where_nothing_curves_upwards_every_lr_stays() -> None:
    top, level, flat = (Critical(0.0, 0.0, "maximum", 0.0, (-1.0, sharpness)) for sharpness in (-0.5, 0.0, 0.01))
    assert replace(inspected(), critical=(top, level, flat)).largest_lr == [None, None, 200.0]


def test_table_has_a_row_for_each_point_and_explains_itself(errsurf: CommandLine) -> None:
    assert errsurf("inspect", errsurf.file(BATCH_5)) == 0
    lines = errsurf.out.splitlines()
    assert lines[0] == "saddle, x from -2 to 2, y from -1.5 to 1.5: 2 minima, 1 saddle"
    assert sum(line.strip().startswith(("A  ", "B  ", "1  saddle")) for line in lines) == 6
    assert "Gradient noise of batch 5, drawn without replacement from 20 examples" in lines
    assert "2 / sharpness  the largest stable lr" in errsurf.out
    assert max(map(len, lines)) <= 120
    assert errsurf("inspect", "small.toml", "--set", "picture.window={x=[0.5, 0.6], y=[1, 2]}") == 0
    assert "no critical point; look elsewhere" in errsurf.out


def test_many_points_are_cut_short_in_the_table_only(errsurf: CommandLine) -> None:
    file = errsurf.file(SMALL.replace('"saddle"\ntilt = 0.4', '"rastrigin"'))
    assert errsurf("inspect", file) == 0
    assert "25 minima, 40 saddles, 16 maxima" in errsurf.out
    assert "and 57 more, which --json prints too" in errsurf.out
    assert errsurf("inspect", file, "--json") == 0
    assert len(json.loads(errsurf.out)["points"]) == 81


def test_batches_are_those_of_the_groups_or_those_asked_for(errsurf: CommandLine) -> None:
    assert inspected(groups=({}, {"batch": 3, "accumulate": 2}, {"batch": 1}, {"batch": 20})).batches == (1, 6)
    file = errsurf.file(BATCH_5)
    assert errsurf("inspect", file, "--json", "--batch", "7", "--batch", "20") == 0
    told = json.loads(errsurf.out)
    assert told["batches"] == [7, 20]
    assert told["points"][0]["noise"][1]["covariance"] == [[0, 0], [0, 0]]
    assert errsurf("inspect", file, "--json", "--batch", "20", "--set", "run.sampling=replacement") == 0
    assert json.loads(errsurf.out)["points"][0]["noise"][0]["covariance"][0][0] > 0


def test_a_level_valley_is_called_so(errsurf: CommandLine) -> None:
    assert errsurf("inspect", errsurf.file(SMALL.replace('"saddle"\ntilt = 0.4', '"deep_linear"'))) == 0
    assert "1 saddle, 2 valley floors" in errsurf.out
    assert "the floor of a valley" in errsurf.out


def test_a_result_folder_is_inspected_as_its_scenario(errsurf: CommandLine) -> None:
    Path("result").mkdir()
    for name, text in {"scenario.toml": BATCH_5, "summary.json": "{}"}.items():
        errsurf.file(text, f"result/{name}")
    assert errsurf("inspect", "result", "--json") == 0
    told = errsurf.out
    assert errsurf("inspect", errsurf.file(BATCH_5), "--json") == 0
    assert errsurf.out == told


def test_figure_has_the_pictures_size_and_ellipses_where_there_is_noise(errsurf: CommandLine) -> None:
    change = ("--set", "picture.size=[640, 360]")
    assert errsurf("inspect", errsurf.file(BATCH_5), "-o", "a.png", *change) == 0
    assert errsurf.out.endswith("\na.png\n")
    with Image.open("a.png") as image:
        assert image.size == (640, 360)
    tone = group_colours(theme("light"), [0])[0].astype(int)

    def orange(found: Inspection) -> int:
        return int((np.abs(landscape_figure(found).pixels.astype(int) - tone).max(axis=-1) < 30).sum())

    assert orange(inspected(tilt=0.4, groups=({"batch": 5},))) > 50
    assert orange(inspected(tilt=0.4)) == orange(inspected(groups=({"batch": 5},))) == 0


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(lambda: inspected("quadratic_bowl"), id="one point"),
        pytest.param(lambda: inspected("rastrigin", tilt=1.0, groups=({"batch": 1},)), id="81 points"),
        pytest.param(lambda: inspected("linear_regression", examples=1), id="one example"),
    ],
)
def test_figures_of_dark_corners_are_drawn(found: Any) -> None:
    figure = landscape_figure(found()).pixels
    assert figure.shape == (540, 960, 3)
    assert len(np.unique(figure.reshape(-1, 3), axis=0)) > 20


MISTAKES = {
    "no file": (["nothing"], "no such file"),
    "two scenarios": (["small.toml", "small.toml"], "unexpected extra argument"),
    "batch 0": (["small.toml", "--batch", "0"], "batch = 0: the surface has 20 examples; allowed: from 1 to 20"),
    "batch 21": (["small.toml", "--batch", "21"], "batch = 21"),
    "batch in letters": (["small.toml", "--batch", "full"], "'full' is not a valid integer"),
    "a strange suffix": (["small.toml", "-o", "a.jpg"], "allowed: .html, .pdf, .png, .svg"),
    "no folder": (["small.toml", "-o", "no/a.png"], "there is no folder no"),
    "an old file": (["small.toml", "-o", "old.png"], "old.png exists"),
    "a wrong change": (["small.toml", "--set", "surface.titl=1"], "did you mean `tilt`"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_said_in_a_line(errsurf: CommandLine, name: str) -> None:
    arguments, words = MISTAKES[name]
    errsurf.file()
    Path("old.png").touch()
    assert errsurf("inspect", *arguments) == 2
    assert words in errsurf.err
    assert errsurf.err.count("\n") == 1
    assert errsurf.out == ""
    assert errsurf.names() == {"small.toml", "old.png"}


@pytest.mark.parametrize("seed", range(6))
def test_labels_of_twelve_points_lie_apart(seed: int) -> None:
    area, size = Box(40, 60, 460, 380), (960, 540)
    style = scenario_style(inspected().scenario, size)
    rows, columns = np.divmod(np.random.default_rng(seed).permutation(60)[:12], 10)
    spots = [(60 + 40 * int(c), 80 + 52 * int(r)) for r, c in zip(rows, columns, strict=True)]
    found = labels([str(k + 1) for k in range(12)], spots, area, style)
    assert len(found) == 12
    boxes = [Box(p.left, p.top, p.left + text_width(p.text, p.kind), p.top + line_height(p.kind)) for p in found]
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])
    assert not any(box.left < x < box.right and box.top < y < box.bottom for box in boxes for x, y in spots)
    assert all(box.inside(area) for box in boxes)


def test_the_noise_scale_is_that_of_its_definition(errsurf: CommandLine) -> None:
    """Over 25 x 25 places; tilts of one covariance C all over the plane make it tr(C) / |g|^2."""
    assert errsurf("inspect", errsurf.file(BATCH_5), "--json") == 0
    told = json.loads(errsurf.out)["noise_scale"]
    found = inspected(tilt=0.4, groups=({"batch": 5},))
    x, y = ((np.arange(25) + 0.5) * (high - low) / 25 + low for low, high in found.window)
    slopes = np.array([found.landscape.gradient(np.array([a, b])) for a in x for b in y])
    (trace,) = {round(float(c[0] + c[2]), 12) for c in found.landscape.covariance(np.array([[0.3, 0.2], [1.0, -1.0]]))}
    expected = np.quantile(trace / (slopes**2).sum(axis=1), [0.05, 0.5, 0.95])
    np.testing.assert_allclose([told[key] for key in ("low", "median", "high")], expected, rtol=1e-9)
    assert errsurf("inspect", errsurf.file(BATCH_5)) == 0
    assert f"Gradient noise scale over the window: median {expected[1]:.4g}, from {expected[0]:.4g} (5%)" in errsurf.out


def test_a_batch_of_the_noise_scale_makes_half_the_progress_at_its_best_rate() -> None:
    """On a round bowl, with replacement: the mean loss after one update is least at lr = 1 / (1 + scale / B)."""
    found = inspected("quadratic_bowl", condition=1.0, sharpness=1.0, tilt=0.5, examples=40)
    theta = np.array([1.0, -0.5])
    scale = float(noise_scale(found.landscape.covariance(theta), found.landscape.gradient(theta)))
    each = found.landscape.train[:, 3:5] + found.landscape.gradient(theta)
    batch = 2
    pairs = (each[:, None] + each[None]).reshape(-1, 2) / batch
    lr = np.linspace(0, 1, 1001)
    places = theta - lr[:, None, None] * pairs
    progress = found.landscape.loss(theta) - found.landscape.loss(places).mean(axis=1)
    best, of_all = progress.max(), found.landscape.loss(theta) - found.landscape.loss(np.zeros(2))
    assert best / of_all == pytest.approx(1 / (1 + scale / batch), rel=1e-5)
    assert lr[progress.argmax()] == pytest.approx(1 / (1 + scale / batch), abs=1e-3)


def test_examples_that_agree_have_no_noise_scale_to_show(errsurf: CommandLine) -> None:
    assert inspected(tilt=0.0).noise_scale == (0.0, 0.0, 0.0)
    assert errsurf("inspect", errsurf.file(SMALL), "--set", "surface.tilt=0") == 0
    assert "noise scale" not in errsurf.out


def test_the_ellipses_are_those_of_the_scenarios_own_lr() -> None:
    """Of the group with the smallest batch; too small to be seen, they are ten times as large, which is said."""
    from errsurf.drawing.figures.landscape import _words
    from errsurf.scenario import read_scenario

    changes = {"batch 1.lr": 0.09, "full batch.lr": 0.03}
    found = inspect(read_scenario("flat_or_sharp", changes), batches=[1, 20])
    assert found.lr == (0.09, 0.09)
    assert inspect(read_scenario("flat_or_sharp", changes), batches=[20]).lr == (0.03, 0.03)
    assert _words(found, 1.0).endswith("one standard deviation of an sgd update at lr 0.09")
    assert _words(found, 10.0).endswith("at lr 0.09, 10 times as large")


OWN = """\
[surface]
kind = "expression"
loss = "(w1*a - 207)^2 + (w2*a - 39)^2"
columns = { a = "linspace(0.9, 1.1)" }
parameters = ["w1", "w2"]
examples = 5
[swarm]
particles = 8
start = "cloud"
at = [150.0, 3.0]
[run]
updates = 20
[[optimizer]]
kind = "sgd"
lr = 0.1
batch = "full"
"""


def test_inspect_and_basins_look_where_a_run_looks(errsurf: CommandLine) -> None:
    file = errsurf.file(OWN)
    assert errsurf("run", file, "--no-pictures") == 0
    assert "minimum at (206.0, 38.8)" in errsurf.out
    assert errsurf("inspect", file) == 0
    first, _, heads, point, *_ = errsurf.out.splitlines()
    assert first.endswith(": 1 minimum")
    assert heads.split()[:2] == ["w1", "w2"]
    assert point.split()[1:3] == ["206", "38.81"]
    assert errsurf("basins", file, "--size=8", "--seeds=1", "-o", "map.npz") == 0
    assert "minimum at (206, 38.81)" in errsurf.out


def test_a_window_of_the_scenario_is_not_left(errsurf: CommandLine) -> None:
    file = errsurf.file(OWN + "[picture]\nwindow = { x = [0.0, 1.0], y = [0.0, 1.0] }\n")
    assert errsurf("inspect", file) == 0
    assert "no critical point" in errsurf.out


def test_a_batch_that_varies_is_not_said_to_be_all_examples() -> None:
    tables = {"surface": {"kind": "saddle"}, "run": {"updates": 3}, "optimizer": [{"kind": "sgd", "lr": 0.1}]}
    found = inspect(scenario_from({**tables, "sweep": {"vary": {"optimizer.batch": [1, 4]}}}))
    assert _words(found, 0.0) == "no ellipses of gradient noise: the batch varies"
    assert _words(inspect(scenario_from(tables)), 0.0) == "no gradient noise: every update uses all examples"
