"""McCormick's function: a wavy slope in a valley, so that each minimum has a lower one beyond the next saddle."""

from math import acos, pi
from typing import Annotated, Any, NamedTuple

from annotated_types import Gt
from numpy import cos, sin

from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """The valley's walls and how the surface leans."""

    walls: Annotated[float, Gt(0), "factor of (x - y)^2"] = 1.0
    lean_x: Annotated[float, "how fast the plane falls along x"] = 1.5
    lean_y: Annotated[float, "how fast it rises along y"] = 2.5


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``sin(x + y) + walls (x - y)^2 - lean_x x + lean_y y + 1``."""
    return sin(x + y) + s.walls * (x - y) ** 2 - s.lean_x * x + s.lean_y * y + 1


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    wave, wall = cos(x + y), 2 * s.walls * (x - y)
    return wave + wall - s.lean_x, wave - wall + s.lean_y


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    wave = -sin(x + y)
    return wave + 2 * s.walls, wave - 2 * s.walls, wave + 2 * s.walls


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The minima and saddles of the valley with ``x + y`` between -4 and 5; beyond, they go on with period 2 pi."""
    cosine = (s.lean_x - s.lean_y) / 2
    if abs(cosine) >= 1:
        return []
    side, apart = acos(cosine), (s.lean_x + s.lean_y) / (4 * s.walls)
    sums = ((-side, "minimum"), (side, "saddle"), (2 * pi - side, "minimum"))
    return [CriticalPoint((both + apart) / 2, (both - apart) / 2, kind) for both, kind in sums]


RECORD = Surface(
    formula="sin(x + y) + walls (x - y)^2 - lean_x x + lean_y y + 1",
    reference="Jamil and Yang 2013, A literature survey of benchmark functions, arXiv:1308.4008",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-1.5, 4.0), (-3.0, 4.0)),
    critical_points=critical_points,
)
