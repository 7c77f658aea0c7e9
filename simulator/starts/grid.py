"""Particles start on a grid."""

from typing import Annotated, NamedTuple

import numpy as np
from annotated_types import Ge

from errsurf.sampling.philox import Draw
from errsurf.settings.kinds import Point
from errsurf.starts._record import Points, Start

Side = Annotated[float, Ge(0)]


class Settings(NamedTuple):
    """Where, and how large."""

    at: Annotated[Point, "centre of the grid"] = (0.0, 0.0)
    size: Annotated[tuple[Side, Side], "width and height of the grid"] = (2.0, 2.0)


def place(particles: int, draw: Draw, settings: Settings) -> Points:
    """Row by row, nearly square cells, the last row perhaps not full."""
    width, height = settings.size
    columns = max(1, min(particles, round((particles * max(width, 1e-12) / max(height, 1e-12)) ** 0.5)))
    rows = -(-particles // columns)
    row, column = np.divmod(np.arange(particles), columns)
    x = (column - (columns - 1) / 2) * (width / max(1, columns - 1))
    y = (row - (rows - 1) / 2) * (height / max(1, rows - 1))
    return np.asarray(np.array(settings.at) + np.stack([x, y], axis=1))


RECORD = Start(
    formula="theta_p = at + ((c - (C - 1) / 2) width / (C - 1), (r - (R - 1) / 2) height / (R - 1)), "
    "row r of R and column c of C",
    settings=Settings,
    place=place,
)
