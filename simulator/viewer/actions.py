"""What keys and buttons do: the one table that the loop follows, and that the help shows."""

from collections.abc import Callable
from math import inf
from typing import NamedTuple

from errsurf.drawing.charts import chart_kind, chart_names
from errsurf.viewer.files import gif, png, saved
from errsurf.viewer.map_view import zoomed
from errsurf.viewer.menus import chart_menu, optimizer_menu, scenario_menu, schedule_menu
from errsurf.viewer.show import FASTEST, SLOWEST, Show

SURFACES = {
    "train": "the map shows the training loss",
    "test": "the map shows the test loss",
    "batch": "the map shows the loss of the followed particle's next batch",
}
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
    """Something the window can do: its name, its keys, the word on its button, what it does, and for whom it shows.

    ``on(show)`` says whether a switch is on.
    """

    name: str
    keys: tuple[str, ...]
    word: str
    what: str
    act: Callable[[Show], object]
    on: Callable[[Show], bool] | None = None

    @property
    def short(self) -> str:
        """The word on its button where there is little room: PNG, GIF, Save."""
        first, _, last = self.word.partition(" ")
        return last if last.isupper() else first if first == "Save" else self.word

    @property
    def tip(self) -> str:
        """What it does, with its key."""
        return f"{self.what}  (key {key_text(self.keys[0])})" if self.keys else self.what


def key_text(key: str) -> str:
    """A key as it is written on keyboards."""
    words = {"pageup": "Page up", "pagedown": "Page down", "ctrl q": "Ctrl Q"}
    return words.get(key, key.upper() if len(key) == 1 else key.capitalize())


def _pause(show: Show) -> None:
    if not show.playing and show.clock >= show.end:
        show.clock = 0.0
    show.playing = not show.playing


def _go(show: Show, clock: float) -> None:
    show.playing = False
    show.go(clock)


def _update(show: Show) -> None:
    _go(show, show.live.following(show.clock))


def _back(show: Show) -> None:
    _go(show, show.live.preceding(show.clock) if show.clock > 0 else 0.0)


def _epoch(show: Show) -> None:
    _go(show, show.clock + show.live.epoch(show.clock))


def _start(show: Show) -> None:
    _go(show, 0.0)


def _newest(show: Show) -> None:
    _go(show, show.newest)


def _speed(factor: float) -> Callable[[Show], None]:
    def act(show: Show) -> None:
        wanted = FASTEST if show.speed == inf and factor < 1 else show.speed * factor
        show.speed = inf if wanted > FASTEST else max(wanted, SLOWEST)
        show.say("as fast as it goes" if show.speed == inf else f"{show.speed:,.0f} updates a second", name="speed")

    return act


def _again(next_seed: bool) -> Callable[[Show], None]:
    def act(show: Show) -> None:
        seed = show.moment.result.scenario.seed + next_seed
        show.begin_again(seed=seed)
        show.say(f"from the start, seed {seed}")

    return act


def _clock(show: Show) -> None:
    show.live.count("updates" if show.picture.clock == "examples" else "examples")


def _group(show: Show) -> None:
    labels = show.labels
    show.steer(labels[(show.place + 1) % len(labels)])


def _hide(show: Show) -> None:
    show.hide(show.chosen)


def _remove(show: Show) -> None:
    gone = show.chosen
    if show.attempt(lambda: show.live.remove(show.steered)):
        show.say(f"{gone} is gone")
        show.steer(next(label for label in show.labels if label != gone))


def _next(key: str, words: dict[str, str]) -> Callable[[Show], None]:
    """The next of some values, and what it means in words."""

    def act(show: Show) -> None:
        values = list(words)
        after = values[(values.index(getattr(show.picture, key)) + 1) % len(values)]
        show.draw(**{key: after})
        show.say(words[after], name=key)

    return act


def _switch(key: str) -> Callable[[Show], None]:
    return lambda show: show.draw(**{key: not getattr(show.picture, key)})


def _is_on(key: str) -> Callable[[Show], bool]:
    return lambda show: bool(getattr(show.picture, key))


def _arrows(show: Show) -> bool:
    return show.picture.arrows != "none"


def _density(show: Show) -> None:
    show.density = not show.dense


def _zoom(factor: float) -> Callable[[Show], None]:
    def act(show: Show) -> None:
        if show.home is not None:
            now = show.view or show.home
            (x0, x1), (y0, y1) = now
            show.view = zoomed(now, ((x0 + x1) / 2, (y0 + y1) / 2), factor)

    return act


def _whole(show: Show) -> None:
    show.view = None


