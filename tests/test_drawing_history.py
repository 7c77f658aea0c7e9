"""What pictures show of a run's losses, frames and time: levels, heights, light, clocks and paces."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from errsurf import build_scenario, simulate
from errsurf.analysis import Critical
from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import theme
from errsurf.drawing.history import window as windows
from errsurf.drawing.history.clock import Clock, clock_of, clock_texts
from errsurf.drawing.history.contours import contour_levels, contour_width, drawable, even_levels, is_level, loss_grid
from errsurf.drawing.history.frames import clock_end, latest, visited_points
from errsurf.drawing.history.heights import LAMP, RISE, Scale, height_scale, light_from_above
from errsurf.drawing.history.numbers import history
from errsurf.drawing.history.pace import Pace, frame_clocks, pace
from errsurf.drawing.history.profile import Profile, profiled
from errsurf.drawing.history.window import inside, marks
from errsurf.drawing.layout.style import style
from errsurf.drawing.lettering.fonts import Faces, bundled_face
from helpers.drawing_result import WINDOW, group, result

STYLE = style((960, 540), theme("light"), Faces((bundled_face(),), (bundled_face(bold=True),)))
SKEWED = np.linspace(0.0, 1.0, 1001) ** 3


def test_a_clock_is_told_in_full_and_shorter() -> None:
    counts = clock_of("examples", ("sgd",), 20)
    full = ("1,200 examples seen, epoch 60", "1,200 examples, epoch 60", "1,200 examples", "1,200")
    for value in (1200.0, 1200.5, 1200 - 1e-12):
        assert clock_texts(value, counts) == full
    assert clock_texts(1199.99, counts)[3] == "1,199"
    assert [Clock(noun).word for noun in ("example", "update", "example gradient")] == [
        "examples seen", "updates", "example gradients",
    ]  # fmt: skip


@pytest.mark.parametrize(("side", "nodes"), [(30, 80), (240, 80), (300, 100), (960, 320), (3840, 320)])
def test_a_grid_has_a_node_for_three_pixels(side: int, nodes: int) -> None:
    window = ((-1.0, 3.0), (5.0, 6.0))
    landscape: Any = SimpleNamespace(loss=lambda points, which: points @ (1.0, 10.0) + (which == "test"))
    for area, count in ((Box(0, 0, side, 300), (nodes, 100)), (Box(9, 9, 309, 9 + side), (100, nodes))):
        x, y, loss = loss_grid(landscape, window, area)
        assert (len(x), len(y), *loss.shape) == (*count, *count[::-1])
        assert ((x[0], x[-1]), (y[0], y[-1])) == window
        assert np.allclose(loss, x + 10 * y[:, None])
        assert np.allclose(loss_grid(landscape, window, area, "test")[2], loss + 1)


def test_losses_are_level_that_differ_by_rounding_errors() -> None:
    assert is_level(0.0, 0.0)
    assert is_level(1.0, 1 + 1e-13)
    assert not is_level(1.0, 1 + 1e-11)
    assert is_level(-1e6, -1e6 + 1e-7)
    assert not is_level(-1e-6, 1e-6)
    assert is_level(np.nan, 1.0)
    assert drawable(np.array([np.nan, np.inf, 2e300])).tolist() == [0.0]
    assert drawable(np.array([np.nan, -1e300, 1e300, -2e300])).tolist() == [-1e300, 1e300]


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.25, 1.25), (-5.0, 0.0), (40.0, 80.0)])
def test_a_level_map_has_levels_above_it_and_is_low(low: float, high: float) -> None:
    plain = np.full((3, 4), low)
    assert contour_levels(plain, 4)[[0, -1]].tolist() == [low, high]
    scale = height_scale(plain, "area")
    assert scale.height(np.array([low, (low + high) / 2, high])) == pytest.approx([0.0, 0.5, 1.0], abs=1e-6)
    assert height_scale(1e6 + plain, "log").height(np.array(1.5e6 + low)) == pytest.approx(0.5, abs=1e-3)


def test_levels_are_closer_where_more_of_the_map_lies() -> None:
    """The middle one has half of the map below it; but where the map is a plain they are no closer than that allows."""
    for loss in (SKEWED, SKEWED ** (1 / 4), 7 - 3 * SKEWED ** (1 / 4)):
        low, high = float(loss.min()), float(loss.max())
        assert even_levels(loss, low, high, 2, "area")[1] == pytest.approx(np.median(loss))
    assert even_levels(SKEWED**9, 0.0, 1.0, 2, "area")[1] == pytest.approx(0.5**6)
    assert even_levels(1 - SKEWED, 0.0, 1.0, 2, "area")[1] == pytest.approx(0.5**0.6)


def test_a_logarithm_counts_from_a_loss_that_is_not_positive() -> None:
    for low in (-3.0, 0.0):
        found = even_levels(SKEWED, low, low + 10.0, 4, "log") - low
        assert found == pytest.approx([0.0, 1e-2, 1e-1, 1.0, 10.0])


def test_logarithmic_levels_above_a_denormal_loss_count_from_it() -> None:
    levels = contour_levels(np.array([1e-310, 1.0, 1e5]), 8, "log")
    assert np.isfinite(levels).all()
    assert len(levels) == 9


@pytest.mark.parametrize("scale", ["area", "linear", "log"])
@pytest.mark.parametrize("low", [-2.0, 0.013, 1234.5])
def test_levels_are_rounded_by_a_tenth_of_their_distance(scale: str, low: float) -> None:
    loss = low + 17.3 * SKEWED
    exact = even_levels(loss, low, low + 17.3, 7, scale)
    found, gaps = contour_levels(loss, 7, scale), np.diff(exact)
    assert found[[0, -1]] == pytest.approx(exact[[0, -1]])
    allowed = 0.1 * np.minimum(gaps[:-1], gaps[1:])
    assert (np.abs(found - exact)[1:-1] <= allowed).all()
    for level, good, most in zip(found[1:-1].tolist(), exact[1:-1].tolist(), allowed.tolist(), strict=True):
        digits = len(f"{level:.15e}".split("e")[0].strip("-0")) - 2
        assert digits == 0 or abs(float(f"{good:.{digits - 1}e}") - good) > most


def test_contours_are_half_a_pixel_wide_in_a_line_of_seven_tenths() -> None:
    assert contour_width(STYLE._replace(line=0.72)) == pytest.approx(0.5)
    assert contour_width(STYLE._replace(line=1.44)) == pytest.approx(1.0)
    assert (
        contour_width(STYLE._replace(line=0.1)) == contour_width(STYLE._replace(line=0.6)) == pytest.approx(0.6 / 1.44)
    )


def test_heights_follow_the_levels() -> None:
    low, middle, high = 2.0, 2.0 + 10 * float(np.median(SKEWED)), 12.0
    loss = low + 10 * SKEWED
    assert height_scale(loss, "area").height(np.array([low, middle, high])) == pytest.approx([0.0, 0.42, 1.0], abs=1e-6)
    assert height_scale(loss, "linear").height(np.array([4.5, 9.5])) == pytest.approx([0.25, 0.75], abs=1e-6)
    for bottom, bend in ((0.01, 0.01), (2.0, 2.0), (30.0, 10.0), (1e-9, 1e-3), (0.0, 1e-3), (-4.0, 1e-3)):
        assert height_scale(bottom + 10 * SKEWED, "log") == pytest.approx((bottom, bottom + 10, bend))


def test_what_is_sixty_times_as_high_as_the_middle_is_cut_off_unless_half_of_the_map_is_a_plain() -> None:
    for middle, high in ((0.005, 0.3), (0.02, 1.0)):
        loss = np.array([0.0, middle, 1.0])
        scale = height_scale(loss, "area")
        assert scale.high == pytest.approx(high)
        assert scale.height(np.array([high, 9.0, np.nan, np.inf, -9.0])).tolist() == [1.0, 1.0, 1.0, 1.0, 0.0]
    for middle in (0.00099, 0.43, 0.9):
        flat = height_scale(np.array([0.0, middle, 1.0]), "area")
        assert flat.height(np.array(0.5)) == pytest.approx(0.5, abs=1e-6)
        assert flat.high == 1.0
    assert height_scale(np.array([0.0, 0.0011, 1.0]), "area").high < 0.07
    assert Scale(0.0, 1.0, 0.01).height(np.array(0.5)) > 0.8


@pytest.mark.parametrize("rise", [(1.0, 0.0), (0.0, 1.0), (1.0, -2.0), (0.0, 0.0)])
def test_light_is_that_of_a_lamp_at_the_upper_left(rise: tuple[float, float]) -> None:
    """By Lambert's law on a plane; 0.5 is level ground."""
    x, y = np.linspace(0.0, 1.0, 5), np.linspace(0.0, 1.0, 4)
    loss = rise[0] * x + rise[1] * y[:, None]
    sides = (400.0, 300.0)
    found = light_from_above((x, y, loss), sides, "linear")
    slope = RISE / max(float(np.ptp(loss)), 1e-9) * np.array(rise) / np.array(sides) * 500.0
    lamp = LAMP * (1, -1, 1) / np.sqrt(LAMP @ LAMP)
    normal = np.array([*-slope, 1.0]) / np.sqrt(1 + slope @ slope)
    assert found == pytest.approx(np.full((4, 5), np.clip(0.5 + 1.1 * (normal @ lamp - lamp[2]), 0, 1)), abs=1e-6)
    assert lamp[0] < 0 < lamp[1]


