"""Every key of the table does what it says; what is written from the window is what was shown."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from errsurf import read_scenario, simulate
from errsurf.scenario.scenario import segments
from errsurf.viewer.actions import ACTIONS, action_of_key, key_text
from errsurf.viewer.changing import change
from errsurf.viewer.dialogs import MOUSE, help_layer
from helpers.window_driver import TABLES, Watched, middle, watched

Check = Callable[[Watched], object]


def pictures(made: Watched, suffix: str) -> list[Path]:
    """The files with a suffix in the window's folder."""
    return sorted(made.state.folder.glob(f"*{suffix}"))


def at_update(update: int) -> Check:
    """The steered group has made so many updates."""
    return lambda made: made.state.moment.update[0] == update


def picture_key(name: str, value: object) -> Check:
    """A key of [picture] has a value."""
    return lambda made: getattr(made.state.picture, name) == value


def lr_of(made: Watched) -> float:
    """The last rate of the first group."""
    return float(segments(made.state.live.scenario.optimizer[0])[-1].settings.lr)


DOES: dict[str, Check] = {
    "pause": lambda made: made.state.playing,
    "update": at_update(11),
    "back": at_update(9),
    "epoch": lambda made: made.state.moment.update == (18, 18),
    "faster": lambda made: made.state.speed == 90,
    "slower": lambda made: made.state.speed == 40,
    "start": at_update(0),
    "newest": lambda made: made.state.clock == made.state.newest,
    "restart": lambda made: made.state.moment.update == (0, 0) and made.state.moment.result.scenario.seed == 3,
    "next seed": lambda made: made.state.moment.update == (0, 0) and made.state.moment.result.scenario.seed == 4,
    "undo": lambda made: lr_of(made) == 0.05 and made.state.moment.update[0] == 10,
    "reset": lambda made: lr_of(made) == 0.05 and made.state.moment.update == (0, 0),
    "clock": lambda made: made.state.picture.clock == "examples" and made.state.moment.update[0] == 10,
    "group": lambda made: made.state.chosen == "one",
    "hide": lambda made: made.state.shown() == [1],
    "add": lambda made: made.state.menu is not None and made.state.menu.what == "add",
    "optimizer": lambda made: made.state.menu is not None and made.state.menu.what == "optimizer",
    "remove": lambda made: made.state.labels == ["one"],
    "schedule": lambda made: made.state.menu is not None and made.state.menu.what == "schedule",
    "surface": picture_key("surface", "test"),
    "test": picture_key("test", True),
    "members": picture_key("members", True),
    "arrows": picture_key("arrows", "update"),
    "rates": picture_key("rates", True),
    "stability": picture_key("stability", True),
    "noise": picture_key("noise", True),
    "density": lambda made: made.state.dense,
    "levels": picture_key("level_scale", "linear"),
    "relief": lambda made: made.screen.run_map is not None and made.screen.run_map.on_relief(made.state),
    "zoom in": lambda made: np.allclose(made.state.view, [[-1.6, 1.6], [-1.2, 1.2]]),
    "zoom out": lambda made: np.allclose(made.state.view, [[-2.5, 2.5], [-1.875, 1.875]]),
    "whole map": lambda made: made.state.view is None,
    "first chart": lambda made: made.state.menu is not None and made.state.menu.what == "chart 0",
    "second chart": lambda made: made.state.menu is not None and made.state.menu.what == "chart 1",
    "open": lambda made: made.state.menu is not None and made.state.menu.what == "scenario",
    "more": lambda made: made.state.menu is not None and made.state.menu.what == "more",
    "png": lambda made: pictures(made, ".png"),
    "gif": lambda made: pictures(made, ".gif"),
    "save": lambda made: pictures(made, ".toml"),
    "theme": picture_key("theme", "dark"),
    "large": lambda made: made.state.large and made.screen.at.style.theme.type > 1,
    "full": lambda made: made.state.full and made.state.size == (1024, 768),
    "help": lambda made: made.state.helped and len(made.screen.layers) == 1,
    "close": lambda made: not made.state.helped and not made.state.full,
    "quit": lambda made: made.state.quitting,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Watched:  # type: ignore[misc]
    """One window for all keys."""
    with watched(tmp_path_factory.mktemp("watched")) as opened:
        yield opened  # type: ignore[misc]


def test_all_actions_are_tried_and_no_key_is_taken_twice() -> None:
    assert list(DOES) == [each.name for each in ACTIONS]
    keys = [key for each in ACTIONS for key in each.keys]
    assert len(keys) == len(set(keys))
    assert all(each.keys and each.what for each in ACTIONS)


@pytest.mark.parametrize(
    ("name", "key"), [(each.name, key) for each in ACTIONS for key in each.keys], ids=lambda part: str(part)
)
def test_a_key_does_what_it_says(made: Watched, tmp_path: Path, name: str, key: str) -> None:
    state = made.state
    state.playing = False
    if state.picture.clock != "updates":
        state.live.count("updates")
    if "all" not in state.labels:
        state.live.add(TABLES["optimizer"][0])
        made.until(lambda: "all" in state.labels)
    if state.labels != ["all", "one"]:
        for label in [each for each in state.labels if each != "all"]:
            state.live.remove(state.labels.index(label))
            made.until(lambda gone=label: gone not in state.labels)  # type: ignore[misc]
        state.live.add(TABLES["optimizer"][1])
    made.until(lambda: state.picture.clock == "updates" and state.labels == ["all", "one"])
    state.live.restart(seed=3)
    made.until(lambda: state.live.now().clock == 0)
    state.folder, state.chosen, state.hidden, state.menu, state.view = tmp_path, "all", frozenset(), None, None
    state.helped, state.full, state.large, state.relief, state.density, state.quitting = (
        False,
        False,
        False,
        False,
        None,
        False,
    )
    state.picture = state.live.scenario.picture
    state.charts, state.speed, state.playing = ("loss", "lr"), 60.0, False
    state.seek(10.0)
    made.until(lambda: state.moment.update == (10, 10))
    state.steps, state.undoes = [], None
    if name in ("undo", "reset"):
        change(state, lr=0.07)
        made.until(lambda: lr_of(made) == 0.07)
    if name == "close":
        state.helped = True
    if name == "whole map":
        state.view = ((0.0, 1.0), (0.0, 1.0))
    made.key(key)
    made.until(lambda: DOES[name](made), 20)


def test_the_help_lists_every_key_of_the_table(made: Watched) -> None:
    made.state.helped = True
    (layer,) = help_layer(made.state, made.screen.at)
    assert layer.pixels.shape[1] <= made.state.size[0]
    assert {key_text(key) for each in ACTIONS for key in each.keys} >= {"Space", "Page up", "Ctrl Q", "?"}
    assert action_of_key("h") is action_of_key("?")
    assert action_of_key("no such key") is None
    made.state.helped = False


def test_the_page_about_the_window_lists_every_key() -> None:
    page = (Path(__file__).parent.parent / "docs" / "window.md").read_text(encoding="utf-8")
    rows = [f"| {', '.join(map(key_text, each.keys))} | {each.what} |" for each in ACTIONS]
    assert "\n".join(rows) in page
    assert "\n".join(f"| {what} | {does} |" for what, does in MOUSE) in page


def test_buttons_do_what_their_keys_do(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        made.click(made.middle("pause"))
        assert made.state.playing
        made.click(made.middle("pause"))
        assert not made.state.playing
        made.click(made.middle("update"))
        made.until(lambda: made.state.moment.update == (round(made.state.clock),) * 2)
        made.wheel(middle(made.screen.map), 2)
        made.key("s")
        (file,) = pictures(made, ".png")
        window = read_scenario(file).picture.window
        assert window is not None
        assert np.allclose(window, made.state.view)
        made.click(made.middle("group 1"))
        assert made.state.chosen == "one"
        box = made.element("group 1").box
        made.click((box.left + 12, box.top + 12))
        assert made.state.hidden == {"one"}
        made.move(made.middle("more"))
        made.state.rests_since = 0.0
        made.frames(2)
        assert made.screen.layers


def test_sliders_and_boxes_change_the_run_and_it_can_be_saved(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        state = made.state
        state.seek(20.0)
        made.until(lambda: state.moment.update == (20, 20))
        bar = made.element("lr").bar
        made.drag(middle(bar), (bar.left + bar.width * 2 // 3, bar.top + 2))
        lr = segments(state.live.scenario.optimizer[0])[-1].settings.lr
        assert lr != 0.05
        made.until(lambda: made.element("lr").value == f"{lr:.4g}")
        made.click(middle(made.element("momentum").field))
        made.type("0.8")
        made.key("return")
        made.click(middle(made.element("batch").field))
        made.type("4")
        made.key("return")
        made.until(lambda: made.element("batch").value == "4")
        state.seek(40.0)
        made.until(lambda: state.moment.update == (40, 40))
        changed = segments(state.live.scenario.optimizer[0])[-1]
        assert (changed.first, changed.settings.lr, changed.settings.momentum, changed.batch) == (20, lr, 0.8, 4)
        made.key("p")
        shown = state.moment.position
        again = simulate(read_scenario(pictures(made, ".toml")[0]))
        for group, position in zip(again.groups, shown, strict=True):
            assert np.array_equal(group.position[list(group.update).index(40)], position)


def test_what_is_typed_wrong_is_said_and_changes_nothing(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        before = made.state.live.scenario
        for text in ("x", "-1", "1e9"):
            made.click(middle(made.element("batch").field))
            made.type(text)
            made.key("return")
            assert made.state.current_notices()
            made.state.notices.clear()
        assert made.state.live.scenario == before


def test_a_click_drops_a_cloud_there(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        place = (made.screen.map.left + 50, made.screen.map.top + 40)
        theta = made.screen.theta_at(made.state, place)
        made.click(place)
        made.until(lambda: made.state.moment.generation == 1)
        starts = made.state.moment.position[0]
        assert np.abs(np.median(starts, axis=0) - theta).max() < 0.15


def test_a_group_joins_and_another_scenario_is_picked(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        made.key("a")
        made.key("return")
        made.until(lambda: len(made.state.labels) == 3)
        assert made.state.chosen == made.state.labels[2]
        made.key("o")
        assert made.state.menu is not None
        names = [item.value for item in made.state.menu.items]
        assert {"saddle_escape", "flat_or_sharp"} <= set(names)
        made.state.menu = made.state.menu._replace(at=names.index("saddle_escape"))
        assert "single examples leave first" in made.state.menu.item.about
        made.key("return")
        made.frames(2)
        assert made.state.moment.result.scenario.name == "saddle_escape"
        assert made.state.menu is None
