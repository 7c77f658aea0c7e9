"""Griewank's function: ripples of one size on a bowl so wide that it shows only from afar."""

from math import pi, sqrt
from typing import Annotated, Any, NamedTuple

from annotated_types import Gt
from numpy import cos, sin

from errsurf.surfaces.shared.critical import pairs, refined
from errsurf.surfaces.shared.record import CriticalPoint, Surface

ROOT = sqrt(2)


class Settings(NamedTuple):
    """The size of the bowl."""

    bowl: Annotated[float, Gt(0), "the bowl is (x^2 + y^2) / bowl"] = 4000.0


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``(x^2 + y^2) / bowl + 1 - cos(x) cos(y / sqrt(2))``."""
    return (x**2 + y**2) / s.bowl + 1 - cos(x) * cos(y / ROOT)


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    v = y / ROOT
    return 2 * x / s.bowl + sin(x) * cos(v), 2 * y / s.bowl + cos(x) * sin(v) / ROOT


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    v = y / ROOT
    wave = cos(x) * cos(v)
    return 2 / s.bowl + wave, -sin(x) * sin(v) / ROOT, 2 / s.bowl + wave / 2


def critical_points(s: Settings) -> list[CriticalPoint]:
    """Those near the window: minima and maxima in a chequer, a saddle between each four."""
    tops = pairs([k * pi for k in range(-3, 4)], [k * ROOT * pi for k in range(-2, 3)])
    halves = pairs([(k + 0.5) * pi for k in range(-4, 4)], [(k + 0.5) * ROOT * pi for k in range(-3, 3)])
    return refined(gradient, hessian, s, tops + halves)


RECORD = Surface(
    formula="(x^2 + y^2) / bowl + 1 - cos(x) cos(y / sqrt(2))",
    reference="Griewank 1981, Journal of Optimization Theory and Applications 34(1), 11-39",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-10.0, 10.0), (-10.0, 10.0)),
    critical_points=critical_points,
)
