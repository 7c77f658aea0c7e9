"""The map of a running experiment, which the user zooms and drags, with everything drawn on it."""

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import RasterCanvas
from errsurf.drawing.canvas.raster import empty_cover
from errsurf.drawing.colours import Pixels
from errsurf.drawing.group_looks import draw_swatch, scenario_colours
from errsurf.drawing.history.clock import shown_clock
from errsurf.drawing.history.frames import Array
from errsurf.drawing.history.window import Window, picture_window, pixel_scale
from errsurf.drawing.layout.arrangement import layout
from errsurf.drawing.layout.parts import Contents, Layout, map_style
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import fitted
from errsurf.drawing.map.axes import axis_names, map_axes
from errsurf.drawing.map.landmarks import write_labels
from errsurf.drawing.map.swarm import draw_dots
from errsurf.drawing.overlays import fixed_foot
from errsurf.drawing.painter import Painter
from errsurf.drawing.scene import Scene, marked
from errsurf.viewer.background_search import few_frames
from errsurf.viewer.clock_line import draw_clock_line
from errsurf.viewer.cloud import draw_cloud
from errsurf.viewer.map_overlays import MapOverlays
from errsurf.viewer.map_relief import MapRelief
from errsurf.viewer.pixel_loops import stretch
from errsurf.viewer.trails import Trails, bare_swarm, with_trails
from errsurf.viewer.view_state import ViewState
from errsurf.viewer.viewport import pixel_of, reshaped, theta_at
from errsurf.viewer.worker import MapDrawing, MapRequest, Scenery, draw_map


