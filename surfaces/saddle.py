"""A strict saddle at the origin between two minima, held by a quartic.

Along x the surface falls away from the saddle with curvature ``down`` until the quartic catches it at
``x = +-sqrt(down)``; along y it rises with curvature ``up``.
"""

from math import sqrt
from typing import Annotated, Any, NamedTuple

from annotated_types import Gt

from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """The two curvatures at the saddle."""

    down: Annotated[float, Gt(0), "curvature along x, by which the surface falls"] = 1.0
    up: Annotated[float, Gt(0), "curvature along y, by which it rises"] = 1.0


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``x^4 / 4 - down x^2 / 2 + up y^2 / 2``."""
    return x**2 * (x**2 / 4 - s.down / 2) + s.up * y**2 / 2


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    return x * (x**2 - s.down), s.up * y


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    return 3 * x**2 - s.down, 0.0, s.up


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The saddle and its two minima."""
    side = sqrt(s.down)
    return [
        CriticalPoint(0.0, 0.0, "saddle"),
        CriticalPoint(side, 0.0, "minimum"),
        CriticalPoint(-side, 0.0, "minimum"),
    ]


RECORD = Surface(
    formula="x^4 / 4 - down x^2 / 2 + up y^2 / 2",
    reference="Ge, Huang, Jin, Yuan 2015, Escaping from saddle points, arXiv:1503.02101",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.0, 2.0), (-1.5, 1.5)),
    critical_points=critical_points,
)
