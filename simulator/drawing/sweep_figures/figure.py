"""The figure of a sweep: lines over one setting, a map over two, and a panel for each value of others."""

from typing import NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas
from errsurf.drawing.figures.files import Figure
from errsurf.drawing.layout.arrangement import layout
from errsurf.drawing.layout.parts import Contents, Layout
from errsurf.drawing.layout.style import Style, scenario_style
from errsurf.drawing.lettering.text import line_height, shortened, wrapped
from errsurf.drawing.sweep_figures.curves import draw_key, draw_lines, is_cut, key_width, value_marks
from errsurf.drawing.sweep_figures.heat_map import bar_room, draw_bar, draw_map, shades
from errsurf.drawing.sweep_figures.panels import Panel, panels, place_of, write_head
from errsurf.drawing.sweep_figures.plot import SweepPlot

_CAPTION_LINES, _NOTE_LINES = 2, 4


class Parts(NamedTuple):
    """The boxes of a sweep's figure: the panels, and what stands at their right."""

    plan: Layout
    panels: list[Panel]
    beside: Box


def sweep_figure(plot: SweepPlot) -> Figure:
    """The figure, as large as the scenario's pictures."""
    parts = _parts(plot)
    back = parts.plan.style.theme.background
    return Figure(plot.scenario, parts.plan.size, back, lambda on: _draw(on, plot, parts), plot.table)


def _parts(plot: SweepPlot) -> Parts:
    size = (int(plot.scenario.picture.size[0]), int(plot.scenario.picture.size[1]))
    style = scenario_style(plot.scenario, size)
    plan = layout(size, style, Contents(1))
    top = plan.title.bottom + line_height(style.label) + round(12 * style.unit)
    top += 0 if plot.lines else line_height(style.tick)
    bottom = size[1] - len(_notes(plot, plan.title.width, style)) * line_height(style.number) - round(14 * style.unit)
    beside = key_width(plot, style) if plot.lines else bar_room(plot, style)
    whole = Box(plan.title.left, top, plan.title.right, bottom)
    cut = whole.right - min(beside, whole.width // 3) - round(12 * style.unit)
    rows = [text for _, text in value_marks(plot)] if plot.lines else plot.y.texts
    found = panels(plot, whole._replace(right=cut), style, rows or [""])
    return Parts(plan, found, Box(cut + round(12 * style.unit), found[0].area.top, whole.right, found[-1].area.bottom))


def _draw(canvas: Canvas, plot: SweepPlot, parts: Parts) -> None:
    style = parts.plan.style
    _draw_texts(canvas, plot, parts)
    found = shades(plot, style)
    for k, panel in enumerate(parts.panels):
        write_head(canvas, plot.panels[k], panel.area, style)
        if plot.lines:
            draw_lines(canvas, plot, k, panel, style)
        else:
            draw_map(canvas, plot, k, panel, found, style)
    if plot.lines:
        draw_key(canvas, plot, parts.beside, style)
    else:
        draw_bar(canvas, parts.beside, found, style)


def _draw_texts(canvas: Canvas, plot: SweepPlot, parts: Parts) -> None:
    """The title, the statistic, the name of the axis at the left, and what numbers and marks are."""
    style, theme, title = parts.plan.style, parts.plan.style.theme, parts.plan.title
    canvas.write(shortened(plot.title, title.width, style.title), title.left, title.top, style.title, theme.foreground)
    top = title.bottom
    canvas.write(shortened(plot.statistic, title.width, style.label), title.left, top, style.label, theme.foreground)
    if not plot.lines:
        top += line_height(style.label)
        canvas.write(shortened(plot.y.name, title.width, style.tick), title.left, top, style.tick, theme.foreground)
    notes, high = _notes(plot, title.width, style), line_height(style.number)
    low = parts.plan.size[1] - len(notes) * high - round(7 * style.unit)
    for k, note in enumerate(notes):
        canvas.write(note, title.left, low + k * high, style.number, theme.grey)


def _notes(plot: SweepPlot, room: int, style: Style) -> list[str]:
    """The caption, and what numbers and marks are."""
    words = ", ".join(part for part in (plot.note, key_words(plot)) if part)
    caption = wrapped(plot.scenario.picture.caption, room, style.number, _CAPTION_LINES)
    return [*caption, *wrapped(words, room, style.number, _NOTE_LINES)]


def key_words(plot: SweepPlot) -> str:
    """What marks mean."""
    known = np.isfinite(plot.value)
    if not known.any():
        return "no number"
    words = [f"{'ring' if plot.lines else 'frame'}: {plot.best}"] if plot.best else []
    if plot.again is not None:
        words.append("bar: the best with other seeds")
    if plot.lines and is_cut(plot):
        words.append("bands go on beyond the frame")
    if not plot.lines and not known.all():
        words.append("grey: no number")
    if any(np.isfinite(place_of(plot.x, plot.x.places, limit)) for limit in plot.limits.ravel().tolist()):
        words.append("dashed: largest stable lr at the lowest minimum")
    return ", ".join(words)
