"""The figure of an inspection: training and test surface side by side, critical points, and the noise at them."""

from typing import TYPE_CHECKING

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import Canvas, Contours, Drawing, Stroke
from errsurf.drawing.colours import colour_list, group_colours, map_tones
from errsurf.drawing.figures.files import Figure
from errsurf.drawing.figures.number_labels import labels
from errsurf.drawing.history.contours import contour_levels, contour_width
from errsurf.drawing.history.frames import Array
from errsurf.drawing.history.heights import light_from_above
from errsurf.drawing.history.window import Window, pixel_scale
from errsurf.drawing.layout.arrangement import layout
from errsurf.drawing.layout.parts import Contents, Layout
from errsurf.drawing.layout.style import Style, scenario_style
from errsurf.drawing.lettering.text import line_height, shortened, text_width
from errsurf.drawing.map.axes import axis_names, map_axes
from errsurf.drawing.map.landmarks import LOWEST, Place, Spot, draw_marks, spots, write_labels
from errsurf.run_analysis.inspection import plural
from errsurf.system.numbers import counted, drawn_number

if TYPE_CHECKING:
    from errsurf.run_analysis.inspection import Inspection

MAX_LABELS = 24
WIDEST = 2.5
NARROWEST = 0.4
NOWHERE = np.full((1, 2), np.nan)
LEAST_ELLIPSE = 20.0
"""Half the width, in pixels, of the widest ellipse that is drawn as large as it is."""


def landscape_figure(found: "Inspection") -> Figure:
    """Both surfaces, or the one where test examples are the training examples, with the same levels and points.

    Names at the points, up to 24, are those of the table.  An ellipse is one standard deviation of the
    movement that gradient noise of the smallest batch adds to an update of sgd at the lr of the group with that batch.
    """
    size = (int(found.scenario.picture.size[0]), int(found.scenario.picture.size[1]))
    plan = layout(size, scenario_style(found.scenario, size), Contents(1))
    return Figure(found.scenario, size, plan.style.theme.background, lambda canvas: _draw(canvas, found, plan))


def _draw(canvas: Canvas, found: "Inspection", plan: Layout) -> None:
    scenario, window, style = found.scenario, found.window, plan.style
    title = shortened(scenario.title, plan.title.width, style.title)
    canvas.write(title, plan.title.left, plan.title.top, style.title, style.theme.foreground)
    areas = map_areas(plan, window, 1 if np.array_equal(found.landscape.train, found.landscape.test) else 2)
    x, y, losses = _losses(found, areas[0])
    levels = contour_levels(losses, scenario.picture.levels, scenario.picture.level_scale)
    times = _enlarged(found, areas[0]) if found.batches else 0.0
    tones, width = map_tones(style.theme, len(levels) - 1), contour_width(style)
    names = ("loss",) if len(areas) == 1 else ("training loss", "test loss")
    for k, area in enumerate(areas):
        light = light_from_above((x, y, losses[k]), (area.width, area.height), scenario.picture.level_scale)
        canvas.surface(area, Contours(x, y, losses[k], levels, *tones, width, light))
        for middle, edge in _ellipses(found, times) if times and k == 0 else ():
            _draw_ellipse(canvas, found, area, middle, edge, style)
        map_axes(canvas, area, style, window, axis_names(scenario.surface), (True, True))
        top = area.top - line_height(style.label) - 2
        canvas.write(names[k], area.left, top, style.label, style.theme.foreground)
        _mark(canvas, found, area, plan)
    top = areas[0].bottom + line_height(style.tick) + round(12 * style.unit)
    _table(canvas, found, plan, _legend(canvas, found, plan, times, top))


def _draw_ellipse(canvas: Canvas, found: "Inspection", area: Box, middle: Array, edge: Array, style: Style) -> None:
    """An ellipse whose edge (n, 2) is given in theta from its middle (2,)."""
    x0, across, y1, down = pixel_scale(found.window, area)
    tone = colour_list(group_colours(style.theme, [0]))[0]
    at, corners = (middle - (x0, y1)) * (across, -down), edge * (across, -down)
    canvas.polygon(area, at[None], corners, tone, 64)
    canvas.strokes(area, Drawing([Stroke(at + corners, 0.75 * style.line)], [tone]), 0.0, style.theme.background)


def map_areas(plan: Layout, window: Window, count: int) -> list[Box]:
    """Boxes side by side below the title, each of the window's shape, with room for axes and two lines of text."""
    style, (width, height) = plan.style, plan.size
    gap, tick = plan.title.left + text_width("-0.25", style.tick) + 8, line_height(style.tick)
    top = plan.title.bottom + line_height(style.label) + round(6 * style.unit)
    bottom = height - 3 * tick - round(18 * style.unit)
    room = (width - plan.title.left - count * gap) // count
    (x0, x1), (y0, y1) = window
    shape = float(np.clip((x1 - x0) / (y1 - y0), NARROWEST, WIDEST))
    tall = min(bottom - top, round(room / shape))
    wide = round(tall * shape)
    spare = (room - wide) // 2
    return [
        Box(gap + k * (room + gap) + spare, top, gap + k * (room + gap) + spare + wide, top + tall)
        for k in range(count)
    ]


