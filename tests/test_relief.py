"""The relief: particles where they are, hills that hide them, light, and surfaces with holes."""

from collections.abc import Callable
from dataclasses import replace
from math import cos, radians, sin
from typing import Any

import numpy as np
import pytest

from errsurf.drawing import Camera, ReliefPainter, painter
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, RasterCanvas
from errsurf.drawing.colours import Pixels, map_colours, theme
from errsurf.drawing.overlays import Ready
from errsurf.drawing.relief import sight
from errsurf.drawing.relief.draped import Drape
from errsurf.drawing.relief.shading import Shading
from errsurf.drawing.relief.terrain import height_scale
from errsurf.run.result import Group
from helpers.drawing_result import WINDOW, cloud, critical, group, pixel, result, saddle

Loss = Callable[[Any], Any]


def relief(*groups: Group, loss: Loss = saddle, marked: Any = (), **picture: Any) -> ReliefPainter:
    """The painter of a small result on a surface."""
    picture = {"azimuth": -30.0, "legend": False, "chart": "none"} | picture
    made = result(*(groups or [group([[(0.5, 0.5), (-1.5, -0.5)]])]), view="3d", **picture)
    made.landscape.loss = lambda points, _: loss(points)
    ready = painter(made, critical=marked)
    assert isinstance(ready, ReliefPainter)
    return ready


def spot(ready: ReliefPainter, x: float, y: float, loss: Loss = saddle) -> tuple[int, int]:
    """Row and column of the picture at which a point of the surface should be seen, from the camera alone."""
    land, area, still = ready.relief.land, ready.regions[0], ready.still.view
    (x0, x1), (y0, y1) = WINDOW
    east, north = (x - (x0 + x1) / 2) / (x1 - x0) * land.sides[0], (y - (y0 + y1) / 2) / (y1 - y0) * land.sides[1]
    turn, up = radians(ready.camera.azimuth), radians(ready.camera.elevation)
    right, away = east * cos(turn) + north * sin(turn), north * cos(turn) - east * sin(turn)
    high = land.rise * float(land.scale.height(loss(np.array([x, y]))))
    row = still.top - still.scale * (away * sin(up) + high * cos(up))
    return area.top + int(row), area.left + int(still.left + still.scale * right)


def surface_pixels(ready: ReliefPainter) -> Pixels:
    """Colours of the surface but for three pixels along its edges, (n, 3)."""
    inside = np.abs(ready.still.near) < 8
    for axis in (0, 1):
        for shift in (-3, 3):
            inside &= np.roll(inside, shift, axis)
    return ready.still.image[inside]


@pytest.mark.parametrize("azimuth", [-30.0, 200.0])
@pytest.mark.parametrize("place", [(0.51, 0.52), (-1.7, -0.803), (1.25, -0.5)])
def test_a_particle_is_drawn_at_its_pixel(place: tuple[float, float], azimuth: float) -> None:
    ready = relief(group([[place, (2.1, 0.0)]]), azimuth=azimuth, elevation=70.0)
    row, column = spot(ready, *place)
    frame = ready.frame(0.0)
    around = np.s_[row - 7 : row + 8, column - 7 : column + 8]
    coloured = np.argwhere((frame[around] == ready.flat.scene.maps.colours[0]).all(axis=-1))
    assert len(coloured) > 4
    assert coloured.mean(axis=0) == pytest.approx([7, 7], abs=0.6)
    everywhere = np.argwhere((frame == ready.flat.scene.maps.colours[0]).all(axis=-1))
    assert len(everywhere) == len(coloured)


def test_pixels_turn_back_into_theta() -> None:
    ready = relief(elevation=60.0)
    for x, y in ((0.0, 0.0), (1.0, 0.4), (-1.5, -0.5), (0.3, -0.9)):
        row, column = spot(ready, x, y)
        found = ready.theta_at(column, row)
        assert found is not None
        assert found == pytest.approx((x, y), abs=0.03)
    assert ready.theta_at(ready.regions[0].left, ready.regions[0].top) is None
    assert ready.theta_at(0, 0) is None


def ridge(points: Any) -> Any:
    """A wall along y, with plains at both sides."""
    return np.exp(-((points[..., 0] / 0.25) ** 2))


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_particle_behind_a_hill_is_pale(side: float) -> None:
    ready = relief(group([[(-0.35, 0.1), (0.35, 0.1)]]), loss=ridge, azimuth=90.0 * side, elevation=20.0)
    frame, empty = ready.frame(0.0).astype(float), ready.base.copy()
    area = ready.regions[0]
    empty[area.top : area.bottom, area.left : area.right] = ready.still.image
    hidden, seen = (spot(ready, x, 0.1, ridge) for x in (-0.35 * side, 0.35 * side))
    colour = ready.flat.scene.maps.colours[0].astype(float)
    assert np.array_equal(frame[seen], colour)
    share = (frame[hidden] - empty[hidden]) / (colour - empty[hidden])
    assert 0.1 < share.mean() < 0.4


