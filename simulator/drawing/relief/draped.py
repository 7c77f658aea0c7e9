"""What the flat picture draws over its maps beside particles, laid on the relief like a cloth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.canvas import RasterCanvas
from errsurf.drawing.colours import Pixels
from errsurf.drawing.overlays import draw_still
from errsurf.drawing.painter import Painter
from errsurf.drawing.relief.kernels import drape
from errsurf.drawing.relief.sight import Sight
from errsurf.drawing.scene import Scene


@dataclass(frozen=True)
class Drape:
    """The overlays of a flat picture by themselves.

    ``backgrounds`` hold what stays the same of them on black and on white; the difference says how far they cover
    what is below.
    """

    flat: Painter
    backgrounds: tuple[RasterCanvas, RasterCanvas]

    def put_beside(self, out: Pixels, clock: float) -> None:
        """Draw the overlays as the flat picture does, of which what stands beside the maps will stay."""
        self._draw(self.flat.canvas.over(out), clock)

    def put(self, out: Pixels, seen: Sight, areas: Sequence[Box], clock: float) -> None:
        """Lay the overlays of every map over its relief in one of the ``areas`` of the picture."""
        black, white = (background.out.copy() for background in self.backgrounds)
        for still, background in zip(self.backgrounds, (black, white), strict=True):
            self._draw(still.over(background), clock)
        for box, area in zip(self.flat.layout.maps, areas, strict=True):
            part = np.s_[box.top : box.bottom, box.left : box.right]
            clear = np.max(white[part] - black[part], axis=-1, keepdims=True)
            drape(out, seen.near, seen.view, np.concatenate([black[part], 255 - clear], axis=-1), area.left, area.top)

    def _draw(self, canvas: RasterCanvas, clock: float) -> None:
        for each in self.flat.scene.overlays:
            each.under(canvas, clock)
            each.over(canvas, clock)


def cloth(flat: Painter) -> Drape | None:
    """The overlays of a picture; None if it has none."""
    return Drape(flat, (_paper(flat.scene, 0), _paper(flat.scene, 255))) if flat.scene.overlays else None


def _paper(shown: Scene, tone: int) -> RasterCanvas:
    """What stays the same of the overlays, drawn into a picture that is empty but for them."""
    canvas = RasterCanvas.blank(shown.plan.size, (tone, tone, tone))
    canvas.leave_free(shown.plan.maps)
    draw_still(canvas, shown.maps, shown.overlays)
    return canvas
