"""What the flat picture draws over its maps beside particles, laid on the relief like a cloth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Pixels
from errsurf.drawing.overlays import overlays
from errsurf.drawing.painter import Painter
from errsurf.drawing.relief.kernels import drape
from errsurf.drawing.relief.sight import Sight

Papers: TypeAlias = tuple[Pixels, Pixels]


@dataclass(frozen=True)
class Cloth:
    """The overlays of a flat picture by themselves.

    ``papers`` are what stands still of them, once on black and once on white, each (height, width, 3): the difference
    says how far they cover what is below.
    """

    flat: Painter
    papers: Papers

    def put_beside(self, out: Pixels, clock: float) -> None:
        """Draw the overlays as the flat picture does, of which what stands beside the maps will stay."""
        for each in self.flat.overlays:
            each.under(out, clock)
            each.over(out, clock)

    def put(self, out: Pixels, seen: Sight, areas: Sequence[Box], clock: float) -> None:
        """Lay the overlays of every map over its relief in one of the ``areas`` of the picture."""
        black, white = (paper.copy() for paper in self.papers)
        for paper in (black, white):
            for each in self.flat.overlays:
                each.under(paper, clock)
                each.over(paper, clock)
        for box, area in zip(self.flat.layout.maps, areas, strict=True):
            part = np.s_[box.top : box.bottom, box.left : box.right]
            clear = np.max(white[part] - black[part], axis=-1, keepdims=True)
            drape(out, seen.near, seen.view, np.concatenate([black[part], 255 - clear], axis=-1), area.left, area.top)


def cloth(flat: Painter) -> Cloth | None:
    """The overlays of a picture; None if it has none on its maps."""
    if not flat.overlays:
        return None
    black, white = (_paper(flat, tone) for tone in (0, 255))
    return Cloth(flat, (black, white))


def _paper(flat: Painter, tone: int) -> Pixels:
    """What stands still of the overlays, drawn into a picture that is empty but for them."""
    base = np.full_like(flat.base, tone)
    area = flat.layout.map
    image = base[area.top : area.bottom, area.left : area.right].copy()
    overlays(replace(flat.ground, base=base, image=image, kept={}))
    return base
