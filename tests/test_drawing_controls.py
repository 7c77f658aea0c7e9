"""The keys of [picture]: what each shows and leaves out."""

from typing import Any

import numpy as np
import pytest

from errsurf.drawing import Painter, painter
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import RasterCanvas
from errsurf.drawing.colours import theme
from errsurf.drawing.layout.sizes import SIZES
from errsurf.drawing.map.landmarks import name_labels
from errsurf.drawing.map.markers import marker_colour
from helpers.drawing_result import cloud, critical, group, pixel, result

LARGE = {"size": (960, 540)}


def walk(label: str, height: float, frames: int = 11) -> Any:
    """One particle that walks from left to right at this y."""
    x = np.linspace(-1.5, 1.5, frames)
    return group(np.stack([x, np.full(frames, height)], axis=-1)[:, None], label)


def ink(ready: Painter, box: Box, clock: float, colour: Any) -> int:
    """How many pixels of a box have a colour."""
    return int(
        np.count_nonzero((ready.frame(clock)[box.top : box.bottom, box.left : box.right] == colour).all(axis=-1))
    )


@pytest.mark.parametrize("name", ["light", "dark", "projector"])
def test_a_theme_colours_everything(name: str) -> None:
    style = theme(name)
    ready = painter(result(*cloud(), theme=name, trails=2, markers=(2,), caption="words", **LARGE))
    frame = ready.frame(110.0)
    assert tuple(frame[0, 0]) == style.background
    assert tuple(ready.exact[-2]) == style.foreground
    assert ink(ready, ready.layout.title, 0.0, style.foreground) > 50
    assert ink(ready, ready.layout.map, 110.0, style.groups[0]) > 50
    assert ready.layout.style.title.size == round(23 * style.type)


def test_a_panel_shows_its_own_group_and_nothing_else() -> None:
    run = result(walk("a", 0.5), walk("b", -0.5), panels=True, **LARGE)
    ready = painter(run)
    assert len(ready.layout.maps) == 2
    for k, area in enumerate(ready.layout.maps):
        assert ink(ready, area, 50.0, ready.scene.maps.colours[k]) > 10
        assert ink(ready, area, 50.0, ready.scene.maps.colours[1 - k]) == 0
        row, column = pixel(0.0, (0.5, -0.5)[k], area)
        assert tuple(ready.frame(50.0)[row, column]) == tuple(ready.scene.maps.colours[k])


def test_panels_share_window_clock_and_landmarks() -> None:
    ready = painter(result(*cloud(4), panels=True, **LARGE), critical=critical((0.3, 0.2, "saddle", 1)))
    assert [len(name_labels(found, ready.layout.style)) for found in ready.scene.spots] == [1, 1, 1, 1]
    assert {swarm.scale[::2] for swarm in ready.scene.swarms} == {ready.scene.swarms[0].scale[::2]}
    assert ready.layout.clock.height


@pytest.mark.parametrize("groups", [(2,), ("b",), (2, "b")])
def test_chosen_groups_are_drawn_in_their_own_colours(groups: tuple[int | str, ...]) -> None:
    ready = painter(result(walk("a", 0.5), walk("b", -0.5), walk("c", 0.0), groups=groups, **LARGE))
    assert ready.scene.maps.shown == [1]
    assert tuple(ready.scene.maps.colours[0]) == theme("light").groups[1]
    assert len(ready.layout.rows) == 1
    assert ink(ready, ready.layout.map, 50.0, theme("light").groups[0]) == 0


def test_the_map_takes_the_room_of_what_is_left_out() -> None:
    def area(title: str = "A title", **settings: Any) -> int:
        box = painter(result(*cloud(2), title=title, **LARGE, **settings)).layout.map
        return box.width * box.height

    everything = area()
    assert area(chart="none") == area(legend=False) == everything
    assert area(chart="none", legend=False) > 1.5 * everything
    assert area(title="") > everything > area(caption="words")


def test_without_a_legend_there_are_no_labels_and_without_a_chart_no_curves() -> None:
    plain = painter(result(*cloud(2), legend=False, **LARGE))
    assert plain.layout.rows == ()
    assert plain.layout.charts[0].box.height > 300
    none = painter(result(*cloud(2), chart="none", **LARGE))
    assert none.layout.charts == ()
    assert none.layout.rows
    none.frame(50.0)


def test_markers_appear_at_their_update_on_trail_and_curve() -> None:
    ready = painter(result(walk("a", 0.5), trails=1, markers=(4, 99), **LARGE))
    style = ready.layout.style
    dark = marker_colour(ready.scene.maps.colours[0], style)
    middle, column = pixel(-0.3, 0.5, ready.layout.map)
    row = middle - round(0.65 * SIZES.marker)
    assert tuple(ready.frame(41.0)[middle, column]) == style.theme.background
    assert [tuple(ready.frame(clock)[row, column]) == dark for clock in (39.0, 41.0, 100.0)] == [False, True, True]
    assert ink(ready, ready.layout.charts[0].box, 39.0, dark) == 0
    assert ink(ready, ready.layout.charts[0].box, 100.0, dark) > 8
    key = ready.layout.key
    assert ink(ready, key, 0.0, style.theme.foreground) > 20
    assert len(ready.scene.markers) == 1


def test_every_marker_has_its_own_shape() -> None:
    from errsurf.drawing.map.markers import SHAPES, corners

    masks = []
    for k in range(len(SHAPES)):
        canvas = RasterCanvas.blank((20, 20), (255, 255, 255))
        canvas.polygon(Box(0, 0, 20, 20), np.array([[10.0, 10.0]]), corners(k, 6.0), (0, 0, 0))
        assert (canvas.out == 0).any()
        masks.append(canvas.out)
    assert not any(np.array_equal(a, b) for k, a in enumerate(masks) for b in masks[:k])


def test_a_trail_is_as_long_as_asked() -> None:
    def covered(length: float) -> Any:
        ready = painter(result(walk("a", 0.5, 41), trails=1, trail_length=length, **LARGE))
        row, left = pixel(-1.5, 0.5, ready.layout.map)
        _, right = pixel(1.5, 0.5, ready.layout.map)
        changed = (ready.frame(400.0)[row, left:right] != ready.base[row, left:right]).any(axis=-1)
        return 1 - np.argmax(changed) / len(changed)

    assert covered(1.0) > 0.98
    assert covered(0.5) == pytest.approx(0.5, abs=0.04)
    assert covered(0.1) == pytest.approx(0.1, abs=0.04)


def test_levels_as_numbers_are_drawn_where_they_are() -> None:
    few, many = (painter(result(*cloud(1), levels=levels)) for levels in ((0.1,), (0.1, 0.3, 0.5, 0.7)))
    area = few.layout.map
    for ready, least in ((few, 2), (many, 5)):
        inside = ready.base[area.top : area.bottom, area.left : area.right].reshape(-1, 3)
        _, counts = np.unique(inside, axis=0, return_counts=True)
        assert np.count_nonzero(counts > 0.02 * len(inside)) >= least
    row, column = pixel(0.0, 0.0, area)
    assert tuple(few.base[row, column]) != tuple(few.base[area.top + 3, area.left + 60])


def test_a_caption_takes_two_lines_at_most() -> None:
    ready = painter(result(*cloud(1), caption="words that go on " * 20, **LARGE))
    box = ready.layout.caption
    assert ready.layout.clock.bottom <= box.top
    assert ink(ready, box, 0.0, theme("light").grey) > 200
    assert box.height == 2 * (box.height // 2)
