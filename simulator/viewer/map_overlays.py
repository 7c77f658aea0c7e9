"""Overlays on the maps of a running experiment, prepared again as frames are recorded."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np

from errsurf.drawing.canvas import Canvas, RasterCanvas
from errsurf.drawing.group_looks import scenario_colours
from errsurf.drawing.history.window import Window
from errsurf.drawing.layout.parts import Layout
from errsurf.drawing.map.maps import Maps
from errsurf.drawing.overlays import Ready, draw_lines, draw_still, overlays
from errsurf.drawing.overlays.batch_arrows import pixel_length
from errsurf.drawing.overlays.noise import ellipses, noise_axes
from errsurf.errors import UserError
from errsurf.viewer.trails import FADE
from errsurf.viewer.view_state import ViewState
from errsurf.viewer.viewport import theta_at
from errsurf.viewer.worker import Scenery

_APART = 1 / 15


@dataclass
class MapOverlays:
    """The overlays over one scenery: ``canvas`` is it with what stays the same of them; ``ready`` draws the rest.

    ``kept`` is what overlays keep of the scenery, and goes with it.
    """

    canvas: RasterCanvas
    maps: Maps | None = None
    ready: list[Ready] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    stamp: Any = None
    shown: Any = None
    made: float = 0.0

    def bring(self, state: ViewState, scenery: Scenery, plan: Layout, window: Window, shown: list[int]) -> None:
        """Prepare the overlays for the recorded frames, a few times a second."""
        stamp = (id(scenery), state.moment.generation, state.moment.result.scenario.optimizer)
        result, picture, now = state.result, state.scenario.picture, perf_counter()
        what = (id(state.moment.result), picture, tuple(shown))
        if stamp == self.stamp and (what == self.shown or (now - self.made < _APART and what[1:] == self.shown[1:])):
            return
        self.stamp, self.shown, self.made = stamp, what, now
        tracks = [state.tracks.of[result.groups[k].label] for k in shown]
        histories = [track.seen(result.groups[k], picture.clock) for k, track in zip(shown, tracks, strict=True)]
        self.canvas = RasterCanvas(scenery.canvas.out.copy(), scenery.canvas.surfaces)
        colours = scenario_colours(plan.style.theme, result.scenario.optimizer, shown)
        self.maps = Maps(
            result, plan, window, shown, colours, histories, scenery.grid, scenery.levels, FADE, state.known.critical,
            self.kept,
        )  # fmt: skip
        try:
            self.ready = overlays(self.maps) if shown else []
        except UserError as error:
            self.ready = []
            state.notify(str(error))
            state.set_picture(arrows="none", rates=False)
        draw_still(self.canvas, self.maps, self.ready)

    def under(self, canvas: Canvas, clock: float) -> None:
        """Draw what is below the particles."""
        for each in self.ready:
            each.under(canvas, clock)

    def over(self, canvas: Canvas, clock: float) -> None:
        """Draw what is above the particles."""
        for each in self.ready:
            each.over(canvas, clock)

    def noise_at(self, canvas: Canvas, state: ViewState, place: tuple[float, float]) -> None:
        """Draw the noise of the followed group's batches at a pixel of the first map."""
        maps = self.maps
        if maps is None or not maps.shown:
            return
        follower, area = maps.followers[maps.follow], maps.plan.map
        theta = np.array(theta_at(maps.window, area, place))
        length = pixel_length(maps)
        middle = theta - length * maps.result.landscape.gradient(theta)
        half = length * noise_axes(maps, follower, theta, follower.update(state.clock))
        draw_lines(canvas, maps, area, ellipses(maps, area, middle, half, follower.tone))
