"""All that can be seen and used around the map, from the state that is shown."""

from errsurf.drawing.boxes import Box
from errsurf.drawing.charts import drawable
from errsurf.drawing.colours import group_colours
from errsurf.drawing.frames import Array
from errsurf.drawing.lettering.text import longest, text_width
from errsurf.drawing.look import Look
from errsurf.viewer.actions import SURFACES, SWITCHES, TIMES, TOOLS, Action, action
from errsurf.viewer.elements import Button, Element, Scrub, Slider, Words
from errsurf.viewer.places import Places, places
from errsurf.viewer.plots import Plot, draw_plot
from errsurf.viewer.show import Show
from errsurf.viewer.steering import KNOBS

_SURFACE_WORDS = {"train": "training", "test": "test", "batch": "batch"}
CHARTS = ("first chart", "second chart")


def window_places(size: tuple[int, int], look: Look, title: str) -> Places:
    """Everything in its place, with room for the longest words that buttons take; shorter ones for a long title."""
    words = {
        "surface": max((f"Map: {_SURFACE_WORDS[each]}" for each in SURFACES), key=len),
        "clock": "Clock: examples",
        "pause": "MM Pause",
    }
    switches, times = ([words.get(n, action(n).word) for n in names] for names in (SWITCHES, TIMES))
    full, short = ([getattr(action(name), word) for name in TOOLS] for word in ("word", "short"))
    found = places(size, look, full, switches, times)
    return found if text_width(title, look.label) <= found.title.width else places(size, look, short, switches, times)


def controls(show: Show, at: Places) -> list[Element]:
    """Title, buttons, time: what answers at once."""
    title = show.moment.result.scenario.title
    about = " ".join(show.moment.result.scenario.about.split())
    found: list[Element] = [Words("title", at.title, title, "label", tip=about)]
    for names, boxes in ((TOOLS, at.tools), (SWITCHES, at.switches), (TIMES, at.times)):
        found += [
            _button(show, action(name), box, at.look, small=names is SWITCHES)
            for name, box in zip(names, boxes, strict=True)
        ]
    if show.view is not None:
        each = action("whole map")
        found.append(_button(show, each, at.whole, at.look, small=True))
    found.append(_scrub(show, at))
    found.append(speed(show, at))
    return found


def speed(show: Show, at: Places) -> Slider:
    """The slider of the speed."""
    look, knob, box = at.look, KNOBS["speed"], at.speed
    label, width = text_width("Speed", look.number), text_width("10,000/s 0", look.number)
    bar = box._replace(left=box.left + label + round(8 * look.unit), right=box.right - width - round(8 * look.unit))
    field = box._replace(left=box.right - width, right=box.right - 1, top=box.top + 2, bottom=box.bottom - 2)
    typed = show.typed.text if show.typed is not None and show.typed.name == "speed" else None
    share, text = knob.share(show, show.speed), knob.text(show, show.speed)
    return Slider("speed", box, "Speed", knob.tip, share, text, bar, field, typed, show.over_name == "speed")


def plot(show: Show, number: int, box: Box, loss: Array, look: Look) -> Plot:
    """The first or the second chart, of all groups that are drawn; ``loss`` is the training loss over the map."""
    name, shown, known = CHARTS[number], show.shown(), show.known
    if not shown:
        return Plot(name, box, None, "", lambda _out, _box, _look: None)
    told_apart = known.basins is not None
    (wanted,) = drawable((show.charts[number],), show.moment.result, known.critical, told_apart=told_apart)
    source = show.tracks.source(show.result, show.known, shown, loss, show.end)
    chart, newest = show.tracks.chart(wanted, source), show.newest
    rows = tuple((k, len(curve.clock)) for k, curve in zip(shown, chart.curves, strict=True))
    column = round(show.clock / show.end * box.width)
    stamp = (wanted, rows, column, newest, show.end, show.picture.clock, chart.scale)
    colours = group_colours(look.theme, shown)
    return Plot(
        name, box, stamp, action(name).tip,
        lambda out, box, look: draw_plot(out, box, chart, show.clock, newest, colours, look),
    )  # fmt: skip


def _button(show: Show, each: Action, box: Box, look: Look, *, small: bool) -> Button:
    on = bool(each.on and each.on(show))
    text = _text(show, each, box.width, look)
    main = each.name == "pause"
    return Button(
        each.name, box, text, each.tip, on and not main, show.over_name == each.name, small=small,
        icon=("pause" if on else "play") if main else "",
    )  # fmt: skip


def _text(show: Show, each: Action, room: int, look: Look) -> str:
    """The word of a button, which may say what is on; the short one where there is no room for it."""
    picture = show.picture
    words = {
        "pause": "Pause" if show.playing else "Play",
        "surface": f"Map: {_SURFACE_WORDS[picture.surface]}",
        "clock": f"Clock: {picture.clock}",
    }
    return longest((words.get(each.name, each.word), each.short), room, look.number) or each.short


def _scrub(show: Show, at: Places) -> Scrub:
    """The bar of the whole run: how much is there, and what is shown of it."""
    end = show.end
    return Scrub(
        "scrub", at.scrub, show.clock / end, min(show.newest / end, 1.0), "Drag to any moment of the run",
        show.over_name == "scrub",
    )  # fmt: skip
