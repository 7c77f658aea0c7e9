"""What keys and buttons do: one table for the loop and for the help."""

from collections.abc import Callable
from math import inf
from typing import Literal, NamedTuple

from errsurf.viewer.changing import reset, restart, steered, undo
from errsurf.viewer.files import gif, png, saved
from errsurf.viewer.map_relief import SURFACES
from errsurf.viewer.menus import Item, Menu, optimizer_menu, scenario_menu, schedule_menu
from errsurf.viewer.switches import (
    ARROWS,
    LEVELS,
    arrows,
    chart,
    density,
    is_on,
    large,
    next_theme,
    relief,
    switch,
    turn,
    whole,
    zoom,
)
from errsurf.viewer.view_state import FASTEST, SLOWEST, ViewState

_FASTER = 1.5


class Action(NamedTuple):
    """Something the window can do: its name, its keys, the label of its button, a description, and a function.

    ``on(state)`` tells whether a switch is on.
    """

    name: str
    keys: tuple[str, ...]
    word: str
    what: str
    act: Callable[[ViewState], object]
    on: Callable[[ViewState], bool] | None = None

    @property
    def tip(self) -> str:
        """The description, with the key."""
        return f"{self.what} (key {key_text(self.keys[0])})" if self.keys else self.what


def key_text(key: str) -> str:
    """The name of a key as on a keyboard."""
    words = {"pageup": "Page up", "pagedown": "Page down"}
    return words.get(key, key.upper() if len(key) == 1 else key.title())


def _pause(state: ViewState) -> None:
    if not state.playing and state.clock >= state.end:
        state.clock = 0.0
    state.playing = not state.playing


def _go(state: ViewState, clock: float) -> None:
    state.playing = False
    state.seek(clock)


def _update(state: ViewState) -> None:
    _go(state, state.live.following(state.clock))


def _back(state: ViewState) -> None:
    _go(state, state.live.preceding(state.clock) if state.clock > 0 else 0.0)


def _epoch(state: ViewState) -> None:
    _go(state, state.clock + state.live.epoch(state.clock))


def _start(state: ViewState) -> None:
    _go(state, 0.0)


def _newest(state: ViewState) -> None:
    _go(state, state.newest)


def _speed(factor: float) -> Callable[[ViewState], None]:
    def act(state: ViewState) -> None:
        wanted = FASTEST if state.speed == inf and factor < 1 else state.speed * factor
        state.speed = inf if wanted > FASTEST else max(wanted, SLOWEST)
        text = "as fast as possible" if state.speed == inf else f"{state.speed:,.0f} updates a second"
        state.notify(text, name="speed")

    return act


def _again(next_seed: bool) -> Callable[[ViewState], None]:
    def act(state: ViewState) -> None:
        seed = state.moment.result.scenario.seed + next_seed
        restart(state, seed=seed)
        state.notify(f"from the start, seed {seed}")

    return act


def _clock(state: ViewState) -> None:
    unit: Literal["updates", "examples"] = "updates" if state.picture.clock == "examples" else "examples"
    steered(state, lambda: state.live.count(unit))


def _group(state: ViewState) -> None:
    labels = state.labels
    state.steer(labels[(state.place + 1) % len(labels)])


def _hide(state: ViewState) -> None:
    state.hide(state.chosen)


def _remove(state: ViewState) -> None:
    gone = state.chosen
    if steered(state, lambda: state.live.remove(state.steered)):
        state.notify(f"removed {gone}")
        state.steer(next(label for label in state.labels if label != gone))


def _full(state: ViewState) -> None:
    state.full = not state.full


def _help(state: ViewState) -> None:
    state.helped = not state.helped


def _open(state: ViewState) -> None:
    now = state.moment.result.scenario
    state.menu = scenario_menu([state.folder, *([now.folder] if now.folder else [])], now.language)


def _more(state: ViewState) -> None:
    state.menu = more_menu(state)


def more_menu(state: ViewState, at: int = 0) -> Menu:
    """What has no button, with its keys, and which switches are on."""
    items = []
    for each in map(action, MORE):
        on = None if each.on is None else bool(each.on(state))
        items.append(Item(each.word, each.name, each.what, key_text(each.keys[0]), on))
    return Menu("more", "More", tuple(items), at)


def _add(state: ViewState) -> None:
    state.menu = optimizer_menu("add", "Add a group of particles")


def _optimizer(state: ViewState) -> None:
    kind = state.moment.result.scenario.optimizer[state.place].kind
    state.menu = optimizer_menu("optimizer", f"Optimizer of {state.chosen}", "The run starts again with it.", kind)


def _schedule(state: ViewState) -> None:
    state.menu = schedule_menu()


def _leave(state: ViewState) -> None:
    """Close what is open, one thing at a time."""
    if state.typed is not None:
        state.typed = None
    elif state.menu is not None:
        state.menu = None
    elif state.helped:
        state.helped = False
    else:
        state.full = False


def _quit(state: ViewState) -> None:
    state.quitting = True


