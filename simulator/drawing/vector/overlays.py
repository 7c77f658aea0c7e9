"""What lies over a figure's map beside particles: dashed contours, hatched regions, arrows, ellipses and crosses."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from errsurf.drawing.background import loss_grid
from errsurf.drawing.boxes import NOWHERE, Box
from errsurf.drawing.colours import group_colours
from errsurf.drawing.frames import Array
from errsurf.drawing.layout_parts import Layout
from errsurf.drawing.look import Look
from errsurf.drawing.overlays import (
    RIM,
    BatchSurface,
    Drawing,
    Ground,
    Ready,
    View,
    key_entries,
    key_room,
    key_spots,
    overlays,
)
from errsurf.drawing.scene import Scene
from errsurf.drawing.vector.contours import draw_contours
from errsurf.drawing.vector.sheet import POINTS, Sheet, tone, write
from errsurf.drawing.vector.wish import Wish


@dataclass(frozen=True)
class Over:
    """The overlays of one map of a figure."""

    ground: Ground
    view: View
    ready: list[Ready]
    clock: float


def drawable_wish(wish: Wish) -> Wish:
    """The wish without a second map and without the strip of examples, which are drawn by pixels only."""
    scenario = wish.result.scenario
    picture = scenario.picture._replace(beside="none", members=False)
    return replace(wish, result=replace(wish.result, scenario=replace(scenario, picture=picture)))


def map_overlays(scene: Scene, area: Box, look: Look, groups: list[int], clock: float) -> Over:
    """The overlays of a map with some of the scene's groups, made ready."""
    size = (area.right, area.bottom)
    plan = Layout(size, look, NOWHERE, (area,), ((True, True),), NOWHERE, NOWHERE, (), NOWHERE, (), NOWHERE)
    nothing = np.zeros((*size[::-1], 3), np.uint8)
    ground = Ground(
        scene.result, plan, scene.window, scene.numbers, group_colours(look.theme, scene.numbers), scene.histories,
        scene.grid, scene.levels, nothing[area.top :, area.left :], nothing, 1.0, scene.critical,
    )  # fmt: skip
    follow = ground.follow if len(groups) > 1 else groups[0]
    view = View(area, tuple(groups), follow, scene.result.scenario.picture.surface)
    return Over(ground, view, overlays(ground), clock)


def draw_surface(ax: Any, scene: Scene, over: Over, look: Look) -> None:
    """Draw the loss that fills the map."""
    view, ground, fills = over.view, over.ground, None
    if view.surface == "test":
        loss = loss_grid(ground.result.landscape, scene.window, view.area, "test")[2]
        scene = replace(scene, grid=(*scene.grid[:2], _finite(loss, scene.levels)))
    elif view.surface == "batch":
        batch = BatchSurface(ground.result.landscape, scene.grid, scene.levels, ground.look)
        loss, (levels, fills) = batch.loss(ground.followers[view.follow].batches(over.clock)), batch.steps
        scene = replace(scene, grid=(*scene.grid[:2], _finite(loss, levels)), levels=levels)
    draw_contours(ax, scene, view.area, look, fills)


def draw_below(ax: Any, over: Over) -> None:
    """Draw what lies below the particles."""
    for each in over.ready:
        each.figure(ax, over.view, over.clock)


def draw_above(page: Sheet, over: Over) -> None:
    """Draw what lies above the particles."""
    for each in over.ready:
        draw_strokes(page, over.view.area, each.lines(over.view, over.clock), over.ground.look)


def overlay_key(page: Sheet, foot: Box, over: Over, look: Look) -> None:
    """What the overlays mean."""
    for spot in key_spots(foot, key_entries(over.ready), key_room(over.ground.result.scenario.picture), look):
        if spot.entry.sample:
            draw_strokes(page, spot.sample, spot.entry.sample(spot.sample.width, spot.sample.height), look)
        write(page, spot.text, spot.left, spot.sample.top, look.tick, look.theme.ink)


def draw_strokes(page: Sheet, area: Box, drawing: Drawing, look: Look) -> None:
    """Draw strokes over an area, each with a rim of paper, and cut at its sides."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    width, height = page.size
    corner, sides = (area.left / width, 1 - area.bottom / height), (area.width / width, area.height / height)
    within = Rectangle(corner, *sides, transform=page.figure.transFigure)
    for rim in (2 * RIM * look.line, 0.0):
        for path, radius, colour in drawing.strokes:
            hue = tone(look.theme.paper if rim else drawing.colours[colour])
            x, y = (area.left + path[:, 0]) / width, 1 - (area.top + path[:, 1]) / height
            line = Line2D(
                x, y, color=hue, linewidth=(2 * radius + rim) * POINTS, zorder=2.5, alpha=0.75 if rim else 1.0
            )
            line.set(solid_capstyle="butt", solid_joinstyle="round")
            page.figure.add_artist(line)
            line.set_clip_path(within)


def _finite(loss: Array, levels: Array) -> Array:
    """Losses that are no numbers as the highest or lowest level."""
    return np.nan_to_num(loss, nan=levels[-1], posinf=levels[-1], neginf=levels[0])
