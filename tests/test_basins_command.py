"""The command basins: where particles end that start on every pixel of a map."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from errsurf import scenario_from, simulate
from errsurf.analysis import basin_labels, critical_points
from errsurf.drawing.figures.basins import basin_figure, minimum_colours
from errsurf.engine.landscape import surface
from errsurf.engine.segments import group_plans, group_rates
from errsurf.run_analysis.basin_map import (
    DIVERGED,
    NO_MINIMUM,
    BasinMap,
    GroupBasins,
    axes,
    basins,
    mean_interval,
    stochastic,
)
from errsurf.scenario import Scenario, Swarm
from errsurf.starts import points as points_start
from helpers.command_line import SMALL, CommandLine


def scenario(*groups: dict[str, Any], kind: str = "saddle", updates: int = 40, **tables: Any) -> Scenario:
    own: dict[str, Any] = {"surface": {"kind": kind, "tilt": 0.6}, "run": {"updates": updates}} | tables
    own["optimizer"] = [{"kind": "sgd", "lr": 0.1, "label": str(k), **group} for k, group in enumerate(groups or ({},))]
    return scenario_from(own)


def starts(found: BasinMap) -> list[tuple[float, float]]:
    x, y = axes(found.window, found.groups[0].ends.shape[1:])
    return [(float(a), float(b)) for b in y for a in x]


def test_full_batch_ends_on_its_side_of_the_saddle() -> None:
    found = basins(scenario(), (41, 30), 4)
    (group,) = found.groups
    assert group.ends.shape == (1, 30, 41)
    x, y = axes(found.window, (30, 41))
    np.testing.assert_allclose((x[0], x[-1], y[0], y[-1]), (-2 + 2 / 41, 2 - 2 / 41, -1.45, 1.45))
    at = np.array([m.x for m in found.minima])
    sides = np.sign(at)[group.ends[0]]
    np.testing.assert_array_equal(sides[:, :20], -1)
    np.testing.assert_array_equal(sides[:, 21:], 1)


def test_ends_are_those_of_a_run_from_the_pixels() -> None:
    """The first seed is the scenario's own; a group's particle draws the same examples in both."""
    chosen = scenario({"batch": 1}, {"batch": 4, "momentum": 0.5}, {"kind": "adam"}, updates=25)
    found = basins(chosen, (16, 12), 3)
    points = starts(found)
    swarm = Swarm("points", len(points), points_start.Settings(tuple(points)))
    run = simulate(replace(chosen, swarm=swarm))
    minima = [c for c in critical_points(run.landscape, found.window) if c.kind == "minimum"]
    for group, expected in zip(found.groups, run.groups, strict=True):
        ends = basin_labels(run.landscape, expected.position[-1].astype(np.float64), minima)
        own = np.array([(found.minima[k].x, found.minima[k].y) for k in group.ends[0].ravel()])
        np.testing.assert_allclose(own, np.array([(m.x, m.y) for m in minima])[ends], atol=1e-9)
    assert [len(group.ends) for group in found.groups] == [3, 3, 1]


def test_seeds_change_the_order_of_examples_and_nothing_else() -> None:
    (first, second), one = basins(scenario({"batch": 1}), (48, 36), 2).groups[0].ends, basins(
        scenario({"batch": 1}), (48, 36), 1
    )  # fmt: skip
    np.testing.assert_array_equal(first, one.groups[0].ends[0])
    differ = first != second
    assert 0 < differ.mean() < 0.2
    assert not differ[:, [0, -1]].any()


@pytest.mark.parametrize(
    ("group", "surface_table", "random"),
    [
        ({}, {}, False),
        ({"batch": 20}, {}, False),
        ({"batch": 5, "accumulate": 4}, {}, False),
        ({"batch": 8, "accumulate": 3}, {}, True),  # of 8, 8 and 4: the four weigh twice as much
        ({"batch": 19}, {}, True),
        ({"batch": 19}, {"tilt": 0.0}, False),
        ({"kind": "langevin"}, {}, True),
        ({"noise": {"kind": "isotropic", "deviation": 0.1}}, {}, True),
    ],
)
def test_what_is_random(group: dict[str, Any], surface_table: dict[str, Any], random: bool) -> None:
    chosen = scenario(group, surface={"kind": "saddle", "tilt": 0.6} | surface_table)
    landscape = surface(chosen)
    assert stochastic(group_plans(chosen, landscape.problem, 0, group_rates(chosen, 0), 0)[0], landscape) == random


def test_a_rate_too_large_diverges() -> None:
    found = basins(scenario({"lr": 50.0}), 8, 1)
    assert (found.groups[0].ends == DIVERGED).mean() > 0.9


def test_both_valleys_of_a_linear_network_are_ends() -> None:
    deep = scenario({"lr": 0.05}, surface={"kind": "deep_linear"}, updates=100)
    found = basins(deep, (30, 30), 1)
    assert [m.kind for m in found.minima] == ["degenerate", "degenerate"]
    points = np.array(starts(found)).reshape(30, 30, 2)
    inner = np.abs(points.sum(axis=-1)) > 0.2
    right = np.array([m.x > 0 for m in found.minima])[found.groups[0].ends[0]]
    np.testing.assert_array_equal(right[inner], points.sum(axis=-1)[inner] > 0)


def test_size_of_one_number_is_the_longer_side() -> None:
    shapes = [basins(scenario(updates=1), size, 1).groups[0].ends.shape for size in (32, (8, 24))]
    assert shapes == [(1, 24, 32), (1, 24, 8)]
    narrow = scenario(updates=1, picture={"window": {"x": [0, 1], "y": [0, 100]}})
    assert basins(narrow, 30, 1).groups[0].ends.shape == (1, 30, 10)


def test_likeliest_end_and_its_share() -> None:
    ends = np.random.default_rng(3).integers(-2, 3, (9, 20, 30)).astype(np.int16)
    best, share = GroupBasins("a", ends).likeliest
    counts = np.stack([(ends == k).sum(axis=0) for k in range(-2, 3)])
    np.testing.assert_array_equal(share, counts.max(axis=0) / 9)
    np.testing.assert_array_equal(best, counts.argmax(axis=0) - 2)


def test_interval_of_a_mean_is_students() -> None:
    assert mean_interval(np.array([0.1, 0.3])) == pytest.approx(12.7062 * 0.1, rel=1e-5)
    assert np.isnan(mean_interval(np.array([0.5])))
    shares = np.random.default_rng(0).normal(0.4, 0.1, (4000, 8))
    held = [abs(each.mean() - 0.4) <= mean_interval(each) for each in shares]
    assert 0.94 < np.mean(held) < 0.96


def test_picture_holds_a_square_a_start_and_far_minima_share_colours() -> None:
    found = basins(scenario({}, {"batch": 1}), (32, 24), 4)
    picture = basin_figure(found).pixels
    for colour in minimum_colours(found):
        assert (picture == colour).all(axis=-1).sum() > 384 * 288 // 4
    many = basins(scenario({"lr": 1e-4}, surface={"kind": "rastrigin"}, updates=1), 32, 1)
    colours = minimum_colours(many)
    assert len(many.minima) == 25
    assert len(set(colours)) == 6
    at = np.array([(m.x, m.y) for m in many.minima])
    near = (np.hypot(*(at[:, None] - at).T) < 1.2) & ~np.eye(25, dtype=bool)
    assert not any(colours[a] == colours[b] for a, b in np.argwhere(near))


def test_command_writes_picture_and_arrays_and_prints_the_areas(errsurf: CommandLine) -> None:
    file = errsurf.file(SMALL + "batch = 1\n")
    assert errsurf("basins", file, "-o", "map.png", "-o", "map.npz", "--size", "24x16", "--seeds", "3") == 0
    assert errsurf.out.endswith("map.png\nmap.npz\n")
    assert "sgd, batch 1" in errsurf.out
    assert "±: 95% interval" in errsurf.out
    with Image.open("map.png") as image:
        assert image.width > 384
    with np.load("map.npz") as arrays:
        assert arrays["ends_0"].shape == (3, 16, 24)
        assert set(np.unique(arrays["ends_0"])) <= {DIVERGED, NO_MINIMUM, 0, 1}
        assert arrays["labels"].tolist() == ["sgd, batch 1"]
        np.testing.assert_allclose(np.sort(arrays["minima"][:, 0]), [-1, 1], atol=1e-9)
        assert (len(arrays["x"]), len(arrays["y"])) == (24, 16)


def test_ctrl_c_leaves_nothing(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("errsurf.run_analysis.basin_map.advance_segments", pressed)
    assert errsurf("basins", errsurf.file(), "-o", "map.png", "--size", "8") == 130
    assert errsurf.err.strip() == "errsurf: stopped"
    assert errsurf.names() == {"small.toml"}


def test_a_full_disk_is_said_with_the_file(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("errsurf.drawing.figures.files.save_figure", full)
    assert errsurf("basins", errsurf.file(), "-o", "map.png", "--size", "8") == 1
    assert errsurf.err == "errsurf: map.png: the disk is full; it was not written\n"


MISTAKES = {
    "no output": (["small.toml"], "missing option '-o'"),
    "no file": (["nothing", "-o", "a.png"], "no such file"),
    "a strange suffix": (["small.toml", "-o", "a.gif"], "allowed: .html, .npz, .pdf, .png, .svg"),
    "no folder": (["small.toml", "-o", "no/a.png"], "there is no folder no"),
    "an old file": (["small.toml", "-o", "old.png"], "old.png exists"),
    "size in letters": (["small.toml", "-o", "a.png", "--size", "big"], "8 to 2048, such as 512x384"),
    "too small": (["small.toml", "-o", "a.png", "--size", "7"], "--size 7"),
    "too large": (["small.toml", "-o", "a.png", "--size", "512x4000"], "--size 512x4000"),
    "no seeds": (["small.toml", "-o", "a.png", "--seeds", "0"], "1<=x<=1000"),
    "a wrong change": (["small.toml", "-o", "a.png", "--set", "run.updats=1"], "did you mean `updates`"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_said_in_a_line(errsurf: CommandLine, name: str) -> None:
    arguments, words = MISTAKES[name]
    errsurf.file()
    Path("old.png").touch()
    assert errsurf("basins", *arguments) == 2
    assert words in errsurf.err
    assert errsurf.out == ""
    assert errsurf.names() == {"small.toml", "old.png"}


def test_window_of_the_scenario_is_the_map() -> None:
    chosen = scenario(picture={"window": {"x": [-0.5, 0.5], "y": [-0.25, 0.25]}}, updates=200)
    found = basins(chosen, 16, 1)
    assert found.window == ((-0.5, 0.5), (-0.25, 0.25))
    np.testing.assert_allclose(np.sort([m.x for m in found.minima]), [-1, 1], atol=1e-9)
    assert surface(chosen).window != found.window
