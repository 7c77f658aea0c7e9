"""The painter: particles where they are, text where it fits, files only when whole."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from simulator.drawing import frame_clocks, painter, write_figure, write_gif, write_png
from simulator.drawing.axes import axis_names
from simulator.drawing.background import contour_levels
from simulator.drawing.chart import Scale, basin_chart, loss_chart
from simulator.drawing.colours import WHITE, group_colours, map_colours, mixed
from simulator.drawing.history import history, quantiles
from simulator.drawing.landmarks import basins
from simulator.drawing.layout import Box, Layout, layout
from simulator.drawing.text import shortened, text_width
from simulator.drawing.window import marks

WINDOW = ((-2.0, 2.0), (-1.0, 1.0))
SIZES = [(960, 540), (240, 240), (240, 136), (480, 270), (540, 960), (800, 800), (3840, 2160), (1280, 320), (300, 1200)]


def saddle(points: Any) -> Any:
    x, y = points[..., 0], points[..., 1]
    return x**2 * (x**2 / 4 - 0.5) + y**2 / 2


def group(path: Any, label: str = "group", **fields: Any) -> SimpleNamespace:
    """A group from positions (frames, particles, 2); one update of 10 examples a frame."""
    path = np.asarray(path, dtype=np.float32)
    frames, particles = path.shape[:2]
    loss = saddle(path.astype(np.float64))
    given = {
        "update": np.arange(frames),
        "examples_seen": 10 * np.arange(frames),
        "diverged": np.full(particles, -1),
        "loss_particles": np.arange(particles),
        "train_loss": loss,
        "test_loss": loss + 0.1,
    }
    return SimpleNamespace(label=label, kind="sgd", position=path, **{**given, **fields})


def result(*groups: SimpleNamespace, title: str = "A title", **picture: Any) -> Any:
    settings = {"window": WINDOW, "clock": "examples", "size": (480, 270), "seconds": 1.0, "hold": 0.5, "fps": 25}
    settings |= {"levels": 8, "trails": 0, "chart": "loss"}
    scenario = SimpleNamespace(
        title=title, surface=SimpleNamespace(kind="saddle"), picture=SimpleNamespace(**{**settings, **picture})
    )
    landscape = SimpleNamespace(loss=lambda points, _: saddle(points), train=np.zeros((20, 5)))
    return SimpleNamespace(scenario=scenario, groups=groups, landscape=landscape)


def cloud(groups: int = 3, particles: int = 200, frames: int = 12, seed: int = 1) -> list[SimpleNamespace]:
    """Groups that spread from the saddle."""
    draw = np.random.default_rng(seed)
    walks = 0.08 * draw.normal(size=(groups, frames, particles, 2)).cumsum(axis=1)
    return [group(walk, f"group {k} with a long label, longer than any panel is wide") for k, walk in enumerate(walks)]


def critical(*rows: tuple[float, float, str, float]) -> list[Any]:
    return [SimpleNamespace(x=x, y=y, kind=kind, loss=0.0, eigenvalues=(s / 2, s)) for x, y, kind, s in rows]


def pixel(x: float, y: float, area: Box) -> tuple[int, int]:
    """Row and column of a point of the window."""
    (x0, x1), (y0, y1) = WINDOW
    return area.top + int((y1 - y) / (y1 - y0) * area.height), area.left + int((x - x0) / (x1 - x0) * area.width)


@pytest.mark.parametrize("place", [(0.5, 0.5), (-1.9, -0.9), (1.25, -0.5)])
def test_a_particle_is_drawn_at_its_pixel(place: tuple[float, float]) -> None:
    ready = painter(result(group([[place], [place]])))
    row, column = pixel(*place, ready.layout.map)
    frame = ready.frame(0.0)
    assert tuple(frame[row, column]) == tuple(ready.colours[0])
    area = ready.layout.map
    changed = np.argwhere((frame != ready.base).any(axis=-1)[area.top : area.bottom, area.left : area.right])
    assert changed.mean(axis=0) == pytest.approx([row - area.top, column - area.left], abs=1e-9)


def test_a_frame_shows_the_latest_record_and_nothing_between() -> None:
    ready = painter(result(group([[(-1.0, 0.5)], [(1.0, 0.5)]])))
    early, late = (pixel(x, 0.5, ready.layout.map) for x in (-1.0, 1.0))
    just_before, at = ready.frame(9.99), ready.frame(10.0)
    assert tuple(just_before[early]) == tuple(at[late]) == tuple(ready.colours[0])
    assert tuple(just_before[late]) == tuple(ready.base[late])
    assert tuple(at[early]) == tuple(ready.base[early])


def test_particles_outside_or_diverged_are_counted_and_not_drawn() -> None:
    path = np.array([[(0.5, 0.5), (0.5, -0.5), (0.0, 0.0)], [(9.0, 0.5), (0.5, -0.5), (0.0, 0.0)]])
    ready = painter(result(group(path, diverged=np.array([-1, 1, -1]))))
    h = ready.histories[0]
    assert list(h.outside) == [0, 1]
    assert list(h.diverged) == [0, 1]
    gone = pixel(0.5, -0.5, ready.layout.map)
    assert tuple(ready.frame(0.0)[gone]) == tuple(ready.colours[0])
    assert tuple(ready.frame(10.0)[gone]) == tuple(ready.base[gone])
    label = ready.layout.rows[0].label
    words = np.s_[label.top : label.bottom, label.left + label.width // 2 : label.right]
    assert (ready.frame(0.0)[words] == ready.base[words]).all()
    assert (ready.frame(10.0)[words] != ready.base[words]).any()


def test_no_group_lies_on_top_of_the_others() -> None:
    points = np.random.default_rng(2).uniform(-0.2, 0.2, size=(1, 2000, 2)) + (0.0, 0.6)
    ready = painter(result(*(group(points, f"g{k}") for k in range(3))))
    frame, area = ready.frame(0.0), ready.layout.map
    top, left = pixel(-0.19, 0.79, area)
    bottom, right = pixel(0.19, 0.41, area)
    inside = frame[top:bottom, left:right].reshape(-1, 1, 3).astype(float)
    nearest = np.linalg.norm(inside - ready.colours, axis=-1).argmin(axis=-1)
    assert np.bincount(nearest, minlength=3).min() > 0.2 * len(nearest)


def test_dots_let_density_show() -> None:
    draw = np.random.default_rng(3)
    ready = painter(result(group(draw.uniform((-0.9, 0.1), (0.9, 0.9), size=(1, 1000, 2)))))
    few, many = (painter(result(group(np.tile(p, (1, 1000, 1))))) for p in ([[0.5, 0.5]], [[0.5, 0.5], [-0.5, 0.5]]))
    spot = pixel(0.5, 0.5, ready.layout.map)
    assert tuple(few.frame(0.0)[spot]) == pytest.approx(tuple(ready.colours[0]), abs=3)
    assert many.frame(0.0).shape == few.frame(0.0).shape
    shades = np.unique(ready.frame(0.0).reshape(-1, 3), axis=0)
    assert len(shades) > len(np.unique(ready.base.reshape(-1, 3), axis=0)) + 8


def test_a_trail_joins_the_recorded_positions() -> None:
    corners = [(-1.5, 0.8), (-0.5, 0.8), (-0.5, -0.6), (1.5, -0.6)]
    ready = painter(result(group([[corner] for corner in corners]), trails=1))
    middles = [(-1.0, 0.8), (-0.5, 0.1), (0.5, -0.6)]
    start, end = ready.frame(0.0), ready.frame(30.0)
    for middle in middles:
        row, column = pixel(*middle, ready.layout.map)
        around = np.s_[row - 1 : row + 2, column - 1 : column + 2]
        assert np.array_equal(start[around], ready.base[around])
        off = np.linalg.norm(end[around] - ready.colours[0].astype(float), axis=-1).min()
        assert off < 0.6 * np.linalg.norm(ready.base[row, column] - ready.colours[0].astype(float))
    beyond = np.s_[slice(*(ready.layout.map.top, ready.layout.map.top + 5)), ready.layout.map.left + 20]
    assert np.array_equal(end[beyond], ready.base[beyond])


def test_frames_depend_on_nothing_but_the_clock() -> None:
    ready = painter(result(*cloud(), trails=3))
    first = ready.frame(60.0)
    ready.frame(110.0)
    out = np.full_like(first, 7)
    ready.draw(60.0, out)
    assert np.array_equal(first, out)


def test_huge_positions_and_losses_draw_without_a_warning() -> None:
    path = np.zeros((4, 3, 2)) + (0.3, 0.4)
    path[1:, 0], path[2:, 1] = 3e38, -1e20
    loss = np.where(np.abs(path[..., 0]) > 10, 1e308, 0.1)
    wild = group(path, train_loss=loss, test_loss=loss, diverged=np.array([2, -1, -1]))
    for extra in ({}, {"window": None}, {"clock": "updates"}):
        painter(result(wild, *cloud(1, 3, 4), trails=3, **extra)).frame(30.0)


def test_moving_pictures_take_even_clock_values() -> None:
    clocks = frame_clocks(result(*cloud(frames=12), seconds=2.0), fps=25)
    assert len(clocks) == 50
    assert clocks[0] == 0
    assert clocks[-1] == 110
    assert np.ptp(np.diff(clocks)) < 1e-9


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("groups", [1, 3, 6])
def test_boxes_neither_overlap_nor_leave_the_picture(size: tuple[int, int], groups: int) -> None:
    boxes = all_boxes(layout(size, groups))
    for k, box in enumerate(boxes):
        assert box.width > 0
        assert box.height > 0
        assert box.inside(Box(0, 0, *size))
        assert not any(box.overlaps(other) for other in boxes[:k])


def all_boxes(plan: Layout) -> list[Box]:
    rows = [box for row in plan.rows for box in row if box]
    chart = [plan.chart_title, plan.chart] if plan.chart.height else []
    return [plan.title, plan.map, plan.clock, *rows, *chart]


@pytest.mark.parametrize("size", SIZES[:6])
def test_no_ink_outside_the_boxes_and_their_axes(size: tuple[int, int]) -> None:
    ready = painter(result(*cloud(6, 40), title="A very long title " * 20, size=size, trails=2))
    frame, plan = ready.frame(110.0), ready.layout
    tick = plan.sizes.tick
    for box in all_boxes(plan):
        frame[box.top : box.bottom, box.left : box.right] = 255
    for box in (plan.map, plan.chart):
        frame[max(box.top - 1, 0) : box.bottom + 1, : box.left][:, -4 * tick :] = 255
        frame[box.bottom : box.bottom + 2 * tick, max(box.left - 4, 0) : box.right + 1] = 255
        frame[max(box.top - 6, 0) : box.bottom + 6, box.left - 1 : box.right + 6] = 255
    assert (frame == 255).all()


def test_names_on_the_map_stand_apart_from_each_other_and_from_the_particles() -> None:
    points = critical(
        (0, 0, "saddle", 1), (-0.2, 0.05, "minimum", 2), (0.2, -0.05, "minimum", 2), (1.9, 0.9, "maximum", 1)
    )
    stay = group(np.tile(np.random.default_rng(4).normal(0, 0.03, (1, 500, 2)) + (0.0, 0.25), (5, 1, 1)))
    ready = painter(result(stay, size=(960, 540)), critical=points)
    halos = ready.names[::2]
    boxes = [Box(p.left, p.top, p.left + p.mask.shape[1], p.top + p.mask.shape[0]) for p in halos]
    assert len(boxes) == 4 + 1
    for k, box in enumerate(boxes):
        assert box.inside(ready.layout.map)
        assert not any(box.overlaps(other) for other in boxes[:k])
        rows, columns = zip(*(pixel(*p, ready.layout.map) for p in stay.position[0]), strict=True)
        covered = [box.left <= c < box.right and box.top <= r < box.bottom for r, c in zip(rows, columns, strict=True)]
        assert np.mean(covered) < 0.05


@pytest.mark.parametrize("room", [0, 5, 40, 90, 200, 1000])
def test_shortened_text_fits_and_begins_alike(room: int) -> None:
    text = "batch 1, momentum, warmup then cosine"
    short = shortened(text, room, 15, bold=True)
    assert text_width(short, 15, bold=True) <= room
    assert text.startswith(short.removesuffix("…"))
    assert short.endswith("…") or short in (text, "")
    assert (short == text) == (text_width(text, 15, bold=True) <= room)


def test_quantiles_are_those_of_the_finite_values() -> None:
    values = np.random.default_rng(5).normal(size=101)
    found = quantiles(np.append(values, [np.nan, np.inf]), (0.05, 0.5, 0.95))
    assert found == pytest.approx(np.quantile(values, (0.05, 0.5, 0.95)), rel=1e-12)
    assert np.isnan(quantiles(np.array([np.nan]), (0.5,))).all()


def test_diverged_particles_leave_the_quantiles() -> None:
    loss = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 300.0]])
    one = group(np.zeros((2, 3, 2)), train_loss=loss, test_loss=loss, diverged=np.array([-1, -1, 1]))
    h = history(result(one), one, WINDOW, 0, None)
    assert list(h.train[:, 1]) == [2.0, 1.5]
    assert list(h.test) == [2.0, 1.5]


def test_a_long_run_is_thinned_over_the_clock() -> None:
    long = group(np.zeros((5000, 1, 2)))
    h = history(result(long), long, WINDOW, 0, None)
    assert len(h.frame) == 400
    assert h.frame[0] == 0
    assert h.frame[-1] == 4999
    assert np.ptp(np.diff(h.clock)) <= 10


def test_a_group_that_leaves_does_not_flatten_the_others() -> None:
    calm = group(np.zeros((3, 4, 2)), train_loss=np.full((3, 4), 0.2), test_loss=np.full((3, 4), 0.4))
    gone = group(np.full((3, 4, 2), 99.0), train_loss=np.full((3, 4), 1e9), test_loss=np.full((3, 4), 1e9))
    both = [history(result(g), g, WINDOW, 0, None) for g in (calm, gone)]
    chart = loss_chart(both, np.array([0.0, 50.0]), 20.0)
    assert chart.scale.high < 1
    assert (chart.curves[1].height == 2.0).all()


def test_scales_run_from_bottom_to_top() -> None:
    for scale in (Scale(-3.0, 5.0), Scale(1e-9, 1e3, log=True)):
        low, high = scale.height(np.array([scale.low, scale.high]))
        assert (low, high) == pytest.approx((0.0, 1.0), abs=1e-12)
        assert np.isnan(scale.height(np.array(np.nan)))
    assert float(Scale(1.0, 100.0, log=True).height(np.array(10.0))) == pytest.approx(0.5)


def test_minima_are_told_apart() -> None:
    assert basins([]) is None
    two = basins(critical((1, 0, "minimum", 25), (-1, 0, "minimum", 3), (0, 0, "saddle", 1)))
    assert two is not None
    assert two.names == ["sharp", "flat"]
    assert two.order == [1, 0]
    assert two.followed == 1
    alike = basins(critical((1, 0, "minimum", 3), (-1, 0, "minimum", 3)))
    assert alike is not None
    assert alike.names == ["B", "A"]


def test_bars_and_curves_show_the_share_in_each_basin() -> None:
    path = np.zeros((2, 100, 2))
    path[..., 0] = -1.0
    path[1, :30, 0] = 1.0
    points = critical((-1.0, 0.0, "minimum", 25), (1.0, 0.0, "minimum", 3))
    ready = painter(
        result(group(path), chart="basins", size=(960, 540)),
        critical=points,
        basin_of=lambda theta: (theta[:, 0] > 0).astype(np.int64),
    )
    assert ready.basins is not None
    assert ready.histories[0].share.tolist() == [[1.0, 0.0], [0.7, 0.3]]
    bar = ready.layout.rows[0].numbers
    assert bar is not None
    line = ready.frame(10.0)[bar.top + 1, bar.left : bar.right]
    assert np.mean((line == ready.colours[0]).all(axis=-1)) == pytest.approx(0.3, abs=0.01)
    pale = np.array(mixed(ready.colours[0], WHITE, 0.7))
    assert np.mean((line == pale).all(axis=-1)) == pytest.approx(0.7, abs=0.01)
    chart = basin_chart(ready.histories, ready.basins, 10.0)
    assert "flat" in chart.title
    assert chart.curves[0].height == pytest.approx(chart.scale.height(np.array([0.0, 0.3])))


def test_without_a_minimum_the_basins_chart_becomes_the_loss() -> None:
    ready = painter(
        result(*cloud(), chart="basins"), critical=critical((0, 0, "saddle", 1)), basin_of=lambda p: p[:, 0]
    )
    assert ready.basins is None
    assert "loss" in ready.chart.title


def test_a_chosen_window_holds_the_particles_at_one_scale() -> None:
    far = group(np.array([[(3.5, 1.0), (0.0, 0.0)], [(4.0, 1.0), (1e9, 0.0)]]), diverged=np.array([-1, 1]))
    ready = painter(result(far, window=None))
    (x0, x1), (y0, y1) = ready.window
    assert x0 <= -2
    assert 4.0 < x1 < 8
    area = ready.layout.map
    assert (x1 - x0) / area.width == pytest.approx((y1 - y0) / area.height)


def test_axes_bear_the_names_of_the_formula() -> None:
    assert axis_names("linear_regression") == ("w", "b")
    assert axis_names("saddle") == ("x", "y")


def test_marks_are_round_and_inside() -> None:
    assert [text for _, text in marks(-1.0, 1.0, 4)] == ["−1", "−0.5", "0", "0.5", "1"]
    assert [text for _, text in marks(0.0, 4e6, 4)] == ["0", "1e6", "2e6", "3e6", "4e6"]


@pytest.mark.parametrize("loss", [np.linspace(0, 1, 50) ** 6, np.full(9, 2.0), np.array([np.nan, 1.0, 1e9]), [np.inf]])
def test_contour_levels_rise(loss: Any) -> None:
    levels = contour_levels(np.asarray(loss), 12)
    assert len(levels) == 13
    assert (np.diff(levels) > 0).all()


def test_map_colours_step_evenly_and_stay_pale() -> None:
    colours = np.array(map_colours(14))
    linear = np.where(colours > 0.04045, ((colours + 0.055) / 1.055) ** 2.4, colours / 12.92)
    lightness = 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16
    steps = np.diff(lightness)
    assert (steps > 0).all()
    assert np.ptp(steps) < 0.2 * steps.mean()
    assert np.ptp(colours, axis=1).max() < 0.15
    assert lightness.min() > 75


# Machado, Oliveira, Fernandes 2009, IEEE TVCG 15(6): linear RGB as seen without red, without green cones.
PROTAN = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
DEUTAN = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]


@pytest.mark.parametrize("eye", [np.eye(3), PROTAN, DEUTAN])
def test_group_colours_differ_for_every_eye(eye: Any) -> None:
    coded = np.concatenate([group_colours(6) / 255, np.array(map_colours(5))[:1]])
    linear = np.where(coded > 0.04045, ((coded + 0.055) / 1.055) ** 2.4, coded / 12.92)
    seen = np.clip(linear @ np.asarray(eye).T, 0, 1)
    xyz = seen @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    lab = np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=-1)
    apart = np.linalg.norm(lab[:, None] - lab, axis=-1) + 1e3 * np.eye(len(lab))
    assert apart.min() > 12


def test_a_gif_has_the_right_length_colours_and_bytes(tmp_path: Path) -> None:
    run = result(*cloud(), trails=2, seconds=1.0, hold=0.5, fps=25)
    told: list[tuple[int, int]] = []
    for name in ("a.gif", "b.gif"):
        write_gif(run, tmp_path / name, progress=lambda done, total: told.append((done, total)))
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()
    assert told[:25] == [(k, 25) for k in range(1, 26)]
    ready = painter(run)
    with Image.open(tmp_path / "a.gif") as image:
        assert image.info["loop"] == 0
        total = 0
        for k in range(image.n_frames):
            image.seek(k)
            total += image.info["duration"]
        assert total == 1500
        shown = np.asarray(image.convert("RGB")).astype(int)
    for row, colour in zip(ready.layout.rows, ready.colours, strict=True):
        swatch = shown[row.swatch.top : row.swatch.bottom, row.swatch.left : row.swatch.right]
        assert np.abs(swatch - colour.astype(int)).max() <= 3
    error = shown - ready.frame(110.0).astype(float)
    assert 10 * np.log10(255**2 / np.mean(error**2)) > 36


@pytest.mark.parametrize("failure", [KeyboardInterrupt, RuntimeError])
def test_a_stopped_gif_leaves_what_was_there(tmp_path: Path, failure: type[BaseException]) -> None:
    path = tmp_path / "picture.gif"
    path.write_bytes(b"old")

    def stop(done: int, total: int) -> None:
        if 2 * done > total:
            raise failure

    with pytest.raises(failure):
        write_gif(result(*cloud()), path, progress=stop)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_still_pictures_have_their_sizes(tmp_path: Path) -> None:
    run = result(*cloud(), trails=2)
    write_png(run, tmp_path / "last.png")
    write_figure(run, tmp_path / "figure.png", critical=critical((0, 0, "saddle", 1)))
    with Image.open(tmp_path / "last.png") as image:
        assert np.array_equal(np.asarray(image), painter(run).frame(110.0))
    with Image.open(tmp_path / "figure.png") as image:
        assert image.size == (960, 540)
