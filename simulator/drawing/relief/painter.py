"""The painter of reliefs: like the flat one, but for the maps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from errsurf.drawing.axes import axis_names
from errsurf.drawing.background import loss_grid
from errsurf.drawing.boxes import Box, fill
from errsurf.drawing.colours import Pixels
from errsurf.drawing.frames import visited_points
from errsurf.drawing.kernels import paste
from errsurf.drawing.landmarks import Place, patches, places, start_place
from errsurf.drawing.layout_parts import Layout, map_look, mark_spare, mark_width
from errsurf.drawing.lettering.text import line_height
from errsurf.drawing.painter import Painter
from errsurf.drawing.relief.camera import Camera
from errsurf.drawing.relief.draped import Cloth, cloth
from errsurf.drawing.relief.outlook import outlook
from errsurf.drawing.relief.paints import paints
from errsurf.drawing.relief.particles import Trails, draw_marker, draw_swarm, trails
from errsurf.drawing.relief.sight import Relief, Sight, sight, theta_at
from errsurf.drawing.relief.terrain import terrain

if TYPE_CHECKING:
    from errsurf.analysis import Critical

_SHADES = 48


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
    cloth: Cloth | None
    base: Pixels
    camera: Camera
    turn: float
    still: Sight

    @property
    def layout(self) -> Layout:
        """The flat picture's layout; the reliefs stand in its maps, with the room for their numbers."""
        return self.flat.layout

    @property
    def exact(self) -> Pixels:
        """The colours which a palette should hold, (n, 3): flat ones, and shades of a relief that stands still."""
        if self.turn:
            return self.flat.exact
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
        for swarm, paths, area in zip(self.flat.swarms, self.trails, self.regions, strict=True):
            draw_swarm(out, swarm, paths, land, seen, area, clock)
        for marker in self.flat.passed(clock):
            k = marker.group if len(self.regions) > 1 else 0
            tones = self.flat.tones(marker)
            draw_marker(out, marker, self.flat.swarms[k], land, seen, self.regions[k], tones)
        if self.cloth is not None:
            self.cloth.put(out, seen, self.regions, clock)
        for area in self.regions:
            for word in seen.names:
                paste(out, word.mask, area.left + word.left, area.top + word.top, word.colour)
        self.flat.draw_panel(out, clock)

    def frame(self, clock: float) -> Pixels:
        """The frame at this clock value, shape (height, width, 3), uint8."""
        out = np.empty_like(self.base)
        self.draw(clock, out)
        return out

    def sight(self, clock: float) -> Sight:
        """What the camera sees at a clock value, but for what moves on the surface."""
        if not self.turn:
            return self.still
        return sight(self.relief, self.camera.turned(self.turn * clock / max(self.flat.end, 1.0)))

    def turned(self, camera: Camera) -> "ReliefPainter":
        """The same picture for another camera."""
        return replace(self, camera=camera, still=sight(self.relief, camera))

    def theta_at(self, column: int, row: int, clock: float = 0.0) -> tuple[float, float] | None:
        """The point of the surface that is seen at a pixel of the picture; None where there is none."""
        for area in self.regions:
            if area.left <= column < area.right and area.top <= row < area.bottom:
                return theta_at(self.sight(clock), column - area.left, row - area.top)
        return None


def relief_painter(
    flat: Painter, *, critical: Sequence["Critical"] = (), camera: Camera | None = None
) -> ReliefPainter:
    """Prepare to draw a result as reliefs, from its flat painter, with which it shares all but the maps.

    ``critical`` are the critical points to mark.  ``camera`` replaces the scenario's; without either it
    stands where the least is hidden.
    """
    result, plan = flat.ground.result, flat.layout
    picture = result.scenario.picture
    look, regions = map_look(plan), _regions(plan)
    grid, levels = flat.ground.grid, flat.ground.levels
    if picture.surface == "test":
        grid = loss_grid(result.landscape, flat.window, plan.map, "test")
    land = terrain(grid, levels, flat.window, plan.map, picture.level_scale)
    starts = np.asarray(result.groups[0].position[0], dtype=np.float64)
    marked = [*places(critical, letters=flat.basins is not None), *start_place(starts, flat.window)]
    visited = visited_points(result)
    spots = np.array([(place.x, place.y) for place in marked]).reshape(-1, 2)
    azimuth, elevation = camera or (picture.azimuth, picture.elevation)
    land, camera = outlook(land, (visited, spots), azimuth, elevation, turning=bool(picture.turn))
    size = (regions[0].width, regions[0].height)
    names = axis_names(result.scenario.surface)
    busy = visited[:0] if picture.turn else visited[:: max(1, len(visited) // 1000)]
    relief = Relief(size, land, paints(look.theme, len(levels) - 1), names, marked, busy, look)
    return ReliefPainter(
        flat, relief, regions, [trails(swarm) for swarm in flat.swarms], cloth(flat), _without_maps(flat, marked),
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
    area, look = plan.maps[k], plan.look
    left = area.left - (mark_width(look) if at_left else 0)
    return area._replace(left=left, bottom=area.bottom + (line_height(look.tick) + 5 if below else 0))


def _without_maps(flat: Painter, marked: Sequence[Place]) -> Pixels:
    """What stands still in the flat picture, without its maps and the marks that reach over their edges."""
    base, paper = flat.base.copy(), flat.layout.look.theme.paper
    nobody = np.zeros((1, 2))
    for k, area in enumerate(flat.layout.maps):
        for patch in patches(marked, nobody, flat.window, area, map_look(flat.layout))[0]:
            paste(base, np.where(patch.mask, np.uint8(255), np.uint8(0)), patch.left, patch.top, paper)
        around = _roomy(flat.layout, k)
        spare = mark_spare(flat.layout.look) if flat.layout.outer[k][0] else 0
        fill(base, Box(around.left - 1 - spare, around.top - 1, around.right + 1, around.bottom + 1), paper)
    return base
