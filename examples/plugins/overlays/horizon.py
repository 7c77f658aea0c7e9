"""A grey line through the middle of each map, below the particles."""

import numpy as np

from errsurf.drawing.overlays import Ground, Overlay, Ready


def ready(ground: Ground) -> Ready:
    """One row of pixels a map."""

    def under(out: np.ndarray, clock: float) -> None:
        for area in (view.area for view in ground.views):
            out[(area.top + area.bottom) // 2, area.left : area.right] = 128

    return Ready(under=under)


RECORD = Overlay(wanted=lambda picture: True, ready=ready)