def test_a_thousand_hidden_particles_are_as_pale_as_one() -> None:
    behind = {"loss": ridge, "azimuth": 90.0, "elevation": 20.0}
    one, many = (relief(group([[(-0.35, 0.1)] * count]), **behind) for count in (1, 12))
    row, column = spot(one, -0.35, 0.1, ridge)
    assert np.abs(one.frame(0.0)[row, column].astype(int) - many.frame(0.0)[row, column]).max() <= 1


def test_trails_are_draped_over_hills_and_end_at_their_particle() -> None:
    path = [[(-1.5, 0.0)], [(1.5, 0.0)]]
    ready = relief(group(path), loss=ridge, trails=1, azimuth=0.0, elevation=40.0)
    frame = ready.frame(10.0).astype(int)
    for x in (-1.2, -0.8, 0.0, 0.9):
        row, column = spot(ready, x, 0.0, ridge)
        distance = np.abs(frame[:, column] - ready.flat.scene.maps.colours[0]).sum(axis=-1)
        assert distance[row - 4 : row + 3].min() < 0.6 * distance[row + 8], x


def test_all_around_is_back_at_the_start() -> None:
    ready = relief(*cloud(2, 30), trails=3)
    again = ready.turned(ready.camera.turned(360.0))
    assert np.array_equal(ready.frame(50.0), again.frame(50.0))
    other = ready.turned(ready.camera.turned(40.0))
    assert not np.array_equal(ready.frame(50.0), other.frame(50.0))
    assert np.array_equal(other.turned(ready.camera).frame(50.0), ready.frame(50.0))


def test_a_turn_takes_the_whole_run() -> None:
    ready = relief(*cloud(1, 5), turn=360.0)
    first, quarter, last = (ready.sight(share * ready.flat.end) for share in (0.0, 0.25, 1.0))
    assert np.array_equal(first.image, last.image)
    turned = ready.turned(ready.camera.turned(90.0)).still
    assert np.array_equal(quarter.image, turned.image)


def test_a_plane_is_evenly_shaded() -> None:
    ready = relief(loss=lambda points: points[..., 0] + 2 * points[..., 1], levels=(50.0,))
    assert np.ptp(surface_pixels(ready).astype(int), axis=0).max() <= 1


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_level_surface_has_the_colour_of_the_flat_map(name: str) -> None:
    ready = relief(loss=lambda points: np.full(points.shape[:-1], 3.0), theme=name)
    colours = surface_pixels(ready)
    expected = map_colours(theme(name), len(ready.flat.scene.maps.levels) - 1)[0].astype(float)
    assert np.abs(colours - expected).max() < 3


def test_slopes_towards_the_light_are_brighter() -> None:
    tilted = [relief(loss=lambda points, k=k: k * points[..., 0], levels=(50.0,), azimuth=0.0) for k in (1.0, -1.0)]
    towards, from_it = (surface_pixels(each).mean() for each in tilted)
    assert towards > 1.1 * from_it


def test_contours_lie_at_their_levels() -> None:
    ready = relief(levels=(0.1, 0.4), elevation=60.0)
    dark, bright = (np.full_like(ready.relief.shading.areas, tone) for tone in (0, 255))
    inked = sight.sight(ready.relief._replace(shading=Shading(dark, bright, np.zeros(3))), ready.camera)
    lines = np.argwhere((np.abs(inked.near) < 8) & (inked.image.min(axis=-1) > 128))
    found = [sight.theta_at(inked, column, row) for row, column in lines.tolist()]
    losses = saddle(np.array([theta for theta in found if theta is not None]))
    counted = [np.mean(np.abs(losses - level) < 0.04) for level in (0.1, 0.4)]
    assert min(counted) > 0.1
    assert sum(counted) > 0.8


def test_losses_that_are_no_numbers_stand_at_the_top() -> None:
    def holes(points: Any) -> Any:
        loss = saddle(points)
        loss[points[..., 0] > 1.5] = np.inf
        loss[points[..., 0] < -1.5] = np.nan
        return loss

    ready = relief(group([[(1.8, 0.0), (-1.0, 0.0)], [(1.8, 0.0), (np.nan, 0.0)]]), loss=holes)
    heights = ready.relief.land.heights
    assert np.isfinite(heights).all()
    assert heights[0, 0] == heights[0, -1] == heights.max()
    assert ready.frame(10.0).shape == (270, 480, 3)
    assert np.isfinite(height_scale(np.full((3, 3), np.nan), "area").height(np.array([np.nan, 1.0]))).all()


def test_heights_rise_with_the_loss_and_keep_its_order() -> None:
    loss = np.concatenate([np.linspace(0.0, 1.0, 900), np.geomspace(1.0, 1e6, 100)]).reshape(20, 50)
    for level_scale in ("area", "linear", "log"):
        heights = height_scale(loss, level_scale).height(np.sort(loss.ravel()))
        assert np.all(np.diff(heights) >= 0)
        assert (heights[0], heights[-1]) == (0.0, pytest.approx(1.0))
    assert height_scale(loss, "linear").height(np.array(0.5e6)) == pytest.approx(0.5, abs=1e-3)


