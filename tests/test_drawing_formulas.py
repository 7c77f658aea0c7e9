"""Scales, paces, heights and titles of the drawing, against what can be worked out by hand."""

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from errsurf.analysis import Critical
from errsurf.drawing.charts import Data, Scale, chart, chart_kind, chart_names
from errsurf.drawing.charts._particles import median_band
from errsurf.drawing.charts.data_and_fit import data, span
from errsurf.drawing.charts.loss_by_time import marks, scale
from errsurf.drawing.charts.stability import PART
from errsurf.drawing.colours import theme
from errsurf.drawing.history.frames import latest, visited_points
from errsurf.drawing.history.heights import LAMP, RISE, height_scale, light_from_above
from errsurf.drawing.history.pace import Pace, pace
from errsurf.drawing.layout.sizes import particle_dots
from errsurf.drawing.layout.style import style
from errsurf.drawing.lettering.fonts import Faces, bundled_face
from errsurf.drawing.map.strokes import arrow, dashed, dashes, ellipse, ring, round_factor
from helpers.chart_results import made, source, values

POINTS = (
    Critical(0.0, 0.0, "saddle", 0.0, (-1.0, 1.0)),
    Critical(1.0, 0.0, "minimum", -0.25, (1.0, 2.0)),
    Critical(-1.0, 0.0, "minimum", -0.25, (1.0, 5.0)),
)
LINE = {"kind": "linear_regression", "examples": 9, "test": {"examples": 4}}


def path(frames: int = 5, particles: int = 3) -> Any:
    return 0.3 * np.random.default_rng(2).normal(size=(frames, particles, 2)).cumsum(axis=0)


@pytest.mark.parametrize("name", chart_names())
def test_titles_of_a_chart_are_ever_shorter_and_say_what_it_is_of(name: str) -> None:
    run = made(path(), path(), batches=(5, "full"), seconds=(1.0, 2.0), of=LINE if name == "data and fit" else None)
    of = source(run, POINTS, lambda points: (points[:, 0] < 0).astype(np.int64))
    found = chart_kind(name).titles(of)
    lengths = [len(title) for title in found]
    assert min(lengths) > 0
    assert len(lengths) >= 3
    assert all(b <= a for a, b in pairwise(lengths))
    assert lengths[0] > lengths[-1]
    for word in ("batch", "time", "basin"):
        assert word not in name or all(word in title for title in found[:2])
    if "basins" in name:
        assert "flat minimum" in found[0]
    if name == "data and fit":
        assert all(title.startswith(run.landscape.problem.column_names[1]) for title in found)


def test_rates_of_both_parameters_have_titles_and_a_second_curve() -> None:
    run = made(path(), path())
    both = np.stack([np.linspace(0.1, 0.5, 5), np.linspace(0.2, 0.6, 5)], axis=1)
    of = source(replace(run, groups=[replace(group, lr=both) for group in run.groups]))
    found = chart_kind("lr").titles(of)
    assert found == ("learning rate along x; dashed: along y", "lr, x; dashed: y", "lr")
    assert values("lr", of).line == pytest.approx(both[:, 0])
    assert values("lr", of).dashed == pytest.approx(both[:, 1])


@pytest.mark.parametrize(("apart", "log"), [(29.5, False), (30.5, True)])
def test_rates_are_on_a_logarithmic_scale_where_their_peaks_are_more_than_a_factor_of_30_apart(
    apart: float, log: bool
) -> None:
    run = made(path(), path())
    groups = [replace(group, lr=np.full(5, lr)) for group, lr in zip(run.groups, (0.01, 0.01 * apart), strict=True)]
    found = chart(chart_kind("lr"), source(replace(run, groups=groups))).scale
    assert found.log == log
    low, high = found.height(np.array([0.01, 0.01 * apart]))
    assert 0.02 < low < 0.6 < high < 1.0


