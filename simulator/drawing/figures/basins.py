"""Maps whose pixels are starts, coloured by where they end: one for each group, side by side."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import numpy as np

from errsurf.analysis import wilson_interval
from errsurf.analysis.names import LETTERS
from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, frame, write_right
from errsurf.drawing.colours import Colour, Pixels, mixed
from errsurf.drawing.figures.files import Figure
from errsurf.drawing.figures.number_labels import labels
from errsurf.drawing.history.window import pixel_scale
from errsurf.drawing.layout.arrangement import layout
from errsurf.drawing.layout.parts import Contents, Layout
from errsurf.drawing.layout.style import scenario_style
from errsurf.drawing.lettering.text import line_height, shortened, text_width
from errsurf.drawing.map.axes import axis_names, map_axes
from errsurf.drawing.map.landmarks import LOWEST, Place, draw_marks, spots, write_labels
from errsurf.run_analysis.basin_map import DIVERGED, NO_MINIMUM, BasinMap, GroupBasins
from errsurf.system.numbers import drawn_number, share_text

WHITE: Colour = (255, 255, 255)

# Okabe and Ito 2008, "Color universal design", without black, and without the sky blue that pale blue resembles.
_MINIMA: tuple[Colour, ...] = (
    (0, 114, 178),
    (230, 159, 0),
    (0, 158, 115),
    (204, 121, 167),
    (213, 94, 0),
    (240, 228, 66),
)
_OTHERS: dict[int, Colour] = {NO_MINIMUM: (186, 190, 196), DIVERGED: (52, 56, 64)}
_PALEST = 0.8
_LEAST_MAP = 384
_NOWHERE = np.full((1, 2), np.nan)


class Entry(NamedTuple):
    """A colour and what it stands for; ``apart`` begins a line."""

    colour: Colour
    text: str
    apart: bool = False


def basin_figure(found: BasinMap) -> Figure:
    """The figure, its size as the map and the number of groups ask for: a pixel, or a square of them, is a start.

    Where several seeds end in different places the pixel has the colour of the most frequent end, the paler the
    smaller its share.
    """
    plan, areas, height = _plan(found)
    size = (plan.size[0], height)
    return Figure(found.scenario, size, plan.style.theme.background, lambda canvas: _draw(canvas, found, plan, areas))


def _draw(canvas: Canvas, found: BasinMap, plan: Layout, areas: Sequence[Box]) -> None:
    style, colours = plan.style, minimum_colours(found)
    title = shortened(found.scenario.title, plan.title.width, style.title)
    canvas.write(title, plan.title.left, plan.title.top, style.title, style.theme.foreground)
    for group, area in zip(found.groups, areas, strict=True):
        canvas.image(area, _map(group, colours))
        map_axes(canvas, area, style, found.window, axis_names(found.scenario.surface), (True, True))
        _head(canvas, group, found, area, plan)
        _mark(canvas, found, area, plan)
    _legend(canvas, _entries(found, colours), plan, areas[-1].bottom + 2 * line_height(style.tick))


def _head(canvas: Canvas, group: GroupBasins, found: BasinMap, area: Box, plan: Layout) -> None:
    """The group's label and, where there is room, the areas that lead to its ends."""
    kind, bold, top = plan.style.number, plan.style.label, area.top - line_height(plan.style.label) - 3
    label = shortened(group.label, area.width, bold)
    canvas.write(label, area.left, top, bold, plan.style.theme.foreground)
    minima = len(found.minima) if len(found.minima) <= len(_MINIMA) else 0
    shares = [float(group.area(k).mean()) for k in range(minima)]
    text = ", ".join(
        f"{found.names[k]} {share_text(shares[k])}" for k in np.argsort(-np.array(shares), kind="stable") if shares[k]
    )
    if text_width(label, bold) + text_width(text, kind) + 2 * kind.size <= area.width:
        write_right(canvas, text, area.right, top, kind, plan.style.theme.grey)


def minimum_colours(found: BasinMap) -> list[Colour]:
    """One colour a minimum; beyond six the one whose next minimum of that colour is farthest away."""
    low, high = np.array(found.window, np.float64).T
    at = np.array([(m.x, m.y) for m in found.minima], np.float64).reshape(-1, 2) / (high - low)
    taken: list[int] = []
    for k in range(len(at)):
        apart = [
            min((float(np.hypot(*(at[k] - at[j]))) for j in range(k) if taken[j] == c), default=np.inf)
            for c in range(len(_MINIMA))
        ]
        taken.append(int(np.argmax(apart)))
    return [_MINIMA[c] for c in taken]