def needle(points: Any) -> Any:
    """A narrow, deep well."""
    return -np.exp(-((np.hypot(points[..., 0], points[..., 1]) / 0.3) ** 2))


def test_the_relief_is_low_enough_to_see_what_is_marked() -> None:
    ready = relief(group([[(0.02, 0.0)] * 20] * 3), loss=needle, marked=critical((0.0, 0.0, "minimum", 9.0)))
    assert ready.theta_at(*spot(ready, 0.0, 0.0, needle)[::-1]) == pytest.approx((0.0, 0.0), abs=0.04)
    assert not sight.placed(ready.relief.land, ready.still, np.zeros((1, 2)))[1].any()
    hill = relief(group([[(0.02, 0.0)] * 20] * 3), loss=lambda points: -needle(points))
    assert ready.relief.land.rise < hill.relief.land.rise


def test_without_an_azimuth_the_camera_stands_where_little_is_hidden() -> None:
    shy = group([[(-1.0 + 0.02 * k, 0.9) for k in range(20)]] * 3)

    def wall(points: Any) -> Any:
        return np.exp(-(((points[..., 1] - 0.6) / 0.2) ** 2) - ((points[..., 0] + 1.4) / 0.6) ** 2)

    chosen, given = relief(shy, loss=wall, azimuth=None), relief(shy, loss=wall, azimuth=-45.0)
    assert -45.0 <= chosen.camera.azimuth <= 45.0
    points = np.asarray(shy.position[0], dtype=np.float64)
    hidden = [sight.placed(each.relief.land, each.still, points)[1].mean() for each in (chosen, given)]
    assert hidden[0] <= hidden[1]
    assert hidden[0] < 0.2


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = relief()
    images = []
    for count in (1, 4):
        monkeypatch.setattr(sight, "cpu_count", lambda count=count: count)
        images.append(ready.turned(Camera(17.0, 33.0)).still.image)
    assert np.array_equal(*images)


@pytest.mark.parametrize("size", [(480, 270), (960, 540), (540, 960), (240, 240)])
@pytest.mark.parametrize("elevation", [15.0, 90.0])
def test_nothing_is_drawn_outside_its_region(size: tuple[int, int], elevation: float) -> None:
    ready = relief(size=size, elevation=elevation, turn=0.0)
    image = ready.still.image
    paper = np.array(theme("light").background)
    assert (image[0] == paper).all()
    assert (image[:, 0] == paper).all()
    assert (image[:, -1] == paper).all()
    assert np.abs(ready.still.near[-1]).min() > 8


def test_each_group_has_its_relief_in_panels() -> None:
    groups = [group([[(-0.5, 0.2)]], "one"), group([[(0.5, 0.2)]], "two")]
    ready = relief(*groups, panels=True, legend=True, chart="loss", size=(960, 540), elevation=70.0)
    frame = ready.frame(0.0)
    assert len(ready.regions) == 2
    for k, area in enumerate(ready.regions):
        part = frame[area.top : area.bottom, area.left : area.right]
        shown = [(part == colour).all(axis=-1).any() for colour in ready.flat.scene.maps.colours]
        assert shown == [k == 0, k == 1]


def test_the_panel_is_that_of_the_flat_picture() -> None:
    made = result(*cloud(2, 20), size=(960, 540))
    flat = painter(made)
    picture = made.scenario.picture._replace(view="3d")
    made.scenario = replace(made.scenario, picture=picture)
    ready = painter(made)
    right = flat.layout.rows[0].swatch.left
    assert np.array_equal(flat.frame(60.0)[:, right:], ready.frame(60.0)[:, right:])
    assert ready.layout == flat.layout


def test_dashed_test_contours_hide_no_particle() -> None:
    place = (0.51, 0.52)
    ready = relief(group([[place, (2.1, 0.0)]]), elevation=70.0, test=True)
    row, column = spot(ready, *place)
    assert (
        (ready.frame(0.0)[row - 2 : row + 3, column - 2 : column + 3] == ready.flat.scene.maps.colours[0])
        .all(axis=-1)
        .any()
    )
    assert (ready.frame(0.0) != replace(ready, cloth=None).frame(0.0)).any()


def test_overlays_lie_on_the_relief() -> None:
    ready = relief(elevation=65.0)
    flat, red = ready.flat, (255, 0, 0)
    row, column = pixel(0.8, -0.4, flat.layout.map)

    def over(canvas: Canvas, clock: float) -> None:
        if clock:
            canvas.fill(Box(column - 8, row - 8, column + 9, row + 9), red)

    papers = tuple(RasterCanvas(np.full_like(flat.base, tone)) for tone in (0, 255))
    flat = replace(flat, scene=replace(flat.scene, overlays=[Ready(over=over)]))
    covered = replace(ready, flat=flat, cloth=Drape(flat, papers))
    assert np.array_equal(covered.frame(0.0), ready.frame(0.0))
    changed = np.argwhere((covered.frame(10.0) == red).all(axis=-1))
    assert len(changed) > 9
    assert changed.mean(axis=0) == pytest.approx(spot(ready, 0.8, -0.4), abs=1.5)
