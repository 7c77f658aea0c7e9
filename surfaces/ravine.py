"""A convex ravine: a long gentle floor between walls that turn straight.

A rate below ``2 / sharpness`` needs ``elongation`` updates and more along the floor.  A larger rate does not
diverge, as it does in a quadratic bowl: it swings between the walls for good, where the gradient stays large
and the loss no longer falls, although the minimum is the only critical point.
"""

from math import cos, radians, sin
from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt
from numpy import sqrt

from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """How long, steep and wide the ravine is, and where it leads."""

    elongation: Annotated[float, Ge(1), "largest curvature divided by the smallest, at the minimum"] = 100.0
    sharpness: Annotated[float, Gt(0), "curvature across the floor"] = 40.0
    width: Annotated[float, Gt(0), "distance from the floor at which the walls turn straight"] = 0.2
    angle: Annotated[float, "degrees from the x axis to the direction of the floor"] = 0.0


class Term(NamedTuple):
    """The floor's direction, the curvatures along and across it, and the width."""

    along_x: float
    along_y: float
    low: float
    high: float
    width: float


def loss(x: Any, y: Any, t: Term) -> Any:
    """``low u^2 / 2 + high width^2 (sqrt(1 + (v / width)^2) - 1)``, u along the floor and v across."""
    u, v = t.along_x * x + t.along_y * y, t.along_x * y - t.along_y * x
    return t.low * u**2 / 2 + t.high * v**2 / (1 + sqrt(1 + (v / t.width) ** 2))


def gradient(x: Any, y: Any, t: Term) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    u, v = t.along_x * x + t.along_y * y, t.along_x * y - t.along_y * x
    floor, wall = t.low * u, t.high * v / sqrt(1 + (v / t.width) ** 2)
    return t.along_x * floor - t.along_y * wall, t.along_y * floor + t.along_x * wall


def hessian(x: Any, y: Any, t: Term) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    v = t.along_x * y - t.along_y * x
    wall = t.high / sqrt(1 + (v / t.width) ** 2) ** 3
    xx = t.low * t.along_x**2 + wall * t.along_y**2
    yy = t.low * t.along_y**2 + wall * t.along_x**2
    return xx, (t.low - wall) * t.along_x * t.along_y, yy


def terms(s: Settings) -> list[Term]:
    """The one row."""
    along = radians(s.angle)
    return [Term(cos(along), sin(along), s.sharpness / s.elongation, s.sharpness, s.width)]


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The minimum at the origin."""
    return [CriticalPoint(0.0, 0.0, "minimum")]


RECORD = Surface(
    formula="sharpness (u^2 / (2 elongation) + width^2 (sqrt(1 + v^2 / width^2) - 1)), u along the floor, v across",
    reference="Charbonnier et al. 1997, IEEE Transactions on Image Processing 6(2), 298-311 (the walls)",
    settings=Settings,
    row=Term,
    terms=terms,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-4.0, 4.0), (-1.5, 1.5)),
    critical_points=critical_points,
)
