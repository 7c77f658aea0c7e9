"""What keys and buttons do: one table for the loop and for the help."""

from collections.abc import Callable
from math import inf
from typing import NamedTuple

from errsurf.drawing.charts import chart_kind, chart_names
from errsurf.viewer.files import gif, png, saved
from errsurf.viewer.map_relief import SURFACES, told_of_relief
from errsurf.viewer.menus import chart_menu, optimizer_menu, scenario_menu, schedule_menu
from errsurf.viewer.view_state import FASTEST, SLOWEST, ViewState
from errsurf.viewer.viewport import zoomed

LEVELS = {
    "area": "contours are closer where more of the map lies",
    "linear": "contours are even in the loss",
    "log": "contours are even in the logarithm of the loss",
}
ARROWS = {
    "none": "no arrows",
    "update": "arrows: what gradient, past and both together move",
    "batch": "arrows: slopes of the next batch and of all examples",
}
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
    def short(self) -> str:
        """A short label for narrow buttons: PNG, GIF, Save."""
        first, _, last = self.word.partition(" ")
        return last if last.isupper() else first if first == "Save" else self.word

    @property
    def tip(self) -> str:
        """The description, with the key."""
        return f"{self.what}  (key {key_text(self.keys[0])})" if self.keys else self.what


def key_text(key: str) -> str:
    """The name of a key as on a keyboard."""
    words = {"pageup": "Page up", "pagedown": "Page down", "ctrl q": "Ctrl Q"}
    return words.get(key, key.upper() if len(key) == 1 else key.capitalize())


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
        state.restart(seed=seed)
        state.notify(f"from the start, seed {seed}")

    return act


def _clock(state: ViewState) -> None:
    state.live.count("updates" if state.picture.clock == "examples" else "examples")


def _group(state: ViewState) -> None:
    labels = state.labels
    state.steer(labels[(state.place + 1) % len(labels)])


def _hide(state: ViewState) -> None:
    state.hide(state.chosen)


def _remove(state: ViewState) -> None:
    gone = state.chosen
    if state.attempt(lambda: state.live.remove(state.steered)):
        state.notify(f"removed {gone}")
        state.steer(next(label for label in state.labels if label != gone))


def _next(key: str, words: dict[str, str]) -> Callable[[ViewState], None]:
    """Choose the next of some values, and say what it means."""

    def act(state: ViewState) -> None:
        values = list(words)
        after = values[(values.index(getattr(state.picture, key)) + 1) % len(values)]
        state.set_picture(**{key: after})
        state.notify(told_of_relief(state) or words[after] if key == "surface" else words[after], name=key)

    return act


def _switch(key: str) -> Callable[[ViewState], None]:
    return lambda state: state.set_picture(**{key: not getattr(state.picture, key)})


def _is_on(key: str) -> Callable[[ViewState], bool]:
    return lambda state: bool(getattr(state.picture, key))


def _arrows(state: ViewState) -> bool:
    return state.picture.arrows != "none"


def _density(state: ViewState) -> None:
    state.density = not state.dense


def _zoom(factor: float) -> Callable[[ViewState], None]:
    def act(state: ViewState) -> None:
        if state.home is not None:
            now = state.view or state.home
            (x0, x1), (y0, y1) = now
            state.view = zoomed(now, ((x0 + x1) / 2, (y0 + y1) / 2), factor)

    return act


def _whole(state: ViewState) -> None:
    state.view = None


def _chart(place: int) -> Callable[[ViewState], None]:
    def act(state: ViewState) -> None:
        state.menu = chart_menu(place, charts_there(state), state.charts[place])

    return act


def charts_there(state: ViewState) -> tuple[str, ...]:
    """Names of the charts that this run can show."""
    result, known = state.result, state.known
    return tuple(
        name
        for name in chart_names()
        if chart_kind(name).possible(result, known.critical) and (known.basins or not chart_kind(name).basins)
    )


def _theme(state: ViewState) -> None:
    state.set_picture(theme="light" if state.picture.theme == "dark" else "dark")


def _large(state: ViewState) -> None:
    state.large = not state.large


