"""A quadratic bowl of chosen condition number, turned by an angle."""

from math import cos, radians, sin
from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt

from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """The bowl's curvatures and how it is turned."""

    condition: Annotated[float, Ge(1), "largest curvature divided by the smallest"] = 10.0
    sharpness: Annotated[float, Gt(0), "the largest curvature"] = 1.0
    angle: Annotated[float, "degrees from the x axis to the direction of the smallest curvature"] = 0.0


class Curvature(NamedTuple):
    """The three second derivatives, which are the same everywhere."""

    xx: float
    xy: float
    yy: float


def loss(x: Any, y: Any, h: Curvature) -> Any:
    """``theta . H theta / 2``."""
    return (h.xx * x**2 + h.yy * y**2) / 2 + h.xy * x * y


def gradient(x: Any, y: Any, h: Curvature) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    return h.xx * x + h.xy * y, h.xy * x + h.yy * y


def hessian(x: Any, y: Any, h: Curvature) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    return h.xx, h.xy, h.yy


def terms(s: Settings) -> list[Curvature]:
    """The Hessian with eigenvalues ``sharpness / condition`` along ``angle`` and ``sharpness`` across."""
    c, d = cos(radians(s.angle)), sin(radians(s.angle))
    low, high = s.sharpness / s.condition, s.sharpness
    return [Curvature(low * c * c + high * d * d, (low - high) * c * d, low * d * d + high * c * c)]


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The minimum at the origin."""
    return [CriticalPoint(0.0, 0.0, "minimum")]


RECORD = Surface(
    formula="(h_xx x^2 + 2 h_xy x y + h_yy y^2) / 2",
    reference="Nocedal and Wright 2006, Numerical Optimization, 2nd edition, equation (3.24)",
    settings=Settings,
    row=Curvature,
    terms=terms,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.0, 2.0), (-1.5, 1.5)),
    critical_points=critical_points,
)
