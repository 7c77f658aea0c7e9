"""The painter of reliefs: like the flat one, but for the maps."""

from dataclasses import dataclass, replace
from math import inf

import numpy as np
from PIL import Image

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import RasterCanvas
from errsurf.drawing.colours import Pixels
from errsurf.drawing.history.frames import visited_points
from errsurf.drawing.layout.parts import Layout, mark_width
from errsurf.drawing.lettering.text import line_height
from errsurf.drawing.map.landmarks import write_labels
from errsurf.drawing.painter import Painter
from errsurf.drawing.relief.best_camera import best_camera
from errsurf.drawing.relief.camera import Camera
from errsurf.drawing.relief.draped import Drape, cloth
from errsurf.drawing.relief.particles import Trails, draw_marker, draw_swarm, trails
from errsurf.drawing.relief.shading import shading
from errsurf.drawing.relief.sight import Relief, Sight, sight, theta_at
from errsurf.drawing.relief.terrain import terrain
from errsurf.drawing.scene import Scene
from errsurf.drawing.scene_on_canvas import draw_panel, draw_surroundings, passed

_SHADES = 32


@dataclass(frozen=True)
class ReliefPainter:
    """A painter whose maps are reliefs, seen by ``camera``, which goes ``turn`` degrees around during the run.

    All else is that of the ``flat`` painter it was made from.  ``regions`` are where the reliefs stand, ``still`` is
    what the camera sees at the start.
    """

    flat: Painter
    relief: Relief
    regions: tuple[Box, ...]
    trails: list[Trails]
    cloth: Drape | None
    base: Pixels
    camera: Camera
    turn: float
    still: Sight
    steps: float = inf

    @property
    def layout(self) -> Layout:
        """The flat picture's layout; the reliefs stand in its maps, with the room for their numbers."""
        return self.flat.layout

    @property
    def exact(self) -> Pixels:
        """The colours which a palette should hold, (n, 3): flat ones, and shades of the relief."""
        image = Image.fromarray(self.still.image).quantize(_SHADES, dither=Image.Dither.NONE)
        shades = np.array(image.getpalette("RGB"), dtype=np.uint8).reshape(-1, 3)
        return np.concatenate([self.flat.exact, shades])

    def draw(self, clock: float, out: Pixels) -> None:
        """Draw the frame at this clock value into ``out``, shape (height, width, 3), uint8, best C-contiguous."""
        seen, land = self.sight(clock), self.relief.land
        np.copyto(out, self.base)
        if self.cloth is not None:
            self.cloth.put_beside(out, clock)
        for area in self.regions:
            out[area.top : area.bottom, area.left : area.right] = seen.image
        shown = self.flat.scene
        for swarm, paths, area in zip(shown.swarms, self.trails, self.regions, strict=True):
            draw_swarm(out, swarm, paths, land, seen, area, clock)
        for marker in passed(shown, clock):
            area = self.regions[marker.group if len(self.regions) > 1 else 0]
            draw_marker(out, marker, shown.maps.colours[marker.group], shown.maps.style, land, seen, area)
        if self.cloth is not None:
            self.cloth.put(out, seen, self.regions, clock)
        canvas, style = self.flat.canvas.over(out), shown.maps.style
        for area in self.regions:
            moved = [name._replace(left=area.left + name.left, top=area.top + name.top) for name in seen.names]
            write_labels(canvas, moved, style)
        draw_panel(canvas, shown, clock)

    def frame(self, clock: float) -> Pixels:
        """The frame at this clock value, shape (height, width, 3), uint8."""
        out = np.empty_like(self.base)
        self.draw(clock, out)
        return out

    def sight(self, clock: float) -> Sight:
        """What the camera sees at a clock value, but for what moves on the surface."""
        if not self.turn:
            return self.still
        share = clock / max(self.flat.end, 1.0)
        share = share if self.steps == inf else round(share * self.steps) / self.steps
        return sight(self.relief, self.camera.turned(self.turn * share))

    def turned(self, camera: Camera) -> "ReliefPainter":
        """The same picture for another camera."""
        return replace(self, camera=camera, still=sight(self.relief, camera))

    def theta_at(self, column: int, row: int, clock: float = 0.0) -> tuple[float, float] | None:
        """The point of the surface that is seen at a pixel of the picture; None where there is none."""
        for area in self.regions:
            if area.left <= column < area.right and area.top <= row < area.bottom:
                return theta_at(self.sight(clock), column - area.left, row - area.top)
        return None


def relief_painter(flat: Painter, camera: Camera | None = None) -> ReliefPainter:
    """Prepare to draw a result as reliefs, from its flat painter, with which it shares all but the maps.

    ``camera`` replaces the scenario's; without either it stands where the least is hidden.
    """
    shown, plan, maps = flat.scene, flat.layout, flat.scene.maps
    picture, regions = maps.result.scenario.picture, _regions(plan)
    land = terrain(
        (*maps.grid[:2], maps.surface_loss),
        maps.levels,
        maps.window,
        plan.map,
        picture.level_scale,
        picture.exaggeration,
    )
    visited = visited_points(maps.result)
    spots = np.array([(place.x, place.y) for place in shown.marks]).reshape(-1, 2)
    azimuth, elevation = camera or (picture.azimuth, picture.elevation)
    turning, given = bool(picture.turn), picture.exaggeration is not None
    land, camera = best_camera(land, (visited, spots), azimuth, elevation, turning=turning, given=given)
    size = (regions[0].width, regions[0].height)
    busy = visited[:0] if picture.turn else visited[:: max(1, len(visited) // 1000)]
    colours = shading(maps.style.theme, len(maps.levels) - 1)
    relief = Relief(size, land, colours, maps.names, shown.marks, busy, maps.style)
    return ReliefPainter(
        flat, relief, regions, [trails(swarm) for swarm in shown.swarms], cloth(flat), _without_maps(shown),
        camera=camera,
        turn=picture.turn,
        still=sight(relief, camera),
    )  # fmt: skip


def _regions(plan: Layout) -> tuple[Box, ...]:
    """Where the reliefs stand: in the maps, with the room for numbers beside and below where there is only one."""
    return (_roomy(plan, 0),) if len(plan.maps) == 1 else plan.maps


def _roomy(plan: Layout, k: int) -> Box:
    """A map with its numbers."""
    at_left, below = plan.outer[k]
    area, style = plan.maps[k], plan.style
    left = area.left - (mark_width(style) if at_left else 0)
    return area._replace(left=left, bottom=area.bottom + (line_height(style.tick) + 5 if below else 0))


def _without_maps(shown: Scene) -> Pixels:
    """What stays the same in the flat picture, without its maps."""
    canvas = RasterCanvas.blank(shown.plan.size, shown.plan.style.theme.behind)
    canvas.leave_free(shown.plan.maps)
    draw_surroundings(canvas, shown)
    return canvas.out