def test_the_limit_of_rates_needs_recorded_rates_of_all_groups() -> None:
    run = made(path(), path())
    recorded = [replace(group, parts={PART: np.ones((5, 3, 2))}) for group in run.groups]
    possible = chart_kind("stability").possible
    assert possible(replace(run, groups=recorded), ())
    assert not possible(replace(run, groups=[recorded[0], run.groups[1]]), ())


def test_the_scale_of_shares_leaves_the_same_room_below_none_and_above_all() -> None:
    found = chart_kind("basins").scale(source(made(path())), [])
    none, half, every = found.height(np.array([0.0, 0.5, 1.0]))
    assert 0.0 < none < 0.05
    assert (half, none + every) == pytest.approx((0.5, 1.0))


def test_time_is_logarithmic_from_five_times_on() -> None:
    slow = np.linspace(0.0, 1.0, 11)
    assert scale([slow, 0.21 * slow]) == Scale(0.0, 1.0)
    assert tuple(scale([slow, 0.2 * slow])) == pytest.approx((0.02, 1.0, True, False))
    assert scale([slow, 0 * slow]).log
    assert [text for _, text in marks(Scale(1e-3, 1.0, True), [])] == ["1 ms", "10 ms", "100 ms", "1 s"]
    assert marks(Scale(0.02, 0.5, True), []) == [(0.02, "20 ms"), (0.5, "500 ms")]
    assert marks(Scale(1e-9, 1e6, True), [])[0][0] == pytest.approx(1e-9)
    assert marks(Scale(1e-9, 1e6, True), [])[-1][0] == pytest.approx(1e6)
    assert marks(Scale(1e-10, 1.0, True), [])[0][0] == pytest.approx(1e-9)
    assert marks(Scale(0.0, 0.5), []) == [(0.0, "0"), (0.5, "500 ms")]


def test_points_of_data_have_a_margin_on_either_side() -> None:
    points = Data("x", np.array([(0.0, 5.0), (1.0, 5.0)]), np.array([(-1.0, 5.0)]))
    assert span(points, 0) == pytest.approx((-1.12, 1.12))
    assert span(points, 1) == pytest.approx((4.5, 5.5))


@pytest.mark.parametrize(("apart", "rings"), [(0.0, 0), (0.5, 300)])
def test_of_many_examples_some_are_drawn_and_test_examples_if_they_are_others(apart: float, rings: int) -> None:
    rows = np.arange(1800.0).reshape(600, 3)
    problem = SimpleNamespace(column_names=("x", "y", "weight"))
    of: Any = SimpleNamespace(train=rows, test=rows + apart, problem=problem)
    found = data(SimpleNamespace(result=SimpleNamespace(landscape=of)))  # type: ignore[arg-type]
    assert (found.word, found.train.shape, found.test.shape) == ("x", (300, 2), (rings, 2))
    assert set(map(tuple, found.train.tolist())) <= set(map(tuple, rows[:, :2].tolist()))


@pytest.mark.parametrize(("trails", "lines"), [(0, 1), (3, 3), (50, 5)])
def test_as_many_predictions_are_drawn_as_particles_have_trails_and_five_at_most(trails: int, lines: int) -> None:
    run = source(made(path(particles=8), of=LINE, trails=trails))
    found = values("data and fit", run).profile
    assert found is not None
    assert found.shape == (5, lines, 81)
    first = run.groups[0].position[:, 0]
    low, high = span(Data("x", run.result.landscape.train[:, :2], run.result.landscape.test[:, :2]), 0)
    predict = run.result.landscape.problem.surface.predict
    assert predict is not None
    assert found[:, 0, 0] == pytest.approx(np.array([predict(x, y, low) for x, y in first]))
    assert found[:, 0, -1] == pytest.approx(np.array([predict(x, y, high) for x, y in first]))
    if trails:
        assert found[:, -1, 0] == pytest.approx(np.array([predict(x, y, low) for x, y in run.groups[0].position[:, 7]]))
    assert found[:, 0, 40] == pytest.approx(np.array([predict(x, y, (low + high) / 2) for x, y in first]))


