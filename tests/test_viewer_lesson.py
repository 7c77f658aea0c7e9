"""The window for a lesson: what it shows is what runs, whatever is steered, undone or switched on."""

from pathlib import Path

import numpy as np
import pytest

from errsurf import read_scenario, simulate
from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import theme
from errsurf.drawing.group_looks import scenario_colours
from errsurf.errors import UserError
from errsurf.interactive.steering import with_kind
from errsurf.settings.learning_rates import lr_words
from errsurf.system.numbers import drawn_number
from errsurf.viewer.actions import action
from errsurf.viewer.changing import change
from errsurf.viewer.clock_line import read_out
from errsurf.viewer.steering import KNOBS
from helpers.window_driver import Watched, middle, scenario, watched


def coloured(made: Watched) -> list[int]:
    """How many pixels of the map have each group's colour."""
    area, colours = made.screen.at.map, scenario_colours(theme("light"), made.state.scenario.optimizer, range(2))
    part = made.pixels()[area.top : area.bottom, area.left : area.right].astype(int)
    return [int((np.abs(part - colour.astype(int)).max(axis=-1) < 12).sum()) for colour in colours]


def test_a_relief_keeps_particles_and_shading_when_the_map_is_of_a_batch(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        state, run_map = made.state, made.screen.run_map
        assert run_map is not None
        made.key("3")
        made.until(lambda: run_map.on_relief(state))
        made.frames(2)
        before = coloured(made)
        made.key("b")
        made.key("b")
        made.until(lambda: run_map.map_relief.coming is None, 20)
        made.frames(2)
        assert all(now > 0.8 * then for now, then in zip(coloured(made), before, strict=True))
        assert state.scenario.picture.surface == "train"


def test_a_group_that_joins_runs_with_the_rate_and_batch_that_are_announced(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        state = made.state
        state.steer("one")
        state.seek(20.0)
        made.until(lambda: state.moment.update == (20, 20))
        change(state, lr=0.011, batch=2)
        made.key("a")
        made.key("return")
        said = [notice.text for notice in state.current_notices()]
        made.until(lambda: len(state.labels) == 3)
        group = state.live.scenario.optimizer[2]
        assert (group.settings.lr, group.batch) == (0.011, 2)
        assert any(f"batch {group.batch}, lr {lr_words(group.settings.lr)}" in text for text in said)


def test_undo_and_reset_bring_back_the_run_before(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        state = made.state
        before = state.live.scenario
        state.seek(20.0)
        made.until(lambda: state.moment.update == (20, 20))
        theta = state.moment.position[0].copy()
        bar = made.element("lr").bar
        made.drag(middle(bar), (bar.left + 40, bar.top + 2), (bar.left + 60, bar.top + 2))
        made.click(made.middle("update"))
        made.until(lambda: state.moment.update == (21, 21))
        made.key("x")
        made.until(lambda: state.labels == ["one"])
        for labels, changes in ((["all", "one"], 1), (["all", "one"], 0)):
            made.click(made.middle("undo"))
            made.until(lambda labels=labels: state.labels == labels)
            assert len(state.live.scenario.optimizer[0].changes) == changes
        made.until(lambda: state.moment.update == (20, 20))
        assert np.array_equal(state.moment.position[0], theta)
        assert state.live.scenario == before
        made.click(made.middle("undo"))
        assert "nothing to undo" in [notice.text for notice in state.current_notices()]
        change(state, lr=0.3)
        made.click(made.middle("reset"))
        made.until(lambda: state.moment.update == (0, 0))
        assert state.live.scenario == before


def test_an_optimizer_changes_in_place_and_the_run_can_be_saved(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        state = made.state
        change(state, lr=0.3)
        made.key("ctrl a")
        assert state.menu is not None
        kind = state.menu.items[0].value  # the one that other tests have compiled
        assert state.menu.item.value == "sgd"
        state.menu = state.menu._replace(at=0)
        made.key("return")
        made.until(lambda: state.moment.result.scenario.optimizer[0].kind == kind)
        assert (state.chosen, state.labels) == ("all", ["all", "one"])
        group = state.live.scenario.optimizer[0]
        assert (group.settings.lr, group.batch, group.changes) == (0.3, "full", ())
        assert any("starts again" in notice.text for notice in state.current_notices())
        assert made.element("momentum").shut
        state.seek(60.0)
        made.until(lambda: state.moment.update == (60, 60))
        made.key("p")
        again = simulate(read_scenario(next(tmp_path.glob("*.toml"))))
        assert np.array_equal(again.groups[0].position[-1], state.moment.position[0])
        made.key("ctrl z")
        made.until(lambda: state.moment.result.scenario.optimizer[0].kind == "sgd")


def test_a_label_that_names_the_old_optimizer_changes_with_it() -> None:
    groups = [{"kind": "sgd", "batch": 1}, {"kind": "adam", "label": "adam"}]
    made = with_kind(scenario(optimizer=groups, picture={"follow": "sgd, batch 1"}), 0, "adam")
    assert [group.label for group in made.optimizer] == ["adam (2)", "adam"]
    assert made.picture.follow is None


def test_the_mark_is_where_full_batch_stops_settling(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        made.until(lambda: made.state.known.critical)
        made.frames(2)
        mark = made.element("lr").mark
        sharpness = min(made.state.known.critical, key=lambda each: each.loss).sharpness
        assert KNOBS["lr"].at(made.state, mark[0]) == pytest.approx(3.0 / sharpness, rel=0.02)  # 2 (1 + momentum)
        assert mark[1][0].startswith("3 / sharpness")


def test_the_claim_stands_below_the_title_and_says_whether_it_holds(tmp_path: Path) -> None:
    claim = {"says": "Full batch keeps its rate.", "statistic": "lr", "group": "all", "equals": 0.05, "within": 0.001}
    with watched(tmp_path, scenario(claim=[claim])) as made:
        state = made.state
        assert (made.element("claim").head, made.element("claim").text) == ("Claim:", "Full batch keeps its rate.")
        state.seek(60.0)
        made.until(lambda: state.verdicts == ("holds",))
        made.frames()
        assert made.element("claim").head == "Holds:"
        change(state, lr=0.3)
        made.frames(2)
        assert made.element("claim").head == "Changed, not checked:"
        made.key("ctrl z")
        made.until(lambda: made.element("claim").head == "Holds:")


def test_overlays_leave_the_map_as_large_as_it_is(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        area, names = made.screen.map, ("surface", "test", "members", "arrows", "rates", "stability", "noise")
        for name in names:
            made.key(action(name).keys[0])
            made.frames(2)
            assert made.screen.map == area


def test_sliders_move_beside_an_open_menu_and_the_map_stays_free(tmp_path: Path) -> None:
    for size in ((1280, 720), (800, 500), (700, 800)):
        with watched(tmp_path, size=size) as made:
            made.click(made.middle("more"))
            (layer,) = made.screen.layers
            height, width = layer.pixels.shape[:2]
            sheet = Box(layer.left, layer.top, layer.left + width, layer.top + height)
            assert not sheet.overlaps(made.screen.at.map)
            assert not any(sheet.overlaps(made.element(name).box) for name in ("lr", "momentum", "batch", "scrub"))
            bar = made.element("lr").bar
            made.drag(middle(bar), (bar.left + 30, bar.top + 2))
            assert made.state.menu is not None
            assert made.state.live.scenario.optimizer[0].settings.lr < 0.01
            made.key("down")
            made.key("return")
            assert made.state.relief


def test_the_pointer_reads_loss_and_gradient(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        landscape = made.state.live.landscape
        texts = read_out(made.state, (0.25, -0.5))
        slope = landscape.gradient(np.array([0.25, -0.5]))
        assert texts[0] == f"(0.25, \N{MINUS SIGN}0.5): {texts[1]}"
        numbers = [drawn_number(float(f"{value:.3g}")) for value in (landscape.loss(np.array([0.25, -0.5])), *slope)]
        assert texts[2] == f"loss {numbers[0]}, gradient ({numbers[1]}, {numbers[2]})"
        line, before = made.screen.moved(made.screen.run_map.plan.clock), made.pixels()  # type: ignore[union-attr]
        made.move(middle(made.screen.map))
        after = made.pixels()
        right = np.s_[line.top : line.bottom, (line.left + line.right) // 2 : line.right]
        assert (before[right] != after[right]).any()


def test_the_window_says_from_its_first_frame_what_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from errsurf.viewer import loop

    seen: list[np.ndarray] = []
    with watched(tmp_path) as made:

        def look(*_given: object) -> None:
            seen.append(made.pixels())
            raise UserError("enough")

        monkeypatch.setattr(loop, "new_state", look)
        monkeypatch.setattr(loop, "closed", lambda _window: None)
        made.window.get_surface().fill((9, 9, 9))
        with pytest.raises(UserError, match="enough"):
            loop.watch(made.window, scenario())
        middle_rows = seen[0][250:290]
        assert (seen[0][0, 0] == 255).all()
        assert (middle_rows < 128).any()
        made.state.known, made.state.searches.busy = made.state.known._replace(critical=()), True  # type: ignore[misc]
        assert [notice.text for notice in made.state.current_notices()] == ["searching critical points"]
