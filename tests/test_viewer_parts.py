"""Parts of the window by themselves: what is read of a growing run, work elsewhere, maps that are moved."""

import os
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from unittest.mock import Mock, patch

import numpy as np
import pytest

from errsurf import scenario_from, simulate
from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import Source, chart, chart_kind
from errsurf.drawing.colours import group_colours
from errsurf.drawing.history.numbers import history
from errsurf.drawing.history.window import pixel_scale
from errsurf.drawing.layout.parts import map_style
from errsurf.run.result import Group, Result
from errsurf.schedules import schedule_names
from errsurf.viewer.changing import undo
from errsurf.viewer.files import thinned
from errsurf.viewer.menus import schedule_choices, schedule_menu
from errsurf.viewer.tracks import MOST, Known, Tracks
from errsurf.viewer.trails import bare_swarm
from errsurf.viewer.viewport import moved, pixel_of, reshaped, theta_at, zoomed
from errsurf.viewer.worker_client import WorkerClient
from helpers.synthetic_results import made_run
from helpers.window_driver import Watched, scenario, watched

WINDOW = ((-2.0, 2.0), (-1.0, 1.0))
AREA = Box(10, 20, 410, 320)


def grown(result: Result, frames: int) -> Result:
    """The first frames of a result."""
    names = ("update", "examples_seen", "lr", "position", "train_loss", "test_loss")
    groups = [Group(**(vars(g) | {name: getattr(g, name)[:frames] for name in names})) for g in result.groups]
    return Result(result.scenario, groups, "cpu", 0.0)