def test_a_band_holds_nine_tenths_around_the_median() -> None:
    found = median_band(np.arange(101.0)[None])
    assert found.line == pytest.approx([50.0])
    assert found.band == pytest.approx(np.array([[5.0, 95.0]]))


def test_marks_of_a_logarithmic_pace_are_powers_of_ten_short_of_the_end() -> None:
    found = Pace("log", 1000.0, 1.0).marks
    assert [text for _, text in found] == ["0", "1", "10", "100", "1,000"]
    assert [share for share, _ in found] == pytest.approx(np.log1p([0, 1, 10, 100, 1000]) / np.log(1001))
    assert [text for _, text in Pace("log", 1000.0, 5.0).marks] == ["0", "10", "100", "1,000"]
    assert [text for _, text in Pace("log", 190.0).marks] == ["0", "1", "10", "190"]
    assert [text for _, text in Pace("log", 210.0).marks] == ["0", "1", "10", "100", "210"]
    for kind in ("even", "eased"):
        assert Pace(kind, 1500.0).marks == [(0.0, "0"), (1.0, "1,500")]


def test_shares_of_a_pace_stay_between_start_and_end() -> None:
    assert Pace("even", 200.0).share(50) == 0.25
    assert Pace("eased", 200.0).share(50) == 0.25
    assert Pace("eased", 200.0).evened(50) == pytest.approx(100.0)
    assert Pace("even", 200.0).share(999) == 1.0
    assert Pace("log", 99.0).share(9) == pytest.approx(0.5)
    assert Pace("log", 396.0, 4.0).share(36) == pytest.approx(0.5)
    assert Pace("eased", 200.0).evened(-5.0) == 0.0
    for kind in ("even", "eased", "log"):
        assert Pace(kind, 0.0).share(0) == 0.0
        assert Pace(kind, 0.0).evened(3.0) == 3.0
        assert Pace(kind, 1.0).evened(1.0) == pytest.approx(1.0)


def test_a_logarithm_counts_from_the_first_recorded_value() -> None:
    run = made(path(), path(), pace="log")
    late, later = (replace(group, update=step * group.update) for group, step in zip(run.groups, (30, 7), strict=True))
    assert pace(replace(run, groups=[late, later])) == Pace("log", 120.0, 7.0)
    assert pace(made(path(frames=3))) == Pace("even", 2.0, 1.0)


def test_the_frame_shown_is_the_last_that_is_not_after_the_clock() -> None:
    found = [latest(np.array([0, 10, 20]), clock) for clock in (-5.0, 0.0, 9.9, 10.0, 25.0)]
    assert found == [0, 0, 0, 1, 2]


def test_a_few_hundred_particles_at_ten_frames_stand_for_a_run() -> None:
    frame, particle = np.meshgrid(np.arange(19.0), np.arange(700.0), indexing="ij")
    far = np.stack([frame, particle], axis=-1)
    far[0, 0] = (1e30, -1e30)
    found = visited_points(SimpleNamespace(groups=[SimpleNamespace(position=far)]))  # type: ignore[arg-type]
    assert found[0].tolist() == [1e12, -1e12]
    assert found.shape == (10 * 234, 2)
    assert np.unique(found[1:, 0]).tolist() == list(range(0, 19, 2))
    assert np.unique(found[1:, 1]).tolist() == list(range(0, 700, 3))


def test_heights_have_the_middle_loss_at_two_fifths() -> None:
    loss = np.linspace(0.0, 1.0, 10_001) ** 3
    found = height_scale(loss, "area")
    assert found.height(np.array([0.0, 0.125, 1.0])) == pytest.approx([0.0, 0.42, 1.0], abs=1e-9)
    far = height_scale(np.append(loss, 100.0), "area")
    assert far.high == pytest.approx(60 * 0.125, rel=1e-3)
    assert far.height(np.array([np.nan, 100.0])).tolist() == [1.0, 1.0]


