"""The panel beside the map: a row for each group, the steered group's values, and charts."""

from typing import NamedTuple

import numpy as np

from errsurf.analysis import whereabouts
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, frame, write_right
from errsurf.drawing.colours import Colour, Pixels, mixed
from errsurf.drawing.group_looks import draw_swatch, scenario_colours
from errsurf.drawing.history.frames import latest
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import fitted, line_height, longest, text_width
from errsurf.drawing.panel.legend import loss_text, share_bar, where_shares
from errsurf.settings.learning_rates import each_lr
from errsurf.system.numbers import counted, drawn_number
from errsurf.viewer.actions import GROUP, action
from errsurf.viewer.elements import Button, Element
from errsurf.viewer.places import button_height, row
from errsurf.viewer.view_state import ViewState

_CHART = 112


class Row(NamedTuple):
    """A group: its colour and label, its numbers, and where its particles are, as ``where_shares``."""

    name: str
    box: Box
    number: int
    colour: Colour
    label: str
    numbers: tuple[str, ...]
    lost: str
    tip: str
    shares: tuple[tuple[str, float, float], ...] = ()
    lines: int = 3
    chosen: bool = False
    hidden: bool = False

    def draw(self, canvas: Canvas, style: Style) -> None:
        """Draw swatch, label, numbers and the bar of shares, on as many lines as fit."""
        theme, first = style.theme, line_height(style.label)
        if self.chosen:
            canvas.fill(self.box, mixed(theme.pale, theme.background, 0.55))
            canvas.fill(self.box._replace(right=self.box.left + max(2, round(3 * style.unit))), self.colour)
        swatch = swatch_box(self.box, style)
        if self.hidden:
            frame(canvas, swatch, theme.grey)
        else:
            draw_swatch(canvas, swatch, self.number, self.colour)
        left, right = swatch.right + round(7 * style.unit), self.box.right - round(4 * style.unit)
        room = right - left
        lost = longest((self.lost, self.lost.split(" ")[0]), room // 2, style.tick)
        write_right(canvas, lost, right, self.box.top + first - line_height(style.tick), style.tick, theme.warning)
        short = self.numbers[-1] if self.lines == 1 and not lost else ""
        write_right(canvas, short, right, self.box.top + first - line_height(style.number), style.number, theme.grey)
        taken = max(text_width(lost, style.tick), text_width(short, style.number))
        text, kind = fitted(self.label, room - taken - style.label.size // 2, style.label)
        foreground = theme.grey if self.hidden else theme.foreground
        canvas.write(text, left, self.box.top + (first - line_height(kind)) // 2, kind, foreground)
        if self.lines > 1:
            words = longest(self.numbers, room, style.number)
            canvas.write(words, left, self.box.top + first, style.number, theme.grey)
        if self.lines > 2 and self.shares:
            top = self.box.top + first + line_height(style.number)
            box = Box(left, top, right, top + line_height(style.tick) + 1)
            share_bar(canvas, box, self.shares, self.colour, style)


class PanelPlaces(NamedTuple):
    """Boxes of the rows of groups from ``first`` on, with ``lines`` each, of the buttons and charts."""

    rows: tuple[Box, ...]
    first: int
    lines: int
    buttons: tuple[Box, ...]
    charts: tuple[Box, ...]


def panel_places(panel: Box, style: Style, groups: int, chosen: int, shares: bool) -> PanelPlaces:
    """Rows as high as leaves room for a chart, and as many as fit, including the steered group."""
    gap, buttons = round(5 * style.unit), button_height(style) + 2 * round(5 * style.unit)
    chart = round(_CHART * style.unit)
    heights = {1: line_height(style.label) + gap}
    heights[2] = heights[1] + line_height(style.number)
    heights[3] = heights[2] + line_height(style.tick)
    room = panel.height - buttons
    kinds = [3, 2, 1] if shares else [2, 1]
    lines = next((n for n in kinds if groups * heights[n] + chart <= room), 1)
    fit = max(1, min(groups, (room - (chart if room > 2 * chart else 0)) // heights[lines]))
    first = min(max(0, chosen - fit + 1), groups - fit)
    rows = tuple(
        Box(panel.left, y, panel.right, y + heights[lines] - gap // 2)
        for y in (panel.top + k * heights[lines] for k in range(fit))
    )
    line = Box(panel.left, rows[-1].bottom + gap, panel.right, rows[-1].bottom + gap + button_height(style))
    (add,) = row((action("add").word,), line, style, right=True)
    both = (line._replace(right=add.left - gap), add)
    below = panel._replace(top=line.bottom + gap)
    return PanelPlaces(rows, first, lines, both, _charts(below, style, chart))


def swatch_box(box: Box, style: Style) -> Box:
    """The box of a row's colour."""
    side = round(style.label.size * 0.85)
    top = box.top + (line_height(style.label) - side) // 2
    left = box.left + round(7 * style.unit)
    return Box(left, top, left + side, top + side)


def rows(state: ViewState, places: PanelPlaces, style: Style) -> list[Element]:
    """The groups at the current moment."""
    colours = scenario_colours(style.theme, state.moment.result.scenario.optimizer, range(len(state.labels)))
    return [
        _row(state, places.first + k, box, colours[places.first + k], places.lines)
        for k, box in enumerate(places.rows)
    ]  # fmt: skip


def group_buttons(state: ViewState, places: PanelPlaces, style: Style) -> list[Element]:
    """What the steered group is moved by, and the button that adds a group."""
    kind = state.moment.result.scenario.optimizer[state.place].kind
    texts = {"optimizer": longest((f"Optimizer: {kind}", kind), places.buttons[0].width - 4, style.number)}
    return [
        Button(name, box, texts.get(name, action(name).word), action(name).tip, over=name == state.over_name)
        for name, box in zip(GROUP, places.buttons, strict=True)
    ]


def _row(state: ViewState, k: int, box: Box, colour: Pixels, lines: int) -> Row:
    moment = state.moment
    group, table = moment.result.groups[k], moment.result.scenario.optimizer[k]
    frame = latest(group.update, moment.update[k])
    gone = moment.diverged[k]
    going = gone[group.loss_particles] < 0
    losses = np.asarray(group.train_loss[frame])[going]
    losses = losses[np.isfinite(losses)]
    loss = loss_text(float(np.median(losses)), None) if len(losses) else "\N{EN DASH}"
    lost = int(np.count_nonzero(gone >= 0))
    updates, lr = counted(moment.update[k], "update"), f"lr {', '.join(map(drawn_number, each_lr(moment.lr[k])))}"
    r, g, b = (int(c) for c in colour)
    return Row(
        f"group {k}", box, k, (r, g, b), table.label,
        (f"{updates}, {lr}, loss {loss}", f"{moment.update[k]:,}, {lr}, loss {loss}", f"{lr}, {loss}", f"loss {loss}"),
        f"{lost:,} diverged" if lost else "",
        "Steer this group; its colour shows or hides it",
        _shares(state, k) if lines > 2 else (),
        lines,
        chosen=table.label == state.chosen,
        hidden=table.label in state.hidden,
    )  # fmt: skip


def _shares(state: ViewState, k: int) -> tuple[tuple[str, float, float], ...]:
    """Where a group's particles are."""
    moment, basins = state.moment, state.known.basins
    if basins is None or basins.regions is None:
        return ()
    points = np.asarray(moment.position[k], np.float64)[moment.diverged[k] < 0]
    lost = len(moment.diverged[k]) - len(points)
    return where_shares(whereabouts(points, lost, basins.names, basins.regions, state.known.window), basins.names)


def _charts(below: Box, style: Style, least: int) -> tuple[Box, ...]:
    gap = round(10 * style.unit)
    if below.height >= 2 * least + gap:
        middle = (below.top + below.bottom) // 2
        return below._replace(bottom=middle - gap // 2), below._replace(top=middle + gap // 2)
    return (below,) if below.height >= 0.6 * least else ()