def walk(frames: int, particles: int = 4) -> Any:
    """Paths (frames, particles, 2) of a random walk; one particle diverges half way."""
    paths = np.cumsum(np.random.default_rng(1).normal(0, 0.02, (frames, particles, 2)), axis=0)
    paths[frames // 2 :, 1] = np.nan
    return paths


def test_a_run_read_as_it_grows_gives_the_charts_of_the_whole_run() -> None:
    result = made_run(walk(90), walk(90), chart="loss")
    tracks, known = Tracks(np.array([0, 2])), Known(WINDOW)
    for frames in (1, 2, 17, 60, 90, 90):
        tracks.follow(grown(result, frames), known)
    loss = np.array([[0.0, 1.0]])
    source = tracks.source(result, known, [0, 1], loss, 450.0)
    whole = [history(result, group, WINDOW, None) for group in result.groups]
    for name in ("loss", "lr", "gap"):
        now = tracks.chart(name, source)
        good = chart(chart_kind(name), Source(result, result.groups, [0, 1], whole, (), None, loss, 450.0))
        for one, other in zip(now.curves, good.curves, strict=True):
            assert np.array_equal(one.clock, other.clock)
            assert np.array_equal(one.height, other.height, equal_nan=True)
    path = tracks.paths["group 0"].position
    assert np.array_equal(path, np.asarray(result.groups[0].position[:, [0, 2]], np.float64), equal_nan=True)


def test_a_long_run_keeps_few_rows_evenly() -> None:
    result, tracks = made_run(walk(3000, 2)), Tracks(np.array([0]))
    for frames in range(50, 3001, 50):
        tracks.follow(grown(result, frames), Known(WINDOW))
    update = tracks.of["group 0"].history.update
    assert MOST / 2 <= len(update) <= MOST
    assert update[0] == 0
    assert update[-1] > 2980
    assert np.ptp(np.diff(update)) <= np.diff(update).min()


def test_rows_follow_frames_that_were_dropped() -> None:
    result, tracks = made_run(walk(100)), Tracks(np.array([0]))
    tracks.follow(result, Known(WINDOW))
    tracks.follow(thinned(result, [0.0, 150.0, 495.0]), Known(WINDOW))
    group, track = thinned(result, [0.0, 150.0, 495.0]).groups[0], tracks.of["group 0"]
    assert np.array_equal(group.update[track.history.frame], track.history.update)


def test_a_thinned_run_shows_the_same_at_its_clocks() -> None:
    result = simulate(scenario(run={"updates": 3000, "frames": "all"}))
    small = thinned(result, [0.0, 1234.0, 3000.0])
    for group, whole in zip(small.groups, result.groups, strict=True):
        assert len(group.update) < 500
        assert np.array_equal(group.position[list(group.update).index(1234)], whole.position[1234])
        assert group.update[-1] == 3000


@pytest.mark.parametrize("window", [WINDOW, ((5.0, 5.1), (-1e3, 1e3))])
def test_pixels_and_thetas_are_the_same_places(window: Any) -> None:
    for place in ((10, 20), (410, 320), (123.5, 87.25)):
        assert pixel_of(window, AREA, theta_at(window, AREA, place)) == pytest.approx(place)


def test_zooming_keeps_the_place_and_ends_where_numbers_do() -> None:
    at = (0.3, -0.2)
    window: Any = WINDOW
    for _ in range(200):
        window = zoomed(window, at, 0.7)
    assert pixel_of(window, AREA, at) == pytest.approx(pixel_of(WINDOW, AREA, at), abs=1)
    assert window[0][1] > window[0][0]
    for _ in range(400):
        window = zoomed(window, at, 1.5)
    assert np.isfinite(window).all()
    assert theta_at(moved(WINDOW, AREA, (40, -30)), AREA, (50, 50)) == pytest.approx(theta_at(WINDOW, AREA, (10, 80)))


def test_a_map_of_another_shape_has_the_same_proportions() -> None:
    (x0, x1), (y0, y1) = reshaped(WINDOW, AREA, Box(0, 0, 200, 300))
    assert (x0, x1) == WINDOW[0]
    assert (y0 + y1, (y1 - y0) / 300 / ((x1 - x0) / 200)) == pytest.approx((0, 2 / 300 / (4 / 400)))


def test_another_process_answers_reports_and_fails_in_words() -> None:
    shop, heard = WorkerClient(), list[Any]()

    def until(count: int) -> None:
        end = monotonic() + 60
        while len(heard) < count:
            assert monotonic() < end
            shop.poll()
            sleep(0.01)

    try:
        shop.ask(os.path.join, "a", done=heard.append, failed=heard.append)
        until(1)
        assert "join" in heard[0] or "str" in heard[0]
        shop.ask(np.multiply, np.arange(6.0), 2.0, done=heard.append, failed=heard.append)
        until(2)
        assert not shop.busy
        shop.close()
        shop.ask(divmod, 7, 2, done=heard.append, failed=heard.append)
        shop._process.kill()  # type: ignore[union-attr]
        until(3)
        assert heard[2] == "the process that draws has ended"
    finally:
        shop.close()


@pytest.mark.parametrize(("length", "reach"), [(0.25, 15.0), (1.0, np.inf)])
def test_trails_reach_as_far_back_as_in_a_picture(tmp_path: Path, length: float, reach: float) -> None:
    with watched(tmp_path, scenario(picture={"clock": "updates", "trail_length": length})) as made:
        assert made.screen.run_map is not None
        style, area = map_style(made.screen.run_map.plan), made.screen.run_map.plan.map
        colours, scale = group_colours(style.theme, [0]), pixel_scale(WINDOW, area)
        assert bare_swarm(made.state, [0], colours, area, scale, style).reach == reach


def test_a_map_that_cannot_be_drawn_elsewhere_is_drawn_here(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        assert made.screen.run_map is not None

        class Broken:
            busy = False

            def ask(self, *_arguments: Any, failed: Any, **_more: Any) -> None:
                failed("no")

            def poll(self) -> bool:
                return False

            def close(self) -> None:
                """Nothing."""

        made.state.maps = Broken()  # type: ignore[assignment]
        made.key("pageup")
        made.frames(2)
        assert made.screen.run_map.window == made.state.view


def test_every_schedule_of_the_menu_can_be_taken() -> None:
    choices = schedule_choices()
    assert {table["decay"] for table in choices.values()} == set(schedule_names())
    assert [item.name for item in schedule_menu().items] == [*choices]
    for name, table in choices.items():
        group = {"kind": "sgd", "batch": 1, "schedule": table}
        read = scenario_from({"surface": {"kind": "saddle"}, "run": {"epochs": 5}, "optimizer": [group]})
        assert bool(read.optimizer[0].schedule.warmup) == name.startswith("warmup, then ")


def stays_at_update_10(made: Watched, read: Any) -> None:
    """Refreshed by ``read`` in place of ``Live.at``, the window has another unit, but not another update."""
    with patch.object(made.state.live, "at", read):
        made.state.refresh()
    made.frames()
    assert made.state.picture.clock == "examples"
    assert made.state.moment.update[0] == 10


def test_another_unit_of_the_clock_stays_at_the_update_though_its_frame_is_not_recorded_yet(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        state = made.state
        state.seek(10.0)
        made.until(lambda: state.moment.update == (10, 10))
        state.live.count("examples")
        state.live.wait()
        groups = [Group(**(vars(g) | {"update": g.update[:1]})) for g in state.live.now().result.groups]
        late = replace(state.live.at(1.0), result=replace(state.live.now().result, groups=groups))
        stays_at_update_10(made, Mock(return_value=late))


def test_another_unit_of_the_clock_may_come_at_any_moment(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        state = made.state
        state.seek(10.0)
        made.until(lambda: state.moment.update == (10, 10))
        read = state.live.at

        def changed_before(clock: float, *, exact: bool) -> Any:
            state.live.count("examples")
            state.live.wait()
            return read(clock, exact=exact)

        stays_at_update_10(made, changed_before)


def test_undo_returns_to_the_update_of_the_change_in_its_unit(tmp_path: Path) -> None:
    """Both ways: 20 updates of the full batch are 160 examples, which is more than the run has updates."""
    with watched(tmp_path) as made:
        state = made.state
        for unit, clock, later in (("updates", 20.0, 320.0), ("examples", 160.0, 40.0)):
            state.seek(clock)
            made.until(lambda: state.moment.update[0] == 20)
            made.key("c")
            made.until(lambda before=unit: state.picture.clock != before)  # type: ignore[misc]
            state.seek(later)
            made.until(lambda: state.moment.update[0] == 40)
            undo(state)
            made.until(lambda before=unit: state.live.now().result.scenario.picture.clock == before)  # type: ignore[misc]
            made.until(lambda: state.moment.update[0] == 20 and state.moment.exact)
            made.frames(3)
            assert (state.picture.clock, state.clock, state.moment.update[0]) == (unit, clock, 20)
            state.live.count("examples")
            made.until(lambda: state.picture.clock == "examples")
