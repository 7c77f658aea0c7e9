"""The relief of a run that goes on, turned with the mouse."""

from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import Any

from errsurf.drawing.colours import Pixels
from errsurf.drawing.painter import Painter
from errsurf.drawing.relief import Camera, ReliefPainter, relief_painter
from errsurf.drawing.relief.particles import trails
from errsurf.viewer.show import Show

_ACROSS, _DOWN = 0.35, 0.25
_LOWEST, _HIGHEST = 15.0, 90.0


@dataclass
class Relieved:
    """A relief, what it was made for, and the one that is coming; making it takes some tenths of a second."""

    painter: ReliefPainter | None = None
    stamp: Any = None
    coming: Future[ReliefPainter] | None = None

    def bring(self, show: Show, flat: Painter, stamp: Any, pool: Executor) -> None:
        """Have a relief made of what stands still, if it is another one."""
        if self.coming is not None and self.coming.done():
            self.painter, self.coming = self.coming.result(), None
            show.camera = self.painter.camera
        if stamp != self.stamp and self.coming is None:
            self.stamp = stamp
            self.coming = pool.submit(relief_painter, flat, show.camera)

    def draw(self, out: Pixels, show: Show, flat: Painter) -> None:
        """Draw the moment that is shown, from where the camera stands."""
        assert self.painter is not None
        if show.camera is not None and show.camera != self.painter.camera:
            self.painter = self.painter.turned(show.camera)
        cloth = (
            replace(self.painter.cloth, flat=flat) if self.painter.cloth is not None and flat.scene.overlays else None
        )
        paths = [trails(swarm) for swarm in flat.scene.swarms]
        replace(self.painter, flat=flat, trails=paths, cloth=cloth).draw(show.clock, out)


def turned(camera: Camera, by: tuple[int, int]) -> Camera:
    """A camera that was pulled around by so many pixels."""
    high = min(max(camera.elevation + _DOWN * by[1], _LOWEST), _HIGHEST)
    return Camera((camera.azimuth + _ACROSS * by[0]) % 360, high)
