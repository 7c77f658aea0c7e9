"""The map with all that is drawn upon it, for a run that goes on and a window that is zoomed and pulled about."""

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from errsurf.drawing.axes import axis_names, map_axes
from errsurf.drawing.boxes import Box, fill
from errsurf.drawing.canvas import RasterCanvas
from errsurf.drawing.canvas.raster import empty_cover
from errsurf.drawing.clock import clock_texts
from errsurf.drawing.colours import Pixels, group_colours, mixed
from errsurf.drawing.frames import Array
from errsurf.drawing.landmarks import write_labels
from errsurf.drawing.layout import layout
from errsurf.drawing.layout_parts import Contents, Layout, map_look
from errsurf.drawing.lettering.text import fitted, longest, write
from errsurf.drawing.look import Look
from errsurf.drawing.overlays import foot_room
from errsurf.drawing.painter import Painter
from errsurf.drawing.scene import Scene, marked
from errsurf.drawing.window import Window, picture_window, pixel_scale
from errsurf.viewer.cloud import draw_cloud
from errsurf.viewer.kernels import stretch
from errsurf.viewer.knowledge import few_frames
from errsurf.viewer.map_view import pixel_of, reshaped, theta_at
from errsurf.viewer.overlaid import Overlaid
from errsurf.viewer.relieved import Relieved
from errsurf.viewer.show import Show
from errsurf.viewer.studio import Scenery, Still, StillOrder, still
from errsurf.viewer.trails import Trails, bare_swarm, with_trails