def test_heights_of_a_plain_are_straight_and_a_logarithm_bends_at_its_lowest_loss() -> None:
    plain = np.append(np.zeros(100), 1.0)
    for found in (height_scale(plain, "area"), height_scale(np.linspace(0, 1, 101), "linear")):
        assert found.height(np.array([0.25, 0.5])) == pytest.approx([0.25, 0.5], abs=1e-6)
    assert height_scale(np.array([0.5, 10.0]), "log") == (0.5, 10.0, 0.5)
    assert height_scale(np.array([0.0, 10.0]), "log") == (0.0, 10.0, 1e-3)
    assert height_scale(np.array([20.0, 30.0]), "log") == (20.0, 30.0, 10.0)
    level = height_scale(np.full(5, 3.0), "area").height(np.full(5, 3.0))
    assert level.tolist() == [0.0] * 5


@pytest.mark.parametrize("slope", [(0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)])
def test_light_falls_by_the_cosine_of_its_angle(slope: tuple[float, float]) -> None:
    """On an even slope over a map of 4 by 3, whose diagonal is 1; the lamp is at the upper left."""
    x, y = np.linspace(0.0, 4.0, 41), np.linspace(0.0, 3.0, 31)
    loss = slope[0] * x + slope[1] * y[:, None]
    found = light_from_above((x, y, loss), (4.0, 3.0), "linear")
    normal = np.array([-slope[0] * RISE / 0.8, -slope[1] * RISE / 0.6, 1.0])
    lamp = np.array([LAMP[0], -LAMP[1], LAMP[2]]) / np.linalg.norm(LAMP)
    expected = 0.5 + 1.1 * (normal @ lamp / np.linalg.norm(normal) - lamp[2])
    assert found == pytest.approx(np.full((31, 41), np.clip(expected, 0.0, 1.0)), abs=1e-5)
    assert sum(slope) == 0 or (expected > 0.5) == (slope in ((1.0, 0.0), (0.0, -1.0)))


def test_an_arrow_has_a_shaft_and_two_barbs_that_mirror_each_other() -> None:
    start, end = np.array([10.0, 20.0]), np.array([40.0, 60.0])
    (found,) = arrow(start, end, 1.0, 3)
    shaft, barbs = found.path[:2], found.path[3:]
    assert np.isnan(found.path[2]).all()
    assert shaft == pytest.approx(np.array([start, end]))
    assert barbs[1] == pytest.approx(end)
    forward = np.array([0.6, 0.8])
    for barb in barbs[[0, 2]]:
        assert (end - barb) @ forward == pytest.approx(8.0)
    assert barbs[0] - barbs[2] == pytest.approx(8.0 * np.array([-0.8, 0.6]))
    (short,) = arrow(start, start + 6 * forward, 1.0)
    assert short.path[4] - short.path[3] == pytest.approx(3 * forward - 1.5 * np.array([-0.8, 0.6]))
    assert (found.colour, short.colour) == (3, 0)


@pytest.mark.parametrize(("length", "drawn"), [(1.9, 0), (2.1, 1), (9e4, 1), (1.1e5, 0), (np.nan, 0), (np.inf, 0)])
def test_arrows_that_are_too_short_or_lead_nowhere_are_not_drawn(length: float, drawn: int) -> None:
    for dotted in (False, True):
        if not dotted or length < 1e4:
            assert len(arrow(np.zeros(2), np.array([0.0, length]), 1.0, dashed=dotted)) == drawn
    assert arrow(np.array([np.nan, 0.0]), np.zeros(2), 1.0) == []


def test_dashes_end_where_the_line_does() -> None:
    found = dashes(np.array([1.0, 2.0]), np.array([21.0, 2.0]), 5.0, 3.5)
    assert np.isnan(found[2::3]).all()
    assert found[0::3, 0] == pytest.approx([16.0, 7.5, 1.0])
    assert found[1::3, 0] == pytest.approx([21.0, 12.5, 4.0])
    assert (found[np.isfinite(found[:, 1]), 1] == 2.0).all()


