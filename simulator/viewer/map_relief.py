"""The relief of a running experiment, turned with the mouse."""

from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import Any

from errsurf.drawing.colours import Pixels
from errsurf.drawing.painter import Painter
from errsurf.drawing.relief import Camera, ReliefPainter, relief_painter
from errsurf.drawing.relief.particles import trails
from errsurf.viewer.view_state import ViewState

_ACROSS, _DOWN = 0.35, 0.25
_LOWEST, _HIGHEST = 15.0, 90.0

SURFACES = {
    "train": "the map shows the training loss",
    "test": "the map shows the test loss",
    "batch": "the map shows the loss of the followed particle's next batch",
}


@dataclass
class MapRelief:
    """A relief, what it was made for, and the next one, which takes some tenths of a second."""

    painter: ReliefPainter | None = None
    stamp: Any = None
    coming: Future[ReliefPainter] | None = None

    def bring(self, state: ViewState, flat: Painter, stamp: Any, pool: Executor) -> None:
        """Start making a relief if the background has changed."""
        if self.coming is not None and self.coming.done():
            self.painter, self.coming = self.coming.result(), None
            state.camera = self.painter.camera
        if stamp != self.stamp and self.coming is None:
            self.stamp = stamp
            self.coming = pool.submit(relief_painter, flat, state.camera)

    def draw(self, out: Pixels, state: ViewState, flat: Painter) -> None:
        """Draw the current moment from the camera."""
        assert self.painter is not None
        if state.camera is not None and state.camera != self.painter.camera:
            self.painter = self.painter.turned(state.camera)
        cloth = (
            replace(self.painter.cloth, flat=flat) if self.painter.cloth is not None and flat.scene.overlays else None
        )
        paths = [trails(swarm) for swarm in flat.scene.swarms]
        replace(self.painter, flat=flat, trails=paths, cloth=cloth).draw(state.clock, out)


def told_of_relief(state: ViewState) -> str:
    """What the heights of a relief are, where they are not those of the map's surface; empty without a relief."""
    own, wanted = state.result.scenario.picture.surface, state.picture.surface
    heights = "test" if own == "test" else "train"
    if not state.relief or wanted == heights:
        return ""
    return f"the relief shows the {'test' if heights == 'test' else 'training'} loss; without it {SURFACES[wanted]}"


def turned(camera: Camera, by: tuple[int, int]) -> Camera:
    """The camera after a drag by so many pixels."""
    high = min(max(camera.elevation + _DOWN * by[1], _LOWEST), _HIGHEST)
    return Camera((camera.azimuth + _ACROSS * by[0]) % 360, high)