@dataclass
class Stage:
    """The pixels of the map's region, and what stands still there: the newest that was drawn, and what was asked for.

    ``window`` is the part of the plane that ``scenery`` shows in its maps ``areas``, of this ``surface``; of the canvas
    ``visible`` is put on the screen.
    """

    canvas: Pixels
    plan: Layout
    visible: Box
    scenery: Scenery | None = None
    window: Window = ((0.0, 1.0), (0.0, 1.0))
    areas: tuple[Box, ...] = ()
    surface: Any = None
    asked: Any = None
    overlaid: Overlaid = field(default_factory=lambda: Overlaid(RasterCanvas(np.empty((0, 0, 3), np.uint8))))
    relieved: Relieved = field(default_factory=Relieved)
    trails: dict[Box, Trails] = field(default_factory=dict)
    pool: Executor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def draw(self, show: Show) -> None:
        """Draw the moment that is shown."""
        window, shown = show.view or show.home, show.shown()
        assert window is not None
        self._ask(show, window)
        assert self.scenery is not None
        surface = show.moment.result.scenario.surface
        drawn = window == self.window and self.areas == self.plan.maps and surface == self.surface
        if drawn:
            self.overlaid.bring(show, self.scenery, self.plan, window, shown)
        if not (show.relief and shown and self._draw_relief(show, shown, drawn=drawn)):
            self._draw_flat(show, shown, window, drawn=drawn)

    def theta_at(self, show: Show, place: tuple[int, int]) -> tuple[float, float] | None:
        """The theta that is seen at a pixel of the canvas; None where there is none."""
        if self.on_relief(show):
            assert self.relieved.painter is not None
            return self.relieved.painter.theta_at(*place)
        window = show.view or show.home
        assert window is not None
        inside = (
            each for each in self.plan.maps if each.left <= place[0] < each.right and each.top <= place[1] < each.bottom
        )
        area = next(inside, None)
        return None if area is None else theta_at(window, area, place)

    def on_relief(self, show: Show) -> bool:
        """Whether a relief is seen."""
        return show.relief and self.relieved.painter is not None

    def _draw_flat(self, show: Show, shown: list[int], window: Window, *, drawn: bool) -> None:
        """The maps as they are."""
        assert self.scenery is not None
        canvas = self.overlaid.canvas.over(self.canvas) if drawn else RasterCanvas(self.canvas)
        if drawn:
            np.copyto(self.canvas, self.overlaid.canvas.out)
            self.overlaid.under(canvas, show.clock)
        else:
            self._stretched(show, window)
        if shown:
            self._draw_particles(canvas, show, shown, window)
            self._write_labels(show, shown)
        if drawn:
            self.overlaid.over(canvas, show.clock)
            self._noise(canvas, show)
            write_labels(canvas, self.scenery.labels, self.plan.look)
        box, look = self.plan.clock, self.plan.look
        texts = clock_texts(show.clock, _epoch(show))
        canvas.write(longest(texts, box.width, look.label), box.left, box.top, look.label, look.theme.ink)

    def _write_labels(self, show: Show, shown: list[int]) -> None:
        """The groups' labels over maps of their own."""
        look = self.plan.look
        colours = group_colours(look.theme, shown)
        for row, k, colour in zip(self.plan.rows, shown, colours, strict=False):
            fill(self.canvas, row.swatch, mixed(colour, look.theme.paper, 0.0))
            text, kind = fitted(show.labels[k], row.label.width, look.label)
            write(self.canvas, text, row.label.left, row.label.top, kind, look.theme.ink)

    def _draw_relief(self, show: Show, shown: list[int], *, drawn: bool) -> bool:
        """The maps as reliefs, once there are any; what was made last stays until there is another."""
        assert self.scenery is not None
        maps = self.overlaid.maps
        if maps is None or maps.plan != self.plan or maps.shown != shown:
            return False
        points, swarms = _points(show, shown), []
        for area, some in self._parts(shown):
            groups, scale = [shown[k] for k in some], pixel_scale(maps.window, area)
            swarm = bare_swarm(show, groups, maps.colours[some], area, scale, maps.look)
            swarms.append(with_trails(swarm, show, points[some], few=True))
        scene = Scene(
            maps, (), marked(maps), (), swarms, (), None, None, {}, self.overlaid.ready, show.end, _epoch(show)
        )  # fmt: skip
        flat = Painter(scene, self.overlaid.canvas)
        if drawn:
            picture = show.picture._replace(follow=None, particle=0)
            stamp = (id(self.scenery), picture, tuple(shown), show.known.critical)
            self.relieved.bring(show, flat, stamp, self.pool)
        if self.relieved.painter is None:
            return False
        self.relieved.draw(self.canvas, show, flat)
        return True

    def _parts(self, shown: list[int]) -> list[tuple[Box, list[int]]]:
        """The maps, and which of the drawn groups each has."""
        if len(self.plan.maps) == 1:
            return [(self.plan.map, list(range(len(shown))))]
        return [(area, [k]) for k, area in enumerate(self.plan.maps)]

    def _ask(self, show: Show, window: Window) -> None:
        """Have drawn what stands still, if that is something else than the last time; the first time here."""
        picture, scenario = show.picture, show.moment.result.scenario
        progress = min(int(10 * show.newest / show.end), 1) + (show.newest >= show.end)
        wanted = (
            self.plan, window, picture.surface, picture.levels, picture.level_scale, scenario.surface, scenario.seed,
            show.moment.generation, show.known.critical, progress,
        )  # fmt: skip
        if wanted == self.asked or show.maps.busy:
            return
        self.asked = wanted
        order = StillOrder(few_frames(show.result), self.plan, window, tuple(show.known.critical))
        if self.scenery is None:
            self._take_here(order)
            return
        plan = self.plan
        show.maps.ask(
            still, order, done=lambda made: self._take(made, window, plan), failed=lambda _why: self._take_here(order)
        )

    def _take_here(self, order: StillOrder) -> None:
        """Draw here what another process could not."""
        self._take(still(order, lambda _share: None), order.window, order.plan)

    def _take(self, made: Still, window: Window, plan: Layout) -> None:
        if plan == self.plan:
            self.surface = made.surface
            self.scenery, self.window, self.areas, self.overlaid.kept = made.scenery, window, plan.maps, made.kept

    def _noise(self, canvas: RasterCanvas, show: Show) -> None:
        """The noise at the pointer."""
        x, y = show.pointer_on_map
        area = self.plan.map
        if show.picture.noise and area.left <= x < area.right and area.top <= y < area.bottom:
            self.overlaid.noise_at(canvas, show, (x, y))

    def _stretched(self, show: Show, window: Window) -> None:
        """What was drawn last, where it lies now; its marks are drawn anew."""
        assert self.scenery is not None
        look, paper = self.plan.look, np.array(self.plan.look.theme.paper, np.uint8)
        self.canvas[:] = paper
        (x0, x1), (y0, y1) = self.window
        names = axis_names(show.moment.result.scenario.surface)
        for k, (area, outer) in enumerate(zip(self.plan.maps, self.plan.outer, strict=True)):
            (left, top), (right, bottom) = pixel_of(window, area, (x0, y1)), pixel_of(window, area, (x1, y0))
            part = (left - area.left, top - area.top, right - left, bottom - top)
            source = self.areas[min(k, len(self.areas) - 1)]
            if show.moment.result.scenario.surface == self.surface:
                stretch(self.canvas, self.scenery.canvas.out, tuple(area), tuple(source), part, paper)
            map_axes(RasterCanvas(self.canvas), area, look, window, names, outer)

    def _draw_particles(self, canvas: RasterCanvas, show: Show, shown: list[int], window: Window) -> None:
        """Dots or a cloud, and trails, of all groups in the one map or of each in its own."""
        points, look = _points(show, shown), map_look(self.plan)
        colours = group_colours(look.theme, shown)
        for area, some in self._parts(shown):
            scale, own = pixel_scale(window, area), points[some]
            groups = [shown[k] for k in some]
            swarm = bare_swarm(show, groups, colours[some], area, scale, look)
            if show.dense:
                draw_cloud(self.canvas, area, own, scale, swarm.unit, swarm.colours)
            else:
                canvas.dots(area, own, scale, swarm.dots, swarm.colours)
            trails = self.trails.setdefault(area, Trails(empty_cover(area)))
            stamp = (scale, groups, show.moment.generation, show.picture.clock, look)
            trails.draw(canvas, show, swarm, own, stamp, self.pool)


