"""The charts of a figure: curves over the clock, and where particles ended."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from errsurf.analysis import wilson_interval
from errsurf.drawing.boxes import Box
from errsurf.drawing.chart import few_marks, joined_points, path, texts_below
from errsurf.drawing.charts import Chart, Curve
from errsurf.drawing.colours import group_colours
from errsurf.drawing.frames import Array, latest
from errsurf.drawing.lettering.text import Type, line_height, text_width
from errsurf.drawing.look import Look
from errsurf.drawing.scene import Scene
from errsurf.drawing.vector.particles import draw_marker
from errsurf.drawing.vector.sheet import POINTS, Sheet, axes, tone, write, write_mark, write_right


def draw_chart(page: Sheet, box: Box, scene: Scene, chart: Chart, clock: float, look: Look) -> None:
    """One curve a group with its band, pale beyond the clock value, and a dot where it stands."""
    ax = axes(page, box)
    over_clock = all(curve.at is None for curve in chart.curves)
    ax.set(xlim=(0, scene.end if over_clock else 1), ylim=(0, 1))
    _draw_frame(page, ax, box, chart, look)
    colours = [tone(colour) for colour in group_colours(look.theme, scene.numbers)]
    unit = look.line * POINTS
    if chart.joined:
        _draw_points(ax, chart, clock, colours, look)
    for curve, colour in zip(chart.curves, colours, strict=True) if not chart.joined else ():
        parts = [(1.0, 1.0)] if clock >= scene.end else [(0.25, 1.0), (1.0, clock / scene.end)]
        for strength, share in parts if over_clock else ():
            _clip(ax, _curve(ax, curve, colour, strength, unit), share)
        if not over_clock:
            _path(ax, curve, latest(curve.clock, clock) + 1, colour, unit)
    if clock < scene.end and over_clock:
        ax.axvline(clock, color=tone(look.theme.grey), linewidth=POINTS, zorder=4)
    for curve, colour in zip(chart.curves, colours, strict=True):
        across, height = _spot(chart, curve, clock)
        if 0 <= height <= 1:
            ax.plot(across, height, marker="o", markersize=6.4 * unit, color=colour, zorder=5, clip_on=False)
    for marker in scene.markers if not chart.joined else ():
        if marker.clock <= clock:
            spot = np.array([_spot(chart, chart.curves[marker.group], marker.clock)])
            draw_marker(ax, spot, marker, scene, look._replace(line=0.8 * look.line))


def _spot(chart: Chart, curve: Curve, clock: float) -> tuple[float, float]:
    """Where a curve stands at a clock value, in the numbers of the axes."""
    row = latest(curve.clock, clock)
    return clock if curve.at is None else chart.place(curve, row, clock), float(curve.height[row])


def _path(ax: Any, curve: Curve, rows: int, colour: Any, unit: float) -> None:
    """The way of a group up to now in a chart whose width is not the clock's."""
    style = {"color": colour, "solid_joinstyle": "round"}
    if curve.dashed is not None:
        ax.plot(*path(curve, rows, second=True).T, linewidth=1.2 * unit, dashes=(4, 2.5), **style)
    ax.plot(*path(curve, rows).T, linewidth=2.3 * unit, **style)


def _draw_points(ax: Any, chart: Chart, clock: float, colours: Sequence[Any], look: Look) -> None:
    """Lines through the best points, dashed ones through the second points, and a bar and a ring for each group."""
    unit, grey = look.line * POINTS, tone(look.theme.grey)
    ax.plot(*joined_points(chart, clock).T, color=grey, linewidth=1.4 * unit, zorder=2)
    if all(curve.dashed is not None for curve in chart.curves):
        ax.plot(
            *joined_points(chart, clock, second=True).T, color=grey, linewidth=1.2 * unit, dashes=(4, 2.5), zorder=2
        )
    for curve, colour in zip(chart.curves, colours, strict=True):
        row = latest(curve.clock, clock)
        across = chart.place(curve, row, clock)
        if curve.band is not None:
            ax.plot([across, across], curve.band[row], color=colour, linewidth=1.8 * unit, zorder=3)
        if curve.dashed is not None:
            ring = {"markeredgecolor": colour, "markeredgewidth": 1.8 * unit, "color": tone(look.theme.paper)}
            ax.plot(across, curve.dashed[row], marker="o", markersize=4.6 * unit, zorder=4, **ring)


def _curve(ax: Any, curve: Curve, colour: Any, strength: float, unit: float) -> list[Any]:
    """Band, dashed line and line of one group."""
    made: list[Any] = []
    if curve.band is not None:
        low, high = curve.band.T
        made.append(
            ax.fill_between(curve.clock, low, high, step="post", color=colour, alpha=0.17 * strength, linewidth=0)
        )
    style = {"drawstyle": "steps-post", "color": colour, "alpha": strength}
    if curve.dashed is not None:
        made += ax.plot(curve.clock, curve.dashed, linewidth=1.2 * unit, dashes=(4, 2.5), **style)
    return made + list(ax.plot(curve.clock, curve.height, linewidth=2.3 * unit, **style))


