"""Scales of charts and the boxes of their parts, against what can be worked out by hand."""

from itertools import pairwise

import numpy as np
import pytest

from errsurf.drawing.boxes import NOWHERE, Box
from errsurf.drawing.charts import chart, chart_kind
from errsurf.drawing.charts._scales import ZERO_ROOM, Scale, scale_marks, share_marks, size_scale, spanning
from errsurf.drawing.colours import theme
from errsurf.drawing.layout.arrangement import layout
from errsurf.drawing.layout.parts import Contents, chart_spaces, clock_boxes, footed, row_boxes
from errsurf.drawing.layout.style import style
from errsurf.drawing.lettering.fonts import Faces, bundled_face
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.panel.chart import draw_frame
from errsurf.drawing.panel.chart_room import MARK_GAP
from helpers.canvas_recorder import Recorder
from helpers.chart_results import made, source

FACES = Faces((bundled_face(),), (bundled_face(bold=True),))
STYLE = style((960, 540), theme("light"), FACES)


@pytest.mark.parametrize("width", [3e-6, 0.004, 0.29, 1.0, 3.0, 31.0, 250.0])
def test_decimals_tell_values_apart_that_differ_by_a_300th_of_a_scale(width: float) -> None:
    decimals = Scale(5.0, 5.0 + width).decimals
    assert decimals is not None
    assert 10.0**-decimals <= width / 300 * 1.001 < 10.0 ** (1 - decimals)


def test_scales_without_decimals() -> None:
    assert Scale(0.0, 1e5).decimals == 0
    assert Scale(0.0, 2.9e-6).decimals is None
    assert Scale(1.0, 3.0, log=True).decimals is None


def test_places_end_one_height_beyond_a_scale() -> None:
    places = Scale(2.0, 4.0).height(np.array([-np.inf, 1.0, 2.0, 3.5, 4.0, 5.0, 1e308]))
    assert places.tolist() == [-1.0, -0.5, 0.0, 0.75, 1.0, 1.5, 2.0]
    with_zero = Scale(1e-2, 1e2, log=True, zero=True).height(np.array([0.0, 1e-5, 1e-2, 1.0, 1e2, 1e99]))
    assert with_zero == pytest.approx([0.0, ZERO_ROOM, ZERO_ROOM, (1 + ZERO_ROOM) / 2, 1.0, 2.0])


def test_a_scale_spans_its_values_with_a_margin_or_is_logarithmic() -> None:
    """Beyond a factor of 200, and there from the highest value down to a share of it."""
    assert spanning([np.array([1.0, 200.0]), None]) == pytest.approx((1 - 9.95, 200 + 9.95, False, False))
    assert spanning([np.array([1.0]), np.array([201.0, np.nan, 2e300])]) == pytest.approx((1.0, 1.2 * 201, True, False))
    assert spanning([np.array([0.0, 201.0])]) == pytest.approx((-10.05, 211.05, False, False))
    assert spanning([np.array([1e-20, 1.0])]) == pytest.approx((1e-12, 1.2, True, False))
    assert spanning([np.array([1e-20, 1.0])], bottom=1e-3)[0] == pytest.approx(1e-3)
    assert spanning([np.array([1.0, 90.0])], factor=80).log
    assert spanning([np.array([1.0, 9.0, 500.0])], top=5.0) == pytest.approx((0.8, 5.2, False, False))
    assert spanning([np.array([7.0, 9.0])], top=5.0) == pytest.approx((6.9, 9.1, False, False))
    assert spanning([np.full(3, 4.0)]) == pytest.approx((3.5, 4.5, False, False))
    assert spanning([np.full(3, -4e6)]) == pytest.approx((-4e6 - 4e3, -4e6 + 4e3, False, False))
    assert spanning([np.full(3, np.nan)]) == pytest.approx((-0.05, 1.05, False, False))