def test_visited_points_are_those_of_a_few_hundred_particles_at_ten_frames() -> None:
    for particles, seen in ((1, 1), (300, 300), (301, 151), (900, 300)):
        path = np.zeros((40, particles, 2))
        path[0], path[-1] = -7e12, 7e12
        found = visited_points(result(group(path), group(path[:3])))
        assert len(found) == 13 * seen
        assert (found[:seen] == -1e12).all()
        assert (found[9 * seen : 11 * seen] == [[1e12]] * seen + [[-1e12]] * seen).all()


def test_the_clock_ends_with_the_last_group() -> None:
    groups = [group(np.zeros((frames, 2, 2))) for frames in (3, 7, 5)]
    assert clock_end(result(*groups)) == 60
    assert [latest(np.array([0, 10, 20]), clock) for clock in (-1.0, 0.0, 9.9, 10.0, 99.0)] == [0, 0, 0, 1, 2]


def test_a_pace_tells_where_along_a_chart_the_clock_is() -> None:
    log = Pace("log", 1000.0, 5.0)
    assert [text for _, text in log.marks] == ["0", "10", "100", "1,000"]
    assert [share for share, _ in log.marks] == pytest.approx(
        [0.0, np.log(3) / np.log(201), np.log(21) / np.log(201), 1.0]
    )
    assert [text for _, text in Pace("log", 190.0, 5.0).marks] == ["0", "10", "190"]
    assert [text for _, text in Pace("log", 210.0, 10.0).marks] == ["0", "10", "100", "210"]
    for kind in ("even", "eased"):
        assert Pace(kind, 1000.0).marks == [(0.0, "0"), (1.0, "1,000")]
        assert Pace(kind, 1000.0).share(np.array([0.0, 250.0, 1500.0])).tolist() == [0.0, 0.25, 1.0]
    assert Pace("eased", 100.0).evened(np.array([-5.0, 25.0])).tolist() == [0.0, 50.0]
    assert Pace("even", 0.0).share(0.0) == 0.0
    assert Pace("log", 0.0).evened(3.0) == 3.0
    assert [share for share, _ in Pace("even", 0.5).marks] == [0.0, 1.0]


