"""The charts of a figure: curves over the clock, and where particles ended."""

from typing import Any

import numpy as np

from simulator.analysis import wilson_interval
from simulator.drawing.boxes import Box
from simulator.drawing.chart import Chart, Curve
from simulator.drawing.colours import group_colours
from simulator.drawing.frames import Array, latest
from simulator.drawing.lettering.text import Type, line_height, shortened, text_width
from simulator.drawing.look import Look
from simulator.drawing.scene import Scene
from simulator.drawing.vector.particles import draw_marker
from simulator.drawing.vector.sheet import POINTS, Sheet, axes, tone, write, write_right


def draw_chart(page: Sheet, box: Box, scene: Scene, chart: Chart, clock: float, look: Look) -> None:
    """One curve a group with its band, pale beyond the clock value, and a dot where it stands."""
    ax = axes(page, box)
    ax.set(xlim=(0, scene.end), ylim=(0, 1))
    _draw_frame(page, ax, box, scene, chart, look)
    colours = [tone(colour) for colour in group_colours(look.theme, scene.numbers)]
    unit = look.line * POINTS
    for curve, colour in zip(chart.curves, colours, strict=True):
        parts = [(1.0, 1.0)] if clock >= scene.end else [(0.25, 1.0), (1.0, clock / scene.end)]
        for strength, share in parts:
            _clip(ax, _curve(ax, curve, colour, strength, unit), share)
    if clock < scene.end:
        ax.axvline(clock, color=tone(look.theme.grey), linewidth=POINTS, zorder=4)
    for curve, colour in zip(chart.curves, colours, strict=True):
        height = float(curve.height[latest(curve.clock, clock)])
        if 0 <= height <= 1:
            ax.plot(clock, height, marker="o", markersize=6.4 * unit, color=colour, zorder=5, clip_on=False)
    for marker in scene.markers:
        curve = chart.curves[marker.group]
        if marker.clock <= clock:
            place = np.array([[marker.clock, curve.height[latest(curve.clock, marker.clock)]]])
            draw_marker(ax, place, marker, scene, look._replace(line=0.8 * look.line))


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


def _draw_frame(page: Sheet, ax: Any, box: Box, scene: Scene, chart: Chart, look: Look) -> None:
    """Pale lines across, their numbers, the ends of the clock and its name."""
    kind, theme = look.tick, look.theme
    room = max(2, box.height // (2 * line_height(kind)))
    for value, text in chart.marks[:: -(-len(chart.marks) // room)]:
        height = float(chart.scale.height(np.array(value)))
        ax.axhline(height, color=tone(theme.pale), linewidth=POINTS, zorder=0)
        top = box.bottom - height * box.height - line_height(kind) / 2
        top = min(max(top, box.top - line_height(kind) / 2), box.bottom - line_height(kind))
        write_right(page, text, box.left - 5, top, kind, theme.grey)
    quiet(ax, look)
    end = f"{scene.end:,.0f}"
    write(page, "0", box.left - 2, box.bottom + 4, kind, theme.grey)
    write_right(page, end, box.right, box.bottom + 4, kind, theme.grey)
    word = shortened(scene.clock_word, box.width - 2 * text_width(end, kind) - 2 * kind.size, kind)
    write(page, word, (box.left + box.right - text_width(word, kind)) / 2, box.bottom + 4, kind, theme.grey)


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