def _clip(ax: Any, made: list[Any], share: float) -> None:
    """Hide what lies beyond a share of the chart's width."""
    from matplotlib.patches import Rectangle

    for artist in made if share < 1 else []:
        artist.set_clip_path(Rectangle((0, 0), share, 1, transform=ax.transAxes))


def _draw_frame(page: Sheet, ax: Any, box: Box, chart: Chart, look: Look) -> None:
    """Pale lines across and their numbers, and what stands along the chart's width."""
    kind, theme = look.tick, look.theme
    for value, text in few_marks(chart.marks, box, kind):
        height = float(chart.scale.height(np.array(value)))
        ax.axhline(height, color=tone(theme.pale), linewidth=POINTS, zorder=0)
        top = box.bottom - height * box.height - line_height(kind) / 2
        top = min(max(top, box.top - line_height(kind) / 2), box.bottom - line_height(kind))
        write_mark(page, text, box, 5, top, look)
    quiet(ax, look)
    for text, left in texts_below(chart, box, kind):
        write(page, text, left, box.bottom + 4, kind, theme.grey)


def quiet(ax: Any, look: Look) -> None:
    """Axes without marks, and lines at the left and below only."""
    ax.set(xticks=[], yticks=[])
    for side, spine in ax.spines.items():
        spine.set(edgecolor=tone(look.theme.grey), linewidth=POINTS, visible=side in ("left", "bottom"))


def draw_shares(page: Sheet, box: Box, scene: Scene, clock: float, look: Look) -> None:
    """Share of each group's particles in each basin at a clock value, with its 95% interval (Wilson 1927)."""
    rows, groups = _shares(scene, clock), len(scene.groups)
    kind, theme = look.tick, look.theme
    names = max(text_width(name, kind) for name, _ in rows) + kind.size // 2
    numbers = text_width("99.9%", kind) + kind.size // 2
    area = box._replace(left=box.left + names, right=box.right - numbers)
    ax = axes(page, area)
    quiet(ax, look)
    ax.set(xlim=(0, 1), ylim=(area.height, 0))
    each = area.height / len(rows)
    thick = min(0.8 * each / groups, 1.4 * line_height(kind))
    for row, (name, counts) in enumerate(rows):
        middle = (row + 0.5) * each
        write_right(page, name, area.left - kind.size // 2, area.top + middle - line_height(kind) / 2, kind, theme.ink)
        for k, (count, h) in enumerate(zip(counts, scene.histories, strict=True)):
            at = middle + thick * (k + 0.5 - groups / 2)
            colour = group_colours(theme, [scene.numbers[k]])[0]
            _draw_bar(page, ax, area, at, thick, round(count), h.particles, tone(colour), look)
    for share in (0.0, 0.5, 1.0):
        text = f"{share:.0%}"
        left = area.left + share * area.width - text_width(text, kind) / 2
        write(page, text, max(left, area.left), area.bottom + 4, kind, theme.grey)


def _draw_bar(
    page: Sheet, ax: Any, area: Box, at: float, thick: float, count: int, total: int, colour: Any, look: Look
) -> None:
    """One bar, its interval, and the share in numbers where the bar is high enough for them."""
    share, (low, high) = count / total, wilson_interval(count, total)
    ax.barh(at, share, height=0.88 * thick, color=colour, linewidth=0)
    unit = min(look.line, 0.2 * thick) * POINTS
    for width, hue in ((3.2, look.theme.paper), (1.5, look.theme.ink)):
        ax.plot(
            [low, high], [at, at], color=tone(hue), linewidth=width * unit, solid_capstyle="butt",
            clip_on=False,
        )  # fmt: skip
    size = min(look.tick.size, round(thick * 0.95))
    if size >= 0.6 * look.tick.size:
        kind = Type(size, look.tick.faces)
        text = f"{share:.0%}" if share >= 0.0995 or count == 0 else f"{share:.1%}"
        top = area.top + at - line_height(kind) / 2
        write(page, text, area.left + high * area.width + kind.size // 2, top, kind, look.theme.ink)


def _shares(scene: Scene, clock: float) -> list[tuple[str, Array]]:
    """Names and counts, (groups,), of the minima from left to right and, if there are any, elsewhere and diverged."""
    assert scene.basins
    at = [latest(h.clock, clock) for h in scene.histories]
    share = np.array([h.share[row] for h, row in zip(scene.histories, at, strict=True)])
    particles = np.array([h.particles for h in scene.histories])
    counts = np.rint(share * particles[:, None])
    diverged = np.array([h.diverged[row] for h, row in zip(scene.histories, at, strict=True)], dtype=np.float64)
    rows = [(scene.basins.names[m], counts[:, m]) for m in scene.basins.order]
    elsewhere = particles - counts.sum(axis=1) - diverged
    return rows + [(name, lost) for name, lost in (("elsewhere", elsewhere), ("diverged", diverged)) if lost.any()]
