"""The pixels of the window: what changed is drawn again, the map with every frame."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from errsurf.drawing.boxes import Box, fill
from errsurf.drawing.colours import Pixels, theme
from errsurf.drawing.lettering.notices import scenario_faces
from errsurf.drawing.look import Look, look
from errsurf.drawing.overlays import key_room
from errsurf.viewer.controls import controls, plot, window_places
from errsurf.viewer.dialogs import Layer, help_layer, menu_layer, notice_layer, tip_layer
from errsurf.viewer.elements import Element, hit
from errsurf.viewer.panel import PanelPlaces, panel_places, rows, steering
from errsurf.viewer.places import Places
from errsurf.viewer.show import Show
from errsurf.viewer.stage import Stage, stage

_LARGE = 1.35
_SLOW = 0.1


class Layout(NamedTuple):
    """Where everything stands, and from what that follows."""

    stamp: Any
    at: Places
    panel: PanelPlaces


@dataclass
class Screen:
    """What is drawn: ``chrome`` (height, width, 3) is all but the map, ``layers`` lie over both.

    ``elements`` are what the pointer can use, the last one above the others.
    """

    chrome: Pixels = field(default_factory=lambda: np.zeros((1, 1, 3), np.uint8))
    elements: list[Element] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    layout: Layout | None = None
    stage: Stage | None = None
    _slow: dict[int, list[Element]] = field(default_factory=dict)
    _slow_at: float = 0.0
    _slow_stamp: Any = None
    _next: int = 0
    _drawn: dict[str, Element] = field(default_factory=dict)

    @property
    def at(self) -> Places:
        """Where everything stands."""
        assert self.layout is not None
        return self.layout.at

    @property
    def on_map(self) -> list[Box]:
        """Elements that lie on the map's region."""
        return [element.box for element in self.elements if element.box.inside(self.at.map)]

    @property
    def map(self) -> Box:
        """The map, in pixels of the window."""
        assert self.stage is not None
        return self.moved(self.stage.plan.map)

    @property
    def maps(self) -> list[Box]:
        """All maps, in pixels of the window."""
        assert self.stage is not None
        return [self.moved(area) for area in self.stage.plan.maps]

    def moved(self, box: Box) -> Box:
        """A box of the stage in pixels of the window."""
        assert self.stage is not None
        left, top = self.at.map.left - self.stage.visible.left, self.at.map.top - self.stage.visible.top
        return Box(box.left + left, box.top + top, box.right + left, box.bottom + top)

    def on_stage(self, place: tuple[int, int]) -> tuple[int, int]:
        """A pixel of the window in pixels of the stage."""
        corner = self.moved(Box(0, 0, 0, 0))
        return place[0] - corner.left, place[1] - corner.top

    def theta_at(self, show: Show, place: tuple[int, int]) -> tuple[float, float] | None:
        """The theta that is seen at a pixel of the window; None where there is none."""
        assert self.stage is not None
        return self.stage.theta_at(show, self.on_stage(place))

    def draw(self, show: Show) -> None:
        """Bring everything up to what is shown."""
        self._arrange(show)
        assert self.stage is not None
        show.pointer_on_map = self.on_stage(show.pointer)
        self.stage.draw(show)
        at, panel = self.at, self._panel
        self.elements = [*controls(show, at), *steering(show, panel, at.look), *self._slow_elements(show)]
        under = hit(self.elements, show.pointer)
        show.over_name = under.name if under is not None else ""
        self._draw_elements()
        self.layers = [
            *notice_layer(show, self.map, at.look), *tip_layer(show, under, at), *help_layer(show, at),
            *menu_layer(show, at),
        ]  # fmt: skip

    @property
    def _panel(self) -> PanelPlaces:
        assert self.layout is not None
        return self.layout.panel

    def _arrange(self, show: Show) -> None:
        """Put everything in its place anew if the window, the type or the groups are others."""
        scenario, picture = show.moment.result.scenario, show.picture
        shares, shown = show.known.basins is not None, tuple(show.shown())
        stamp = (
            show.size, picture.theme, show.large, scenario.title, scenario.picture.font, tuple(show.labels), show.place,
            shares, shown, picture.panels, picture.beside, picture.members, key_room(picture),
        )  # fmt: skip
        if self.layout is not None and self.layout.stamp == stamp:
            return
        how = window_look(show)
        at = window_places(show.size, how, scenario.title)
        self.layout = Layout(stamp, at, panel_places(at.panel, how, len(show.labels), show.place, shares))
        self.stage = stage(show, at.map, how, self.stage)
        self.chrome = np.empty((show.size[1], show.size[0], 3), np.uint8)
        self.chrome[:] = how.theme.paper
        self._drawn, self._slow_stamp = {}, None

    def _slow_elements(self, show: Show) -> list[Element]:
        """Rows and charts, one of these after the other while it plays, and all at once when something is asked."""
        assert self.stage is not None
        assert self.stage.scenery is not None
        look, boxes, loss = self.at.look, self._panel.charts, self.stage.scenery.grid[2]
        stamp = (show.charts, show.hidden, show.chosen, show.picture, show.known.critical, show.playing or show.clock)
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
            self._slow[k] = [plot(show, k - 1, boxes[k - 1], loss, look)] if k else rows(show, self._panel, look)
            self._slow_at, self._next = now, (k + 1) % parts
        return [element for k in range(parts) for element in self._slow[k]]

    def _draw_elements(self) -> None:
        """Draw elements that look otherwise than the last time, and wipe out those that went."""
        paper, now = self.at.look.theme.paper, {element.name: element for element in self.elements}
        for name, element in self._drawn.items():
            if now.get(name) != element:
                fill(self.chrome, _around(element.box, self.chrome), paper)
        for name, element in now.items():
            if self._drawn.get(name) != element:
                element.draw(self.chrome, self.at.look)
        self._drawn = now


def window_look(show: Show) -> Look:
    """Types and colours for a window of this size; larger type and lines for projectors."""
    colours = theme(show.picture.theme)
    if show.large and colours.type == 1:
        colours = colours._replace(type=_LARGE, line=1.4)
    return look(show.size, colours, scenario_faces(show.moment.result.scenario))


def _around(box: Box, out: Pixels) -> Box:
    """A box and what its line or grip may reach beyond it."""
    return Box(max(box.left - 2, 0), max(box.top - 1, 0), min(box.right + 2, out.shape[1]), box.bottom + 1)
