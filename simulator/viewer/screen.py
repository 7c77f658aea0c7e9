"""The pixels of the window: elements are redrawn when they change, the map in every frame."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import RasterCanvas
from errsurf.drawing.colours import Pixels, theme
from errsurf.drawing.layout.style import Style, scenario_style
from errsurf.viewer.controls import controls, plot, window_places
from errsurf.viewer.dialogs import Layer, help_layer, notice_layer, tip_layer
from errsurf.viewer.elements import Element, hit
from errsurf.viewer.lesson import claim_text, lesson
from errsurf.viewer.menu_layer import menu_layer
from errsurf.viewer.panel import PanelPlaces, group_buttons, panel_places, rows
from errsurf.viewer.places import Places
from errsurf.viewer.run_map import RunMap, run_map
from errsurf.viewer.view_state import ViewState

_LARGE = 1.35
_SLOW = 0.1


class Arrangement(NamedTuple):
    """Where everything is, and the ``stamp`` of what that depends on."""

    stamp: Any
    at: Places
    panel: PanelPlaces


@dataclass
class Screen:
    """What is drawn: ``chrome`` (height, width, 3) is everything but the map, ``layers`` are above both.

    ``elements`` are what the pointer can use; later ones are above earlier ones.
    """

    chrome: Pixels = field(default_factory=lambda: np.zeros((1, 1, 3), np.uint8))
    elements: list[Element] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    layout: Arrangement | None = None
    run_map: RunMap | None = None
    _slow: dict[int, list[Element]] = field(default_factory=dict)
    _slow_at: float = 0.0
    _slow_stamp: Any = None
    _next: int = 0
    _drawn: dict[str, Element] = field(default_factory=dict)

    @property
    def at(self) -> Places:
        """Where everything is."""
        assert self.layout is not None
        return self.layout.at

    @property
    def on_map(self) -> list[Box]:
        """Boxes of the elements within the map's region."""
        return [element.box for element in self.elements if element.box.inside(self.at.map)]

    @property
    def map(self) -> Box:
        """The map, in pixels of the window."""
        assert self.run_map is not None
        return self.moved(self.run_map.plan.map)

    @property
    def maps(self) -> list[Box]:
        """All maps, in pixels of the window."""
        assert self.run_map is not None
        return [self.moved(area) for area in self.run_map.plan.maps]

    def moved(self, box: Box) -> Box:
        """A box of the map's canvas in pixels of the window."""
        assert self.run_map is not None
        left, top = self.at.map.left - self.run_map.visible.left, self.at.map.top - self.run_map.visible.top
        return Box(box.left + left, box.top + top, box.right + left, box.bottom + top)

    def to_map_pixels(self, place: tuple[int, int]) -> tuple[int, int]:
        """A pixel of the window in pixels of the map's canvas."""
        corner = self.moved(Box(0, 0, 0, 0))
        return place[0] - corner.left, place[1] - corner.top

    def theta_at(self, state: ViewState, place: tuple[int, int]) -> tuple[float, float] | None:
        """Theta at a pixel of the window; None outside the maps."""
        assert self.run_map is not None
        return self.run_map.theta_at(state, self.to_map_pixels(place))

    def draw(self, state: ViewState) -> None:
        """Draw the current state."""
        self._arrange(state)
        assert self.run_map is not None
        state.pointer_on_map = self.to_map_pixels(state.pointer)
        self.run_map.draw(state)
        at, panel = self.at, self._panel
        self.elements = [
            *controls(state, at), *lesson(state, at), *group_buttons(state, panel, at.style),
            *self._slow_elements(state),
        ]  # fmt: skip
        under = hit(self.elements, state.pointer)
        state.over_name = under.name if under is not None else ""
        self._draw_elements()
        self.layers = [
            *notice_layer(state, self.map, at.style), *tip_layer(state, under, at), *help_layer(state, at),
            *menu_layer(state, at),
        ]  # fmt: skip

    @property
    def _panel(self) -> PanelPlaces:
        assert self.layout is not None
        return self.layout.panel

    def _arrange(self, state: ViewState) -> None:
        """Arrange everything again if the window, the type or the groups have changed."""
        scenario, picture = state.moment.result.scenario, state.picture
        shares, shown, how = state.known.basins is not None, tuple(state.shown()), window_style(state)
        stamp = (
            state.size, picture.theme, picture.colormap, state.large, scenario.title, scenario.picture.font,
            tuple(state.labels), state.place, shares, shown, picture.panels, picture.beside, claim_text(state.claims),
        )  # fmt: skip
        if self.layout is not None and self.layout.stamp == stamp:
            return
        at = window_places(state.size, how, claim_text(state.claims))
        self.layout = Arrangement(stamp, at, panel_places(at.panel, how, len(state.labels), state.place, shares))
        self.run_map = run_map(state, at.map, how, self.run_map)
        self.chrome = np.empty((state.size[1], state.size[0], 3), np.uint8)
        self.chrome[:] = how.theme.background
        self._drawn, self._slow_stamp = {}, None

    def _slow_elements(self, state: ViewState) -> list[Element]:
        """Rows and charts: one at a time while playing, all together after a change by the user."""
        assert self.run_map is not None
        assert self.run_map.scenery is not None
        style, boxes, loss = self.at.style, self._panel.charts, self.run_map.scenery.grid[2]
        stamp = (
            state.charts,
            state.hidden,
            state.chosen,
            state.picture,
            state.known.critical,
            state.playing or state.clock,
        )
        parts = 1 + len(boxes)
        now = perf_counter()
        if stamp != self._slow_stamp:
            self._slow_stamp = stamp
            due = range(parts)
        elif now - self._slow_at > _SLOW / parts:
            due = range(self._next, self._next + 1)
        else:
            due = range(0)
        for k in due:
            self._slow[k] = [plot(state, k - 1, boxes[k - 1], loss, style)] if k else rows(state, self._panel, style)
            self._slow_at, self._next = now, (k + 1) % parts
        return [element for k in range(parts) for element in self._slow[k]]

    def _draw_elements(self) -> None:
        """Draw the elements that have changed, and erase those that are gone."""
        canvas, background = RasterCanvas(self.chrome), self.at.style.theme.background
        now = {element.name: element for element in self.elements}
        for name, element in self._drawn.items():
            if now.get(name) != element:
                canvas.fill(_around(element.box, canvas.size[0]), background)
        for name, element in now.items():
            if self._drawn.get(name) != element:
                element.draw(canvas, self.at.style)
        self._drawn = now


def window_style(state: ViewState) -> Style:
    """Type and colours for a window of this size; larger for projectors."""
    colours = theme(state.picture.theme, state.picture.colormap)
    if state.large and colours.type == 1:
        colours = colours._replace(type=_LARGE, line=1.4)
    return scenario_style(state.moment.result.scenario, state.size, colours)


def _around(box: Box, width: int) -> Box:
    """A box with room for its line or grip."""
    return Box(max(box.left - 2, 0), max(box.top - 1, 0), min(box.right + 2, width), box.bottom + 1)