def stage(show: Show, region: Box, look: Look, before: "Stage | None") -> Stage:
    """The map's region in a window; what stood still before is shown until it is drawn anew."""
    picture, groups = show.picture, len(show.shown())
    contents = Contents(
        groups, title=False, panels=picture.panels, legend=False, charts=0, pair=picture.beside != "none",
        foot=foot_room(show.scenario.picture, look),
    )  # fmt: skip
    side, below = round(14 * look.unit) - 1, round(7 * look.unit)
    size = (region.width + 2 * side, region.height + side + below)
    plan = layout(size, look, contents)
    canvas = np.empty((size[1], size[0], 3), np.uint8)
    made = Stage(canvas, plan, Box(side, side, side + region.width, side + region.height))
    if before is not None:
        made.scenery, made.window, made.areas, made.pool = before.scenery, before.window, before.areas, before.pool
        made.surface = before.surface
    show.home = picture_window(show.result, plan.map)
    if show.view is not None and before is not None and picture.window is None:
        show.view = reshaped(show.view, before.plan.map, plan.map)
    return made


def _epoch(show: Show) -> int | None:
    """Examples of an epoch if the clock counts examples, else None."""
    return show.examples if show.picture.clock == "examples" else None


def _points(show: Show, shown: list[int]) -> Array:
    """Where all particles are, shape (groups, particles, 2); NaN where diverged."""
    moment = show.moment
    points = np.empty((len(shown), *moment.position[0].shape))
    for k, place in enumerate(shown):
        points[k] = moment.position[place]
        points[k, moment.diverged[place] >= 0] = np.nan
    return points