def test_a_polyline_in_dashes_keeps_its_corners_and_has_gaps_of_one_length() -> None:
    corner = np.array([(0.0, 0.0), (np.nan, 0.0), (6.0, 0.0), (6.0, 20.0)])
    pieces: list[list[list[float]]] = []
    piece: list[list[float]] = []
    for point in dashed(corner, 4.0, 3.0).tolist():
        if np.isnan(point[0]):
            pieces.append([each for k, each in enumerate(piece) if k == 0 or each != piece[k - 1]])
            piece = []
        else:
            piece.append(point)
    assert not piece
    pieces = [each for each in pieces if each]
    assert pieces == [
        [[0.0, 0.0], [4.0, 0.0]], [[6.0, 1.0], [6.0, 5.0]], [[6.0, 8.0], [6.0, 12.0]], [[6.0, 15.0], [6.0, 19.0]],
    ]  # fmt: skip
    around = dashed(corner, 7.0, 3.0)
    assert around[:3].tolist() == [[0.0, 0.0], [0.0, 0.0], [6.0, 0.0]]
    assert around[3].tolist() == [6.0, 1.0]
    assert dashed(np.full((2, 2), np.nan), 1.0, 1.0).shape == (0, 2)


def test_ellipses_go_once_around_through_the_ends_of_their_half_axes() -> None:
    half = np.array([(3.0, 1.0), (-1.0, 2.0)])
    points = ellipse(np.array([5.0, 6.0]), half, 1.0, 2).path - (5.0, 6.0)
    assert points[[0, 16, 32, 64]] == pytest.approx(np.array([half[0], half[1], -half[0], half[0]]))
    shares = points @ np.linalg.inv(half)
    assert np.hypot(*shares.T) == pytest.approx(np.ones(len(points)))
    circle = ring(np.zeros(2), 4.0, 1.5)
    assert np.hypot(*circle.path.T) == pytest.approx(np.full(len(circle.path), 4.0))
    assert (circle.radius, circle.colour) == (1.5, 0)


@pytest.mark.parametrize("longest", [1e-7, 0.0123, 0.1, 0.299, 0.3, 0.5, 0.99])
def test_a_factor_of_one_digit_is_the_largest_that_has_room(longest: float) -> None:
    found = round_factor(longest, 1.0)
    power = 10.0 ** np.floor(np.log10(found) + 1e-9)
    assert found / power == pytest.approx(round(found / power))
    assert found * longest <= 1.0 + 1e-9 < (found + power) * longest
    assert [round_factor(each, 1.0) for each in (0.0, 1.0, 7.0, np.nan)] == [1.0] * 4


@pytest.mark.parametrize(
    ("size", "heights"),
    [((960, 540), (23, 16, 14, 13)), ((3840, 2160), (92, 64, 56, 52)), ((300, 1200), (14, 10, 10, 10))],
)
def test_letters_grow_with_the_picture_and_none_is_below_ten_pixels(
    size: tuple[int, int], heights: tuple[int, ...]
) -> None:
    faces = Faces((bundled_face(),), (bundled_face(bold=True),))
    found = style(size, theme("light"), faces)
    assert tuple(kind.size for kind in (found.title, found.label, found.number, found.tick)) == heights
    assert found.unit == pytest.approx(min((size[0] * size[1]) ** 0.5 / 720, min(size) / 480))


def test_dots_of_larger_groups_are_smaller_and_fainter() -> None:
    counts = (1, 12, 13, 100, 101, 600, 601, 5000, 5001, 10**6)
    found = [particle_dots(count, 2.0) for count in counts]
    radii = [dots.radius for dots in found]
    assert radii[::2] == radii[1::2] == sorted(set(radii), reverse=True)
    assert [dots.smooth for dots in found] == [count <= 600 for count in counts]
    assert found[-1].strength < found[0].strength == found[-3].strength
    assert particle_dots(5, 1.0).radius == radii[0] / 2
