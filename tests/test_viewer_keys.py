"""Every key of the table does what it says; what is written from the window is what was shown."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from watched import Watched, middle, watched

from errsurf import read_scenario, simulate
from errsurf.scenario.scenario import segments
from errsurf.viewer.actions import ACTIONS, action_of_key, key_text
from errsurf.viewer.dialogs import help_layer

Check = Callable[[Watched], object]


def pictures(made: Watched, suffix: str) -> list[Path]:
    """The files with a suffix in the window's folder."""
    return sorted(made.show.folder.glob(f"*{suffix}"))


def at_update(update: int) -> Check:
    """The steered group has made so many updates."""
    return lambda made: made.show.moment.update[0] == update


def picture_key(name: str, value: object) -> Check:
    """A key of [picture] has a value."""
    return lambda made: getattr(made.show.picture, name) == value


DOES: dict[str, Check] = {
    "pause": lambda made: made.show.playing,
    "update": at_update(11),
    "back": at_update(9),
    "epoch": lambda made: made.show.moment.update == (18, 18),
    "faster": lambda made: made.show.speed == 90,
    "slower": lambda made: made.show.speed == 40,
    "start": at_update(0),
    "newest": lambda made: made.show.clock == made.show.newest,
    "restart": lambda made: made.show.moment.update == (0, 0) and made.show.moment.result.scenario.seed == 3,
    "next seed": lambda made: made.show.moment.update == (0, 0) and made.show.moment.result.scenario.seed == 4,
    "clock": lambda made: made.show.picture.clock == "examples" and made.show.moment.update[0] == 10,
    "group": lambda made: made.show.chosen == "one",
    "hide": lambda made: made.show.shown() == [1],
    "add": lambda made: made.show.menu is not None and made.show.menu.what == "optimizer",
    "remove": lambda made: made.show.labels == ["one"],
    "schedule": lambda made: made.show.menu is not None and made.show.menu.what == "schedule",
    "surface": picture_key("surface", "test"),
    "test": picture_key("test", True),
    "members": picture_key("members", True),
    "arrows": picture_key("arrows", "update"),
    "rates": picture_key("rates", True),
    "stability": picture_key("stability", True),
    "noise": picture_key("noise", True),
    "density": lambda made: made.show.dense,
    "levels": picture_key("level_scale", "linear"),
    "relief": lambda made: made.screen.stage is not None and made.screen.stage.on_relief(made.show),
    "zoom in": lambda made: np.allclose(made.show.view, [[-1.6, 1.6], [-1.2, 1.2]]),
    "zoom out": lambda made: np.allclose(made.show.view, [[-2.5, 2.5], [-1.875, 1.875]]),
    "whole map": lambda made: made.show.view is None,
    "first chart": lambda made: made.show.menu is not None and made.show.menu.what == "chart 0",
    "second chart": lambda made: made.show.menu is not None and made.show.menu.what == "chart 1",
    "open": lambda made: made.show.menu is not None and made.show.menu.what == "scenario",
    "png": lambda made: pictures(made, ".png"),
    "gif": lambda made: pictures(made, ".gif"),
    "save": lambda made: pictures(made, ".toml"),
    "theme": picture_key("theme", "dark"),
    "large": lambda made: made.show.large and made.screen.at.look.theme.type > 1,
    "full": lambda made: made.show.full and made.show.size == (1024, 768),
    "help": lambda made: made.show.helped and len(made.screen.layers) == 1,
    "close": lambda made: not made.show.helped and not made.show.full,
    "quit": lambda made: made.show.over,
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
    show = made.show
    show.playing = False
    show.live.restart(seed=3)
    made.until(lambda: show.live.now().clock == 0)
    if show.picture.clock != "updates":
        show.live.count("updates")
    if len(show.labels) < 2:
        show.live.add({"kind": "sgd", "label": "all", "batch": "full", "lr": 0.05, "momentum": 0.5})
    made.until(lambda: show.picture.clock == "updates" and len(show.labels) == 2)
    show.folder, show.chosen, show.hidden, show.menu, show.view = tmp_path, "all", frozenset(), None, None
    show.helped, show.full, show.large, show.relief, show.density, show.over = False, False, False, False, None, False
    show.picture = show.live.scenario.picture
    show.charts, show.speed, show.playing = ("loss", "lr"), 60.0, False
    show.go(10.0)
    made.until(lambda: show.moment.update == (10, 10))
    if name == "close":
        show.helped = True
    if name == "whole map":
        show.view = ((0.0, 1.0), (0.0, 1.0))
    made.key(key)
    made.until(lambda: DOES[name](made), 20)


def test_the_help_lists_every_key_of_the_table(made: Watched) -> None:
    made.show.helped = True
    (layer,) = help_layer(made.show, made.screen.at)
    assert layer.pixels.shape[1] <= made.show.size[0]
    assert {key_text(key) for each in ACTIONS for key in each.keys} >= {"Space", "Page up", "Ctrl Q", "?"}
    assert action_of_key("h") is action_of_key("?")
    assert action_of_key("no such key") is None
    made.show.helped = False


def test_buttons_do_what_their_keys_do(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        made.click(made.middle("pause"))
        assert made.show.playing
        made.click(made.middle("pause"))
        assert not made.show.playing
        made.click(made.middle("update"))
        made.until(lambda: made.show.moment.update == (round(made.show.clock),) * 2)
        made.wheel(middle(made.screen.map), 2)
        made.click(made.middle("png"))
        (file,) = pictures(made, ".png")
        window = read_scenario(file).picture.window
        assert window is not None
        assert np.allclose(window, made.show.view)
        made.click(made.middle("group 1"))
        assert made.show.chosen == "one"
        box = made.element("group 1").box
        made.click((box.left + 12, box.top + 12))
        assert made.show.hidden == {"one"}
        made.move(made.middle("gif"))
        made.show.rests_since = 0.0
        made.frames(2)
        assert made.screen.layers


def test_sliders_and_boxes_change_the_run_and_it_can_be_saved(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        show = made.show
        show.go(20.0)
        made.until(lambda: show.moment.update == (20, 20))
        bar = made.element("lr").bar
        made.drag(middle(bar), (bar.left + bar.width * 2 // 3, bar.top + 2))
        lr = segments(show.live.scenario.optimizer[0])[-1].settings.lr
        assert lr != 0.05
        made.until(lambda: made.element("lr").value == f"{lr:.4g}")
        made.click(middle(made.element("momentum").field))
        made.type("0.8")
        made.key("return")
        made.click(middle(made.element("batch").field))
        made.type("4")
        made.key("return")
        made.until(lambda: made.element("batch").value == "4")
        show.go(40.0)
        made.until(lambda: show.moment.update == (40, 40))
        changed = segments(show.live.scenario.optimizer[0])[-1]
        assert (changed.first, changed.settings.lr, changed.settings.momentum, changed.batch) == (20, lr, 0.8, 4)
        made.key("p")
        shown = show.moment.position
        again = simulate(read_scenario(pictures(made, ".toml")[0]))
        for group, position in zip(again.groups, shown, strict=True):
            assert np.array_equal(group.position[list(group.update).index(40)], position)


def test_what_is_typed_wrong_is_said_and_changes_nothing(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        before = made.show.live.scenario
        for text in ("x", "-1", "1e9"):
            made.click(middle(made.element("batch").field))
            made.type(text)
            made.key("return")
            assert made.show.said()
            made.show.notices.clear()
        assert made.show.live.scenario == before


def test_a_click_drops_a_cloud_there(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        place = (made.screen.map.left + 50, made.screen.map.top + 40)
        theta = made.screen.theta_at(made.show, place)
        made.click(place)
        made.until(lambda: made.show.moment.generation == 1)
        starts = made.show.moment.position[0]
        assert np.abs(np.median(starts, axis=0) - theta).max() < 0.15


def test_a_group_joins_and_another_scenario_is_picked(tmp_path: Path) -> None:
    with watched(tmp_path) as made:
        made.key("a")
        made.key("return")
        made.until(lambda: len(made.show.labels) == 3)
        assert made.show.chosen == made.show.labels[2]
        made.key("o")
        assert made.show.menu is not None
        names = [item.value for item in made.show.menu.items]
        assert {"saddle_escape", "flat_or_sharp"} <= set(names)
        made.show.menu = made.show.menu._replace(at=names.index("saddle_escape"))
        assert "single examples leave first" in made.show.menu.item.about
        made.key("return")
        made.frames(2)
        assert made.show.moment.result.scenario.name == "saddle_escape"
        assert made.show.menu is None