def test_a_scale_of_sizes_begins_with_zero_or_has_a_place_for_it() -> None:
    assert size_scale([np.array([1.0, 200.0])]) == pytest.approx((0.0, 210.0, False, False))
    assert size_scale([np.array([1.0, 201.0])]) == pytest.approx((1.0, 241.2, True, False))
    assert size_scale([np.array([1e-20, 0.0, 1.0])]) == pytest.approx((1e-8, 1.2, True, True))
    assert size_scale([np.zeros(2)]) == pytest.approx((0.0, 1.05, False, False))
    assert size_scale([np.array([1.0, 9.0])], factor=8).log


def test_a_logarithmic_axis_has_powers_of_ten_and_where_they_are_few_their_multiples() -> None:
    def texts(*scale: float) -> list[str]:
        found = scale_marks(Scale(*scale[:2], log=True, zero=len(scale) > 2))
        assert [value for value, _ in found] == sorted(value for value, _ in found)
        return [text for _, text in found]

    assert texts(0.5, 150.0, 0.0) == ["0", "1", "10", "100"]
    assert texts(0.6, 45.0) == ["1", "2", "5", "10", "20"]
    assert texts(0.06, 0.4, 0.0) == ["0", "0.1", "0.2"]
    assert texts(1.0, 1000.0) == ["1", "10", "100", "1,000"]
    assert texts(1e-7, 1e-4)[0] == "1e\N{MINUS SIGN}7"
    assert [text for _, text in share_marks(Scale(-0.1, 1.1))] == ["0%", "50%", "100%"]
    shares = share_marks(Scale(0.0005, 1.2, log=True, zero=True))
    assert shares == [(0.0, "0%"), (1e-3, "0.1%"), (1e-2, "1%"), (0.1, "10%"), (1.0, "100%")]


@pytest.mark.parametrize(("width", "beside"), [(400, False), (509, False), (511, True), (900, True)])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_charts_of_a_panel_are_alike_and_fill_it(width: int, beside: bool, count: int) -> None:
    """One above the other, or side by side where it is more than 1.7 times as wide as high."""
    panel = Box(40, 30, 40 + width, 330)
    spaces = chart_spaces(panel, STYLE, count)
    assert len(spaces) == count
    boxes = [space.box for space in spaces]
    assert len({(box.width, box.height) for box in boxes}) == 1
    assert (len({box.top for box in boxes}) == 1) == (beside or count == 1)
    for one, other in pairwise(spaces):
        gap = other.title.left - one.title.right if beside else other.title.top - one.box.bottom
        assert 0 < gap < 4 * line_height(STYLE.tick)
    assert 0 <= panel.right - spaces[-1].title.right < count
    assert all(space.title.inside(panel) and space.box.inside(panel) for space in spaces)
    assert all(space.title.height == line_height(STYLE.tick) < space.box.top - space.title.top for space in spaces)
    assert 0 <= panel.bottom - spaces[-1].box.bottom - line_height(STYLE.tick) - 5 < count


def test_a_panel_that_is_too_small_for_two_charts_has_one_or_none() -> None:
    line = line_height(STYLE.tick)
    assert [len(chart_spaces(Box(0, 0, 200, high * line), STYLE, 2)) for high in (3, 5, 6, 12)] == [0, 1, 1, 2]
    assert chart_spaces(Box(0, 0, 4 * line, 200), STYLE, 1) == ()


def test_a_swatch_stands_in_the_middle_of_its_line_and_numbers_below_its_label() -> None:
    row = row_boxes(10, 200, 50, STYLE, numbers=True)
    assert row.numbers is not None
    assert row.swatch.width == row.swatch.height < line_height(STYLE.label) == row.label.height
    assert abs((row.swatch.top - row.label.top) - (row.label.bottom - row.swatch.bottom)) <= 1
    assert (row.swatch.left, row.label.right, row.label.top) == (10, 200, 50)
    assert 0 < row.label.left - row.swatch.right < row.swatch.width
    assert row.numbers == row.label._replace(top=row.label.bottom, bottom=row.label.bottom + line_height(STYLE.number))
    assert row_boxes(10, 200, 50, STYLE, numbers=False) == row._replace(numbers=None)


