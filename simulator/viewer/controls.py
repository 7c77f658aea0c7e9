"""The elements around the map, made from the state."""

from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import drawable
from errsurf.drawing.group_looks import scenario_colours
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import text_width
from errsurf.viewer.actions import TIMES, TOOLS, Action, action
from errsurf.viewer.elements import Button, Element, Scrub, Slider, Words
from errsurf.viewer.lesson import STEERED
from errsurf.viewer.places import Places, places
from errsurf.viewer.plots import Plot, draw_plot
from errsurf.viewer.steering import KNOBS
from errsurf.viewer.view_state import ViewState

CHARTS = ("first chart", "second chart")


def window_places(size: tuple[int, int], style: Style, claim: str) -> Places:
    """The boxes of the window, with room for the longest labels of buttons and for the claim."""
    tools, times = ([{"pause": "MM Pause"}.get(name, action(name).word) for name in names] for names in (TOOLS, TIMES))
    return places(size, style, tools, times, claim, len(STEERED))


def controls(state: ViewState, at: Places) -> list[Element]:
    """Title, buttons, time and speed: the elements that react immediately."""
    title = state.moment.result.scenario.title
    about = " ".join(state.moment.result.scenario.about.split())
    found: list[Element] = [Words("title", at.title, title, "label", tip=about)]
    for names, boxes in ((TOOLS, at.tools), (TIMES, at.times)):
        found += [_button(state, action(name), box) for name, box in zip(names, boxes, strict=True)]
    if state.view is not None:
        found.append(_button(state, action("whole map"), at.whole, small=True))
    found.append(_scrub(state, at))
    found.append(speed(state, at))
    return found


def speed(state: ViewState, at: Places) -> Slider:
    """The slider for the speed."""
    style, knob, box = at.style, KNOBS["speed"], at.speed
    label, width = text_width("Speed", style.number), text_width("10,000/s 0", style.number)
    bar = box._replace(left=box.left + label + round(8 * style.unit), right=box.right - width - round(8 * style.unit))
    field = box._replace(left=box.right - width, right=box.right - 1, top=box.top + 2, bottom=box.bottom - 2)
    typed = state.typed.text if state.typed is not None and state.typed.name == "speed" else None
    share, text = knob.share(state, state.speed), knob.text(state, state.speed)
    return Slider("speed", box, "Speed", knob.tip, share, text, bar, field, typed, state.over_name == "speed")


def plot(state: ViewState, number: int, box: Box, loss: Array, style: Style) -> Plot:
    """The first or the second chart, of all drawn groups; ``loss`` is the training loss over the map."""
    name, shown, known = CHARTS[number], state.shown(), state.known
    if not shown:
        return Plot(name, box, None, "", lambda _out, _box, _look: None)
    told_apart = known.basins is not None
    (wanted,) = drawable((state.charts[number],), state.moment.result, known.critical, told_apart=told_apart)
    source = state.tracks.source(state.result, state.known, shown, loss, state.end)
    chart, newest = state.tracks.chart(wanted, source), state.newest
    rows = tuple((k, len(curve.clock)) for k, curve in zip(shown, chart.curves, strict=True))
    column = round(state.clock / state.end * box.width)
    stamp = (wanted, rows, column, newest, state.end, state.picture.clock, chart.scale)
    colours = scenario_colours(style.theme, state.moment.result.scenario.optimizer, shown)
    return Plot(
        name, box, stamp, action(name).tip,
        lambda out, box, style: draw_plot(out, box, chart, state.clock, newest, colours, style),
    )  # fmt: skip


def _button(state: ViewState, each: Action, box: Box, *, small: bool = False) -> Button:
    on = bool(each.on and each.on(state))
    text = "Pause" if on and each.name == "pause" else each.word
    main = each.name == "pause"
    return Button(
        each.name, box, text, each.tip, on and not main, state.over_name == each.name, small=small,
        icon=("pause" if on else "play") if main else "",
    )  # fmt: skip


def _scrub(state: ViewState, at: Places) -> Scrub:
    """The bar of the whole run: how much is computed, and where the clock is."""
    end = state.end
    return Scrub(
        "scrub", at.scrub, state.clock / end, min(state.newest / end, 1.0), "Drag to any moment of the run",
        state.over_name == "scrub",
    )  # fmt: skip
