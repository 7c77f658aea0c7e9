"""The frames of a scene as pixels: what stays the same is drawn once, the rest for each frame."""

from dataclasses import dataclass

import numpy as np

from errsurf.drawing.canvas import RasterCanvas
from errsurf.drawing.colours import Pixels
from errsurf.drawing.layout.parts import Layout
from errsurf.drawing.scene import Scene
from errsurf.drawing.scene_on_canvas import draw_moment, draw_scenery


@dataclass(frozen=True)
class Painter:
    """Draws any frame of one scene; ``canvas`` has what stays the same during the run."""

    scene: Scene
    canvas: RasterCanvas

    @property
    def layout(self) -> Layout:
        """Where everything is; every map shows the same window."""
        return self.scene.plan

    @property
    def end(self) -> float:
        """The last value of the clock."""
        return self.scene.end

    @property
    def base(self) -> Pixels:
        """What stays the same during the run, shape (height, width, 3)."""
        return self.canvas.out

    @property
    def exact(self) -> Pixels:
        """The colours of flat areas and texts, which a palette should hold, shape (n, 3)."""
        theme = self.layout.style.theme
        return np.concatenate(
            [self.scene.maps.colours, np.array([theme.background, theme.foreground, theme.warning], np.uint8)]
        )

    def draw(self, clock: float, out: Pixels) -> None:
        """Draw the frame at this clock value into ``out``, shape (height, width, 3), uint8, best C-contiguous.

        The kernels are compiled once more for any other memory layout.
        """
        np.copyto(out, self.base)
        draw_moment(self.canvas.over(out), self.scene, clock)

    def frame(self, clock: float) -> Pixels:
        """The frame at this clock value, shape (height, width, 3), uint8."""
        out = np.empty_like(self.base)
        self.draw(clock, out)
        return out


def scene_painter(shown: Scene) -> Painter:
    """Prepare to draw any frame of a scene."""
    canvas = RasterCanvas.blank(shown.plan.size, shown.plan.style.theme.behind)
    draw_scenery(canvas, shown)
    return Painter(shown, canvas)
