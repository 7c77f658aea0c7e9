"""What keys and the menu change of the picture: switches, levels, charts, the part of the plane."""

from collections.abc import Callable

from errsurf.drawing.charts import chart_kind, chart_names
from errsurf.drawing.colours import theme_names
from errsurf.viewer.map_relief import told_of_relief
from errsurf.viewer.menus import chart_menu
from errsurf.viewer.view_state import ViewState
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


def turn(key: str, words: dict[str, str]) -> Callable[[ViewState], None]:
    """Choose the next of some values, and say what it means."""

    def act(state: ViewState) -> None:
        values = list(words)
        after = values[(values.index(getattr(state.picture, key)) + 1) % len(values)]
        state.set_picture(**{key: after})
        state.notify(told_of_relief(state) or words[after] if key == "surface" else words[after], name=key)

    return act


def switch(key: str) -> Callable[[ViewState], None]:
    """Change a key of [picture] that is on or off."""
    return lambda state: state.set_picture(**{key: not getattr(state.picture, key)})


def is_on(key: str) -> Callable[[ViewState], bool]:
    """Whether such a key is on."""
    return lambda state: bool(getattr(state.picture, key))


def arrows(state: ViewState) -> bool:
    """Whether there are arrows."""
    return state.picture.arrows != "none"


def density(state: ViewState) -> None:
    """Show a density, or dots again."""
    state.density = not state.dense


def zoom(factor: float) -> Callable[[ViewState], None]:
    """Show so many times as much, around the middle."""

    def act(state: ViewState) -> None:
        if state.home is not None:
            now = state.view or state.home
            (x0, x1), (y0, y1) = now
            state.view = zoomed(now, ((x0 + x1) / 2, (y0 + y1) / 2), factor)

    return act


def whole(state: ViewState) -> None:
    """Show the whole map."""
    state.view = None


def chart(place: int) -> Callable[[ViewState], None]:
    """Choose the chart of a place."""

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


def next_theme(state: ViewState) -> None:
    """Take the next theme."""
    names = theme_names()
    state.set_picture(theme=names[(names.index(state.picture.theme) + 1) % len(names)])


def large(state: ViewState) -> None:
    """Use large type, or the usual one again."""
    state.large = not state.large


def relief(state: ViewState) -> None:
    """Show a relief, or the flat map again."""
    state.relief = not state.relief
    if told := told_of_relief(state):
        state.notify(told, name="surface")