def _relief(state: ViewState) -> None:
    state.relief = not state.relief
    if told := told_of_relief(state):
        state.notify(told, name="surface")


def _full(state: ViewState) -> None:
    state.full = not state.full


def _help(state: ViewState) -> None:
    state.helped = not state.helped


def _open(state: ViewState) -> None:
    folder = state.moment.result.scenario.folder
    state.menu = scenario_menu([state.folder, *([folder] if folder else [])])


def _add(state: ViewState) -> None:
    state.menu = optimizer_menu()


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
    Action("epoch", ("e",), "1 epoch", "One epoch further", _epoch),
    Action("faster", ("+", "=", "up"), "", "Faster", _speed(_FASTER)),
    Action("slower", ("-", "down"), "", "Slower", _speed(1 / _FASTER)),
    Action("start", ("home",), "", "Back to the start", _start),
    Action("newest", ("end",), "", "Forward to the newest update", _newest),
    Action("restart", ("r",), "Restart", "From the start again, with the same seed", _again(False)),
    Action("next seed", ("n",), "Next seed", "From the start again, with the next seed", _again(True)),
    Action("clock", ("c",), "Clock", "Synchronize groups by examples seen, or by updates", _clock),
    Action("group", ("tab",), "", "Steer the next group", _group),
    Action("hide", ("v",), "", "Hide or show the chosen group", _hide),
    Action("add", ("a",), "+ Group", "Add a group with another optimizer", _add),
    Action("remove", ("delete", "x"), "Remove", "Remove the chosen group", _remove),
    Action("schedule", ("d",), "Schedule", "Pick the chosen group's schedule", _schedule),
    Action("surface", ("b",), "Map", "Training, test or the batch's loss on the map", _next("surface", SURFACES)),
    Action("test", ("t",), "Test", "Contours of the test loss, dashed", _switch("test"), _is_on("test")),
    Action("members", ("m",), "Members", "The examples of the next batch", _switch("members"), _is_on("members")),
    Action("arrows", ("w",), "Arrows", "Arrows of an update, or of batch and all", _next("arrows", ARROWS), _arrows),
    Action("rates", ("y",), "Rates", "Effective rates of the followed particle", _switch("rates"), _is_on("rates")),
    Action("stability", ("i",), "2/lr", "Where the map is too sharp for lr", _switch("stability"), _is_on("stability")),
    Action("noise", ("z",), "Noise", "Noise of the batch, there and at the pointer", _switch("noise"), _is_on("noise")),
    Action("density", ("u",), "Density", "Density of particles instead of dots", _density, lambda state: state.dense),
    Action("levels", ("k",), "Levels", "Contours by area, loss or its logarithm", _next("level_scale", LEVELS)),
    Action("relief", ("3",), "3D", "A relief; drag to turn it", _relief, lambda state: state.relief),
    Action("zoom in", ("pageup",), "", "Zoom in", _zoom(0.8)),
    Action("zoom out", ("pagedown",), "", "Zoom out", _zoom(1.25)),
    Action("whole map", ("0",), "Whole map", "The whole map again", _whole),
    Action("first chart", ("j",), "", "Pick another chart", _chart(0)),
    Action("second chart", ("q",), "", "Pick another second chart", _chart(1)),
    Action("open", ("o",), "Scenarios", "Open another scenario", _open),
    Action("png", ("s",), "Save PNG", "Save a picture of what is shown", png),
    Action("gif", ("g",), "Save GIF", "Save an animation of the run up to now", gif),
    Action("save", ("p",), "Save scenario", "Save a scenario that reproduces this run, changes included", saved),
    Action("theme", ("l",), "", "Light or dark", _theme),
    Action("large", ("f2",), "Large", "Large type, for projectors", _large, lambda state: state.large),
    Action("full", ("f", "f11"), "", "Full screen, or a window again", _full),
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


TOOLS = ("open", "png", "gif", "save", "large", "help")
SWITCHES = (
    "surface", "test", "members", "arrows", "rates", "stability", "noise", "density", "levels", "relief",
)  # fmt: skip
TIMES = ("pause", "update", "epoch", "restart", "next seed", "clock")
