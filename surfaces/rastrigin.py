"""Rastrigin's function: a bowl covered with ripples, a minimum near every point of whole coordinates."""

from math import pi
from typing import Annotated, Any, NamedTuple

from annotated_types import Ge
from numpy import cos, sin

from errsurf.surfaces.shared.critical import pairs, refined
from errsurf.surfaces.shared.record import CriticalPoint, Surface

TURN = 2 * pi


class Settings(NamedTuple):
    """The height of the ripples."""

    amplitude: Annotated[float, Ge(0), "half the height of the ripples"] = 10.0


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``x^2 + y^2 + amplitude (2 - cos(2 pi x) - cos(2 pi y))``."""
    return x**2 + y**2 + s.amplitude * (2 - cos(TURN * x) - cos(TURN * y))


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    ripple = s.amplitude * TURN
    return 2 * x + ripple * sin(TURN * x), 2 * y + ripple * sin(TURN * y)


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    ripple = s.amplitude * TURN**2
    return 2 + ripple * cos(TURN * x), 0.0, 2 + ripple * cos(TURN * y)


def critical_points(s: Settings) -> list[CriticalPoint]:
    """Those near the window: minima near whole coordinates, maxima between four of them, saddles between two."""
    halves = [k / 2 for k in range(-4, 5)]
    return refined(gradient, hessian, s, pairs(halves, halves))


RECORD = Surface(
    formula="x^2 + y^2 + amplitude (2 - cos(2 pi x) - cos(2 pi y))",
    reference="Muhlenbein, Schomisch, Born 1991, Parallel Computing 17(6-7), 619-632",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.2, 2.2), (-2.2, 2.2)),
    critical_points=critical_points,
)
