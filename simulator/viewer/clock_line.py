"""The line below the map: the clock and, while the pointer is on the map, the loss and the gradient there."""

from typing import Literal

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, write_right
from errsurf.drawing.history.clock import clock_texts, shown_clock
from errsurf.drawing.history.frames import Array
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, longest, text_width
from errsurf.system.numbers import drawn_number
from errsurf.viewer.places import button_width
from errsurf.viewer.view_state import ViewState

Theta = tuple[float, float]


def draw_clock_line(
    canvas: Canvas, state: ViewState, box: Box, style: Style, theta: Theta | None, *, clock: bool
) -> None:
    """Draw the line into its box; without ``clock`` where another has drawn the clock."""
    times = clock_texts(state.clock, shown_clock(state.result))
    texts = () if theta is None else read_out(state, theta)
    right = box.right - (button_width("Whole map", style) + style.label.size if state.view else 0)
    room, gap = right - box.left, style.label.size
    least = text_width(texts[-1], style.tick) + gap if texts and clock else 0
    time = longest(times, room - least, style.label)
    if clock:
        canvas.write(time, box.left, box.top, style.label, style.theme.foreground)
    text = longest((*texts, ""), room - text_width(time, style.label) - gap, style.tick)
    write_right(canvas, text, right, box.bottom - line_height(style.tick) - 1, style.tick, style.theme.foreground)


def read_out(state: ViewState, theta: Theta) -> tuple[str, ...]:
    """The loss and the gradient at a point, in full and shorter."""
    landscape, at = state.moment.result.landscape, np.array(theta)
    which: Literal["train", "test"] = "test" if state.picture.surface == "test" else "train"
    loss, slope = _rounded(float(landscape.loss(at, which))), f"gradient ({_pair(landscape.gradient(at, which))})"
    kind = "test loss" if which == "test" else "training loss"
    return f"({_pair(at)}): {kind} {loss}, {slope}", f"{kind} {loss}, {slope}", f"loss {loss}, {slope}"


def _pair(values: Array) -> str:
    return ", ".join(_rounded(float(value)) for value in values)


def _rounded(value: float) -> str:
    return drawn_number(float(f"{value:.3g}"))