ACTIONS: tuple[Action, ...] = (
    Action("pause", ("space",), "Play", "Pause or continue", _pause, lambda state: state.playing),
    Action("update", ("right", "."), "1 update", "One update further", _update),
    Action("back", ("left", ","), "", "One update back", _back),
    Action("epoch", ("e",), "One epoch", "One epoch further", _epoch),
    Action("faster", ("+", "=", "up"), "", "Faster", _speed(_FASTER)),
    Action("slower", ("-", "down"), "", "Slower", _speed(1 / _FASTER)),
    Action("start", ("home",), "", "Back to the start", _start),
    Action("newest", ("end",), "", "Forward to the newest update", _newest),
    Action("restart", ("r",), "Restart", "From the start again, with the same seed", _again(False)),
    Action("next seed", ("n",), "Next seed", "From the start again, with the next seed", _again(True)),
    Action("undo", ("ctrl z", "backspace"), "Undo", "Undo the last change of the run", undo),
    Action("reset", ("ctrl r",), "Reset", "Undo all changes, and start again", reset),
    Action("clock", ("c",), "Unit of the clock", "Synchronize groups by examples seen, or by updates", _clock),
    Action("group", ("tab",), "", "Steer the next group", _group),
    Action("hide", ("v",), "Hide group", "Hide or show the chosen group", _hide),
    Action("add", ("a",), "+ Group", "Add a group with another optimizer", _add),
    Action("optimizer", ("ctrl a",), "Optimizer", "Another optimizer in the group, from the start", _optimizer),
    Action("remove", ("delete", "x"), "Remove group", "Remove the chosen group", _remove),
    Action("schedule", ("d",), "Schedule", "Pick the chosen group's schedule", _schedule),
    Action(
        "surface", ("b",), "Loss on the map", "Training, test or the batch's loss on the map", turn("surface", SURFACES)
    ),
    Action("test", ("t",), "Test contours", "Contours of the test loss, dashed", switch("test"), is_on("test")),
    Action("members", ("m",), "Batch members", "The examples of the next batch", switch("members"), is_on("members")),
    Action("arrows", ("w",), "Arrows", "Arrows of an update, or of batch and all", turn("arrows", ARROWS), arrows),
    Action(
        "rates", ("y",), "Effective rates", "Effective rates of the followed particle", switch("rates"), is_on("rates")
    ),
    Action(
        "stability",
        ("i",),
        "Too sharp for lr",
        "Where the map is too sharp for lr",
        switch("stability"),
        is_on("stability"),
    ),
    Action(
        "noise", ("z",), "Batch noise", "Noise of the batch, there and at the pointer", switch("noise"), is_on("noise")
    ),
    Action("density", ("u",), "Density", "Density of particles instead of dots", density, lambda state: state.dense),
    Action("levels", ("k",), "Contour levels", "Contours by area, loss or its logarithm", turn("level_scale", LEVELS)),
    Action("relief", ("3",), "3D relief", "A relief; drag to turn it", relief, lambda state: state.relief),
    Action("zoom in", ("pageup",), "", "Zoom in", zoom(0.8)),
    Action("zoom out", ("pagedown",), "", "Zoom out", zoom(1.25)),
    Action("whole map", ("0",), "Whole map", "The whole map again", whole),
    Action("first chart", ("j",), "First chart", "Pick another chart", chart(0)),
    Action("second chart", ("q",), "Second chart", "Pick another second chart", chart(1)),
    Action("open", ("o",), "Scenarios", "Open another scenario", _open),
    Action("more", ("f10",), "More", "All that has no button", _more),
    Action("png", ("s",), "Save PNG", "Save a picture of what is shown", png),
    Action("gif", ("g",), "Save GIF", "Save an animation of the run up to now", gif),
    Action("save", ("p",), "Save scenario", "Save a scenario that gives this run again", saved),
    Action("theme", ("l",), "Theme", "The next theme", next_theme),
    Action("large", ("f2",), "Large type", "Large type, for projectors", large, lambda state: state.large),
    Action("full", ("f", "f11"), "Full screen", "Full screen, or a window again", _full),
    Action("help", ("h", "?", "f1"), "Keys", "All keys", _help, lambda state: state.helped),
    Action("close", ("escape",), "", "Close what is open", _leave),
    Action("quit", ("ctrl q",), "", "Quit errsurf", _quit),
)
"""Everything that keys and buttons do."""


def action(name: str) -> Action:
    """The action with this name; StopIteration if there is none."""
    return next(each for each in ACTIONS if each.name == name)


def action_of_key(key: str) -> Action | None:
    """The action of a key, or None."""
    return next((each for each in ACTIONS if key in each.keys), None)


TOOLS = ("open", "more", "help")
GROUP = ("optimizer", "add")
TIMES = ("pause", "update", "restart", "undo", "reset")
MORE = (
    "surface", "relief", "arrows", "members", "test", "rates", "stability", "noise", "density", "levels",
    "first chart", "second chart", "schedule", "remove", "hide", "epoch", "next seed", "clock",
    "png", "gif", "save", "theme", "large", "full",
)  # fmt: skip
STAYS = frozenset(("surface", "arrows", "levels", "theme", "clock", "hide", "epoch"))
"""Actions after which the menu stays open, as it does after """
