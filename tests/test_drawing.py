"""The painter: particles where they are, and files only when whole."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from errsurf.drawing import PictureRequest, painter, write_figure, write_picture
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Band, Drawing, RasterCanvas, Stroke
from errsurf.drawing.canvas.kernels import dots
from errsurf.drawing.colours import group_colours, theme
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.map.swarm import (
    current_points,
    draw_heads,
    head_radii,
    trail_strength,
    trail_strokes,
    trails_until,
)
from errsurf.drawing.scene import scene
from helpers.canvas_recorder import Recorder
from helpers.drawing_result import cloud, critical, group, pixel, result


@pytest.mark.parametrize("place", [(0.51, 0.52), (-1.9, -0.903), (1.252, -0.5)])
def test_a_particle_is_drawn_at_its_pixel(place: tuple[float, float]) -> None:
    ready = painter(result(group([[place, (-0.5, 0.0)]])))
    row, column = pixel(*place, ready.layout.map)
    frame = ready.frame(0.0)
    assert tuple(frame[row, column]) == tuple(ready.scene.maps.colours[0])
    around = np.s_[row - 5 : row + 6, column - 5 : column + 6]
    changed = np.argwhere((frame[around] == ready.scene.maps.colours[0]).all(axis=-1))
    assert len(changed) > 4
    assert changed.mean(axis=0) == pytest.approx([5, 5], abs=1e-9)


def test_a_frame_shows_the_latest_record_and_nothing_between() -> None:
    ready = painter(result(group([[(-1.0, 0.5)], [(1.0, 0.5)]])))
    early, late = (pixel(x, 0.5, ready.layout.map) for x in (-1.0, 1.0))
    just_before, at = ready.frame(9.99), ready.frame(10.0)
    assert tuple(just_before[early]) == tuple(at[late]) == tuple(ready.scene.maps.colours[0])
    assert tuple(just_before[late]) == tuple(ready.base[late])
    assert tuple(at[early]) == tuple(ready.base[early])


def test_particles_outside_or_diverged_are_counted_and_not_drawn() -> None:
    path = np.array([[(0.5, 0.5), (0.5, -0.5), (0.0, 0.0)], [(9.0, 0.5), (0.5, -0.5), (0.0, 0.0)]])
    ready = painter(result(group(path, diverged=np.array([-1, 1, -1]))))
    h = ready.scene.histories[0]
    assert list(h.outside) == [0, 1]
    assert list(h.diverged) == [0, 1]
    gone = pixel(0.5, -0.5, ready.layout.map)
    assert tuple(ready.frame(0.0)[gone]) == tuple(ready.scene.maps.colours[0])
    assert tuple(ready.frame(10.0)[gone]) == tuple(ready.base[gone])
    label = ready.layout.rows[0].label
    words = np.s_[label.top : label.bottom, label.left + label.width // 2 : label.right]
    assert (ready.frame(0.0)[words] == ready.base[words]).all()
    assert (ready.frame(10.0)[words] != ready.base[words]).any()


def test_no_group_lies_on_top_of_the_others() -> None:
    out = np.zeros((30, 40, 3), np.uint8)
    y, x = np.mgrid[0:30, 0:40]
    points = np.tile(np.stack([x + 0.5, 29.5 - y], axis=-1).reshape(1, -1, 2), (3, 1, 1))
    colours = group_colours(theme("light"), range(3))
    dots(out, points, (0, 0, 40, 30), (0.0, 1.0, 30.0, 1.0), np.full((1, 1), 255, np.uint8), colours)
    shares = [np.mean((out == colour).all(axis=-1)) for colour in colours]
    assert shares == pytest.approx([1 / 3] * 3)


def test_another_group_comes_first_at_each_head() -> None:
    shown = scene(result(*cloud(3, 5, 4), trails=3))
    canvas = Recorder()
    draw_heads(canvas, shown.swarms[0], current_points(shown.swarms[0], 30.0))
    order = [shown.maps.colours.tolist().index(hue[0].tolist()) for hue in canvas.hues[9:]]
    drawn = [dots.radius for _, _, dots in canvas.dotted], [corners for _, _, corners in canvas.polygons]
    assert order == [0, 1, 2, 1, 2, 0, 2, 0, 1]
    assert all((hue == shown.swarms[0].background).all() for hue in canvas.hues[:9])
    assert drawn[0][:3] > drawn[0][3:]
    assert all(np.abs(rim).max() > np.abs(own).max() for rim, own in zip(drawn[1][:6], drawn[1][6:], strict=True))
    assert [len(corners) for corners in drawn[1][6:]] == [4, 3, 4, 3, 3, 4]


@pytest.mark.parametrize(("particles", "growth"), [(12, 0.0), (20, 0.3)])
def test_heads_grow_in_tenths_with_the_share_of_their_group_around_them(particles: int, growth: float) -> None:
    path = np.where(np.arange(particles) < 0.3 * particles, 0.5, -0.5)[None, :, None] * np.ones((2, 1, 2))
    some = scene(result(group(path), trails=1, size=(960, 540))).swarms[0]
    radii = head_radii(some, current_points(some, 0.0))
    assert radii == pytest.approx((SIZES.head + growth * SIZES.head_growth) * some.unit)


def test_a_trail_begins_at_its_reach_and_pales_in_steps() -> None:
    shown = scene(result(*cloud(1, 3, 41), trails=1, trail_length=0.3)).swarms[0]
    assert (shown.reach, shown.fade) == (120.0, 32.0)
    (stroke,) = trail_strokes(shown, 400.0, trails_until(shown, 400.0))
    assert len(stroke.path) == 13 + 1
    ages = np.array([0.0, 19.0, 20.0, 95.0, 96.0, 99.0, 101.0, 119.0, 120.0])
    assert trail_strength(shown, ages, 0.5).tolist() == [255, 255, 191, 191, 127, 127, 63, 63, 0]


def test_a_band_tints_the_columns_and_rows_between_its_curves() -> None:
    canvas = RasterCanvas.blank((9, 8), (255, 255, 255))
    x = np.array([2.0, 5.0])
    canvas.band(Box(1, 1, 9, 8), Band(x, np.array([2.0, 2.0]), np.array([4.5, 4.5])), (0, 0, 0), 255)
    assert canvas.out[:, 3:6, 0].T.tolist() == [[255, 255, 255, 0, 0, 128, 255, 255]] * 3
    assert np.count_nonzero(canvas.out[..., 0] < 255) == 9


def test_what_grows_shows_its_first_column_at_once_and_its_last_in_the_end() -> None:
    canvas, box = RasterCanvas.blank((9, 4), (255, 255, 255)), Box(2, 1, 8, 3)
    for share, seen in ((0.0, 1), (0.5, 3), (0.99, 6), (7.0, 6)):
        canvas.growing(box, share, "same", lambda on, area: on.fill(area, (0, 0, 0)))
        assert (canvas.out[1:3, 2:8, 0] == 0).sum(axis=1).tolist() == [seen, seen]
    assert np.count_nonzero(canvas.out[..., 0] == 0) == 12


def test_strokes_below_spare_what_lies_over_the_surface() -> None:
    canvas, area = RasterCanvas.blank((20, 20), (255, 255, 255)), Box(0, 0, 20, 20)
    canvas.leave_free([area])
    canvas.fill(Box(8, 8, 12, 12), (0, 0, 255))
    line = Drawing([Stroke(np.array([(0.0, 10.0), (20.0, 10.0)]), 2.0)], [(255, 0, 0)])
    canvas.strokes(area, line, 1.0, (255, 255, 255), below=True)
    assert (canvas.out[8:12, 8:12] == (0, 0, 255)).all()
    assert (canvas.out[10, [0, 7, 12, 19]] == (255, 0, 0)).all()
    canvas.strokes(area, line, 1.0, (255, 255, 255))
    assert (canvas.out[10] == (255, 0, 0)).all()


def test_dots_let_density_show() -> None:
    places = np.tile([0.51, 0.52], (1, 1000, 1))
    places[0, 0] = (-0.51, 0.52)
    ready = painter(result(group(places)))
    frame, colour = ready.frame(0.0), ready.scene.maps.colours[0].astype(float)
    one, many = (pixel(x, 0.52, ready.layout.map) for x in (-0.51, 0.51))
    assert np.abs(frame[many] - colour).max() <= 2
    counted = [
        np.count_nonzero((frame[row - 4 : row + 5, column - 4 : column + 5] == colour).all(axis=-1))
        for row, column in (one, many)
    ]
    assert 1 <= counted[0] < 0.5 * counted[1]


def test_a_trail_joins_the_recorded_positions() -> None:
    corners = [(-1.5, 0.8), (-0.5, 0.8), (-0.5, -0.6), (1.5, -0.6)]
    ready = painter(result(group([[corner] for corner in corners]), trails=1, size=(960, 540)))
    middles = [(-1.0, 0.8), (-0.5, 0.1), (0.5, -0.6)]
    start, end = ready.frame(0.0), ready.frame(30.0)
    for middle in middles:
        row, column = pixel(*middle, ready.layout.map)
        around = np.s_[row - 1 : row + 2, column - 1 : column + 2]
        assert np.array_equal(start[around], ready.base[around])
        off = np.linalg.norm(end[around] - ready.scene.maps.colours[0].astype(float), axis=-1).min()
        assert off < 0.7 * np.linalg.norm(ready.base[row, column] - ready.scene.maps.colours[0].astype(float))
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
    path = np.tile([0.3, 0.4], (4, 3, 1))
    path[1:, 0], path[2:, 1] = 3e38, -1e20
    loss = np.where(np.abs(path[..., 0]) > 10, 1e308, 0.1)
    wild = group(path, train_loss=loss, test_loss=loss, diverged=np.array([2, -1, -1]))
    for extra in ({}, {"window": None}, {"clock": "updates"}):
        painter(result(wild, *cloud(1, 3, 4), trails=3, **extra)).frame(30.0)


def test_a_gif_has_the_right_length_colours_and_bytes(tmp_path: Path) -> None:
    run = result(*cloud(), trails=2, seconds=1.0, hold=0.5, fps=25)
    told: list[tuple[int, int]] = []
    for name in ("a.gif", "b.gif"):
        order = PictureRequest(run, progress=lambda done, total: told.append((done, total)))
        write_picture(order, tmp_path / name)
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()
    assert told[-25:] == [(k, 25) for k in range(1, 26)]
    ready = painter(run)
    with Image.open(tmp_path / "a.gif") as image:
        assert image.info["loop"] == 0
        total = 0
        for k in range(image.n_frames):
            image.seek(k)
            total += image.info["duration"]
        assert total == 1500
        shown = np.asarray(image.convert("RGB")).astype(int)
    for row, colour in zip(ready.layout.rows, ready.scene.maps.colours, strict=True):
        middle = (row.swatch.top + row.swatch.bottom) // 2, (row.swatch.left + row.swatch.right) // 2
        assert np.abs(shown[middle] - colour.astype(int)).max() <= 3
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
        write_picture(PictureRequest(result(*cloud()), progress=stop), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_still_pictures_have_their_sizes(tmp_path: Path) -> None:
    run = result(*cloud(), trails=2)
    write_picture(PictureRequest(run), tmp_path / "last.png")
    write_figure(run, tmp_path / "figure.png", critical=critical((0, 0, "saddle", 1)))
    with Image.open(tmp_path / "last.png") as image:
        assert np.array_equal(np.asarray(image), painter(run).frame(110.0))
    with Image.open(tmp_path / "figure.png") as image:
        assert image.size == (960, 540)
