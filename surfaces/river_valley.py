"""A winding valley with steep walls and a floor that falls gently to the minimum.

A large rate makes fast progress along the floor but bounces between the walls, so the loss stays high; when the rate
falls, the bouncing stops and the progress shows.  A small rate stays on the floor and makes little progress.
"""

from math import tau
from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt
from numpy import cos, sin, sqrt

from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """The walls, the floor, and how the valley bends."""

    steepness: Annotated[float, Gt(0), "curvature along y, across the valley"] = 20.0
    slope: Annotated[float, Gt(0), "how fast the floor falls towards the minimum, far from it"] = 0.1
    foot: Annotated[float, Gt(0), "distance from the minimum within which the floor levels out"] = 1.0
    bend: Annotated[float, Ge(0), "how far the valley bends to each side"] = 0.6
    wavelength: Annotated[float, Gt(0), "distance along x after which the bends repeat"] = 6.0


class Term(NamedTuple):
    """The settings, with ``turn``, 2 pi divided by the wavelength."""

    steepness: float
    slope: float
    foot: float
    bend: float
    turn: float


def loss(x: Any, y: Any, t: Term) -> Any:
    """``steepness v^2 / 2 + slope (sqrt(x^2 + foot^2) - foot)``, v the height above the floor."""
    v = y - t.bend * sin(t.turn * x)
    return t.steepness * v**2 / 2 + t.slope * x**2 / (sqrt(x**2 + t.foot**2) + t.foot)


def gradient(x: Any, y: Any, t: Term) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    wall = t.steepness * (y - t.bend * sin(t.turn * x))
    return t.slope * x / sqrt(x**2 + t.foot**2) - wall * t.bend * t.turn * cos(t.turn * x), wall


def hessian(x: Any, y: Any, t: Term) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    r = sqrt(x**2 + t.foot**2)
    offset, lean = t.bend * sin(t.turn * x), t.bend * t.turn * cos(t.turn * x)
    xx = t.slope * (t.foot / r) ** 2 / r + t.steepness * (lean**2 + (y - offset) * offset * t.turn**2)
    return xx, -t.steepness * lean, t.steepness


def terms(s: Settings) -> list[Term]:
    """The one row."""
    return [Term(s.steepness, s.slope, s.foot, s.bend, tau / s.wavelength)]


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The minimum at the origin; along y the gradient is 0 only on the floor, which is level only there."""
    return [CriticalPoint(0.0, 0.0, "minimum")]


RECORD = Surface(
    formula="steepness (y - bend sin(2 pi x / wavelength))^2 / 2 + slope (sqrt(x^2 + foot^2) - foot)",
    reference="Wen et al. 2024, Understanding warmup-stable-decay learning rates, arXiv:2410.05192 (river valleys)",
    settings=Settings,
    row=Term,
    terms=terms,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-6.5, 1.5), (-3.0, 3.0)),
    critical_points=critical_points,
)