@dataclass
class RunMap:
    """The pixels of the map's region, its static background ``scenery``, and the background ``asked`` for.

    ``scenery`` shows the part ``window`` of the plane on the maps ``areas``, of this ``surface``; ``visible`` is the
    part of the canvas that the window shows.
    """

    canvas: Pixels
    plan: Layout
    visible: Box
    scenery: Scenery | None = None
    window: Window = ((0.0, 1.0), (0.0, 1.0))
    areas: tuple[Box, ...] = ()
    surface: Any = None
    asked: Any = None
    map_overlays: MapOverlays = field(default_factory=lambda: MapOverlays(RasterCanvas(np.empty((0, 0, 3), np.uint8))))
    map_relief: MapRelief = field(default_factory=MapRelief)
    trails: dict[Box, Trails] = field(default_factory=dict)
    pool: Executor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def draw(self, state: ViewState) -> None:
        """Draw the current moment."""
        window, shown = state.view or state.home, state.shown()
        assert window is not None
        self._ask(state, window)
        assert self.scenery is not None
        surface = state.moment.result.scenario.surface
        drawn = window == self.window and self.areas == self.plan.maps and surface == self.surface
        if drawn:
            self.map_overlays.bring(state, self.scenery, self.plan, window, shown)
        flat = not (state.relief and shown and self._draw_relief(state, shown, drawn=drawn))
        if flat:
            self._draw_flat(state, shown, window, drawn=drawn)
        theta, canvas = self.theta_at(state, state.pointer_on_map), RasterCanvas(self.canvas)
        draw_clock_line(canvas, state, self.plan.clock, self.plan.style, theta, clock=flat)

    def theta_at(self, state: ViewState, place: tuple[int, int]) -> tuple[float, float] | None:
        """Theta at a pixel of the canvas; None outside the maps."""
        if self.on_relief(state):
            assert self.map_relief.painter is not None
            return self.map_relief.painter.theta_at(*place)
        window = state.view or state.home
        assert window is not None
        inside = (
            each for each in self.plan.maps if each.left <= place[0] < each.right and each.top <= place[1] < each.bottom
        )
        area = next(inside, None)
        return None if area is None else theta_at(window, area, place)

    def on_relief(self, state: ViewState) -> bool:
        """Whether a relief is shown."""
        return state.relief and self.map_relief.painter is not None

    def _draw_flat(self, state: ViewState, shown: list[int], window: Window, *, drawn: bool) -> None:
        """Draw flat maps."""
        assert self.scenery is not None
        canvas = self.map_overlays.canvas.over(self.canvas) if drawn else RasterCanvas(self.canvas)
        if drawn:
            np.copyto(self.canvas, self.map_overlays.canvas.out)
            self.map_overlays.under(canvas, state.clock)
        else:
            self._stretched(state, window)
        if shown:
            self._draw_particles(canvas, state, shown, window)
            self._write_labels(canvas, state, shown)
        if drawn:
            self.map_overlays.over(canvas, state.clock)
            self._noise(canvas, state)
            write_labels(canvas, self.scenery.labels, self.plan.style)

    def _write_labels(self, canvas: RasterCanvas, state: ViewState, shown: list[int]) -> None:
        """Write the groups' labels above their own maps."""
        style = self.plan.style
        colours = scenario_colours(style.theme, state.moment.result.scenario.optimizer, shown)
        for row, k, colour in zip(self.plan.rows, shown, colours, strict=False):
            draw_swatch(canvas, row.swatch, k, colour)
            text, kind = fitted(state.labels[k], row.label.width, style.label)
            canvas.write(text, row.label.left, row.label.top, kind, style.theme.foreground)

    def _draw_relief(self, state: ViewState, shown: list[int], *, drawn: bool) -> bool:
        """Draw reliefs, once there is one; the last one stays until the next is ready."""
        assert self.scenery is not None
        maps = self.map_overlays.maps
        if maps is None or maps.plan != self.plan or maps.shown != shown:
            return False
        points, swarms = _points(state, shown), []
        for area, some in self._parts(shown):
            groups, scale = [shown[k] for k in some], pixel_scale(maps.window, area)
            swarm = bare_swarm(state, groups, maps.colours[some], area, scale, maps.style)
            swarms.append(with_trails(swarm, state, points[some]))
        ready, clock = self.map_overlays.ready, shown_clock(state.result)
        scene = Scene(maps, (), marked(maps), (), swarms, (), None, None, {}, ready, state.end, clock)
        flat = Painter(scene, self.map_overlays.canvas)
        if drawn:
            picture = state.scenario.picture._replace(follow=None, particle=0)
            stamp = (id(self.scenery), picture, tuple(shown), state.known.critical)
            self.map_relief.bring(state, flat, stamp, self.pool)
        if self.map_relief.painter is None:
            return False
        self.map_relief.draw(self.canvas, state, flat)
        return True

    def _parts(self, shown: list[int]) -> list[tuple[Box, list[int]]]:
        """The maps, and the drawn groups on each."""
        if len(self.plan.maps) == 1:
            return [(self.plan.map, list(range(len(shown))))]
        return [(area, [k]) for k, area in enumerate(self.plan.maps)]

    def _ask(self, state: ViewState, window: Window) -> None:
        """Ask for a new background if it has changed; draw the first one in this process."""
        picture, scenario = state.scenario.picture, state.moment.result.scenario
        progress = min(int(10 * state.newest / state.end), 1) + (state.newest >= state.end)
        wanted = (
            self.plan, window, picture.colormap, picture.surface, picture.levels, picture.level_scale,
            scenario.drawn_from, state.moment.generation, state.known.critical, progress,
        )  # fmt: skip
        if wanted == self.asked or state.maps.busy:
            return
        self.asked = wanted
        order = MapRequest(few_frames(state.result), self.plan, window, tuple(state.known.critical))
        if self.scenery is None:
            self._take_here(order)
            return
        plan = self.plan
        state.maps.ask(
            draw_map,
            order,
            done=lambda made: self._take(made, window, plan),
            failed=lambda _why: self._take_here(order),
        )

    def _take_here(self, order: MapRequest) -> None:
        """Draw in this process what another one could not."""
        self._take(draw_map(order, lambda _share: None), order.window, order.plan)

    def _take(self, made: MapDrawing, window: Window, plan: Layout) -> None:
        if plan == self.plan:
            self.surface = made.surface
            self.scenery, self.window, self.areas, self.map_overlays.kept = made.scenery, window, plan.maps, made.kept

    def _noise(self, canvas: RasterCanvas, state: ViewState) -> None:
        """Draw the noise at the pointer."""
        x, y = state.pointer_on_map
        area = self.plan.map
        if state.picture.noise and area.left <= x < area.right and area.top <= y < area.bottom:
            self.map_overlays.noise_at(canvas, state, (x, y))

    def _stretched(self, state: ViewState, window: Window) -> None:
        """Draw the last background, stretched to the current window, with new axes."""
        assert self.scenery is not None
        style, background = self.plan.style, np.array(self.plan.style.theme.background, np.uint8)
        self.canvas[:] = background
        (x0, x1), (y0, y1) = self.window
        names = axis_names(state.moment.result.scenario.surface)
        for k, (area, outer) in enumerate(zip(self.plan.maps, self.plan.outer, strict=True)):
            (left, top), (right, bottom) = pixel_of(window, area, (x0, y1)), pixel_of(window, area, (x1, y0))
            part = (left - area.left, top - area.top, right - left, bottom - top)
            source = self.areas[min(k, len(self.areas) - 1)]
            if state.moment.result.scenario.surface == self.surface:
                stretch(self.canvas, self.scenery.canvas.out, tuple(area), tuple(source), part, background)
            map_axes(RasterCanvas(self.canvas), area, style, window, names, outer)

    def _draw_particles(self, canvas: RasterCanvas, state: ViewState, shown: list[int], window: Window) -> None:
        """Draw dots or a cloud, and trails, of all groups on one map or of each on its own."""
        points, style = _points(state, shown), map_style(self.plan)
        colours = scenario_colours(style.theme, state.moment.result.scenario.optimizer, shown)
        for area, some in self._parts(shown):
            scale, own = pixel_scale(window, area), points[some]
            groups = [shown[k] for k in some]
            swarm = bare_swarm(state, groups, colours[some], area, scale, style)
            if state.dense:
                draw_cloud(self.canvas, area, own, scale, swarm.unit, swarm.colours)
            else:
                draw_dots(canvas, area, own, scale, swarm)
            trails = self.trails.setdefault(area, Trails(empty_cover(area)))
            stamp = (scale, groups, state.moment.generation, state.picture.clock, style)
            trails.draw(canvas, state, swarm, own, stamp, self.pool)