def test_the_line_of_the_clock_is_shared_with_the_key_and_the_foot_is_below_the_maps() -> None:
    region = Box(10, 20, 410, 320)
    whole, nothing = clock_boxes(region, STYLE, Contents(1))
    assert nothing == NOWHERE
    assert (whole.right, whole.bottom, whole.height) == (410, 320, line_height(STYLE.label))
    clock, key = clock_boxes(region, STYLE, Contents(1, clock=100))
    assert (clock.left, clock.width) == (whole.left, 100 + STYLE.label.size)
    assert key == whole._replace(left=clock.right)
    assert clock_boxes(region, STYLE, Contents(1, clock=999))[1].width == 1
    assert footed(region, STYLE, Contents(1, foot=40)) == (
        region._replace(bottom=280), Box(whole.left, 280, 410, 320),
    )  # fmt: skip
    assert footed(region, STYLE, Contents(1)) == (region, NOWHERE)


@pytest.mark.parametrize("groups", [2, 3, 5, 8])
@pytest.mark.parametrize("size", [(960, 540), (540, 960), (800, 800)])
def test_maps_of_groups_stand_in_even_rows_and_columns(groups: int, size: tuple[int, int]) -> None:
    how = style(size, theme("light"), FACES)
    plan = layout(size, how, Contents(groups, panels=True, charts=0))
    lefts, tops = (sorted({getattr(box, side) for box in plan.maps}) for side in ("left", "top"))
    across = {b - a - plan.map.width for a, b in pairwise(lefts)}
    down = {b - a - plan.map.height for a, b in pairwise(tops)}
    assert max(len(across), len(down)) <= 1
    assert all(0 < gap < plan.map.width for gap in across)
    assert 0 <= plan.title.right - max(box.right for box in plan.maps) < len(lefts)
    order = [(box.top, box.left) for box in plan.maps]
    assert order == sorted(order) == [(tops[k // len(lefts)], lefts[k % len(lefts)]) for k in range(groups)]
    for box, row, outer in zip(plan.maps, plan.rows, plan.outer, strict=True):
        assert (row.swatch.left, row.label.right) == (box.left, box.right)
        assert row.numbers is not None
        assert 0 <= box.top - row.numbers.bottom < line_height(how.tick)
        below = any(other.left == box.left and other.top > box.top for other in plan.maps)
        assert outer == (box.left == lefts[0], not below)


@pytest.mark.parametrize("zero", [False, True])
def test_axes_of_a_chart_are_one_pixel_thick_outside_its_box_and_marks_lie_in_it(zero: bool) -> None:
    norms = np.array([[(0.0 if zero else 1.0, 0.0)], [(1.0, 0.0)], [(1e-6, 0.0)]])
    found = chart(chart_kind("gradient norm"), source(made(norms, of={"kind": "quadratic_bowl", "examples": 2})))
    assert found.scale.zero == zero
    canvas, box, theme = Recorder(), Box(100, 50, 400, 250), STYLE.theme
    draw_frame(canvas, box, found, STYLE)
    assert all(fill.width > 0 < fill.height for fill, _ in canvas.fills)
    assert [fill for fill, tone in canvas.fills if tone == theme.grey] == [
        Box(99, 50, 100, 251),
        Box(99, 250, 400, 251),
    ]
    pale = [fill for fill, tone in canvas.fills if tone == theme.pale]
    assert {(line.left, line.right, line.height) for line in pale} == {(100, 400, 1)}
    heights = found.scale.height(np.array([value for value, _ in found.marks]))
    assert {line.top for line in pale} <= set(np.minimum(250 - np.round(200 * heights), 249).astype(int).tolist())
    written = [(text, left + text_width(text, STYLE.tick), top) for text, left, top in canvas.texts if top < 250]
    assert {text for text, _, _ in written} <= {text for _, text in found.marks}
    assert {right for _, right, _ in written} == {100 - MARK_GAP}
    assert [top + line_height(STYLE.tick) // 2 for _, _, top in written] == [line.top for line in pale]
    gaps = [fill for fill, tone in canvas.fills if tone == theme.background]
    assert [(gap.left, gap.right) for gap in gaps] == [(99, 100)] * zero
    assert all(250 - ZERO_ROOM * 200 < gap.top < gap.bottom < 250 for gap in gaps)
    assert len(canvas.drawings) == 2 * zero
