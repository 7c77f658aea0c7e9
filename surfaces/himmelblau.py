"""Himmelblau's function: four equally deep minima around a maximum, a saddle between each two neighbours."""

from typing import Annotated, Any, NamedTuple

import numpy as np

from errsurf.surfaces.shared.critical import refined
from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """Where the two parabolas lie on whose crossings the loss is 0."""

    a: Annotated[float, "the first parabola is x^2 + y = a"] = 11.0
    b: Annotated[float, "the second is x + y^2 = b"] = 7.0


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``(x^2 + y - a)^2 + (x + y^2 - b)^2``."""
    return (x**2 + y - s.a) ** 2 + (x + y**2 - s.b) ** 2


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    u, v = x**2 + y - s.a, x + y**2 - s.b
    return 4 * x * u + 2 * v, 2 * u + 4 * y * v


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    return 12 * x**2 + 4 * y - 4 * s.a + 2, 4 * (x + y), 12 * y**2 + 4 * x - 4 * s.b + 2


def critical_points(s: Settings) -> list[CriticalPoint]:
    """All, by two polynomials: the gradient is zero where the parabolas cross, and on ``4 x y = 1``."""
    crossings = [(x, s.a - x**2) for x in _roots(1, 0, -2 * s.a, 1, s.a**2 - s.b)]
    others = [(x, 1 / (4 * x)) for x in _roots(2, 0, 1 - 2 * s.a, 0.5 - s.b, 0, 1 / 16)]
    return refined(gradient, hessian, s, crossings + others)


def _roots(*coefficients: float) -> list[float]:
    roots = np.roots(coefficients)
    return [float(root.real) for root in roots if abs(root.imag) < 1e-9]


RECORD = Surface(
    formula="(x^2 + y - a)^2 + (x + y^2 - b)^2",
    reference="Himmelblau 1972, Applied Nonlinear Programming, McGraw-Hill",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-6.0, 6.0), (-5.0, 5.0)),
    critical_points=critical_points,
)
