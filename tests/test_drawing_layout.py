"""Where texts, axes and names stand, and the colours of the picture."""

from typing import Any

import numpy as np
import pytest
from drawing_result import cloud, critical, group, pixel, result

from simulator.drawing import painter
from simulator.drawing.axes import axis_names
from simulator.drawing.background import contour_levels
from simulator.drawing.colours import group_colours, map_colours
from simulator.drawing.layout import Box, Layout, layout
from simulator.drawing.text import shortened, text_width
from simulator.drawing.window import marks

SIZES = [(960, 540), (240, 240), (240, 136), (480, 270), (540, 960), (800, 800), (3840, 2160), (1280, 320), (300, 1200)]


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
    stay = group(np.tile(np.random.default_rng(4).normal((0.0, 0.25), 0.03, (1, 500, 2)), (5, 1, 1)))
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
    assert [text for _, text in marks(-1.0, 1.0, 4)] == ["\N{MINUS SIGN}1", "\N{MINUS SIGN}0.5", "0", "0.5", "1"]
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