def _plan(found: BasinMap) -> tuple[Layout, list[Box], int]:
    """Sizes of texts, the box of each group's map, and the height of the picture."""
    rows, columns = found.groups[0].ends.shape[1:]
    factor = max(1, ceil(_LEAST_MAP / max(rows, columns)))
    tall, wide = rows * factor, columns * factor
    groups = len(found.groups)
    across = groups if groups <= 3 else ceil(groups**0.5)
    style = scenario_style(found.scenario, (round(2.2 * max(tall, wide)), round(1.22 * max(tall, wide))))
    tick, label = line_height(style.tick), line_height(style.label)
    left = round(14 * style.unit) + text_width("-0.25", style.tick) + 4
    gap_x, gap_y = left + round(10 * style.unit), label + 2 * tick
    width = max(across * (wide + gap_x) + round(14 * style.unit), round(620 * style.unit))
    plan = layout((width, round(width / 1.8)), style, Contents(1))
    top = plan.title.top + line_height(style.title) + label + round(8 * style.unit)
    areas = [
        Box(left + x, top + y, left + x + wide, top + y + tall)
        for y, x in ((k // across * (tall + gap_y), k % across * (wide + gap_x)) for k in range(groups))
    ]
    lines = _legend_lines(_entries(found, minimum_colours(found)), plan)
    return plan, areas, areas[-1].bottom + 2 * tick + lines * (label + 4) + round(8 * style.unit)


def _map(group: GroupBasins, colours: Sequence[Colour]) -> Pixels:
    """The ends in colours, one pixel a start, highest y first."""
    best, share = group.likeliest
    table = np.array([*colours, _OTHERS[DIVERGED], _OTHERS[NO_MINIMUM]], np.float64)
    pale = _PALEST * (1 - share[..., None])
    return np.rint(table[best] * (1 - pale) + 255 * pale).astype(np.uint8)[::-1]


def _mark(canvas: Canvas, found: BasinMap, area: Box, plan: Layout) -> None:
    """Draw the minima and, while they are few, their letters."""
    x0, across, y1, down = pixel_scale(found.window, area)
    shown = [(k, m) for k, m in enumerate(found.minima) if _inside(m.x, m.y, found)]
    places = [Place(m.x, m.y, LOWEST if found.lowest[k] and not m.is_floor else m.kind, "") for k, m in shown]
    draw_marks(canvas, area, spots(places, _NOWHERE, found.window, area, plan.style), plan.style)
    at = [(area.left + int((m.x - x0) * across), area.top + int((y1 - m.y) * down)) for _, m in shown]
    if len(found.minima) <= LETTERS:
        write_labels(canvas, labels([found.names[k] for k, _ in shown], at, area, plan.style), plan.style)


def _inside(x: float, y: float, found: BasinMap) -> bool:
    (x0, x1), (y0, y1) = found.window
    return x0 <= x <= x1 and y0 <= y <= y1


def _entries(found: BasinMap, colours: Sequence[Colour]) -> list[Entry]:
    """The legend: six minima at most, other ends that occur, and what paleness means."""
    minima = [
        Entry(colour, f"{name} ({drawn_number(m.x, 3)}, {drawn_number(m.y, 3)})")
        for name, m, colour in zip(found.names, found.minima, colours, strict=True)
    ]
    entries = minima[: len(_MINIMA)]
    if len(minima) > len(entries):
        entries.append(Entry(WHITE, f"and {len(minima) - len(entries)} more minima"))
    for end, words in ((NO_MINIMUM, "in no minimum's basin"), (DIVERGED, "diverged")):
        if any((group.ends == end).any() for group in found.groups):
            entries.append(Entry(_OTHERS[end], words))
    seeds = max(len(group.ends) for group in found.groups)
    if seeds > 1:
        low, _ = wilson_interval(seeds, seeds)
        tone = colours[0] if colours else _OTHERS[NO_MINIMUM]
        entries.append(Entry(tone, f"full: all {seeds} seeds end there (95% interval {low:.0%} to 100%)", apart=True))
        half = seeds // 2
        low, high = wilson_interval(half, seeds)
        pale = mixed(tone, WHITE, _PALEST * (1 - half / seeds))
        entries.append(Entry(pale, f"paler: the fewer; {half} of {seeds} ({low:.0%} to {high:.0%})"))
    return entries


def _places(entries: Sequence[Entry], plan: Layout) -> list[tuple[int, int]]:
    """Left edge and line of each entry."""
    kind, side = plan.style.number, round(13 * plan.style.unit)
    first, right = plan.title.left, plan.size[0] - plan.title.left
    found, left, line = [], first, 0
    for entry in entries:
        wide = side + 6 + text_width(entry.text, kind)
        if left > first and (entry.apart or left + wide > right):
            left, line = first, line + 1
        found.append((left, line))
        left += wide + 2 * kind.size
    return found


def _legend_lines(entries: Sequence[Entry], plan: Layout) -> int:
    return max((line for _, line in _places(entries, plan)), default=-1) + 1


def _legend(canvas: Canvas, entries: Sequence[Entry], plan: Layout, top: int) -> None:
    kind, high, side = plan.style.number, line_height(plan.style.number), round(13 * plan.style.unit)
    for entry, (left, line) in zip(entries, _places(entries, plan), strict=True):
        y = top + line * (high + 4)
        down = y + (high - side) // 2
        if entry.colour != WHITE:
            box = Box(left, down, left + side, down + side)
            canvas.fill(box, entry.colour)
            frame(canvas, box, plan.style.theme.grey)
        canvas.write(
            shortened(entry.text, plan.size[0] - left - side, kind),
            left + side + 6,
            y,
            kind,
            plan.style.theme.foreground,
        )