def run_map(state: ViewState, region: Box, style: Style, before: "RunMap | None") -> RunMap:
    """The map's region in a window; shows the old background until a new one is drawn."""
    picture, groups = state.picture, len(state.shown())
    contents = Contents(
        groups, title=False, panels=picture.panels, legend=False, charts=0, pair=picture.beside != "none",
        foot=fixed_foot(style), bar=picture.colorbar,
    )  # fmt: skip
    side, below = round(14 * style.unit) - 1, round(7 * style.unit)
    size = (region.width + 2 * side, region.height + side + below)
    plan = layout(size, style, contents)
    canvas = np.empty((size[1], size[0], 3), np.uint8)
    made = RunMap(canvas, plan, Box(side, side, side + region.width, side + region.height))
    if before is not None:
        made.scenery, made.window, made.areas, made.pool = before.scenery, before.window, before.areas, before.pool
        made.surface = before.surface
    state.home = picture_window(state.result, plan.map)
    if state.view is not None and before is not None and picture.window is None:
        state.view = reshaped(state.view, before.plan.map, plan.map)
    return made


def _points(state: ViewState, shown: list[int]) -> Array:
    """Positions of all particles, shape (groups, particles, 2); NaN where diverged."""
    moment = state.moment
    points = np.empty((len(shown), *moment.position[0].shape))
    for k, place in enumerate(shown):
        points[k] = moment.position[place]
        points[k, moment.diverged[place] >= 0] = np.nan
    return points