def _losses(found: "Inspection", area: Box) -> tuple[Array, Array, Array]:
    """x (columns,), y (rows,), and training and test loss (2, rows, columns)."""
    columns, rows = (int(np.clip(n // 2, 80, 400)) for n in (area.width, area.height))
    x, y = np.linspace(*found.window[0], columns), np.linspace(*found.window[1], rows)
    points = np.stack(np.meshgrid(x, y), axis=-1)
    return x, y, np.stack([found.landscape.loss(points, which) for which in ("train", "test")])


def _enlarged(found: "Inspection", area: Box) -> float:
    """How many times as large ellipses are drawn: once or, to be seen beside marks, 2, 5, 10, 20, ... times.

    0 without noise.
    """
    low, high = np.array(found.window).T
    size = np.array([area.width, area.height]) / (high - low)
    covariance = found.covariance(found.batches[0])
    widest = float(np.sqrt(np.max(covariance[:, ::2] * (size * found.lr) ** 2, initial=0.0)))
    if not 0 < widest < np.inf:
        return 0.0
    least = LEAST_ELLIPSE / widest
    power = 10.0 ** np.floor(np.log10(least))
    return (
        float(next(step for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9)) * power) if least > 1 else 1.0
    )


def _ellipses(found: "Inspection", times: float) -> list[tuple[Array, Array]]:
    """Middles (2,) and edges (65, 2) around them of the ellipses of one standard deviation, in theta."""
    turns = np.linspace(0, 2 * np.pi, 65)
    circle = np.stack([np.cos(turns), np.sin(turns)])
    edges = []
    for point, (xx, xy, yy) in zip(found.points, found.covariance(found.batches[0]), strict=True):
        values, axes = np.linalg.eigh([[xx, xy], [xy, yy]])
        edges.append((point, times * np.array(found.lr) * (axes * np.sqrt(np.maximum(values, 0)) @ circle).T))
    return edges


def _mark(canvas: Canvas, found: "Inspection", area: Box, plan: Layout) -> None:
    """Draw the marks of all points and, while they are few, their names."""
    marked = spots(
        [Place(c.x, c.y, kind, "") for c, kind in zip(found.critical, _marks(found), strict=True)],
        NOWHERE,
        found.window,
        area,
        plan.style,
    )
    draw_marks(canvas, area, marked, plan.style)
    if len(found.critical) <= MAX_LABELS:
        x0, across, y1, down = pixel_scale(found.window, area)
        at = [(area.left + int((c.x - x0) * across), area.top + int((y1 - c.y) * down)) for c in found.critical]
        write_labels(canvas, labels(found.names, at, area, plan.style), plan.style)


def _legend(canvas: Canvas, found: "Inspection", plan: Layout, times: float, top: int) -> int:
    """Which mark is what, and what the ellipses are; where the room below begins."""
    kind, high = plan.style.number, line_height(plan.style.number)
    left, half = plan.title.left, round(13 * plan.style.line)
    for mark, count in _counts(found):
        box = Box(left, top + high // 2 - half, left + 2 * half, top + high // 2 + half)
        draw_marks(canvas, box, [Spot(Place(0.0, 0.0, mark, ""), left + half, top + high // 2, None)], plan.style)
        canvas.write(count, box.right + 4, top, kind, plan.style.theme.foreground)
        left = box.right + 4 + text_width(count, kind) + 2 * kind.size
    text = shortened(_words(found, times), plan.title.width, kind)
    canvas.write(text, plan.title.left, top + high, kind, plan.style.theme.grey)
    return top + 2 * high + kind.size // 2


def _table(canvas: Canvas, found: "Inspection", plan: Layout, top: int) -> None:
    """As many points as there is room for below the maps."""
    kind, high = plan.style.number, line_height(plan.style.number)
    each = (found.names, found.kinds, found.critical, found.test_loss, found.gap, found.largest_lr)
    rows = list(zip(*each, strict=True))
    room = (plan.size[1] - plan.title.left // 2 - top) // high - 1
    if room < min(3, len(rows)) or not rows:
        return
    ends = [plan.title.left + round(k * plan.style.unit) for k in (0, 46, 278, 396, 514, 634, 760, 910)]
    head = ("", "", "at", "training loss", "test loss", "gap", "sharpness", "2 / sharpness")
    cells = [
        (name * (name != what), what, f"({drawn_number(c.x, 3)}, {drawn_number(c.y, 3)})",
         *map(drawn_number, (c.loss, test, gap, c.sharpness, lr)))
        for name, what, c, test, gap, lr in rows
    ]  # fmt: skip
    if len(cells) > room:
        cells[room - 1 :] = [("", f"and {len(cells) - room + 1} more", *[""] * 6)]
    for line, row in enumerate([head, *cells]):
        for column, (text, end) in enumerate(zip(row, ends, strict=True)):
            if end > plan.size[0]:
                break
            left = end if column < 2 else end - text_width(text, kind)
            canvas.write(
                text, left, top + line * high, kind, plan.style.theme.foreground if line else plan.style.theme.grey
            )


def _marks(found: "Inspection") -> list[str]:
    """The kind of mark of each point."""
    return [
        LOWEST if kind == f"lowest {c.kind}" else c.kind for c, kind in zip(found.critical, found.kinds, strict=True)
    ]


def _counts(found: "Inspection") -> list[tuple[str, str]]:
    """Each kind of mark with how many there are of it, in words."""
    told = list(zip(_marks(found), found.kinds, strict=True))
    return [(mark, counted(told.count((mark, kind)), kind, plural(kind))) for mark, kind in dict.fromkeys(told)]


def _words(found: "Inspection", times: float) -> str:
    if not found.critical:
        return "no critical point of the training loss in this window"
    if times:
        lr = " and ".join(map(drawn_number, dict.fromkeys(found.lr)))
        spread = f"one standard deviation of an sgd update at lr {lr}"
        spread += f", {drawn_number(times)} times as large" if times > 1 else ""
        return f"ellipses: gradient noise of batch {drawn_number(found.batches[0])}, {spread}"
    if not found.batches and any(key.rpartition(".")[2] == "batch" for key in found.scenario.sweep.vary):
        return "no ellipses of gradient noise: the batch varies"
    why = "all examples agree" if found.batches else "every update uses all examples"
    return f"no gradient noise: {why}"
