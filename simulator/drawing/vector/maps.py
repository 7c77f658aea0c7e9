"""The map of a figure: contours, axes and the marks of critical points."""

from typing import Any

from errsurf.drawing.boxes import Box
from errsurf.drawing.frames import visited_points
from errsurf.drawing.landmarks import spots
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.drawing.look import Look
from errsurf.drawing.scene import Scene
from errsurf.drawing.vector.overlays import Over, draw_above, draw_below, draw_surface, map_overlays
from errsurf.drawing.vector.particles import draw_particles
from errsurf.drawing.vector.sheet import POINTS, Sheet, axes, tone, write, write_mark
from errsurf.drawing.window import marks

_MARKS = {"minimum": ("o", 14.0), "saddle": ("D", 11.8), "maximum": ("^", 15.0), "start": ("x", 11.2)}


def draw_map(
    page: Sheet,
    area: Box,
    scene: Scene,
    clock: float,
    look: Look,
    *,
    groups: list[int],
    fade: float = 0.08,
    outer: tuple[bool, bool] = (True, True),
    names: bool = True,
) -> Over:
    """Draw the frame at a clock value with some of the scene's groups; trails pale within a share ``fade`` of the run.

    ``outer`` says whether numbers stand at the left and below.  The overlays that it has are for their key.
    """
    ax = axes(page, area)
    ax.set(xlim=scene.window[0], ylim=scene.window[1])
    over = map_overlays(scene, area, look, groups, clock)
    draw_surface(ax, scene, over, look)
    draw_below(ax, over)
    found = spots(scene.marks, visited_points(scene.result), scene.window, area, look)
    for spot in found:
        _draw_mark(ax, spot.place.x, spot.place.y, spot.place.kind, look)
    draw_particles(ax, scene, clock, area, look, groups, fade)
    draw_above(page, over)
    _draw_axes(page, ax, area, scene, look, outer)
    for spot in found:
        if names and spot.box is not None:
            write(page, spot.place.name, *spot.box[:2], look.tick, look.theme.ink, look.theme.paper)
    return over


def _draw_mark(ax: Any, x: float, y: float, kind: str, look: Look) -> None:
    marker, size = _MARKS.get(kind, ("p", 15.0))
    unit = look.line * POINTS
    for colour, width in ((look.theme.paper, 3.8), (look.theme.ink, max(1.7, 1 / look.line))):
        ax.plot(
            x, y, marker=marker, markersize=size * unit, markerfacecolor="none", markeredgecolor=tone(colour),
            markeredgewidth=width * unit, zorder=1.5, linestyle="none",
        )  # fmt: skip


def _draw_axes(page: Sheet, ax: Any, area: Box, scene: Scene, look: Look, outer: tuple[bool, bool]) -> None:
    """Frame, numbers kept within the map's sides, and the parameters' names in two corners."""
    kind, grey, ((x0, x1), (y0, y1)) = look.tick, look.theme.grey, scene.window
    widest = max(text_width(text, kind) for _, text in marks(x0, x1, 4)) + kind.size
    across = marks(x0, x1, max(1, min(6, area.width // widest)))
    upward = marks(y0, y1, max(1, min(5, area.height // (4 * kind.size))))
    ax.set_xticks([value for value, _ in across] if outer[1] else [], labels=[])
    ax.set_yticks([value for value, _ in upward] if outer[0] else [], labels=[])
    ax.tick_params(length=5 * POINTS, width=POINTS, color=tone(grey), labelbottom=False, labelleft=False)
    for spine in ax.spines.values():
        spine.set(edgecolor=tone(grey), linewidth=POINTS, zorder=6)
    for value, text in across if outer[1] else []:
        width = text_width(text, kind)
        left = area.left + (value - x0) / (x1 - x0) * area.width - width / 2
        write(page, text, min(max(left, area.left), area.right - width), area.bottom + 5, kind, grey)
    for value, text in upward if outer[0] else []:
        top = area.top + (y1 - value) / (y1 - y0) * area.height - line_height(kind) / 2
        top = min(max(top, area.top), area.bottom - line_height(kind))
        write_mark(page, text, area, 7, top, look, taken=area.top + kind.size // 4 + line_height(kind))
    gap, theme = kind.size // 2, look.theme
    right, bottom = area.right - gap - text_width(scene.names[0], kind), area.bottom - gap - line_height(kind)
    write(page, scene.names[0], right, bottom, kind, theme.ink, theme.paper)
    write(page, scene.names[1], area.left + gap, area.top + gap // 2, kind, theme.ink, theme.paper)