def _chart(place: int) -> Callable[[Show], None]:
    def act(show: Show) -> None:
        show.menu = chart_menu(place, charts_there(show), show.charts[place])

    return act


def charts_there(show: Show) -> tuple[str, ...]:
    """Names of the charts that can be drawn of this run."""
    result, known = show.result, show.known
    return tuple(
        name
        for name in chart_names()
        if chart_kind(name).possible(result, known.critical) and (known.basins or not chart_kind(name).basins)
    )


def _theme(show: Show) -> None:
    show.draw(theme="light" if show.picture.theme == "dark" else "dark")


def _large(show: Show) -> None:
    show.large = not show.large


def _relief(show: Show) -> None:
    show.relief = not show.relief


def _full(show: Show) -> None:
    show.full = not show.full


def _help(show: Show) -> None:
    show.helped = not show.helped


def _open(show: Show) -> None:
    folder = show.moment.result.scenario.folder
    show.menu = scenario_menu([show.folder, *([folder] if folder else [])])


def _add(show: Show) -> None:
    show.menu = optimizer_menu()


def _schedule(show: Show) -> None:
    show.menu = schedule_menu()


def _leave(show: Show) -> None:
    """Whatever is open closes, one thing at a time."""
    if show.typed is not None:
        show.typed = None
    elif show.menu is not None:
        show.menu = None
    elif show.helped:
        show.helped = False
    else:
        show.full = False


def _quit(show: Show) -> None:
    show.over = True


ACTIONS: tuple[Action, ...] = (
    Action("pause", ("space",), "Play", "Pause, or go on", _pause, lambda show: show.playing),
    Action("update", ("right", "."), "1 update", "One update further", _update),
    Action("back", ("left", ","), "", "One update back", _back),
    Action("epoch", ("e",), "1 epoch", "One epoch further", _epoch),
    Action("faster", ("+", "=", "up"), "", "Faster", _speed(_FASTER)),
    Action("slower", ("-", "down"), "", "Slower", _speed(1 / _FASTER)),
    Action("start", ("home",), "", "Back to the start", _start),
    Action("newest", ("end",), "", "On to the newest update", _newest),
    Action("restart", ("r",), "Restart", "From the start again, with the same seed", _again(False)),
    Action("next seed", ("n",), "Next seed", "From the start again, with the next seed", _again(True)),
    Action("clock", ("c",), "Clock", "Keep groups in step by examples seen, or by updates", _clock),
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
    Action("density", ("u",), "Density", "Density of the particles instead of dots", _density, lambda show: show.dense),
    Action("levels", ("k",), "Levels", "Contours by area, loss or its logarithm", _next("level_scale", LEVELS)),
    Action("relief", ("3",), "3D", "A relief, turned with the mouse", _relief, lambda show: show.relief),
    Action("zoom in", ("pageup",), "", "Zoom in", _zoom(0.8)),
    Action("zoom out", ("pagedown",), "", "Zoom out", _zoom(1.25)),
    Action("whole map", ("0",), "Whole map", "The whole map again", _whole),
    Action("first chart", ("j",), "", "Pick another chart", _chart(0)),
    Action("second chart", ("q",), "", "Pick another second chart", _chart(1)),
    Action("open", ("o",), "Scenarios", "Watch another scenario", _open),
    Action("png", ("s",), "Save PNG", "Save a picture of what is shown", png),
    Action("gif", ("g",), "Save GIF", "Save an animation of the run up to now", gif),
    Action("save", ("p",), "Save scenario", "Save a scenario that gives this run, changes included", saved),
    Action("theme", ("l",), "", "Light or dark", _theme),
    Action("large", ("f2",), "Large", "Large type, for projectors", _large, lambda show: show.large),
    Action("full", ("f", "f11"), "", "Full screen, or a window again", _full),
    Action("help", ("h", "?", "f1"), "Keys", "All keys", _help, lambda show: show.helped),
    Action("close", ("escape",), "", "Close what is open", _leave),
    Action("quit", ("ctrl q",), "", "Leave errsurf", _quit),
)
"""Everything that keys and buttons do."""


def action(name: str) -> Action:
    """The action of this name; StopIteration if there is none."""
    return next(each for each in ACTIONS if each.name == name)


def action_of_key(key: str) -> Action | None:
    """The action that a key asks for."""
    return next((each for each in ACTIONS if key in each.keys), None)


TOOLS = ("open", "png", "gif", "save", "large", "help")
SWITCHES = (
    "surface", "test", "members", "arrows", "rates", "stability", "noise", "density", "levels", "relief",
)  # fmt: skip
TIMES = ("pause", "update", "epoch", "restart", "next seed", "clock")