def test_a_logarithmic_pace_begins_with_the_first_frame_of_any_group() -> None:
    runs = [
        group(np.zeros((3, 1, 2)), update=np.array(at), examples_seen=10 * np.array(at))
        for at in ([0, 4, 9], [0, 2, 9])
    ]
    assert pace(result(*runs)).first == 20.0
    assert pace(result(*runs, clock="updates")) == Pace("even", 9.0, 2.0)
    assert pace(result(group(np.zeros((1, 1, 2))))).first == 1.0
    assert len(frame_clocks(result(*runs, seconds=0.01), 25.0)) == 2
    assert len(frame_clocks(result(*runs, seconds=0.28), 25.0)) == 7


def test_a_window_has_its_edges() -> None:
    assert inside(np.array([(-2.0, -1.0), (2.0, 1.0)]), WINDOW).all()
    assert not inside(np.array([(2.1, 0.0), (0.0, -1.1), (-2.1, 0.0), (0.0, 1.1)]), WINDOW).any()


@pytest.mark.parametrize(("high", "squeezed"), [(14.9, False), (15.0, True), (15.1, True)])
def test_no_axis_of_a_window_is_squeezed_to_a_thirtieth(
    high: float, squeezed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a map twice as wide as high, where one unit along x is two along y."""
    monkeypatch.setattr(windows, "extent", lambda _: (np.array([-1.0, -high]), np.array([1.0, high])))
    of: Any = SimpleNamespace(scenario=SimpleNamespace(picture=SimpleNamespace(window=None)))
    (x0, x1), (y0, y1) = windows.picture_window(of, Box(0, 0, 400, 200))
    assert (y0, y1, x0) == pytest.approx((-high, high, -x1))
    assert x1 == pytest.approx(1.0 if squeezed else 2 * high)


@pytest.mark.parametrize("low", [-1.0, 0.0, 1e6, -12345.0])
@pytest.mark.parametrize("width", [1e-2, 3.0, 700.0])
@pytest.mark.parametrize("count", [1, 4, 7])
def test_marks_say_their_values(low: float, width: float, count: int) -> None:
    found = marks(low, low + width, count)
    values = [value for value, _ in found]
    steps = np.diff(values)
    assert 1 <= len(found) <= count + 2
    assert low - 1e-6 * width <= values[0] < values[-1] <= low + width * (1 + 1e-6) or len(found) == 1
    assert np.ptp(steps) < 1e-6 * width if len(steps) else True
    told = [float(text.replace("\N{MINUS SIGN}", "-").replace(",", "")) for _, text in found]
    assert told == pytest.approx(values, rel=1e-12, abs=1e-9 * width)
    assert all(value == 0 or abs(value) > 1e-6 * width for value in told)


def _parabola(x: Any, **picture: Any) -> Profile:
    run = simulate(build_scenario(
        surface={"kind": "expression", "loss": "x^2"}, optimizer=[{"kind": "sgd", "lr": 1e-9}],
        swarm={"start": "points", "points": [[each, 0.0] for each in x]}, run={"updates": 2},
        picture={"size": [480, 270], **picture},
    ))  # fmt: skip
    found = profiled(run, ((-1.0, 1.0), (-1.0, 1.0)))
    assert isinstance(found, Profile)
    return found


def test_a_profile_reaches_from_below_its_curve_to_above_nine_tenths_of_the_particles() -> None:
    """And not to the one that is far out, nor over what the window leaves out."""
    given = {"window": {"x": [-1.5, 1.5], "y": [-1.0, 1.0]}}
    most = _parabola([1.0] * 19 + [1.4], **given).window
    assert most[0] == (-1.5, 1.5)
    assert most[1] == pytest.approx((-0.14, 1.1), abs=1e-3)
    assert _parabola([0.1] * 19 + [1.4], **given).window[1] == pytest.approx((-0.14 * 0.5625, 1.1 * 0.5625), abs=0.01)
    (x0, x1), (low, high) = _parabola([1.0] * 20).window
    assert (low, high) == pytest.approx((-0.14 * high / 1.1, high), rel=1e-3)
    assert (x0, x1) == pytest.approx((-1.12 * high**0.5, 1.12 * high**0.5), rel=0.03) or high == 1.1


def test_critical_points_of_a_profile_lie_on_its_curve() -> None:
    run = _parabola([1.0])
    for kind, eigenvalues, found in (
        ("degenerate", (0.0, 2.0), "minimum"), ("maximum", (-2.0, -1.0), "maximum"),
        ("degenerate", (0.0, 0.0), "saddle"),
    ):  # fmt: skip
        seen = run.marked(Critical(0.5, 9.0, kind, 0.0, eigenvalues))
        assert (seen.x, seen.y, seen.kind) == pytest.approx((0.5, 0.25, found)) or found == "minimum"
    far = run.placed(np.array([[1e8, 3.0], [2.0, 0.0]]))
    assert far.tolist() == [[1e8, 1e12], [2.0, 4.0]]


def test_histories_count_who_is_outside_and_who_diverged() -> None:
    path = np.zeros((2, 4, 2))
    path[1] = [(3.0, 0.0), (0.0, 0.0), (0.0, -1.5), (np.nan, np.nan)]
    one = group(path, diverged=np.array([-1, -1, -1, 1]))
    found = history(result(one), one, WINDOW, None)
    assert found.outside.tolist() == [0, 2]
    assert found.diverged.tolist() == [0, 1]
    assert (found.particles, found.share.shape, found.where.shape) == (4, (2, 0), (2, 0))
    assert (found.frame.tolist(), found.clock.tolist(), found.update.tolist()) == ([0, 1], [0, 10], [0, 1])
