"""Ackley's function: a nearly level rippled plain around a deep hole with a pointed floor.

At the origin the formula of the book has a cone, where no derivative exists.  Here ``smoothing`` rounds its tip:
``r`` is ``sqrt((x^2 + y^2) / 2 + smoothing^2)``, which differs from the book's by less than ``smoothing`` and
makes the sharpness there about ``a b / (2 smoothing)``.
"""

from math import pi
from typing import Annotated, Any, NamedTuple

from annotated_types import Gt
from numpy import cos, exp, sin, sqrt

from errsurf.surfaces.shared.critical import pairs, refined
from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """Depth and width of the hole, and the ripples."""

    a: Annotated[float, Gt(0), "depth of the hole"] = 20.0
    b: Annotated[float, Gt(0), "how fast it rises; its width is about 1 / b"] = 0.2
    c: Annotated[float, Gt(0), "frequency of the ripples"] = 2 * pi
    smoothing: Annotated[float, Gt(0), "radius of the rounded tip"] = 0.01


class Term(NamedTuple):
    """The settings, with ``floor``, what the loss at the origin would be without it."""

    a: float
    b: float
    c: float
    smoothing: float
    floor: float


def loss(x: Any, y: Any, t: Term) -> Any:
    """``-a exp(-b r) - exp((cos(c x) + cos(c y)) / 2) - floor``."""
    return -t.a * exp(-t.b * _r(x, y, t)) - exp((cos(t.c * x) + cos(t.c * y)) / 2) - t.floor


def gradient(x: Any, y: Any, t: Term) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    r = _r(x, y, t)
    hole, ripple = t.a * t.b * exp(-t.b * r) / (2 * r), t.c / 2 * exp((cos(t.c * x) + cos(t.c * y)) / 2)
    return hole * x + ripple * sin(t.c * x), hole * y + ripple * sin(t.c * y)


def hessian(x: Any, y: Any, t: Term) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    r = _r(x, y, t)
    hole, ripple = t.a * t.b * exp(-t.b * r) / (2 * r), t.c**2 / 2 * exp((cos(t.c * x) + cos(t.c * y)) / 2)
    bend = hole * (t.b + 1 / r) / (2 * r)
    xx = hole - bend * x**2 + ripple * (cos(t.c * x) - sin(t.c * x) ** 2 / 2)
    yy = hole - bend * y**2 + ripple * (cos(t.c * y) - sin(t.c * y) ** 2 / 2)
    return xx, -bend * x * y - ripple / 2 * sin(t.c * x) * sin(t.c * y), yy


def _r(x: Any, y: Any, t: Term) -> Any:
    """The root of the mean square of x and y, rounded at the origin."""
    return sqrt((x**2 + y**2) / 2 + t.smoothing**2)


def terms(s: Settings) -> list[Term]:
    """The one row."""
    return [Term(*s, float(-s.a * exp(-s.b * s.smoothing) - exp(1)))]


def critical_points(s: Settings) -> list[CriticalPoint]:
    """Those near the window, sought from where the ripples alone would have them."""
    halves = [k * pi / s.c for k in range(-5, 6)]
    return refined(gradient, hessian, terms(s)[0], pairs(halves, halves))


RECORD = Surface(
    formula="a (exp(-b smoothing) - exp(-b r)) + e - exp((cos(c x) + cos(c y)) / 2), "
    "r = sqrt((x^2 + y^2) / 2 + smoothing^2)",
    reference="Ackley 1987, A Connectionist Machine for Genetic Hillclimbing, Kluwer",
    settings=Settings,
    row=Term,
    terms=terms,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.5, 2.5), (-2.5, 2.5)),
    critical_points=critical_points,
)
