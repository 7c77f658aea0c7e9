"""What a map says of its surface: light, labelled levels, a bar of colours; and what stands on it in one place."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from errsurf.drawing import PictureRequest, painter
from errsurf.drawing.boxes import Box
from errsurf.drawing.formats import picture_format
from errsurf.drawing.history.contours import contour_levels
from errsurf.drawing.history.heights import light_from_above
from errsurf.drawing.map.level_labels import level_labels
from errsurf.drawing.map.swarm import head_radii
from errsurf.drawing.page.themes import opening_theme
from errsurf.drawing.relief.box_frame import _scale_words
from errsurf.drawing.relief.terrain import terrain
from errsurf.drawing.scene import Scene, scene
from errsurf.errors import ScenarioError
from errsurf.scenario import read_scenario
from helpers.drawing_result import cloud, critical, group, pixel, result, saddle
from helpers.synthetic_results import made_run, walks

LARGE = {"size": (960, 540), "levels": 24}


def bowl_grid() -> Any:
    x, y = np.linspace(-2, 2, 81), np.linspace(-1, 1, 41)
    return x, y, np.hypot(*np.meshgrid(x, y)) ** 2


def shown(**picture: Any) -> Scene:
    found = critical((1.0, 0.0, "minimum", 2.0), (-1.0, 0.0, "minimum", 2.0), (0.0, 0.0, "saddle", 1.0))
    return scene(result(*cloud(2), **(LARGE | picture)), critical=found)


def test_light_comes_from_the_upper_left() -> None:
    light = light_from_above(bowl_grid(), (400.0, 200.0), "linear")
    assert light[20, 40] == pytest.approx(0.5, abs=0.02)
    lower_right, upper_left = light[5:15, 50:60], light[26:36, 20:30]
    assert lower_right.min() > 0.5 > upper_left.max()


def test_levels_are_round_and_near_where_they_were() -> None:
    loss = saddle(np.stack(np.meshgrid(np.linspace(-2, 2, 90), np.linspace(-1, 1, 60)), axis=-1))
    levels = contour_levels(loss, 24)
    assert np.all(np.diff(levels) > 0)
    assert max(len(f"{level:.12g}".strip("-").replace(".", "").lstrip("0")) for level in levels[1:-1]) <= 5
    assert (levels[0], levels[-1]) == (loss.min(), loss.max())


@pytest.mark.parametrize("colours", ["theme", "magma"])
def test_four_or_five_levels_are_named_on_their_lines_away_from_marks(colours: str) -> None:
    found = shown(colormap=colours)
    maps, area = found.maps, found.plan.map
    labels = level_labels(maps, area, found.spots[0], maps.surface_loss)
    assert len(labels) in (4, 5)
    x0, across, y1, down = found.swarms[0].scale
    for text, box, *_, band in labels:
        u, v = (box.left + box.right) / 2 - area.left, (box.top + box.bottom) / 2 - area.top
        loss = float(saddle(np.array([x0 + u / across, y1 - v / down])))
        level = float(text.replace("\N{MINUS SIGN}", "-"))
        assert level == pytest.approx(maps.levels[band + 1], rel=1e-5)
        around = maps.levels[band], maps.levels[band + 2]
        assert around[0] < loss < around[1]
        assert box.inside(area)
        marks = [Box(spot.x - 4, spot.y - 4, spot.x + 4, spot.y + 4) for spot in found.spots[0]]
        names = [spot.box for spot in found.spots[0] if spot.box]
        assert not any(box.overlaps(other) for other in [*marks, *names])


def test_the_bar_has_the_colours_of_the_map() -> None:
    ready = painter(result(*cloud(1), **LARGE, colorbar=True))
    bar, fills = ready.layout.bar, ready.scene.maps.contours(ready.scene.maps.surface_loss).level_fills
    assert ready.layout.map.right < bar.left
    middle = ready.base[bar.top + 2 : bar.bottom - 2, bar.left + 4].astype(int)
    seen = [np.abs(middle - fill).max(axis=-1).min() for fill in fills.astype(int)]
    assert max(seen) == 0
    assert np.all(np.diff(middle[:, 0]) <= 0)


def test_a_bar_beside_several_maps_is_a_fault() -> None:
    with pytest.raises(ScenarioError, match=r"picture\.colorbar: there is room for it beside one map only"):
        read_scenario("saddle_escape", {"picture.colorbar": True, "picture.panels": True})


def test_a_crowd_is_a_larger_dot_than_one_particle() -> None:
    places = np.tile([0.51, 0.52], (1, 1000, 1))
    places[0, 0] = (-0.51, 0.52)
    ready = painter(result(group(places), **LARGE))
    frame, colour = ready.frame(0.0), ready.scene.maps.colours[0]
    (one, many) = (pixel(x, 0.52, ready.layout.map) for x in (-0.51, 0.51))
    inked = [(frame[r - 9 : r + 10, c - 9 : c + 10] == colour).all(axis=-1).sum() for r, c in (one, many)]
    assert inked[1] > 4 * inked[0] > 0


def test_groups_in_one_place_are_rings() -> None:
    swarm = painter(result(*(group(np.zeros((1, 3, 2))) for _ in range(3)), trails=3, **LARGE)).scene.swarms[0]
    apart = np.zeros((3, 3, 2)) + np.arange(3)[:, None, None] / 2
    assert np.all(np.diff(head_radii(swarm, np.zeros((3, 3, 2))), axis=0) < -1.5)
    assert np.ptp(head_radii(swarm, apart)) == 0


@pytest.mark.parametrize("picture", [{"view": "flat"}, {"view": "3d", "azimuth": -30.0}])
def test_a_transparent_still_has_clear_corners_and_looks_the_same_on_its_own_background(picture: Any) -> None:
    made = made_run(*walks(2, 30, 6), size=(480, 270), theme="dark", **picture)
    file, opaque = BytesIO(), BytesIO()
    clear = made_run(*walks(2, 30, 6), size=(480, 270), theme="dark", transparent=True, **picture)
    picture_format("png").write(PictureRequest(clear), file)
    picture_format("png").write(PictureRequest(made), opaque)
    image = Image.open(file)
    assert image.mode == "RGBA"
    assert [image.getpixel(at) for at in ((0, 0), (479, 269))] == [(0, 0, 0, 0)] * 2
    paper = Image.new("RGBA", image.size, (20, 23, 29, 255))
    paper.alpha_composite(image)
    apart = np.abs(np.asarray(paper.convert("RGB")).astype(int) - np.asarray(Image.open(opaque)))
    assert apart.max() <= 4


def test_transparent_lines_and_letters_and_a_word_to_what_moves() -> None:
    clear, said = made_run(*walks(1, 5, 4), transparent=True, seconds=0.1, hold=0.0), list[str]()
    file = BytesIO()
    picture_format("svg").write(PictureRequest(clear, say=said.append), file)
    assert not said
    assert b"fill: #ffffff; stroke: none" not in file.getvalue().split(b'<g id="patch_2"')[0]
    picture_format("gif").write(PictureRequest(clear, say=said.append), BytesIO())
    assert len(said) == 1
    assert "picture.transparent" in said[0]


def test_a_page_opens_in_the_scenarios_theme() -> None:
    words = [opening_theme(name) for name in ("light", "dark", "projector", "projector_dark")]
    assert words == ["", ' data-theme="dark"', ' data-theme="light"', ' data-theme="dark"']


@pytest.mark.parametrize(
    ("times", "words"), [(1.0, "height to scale"), (0.5, "height 0.5 \N{MULTIPLICATION SIGN} scale")]
)
def test_an_exaggeration_is_drawn_as_asked_and_said(times: float, words: str) -> None:
    x, y, loss = bowl_grid()
    land = terrain(
        (x, y, loss / 5), np.array([0.0, 0.5, 1.0]), ((-2.0, 2.0), (-1.0, 1.0)), Box(0, 0, 400, 200), "area", times
    )
    rise = float(land.heights[20, -1] - land.heights[20, 40])
    assert rise / (land.sides[0] / 4) == pytest.approx(times * 0.8, rel=0.01)
    assert _scale_words(land) == words
