"""A monkey saddle at the origin: three ways down, and no curvature that tells of them.

Gradient and Hessian both vanish there, so paths slow down far more than at a strict saddle, and neither noise nor
second derivatives show the way at once.  A quartic holds the surface: at the end of each way is a minimum.
"""

from math import sqrt
from typing import Annotated, Any, NamedTuple

from annotated_types import Gt

from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """How deep the minima are, and how far from the saddle."""

    depth: Annotated[float, Gt(0), "loss at the saddle minus loss at the minima"] = 0.25
    radius: Annotated[float, Gt(0), "distance of the minima from the saddle"] = 1.0


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``depth (4 (u^3 - 3 u v^2) + 3 (u^2 + v^2)^2)``, ``u = x / radius``, ``v = y / radius``."""
    u, v = x / s.radius, y / s.radius
    return s.depth * (4 * u * (u**2 - 3 * v**2) + 3 * (u**2 + v**2) ** 2)


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    u, v = x / s.radius, y / s.radius
    slope, hold = 12 * s.depth / s.radius, u**2 + v**2
    return slope * (u**2 - v**2 + hold * u), slope * (hold * v - 2 * u * v)


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    u, v = x / s.radius, y / s.radius
    bend = 12 * s.depth / s.radius**2
    return bend * (2 * u + 3 * u**2 + v**2), bend * 2 * v * (u - 1), bend * (u**2 + 3 * v**2 - 2 * u)


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The saddle, whose curvatures are zero, and the three minima around it."""
    side = sqrt(0.75) * s.radius
    return [
        CriticalPoint(0.0, 0.0, "saddle"),
        CriticalPoint(-s.radius, 0.0, "minimum"),
        CriticalPoint(s.radius / 2, side, "minimum"),
        CriticalPoint(s.radius / 2, -side, "minimum"),
    ]


RECORD = Surface(
    formula="depth (4 (u^3 - 3 u v^2) + 3 (u^2 + v^2)^2), u = x / radius, v = y / radius",
    reference="Anandkumar and Ge 2016, Efficient approaches for escaping higher order saddle points, arXiv:1602.05908",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.0, 2.0), (-1.5, 1.5)),
    critical_points=critical_points,
)
