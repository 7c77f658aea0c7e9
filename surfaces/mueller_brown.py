"""The Mueller-Brown potential: three minima, two saddles, and a path between them that bends.

It is a test of methods that look for saddles and rates in chemistry.  The fourth Gaussian grows without bound, so
beyond an exponent of 6, which the usual window does not reach, its Taylor polynomial of second order takes its place.
"""

from typing import Annotated, Any, NamedTuple

from annotated_types import Gt
from numpy import exp, maximum, minimum

from errsurf.surfaces.shared.critical import refined
from errsurf.surfaces.shared.record import CriticalPoint, Surface

TOP = 6.0


class Settings(NamedTuple):
    """The unit of the loss."""

    factor: Annotated[float, Gt(0), "factor of the loss; with 1, as in the paper, sharpness is near 3,000"] = 0.01


class Term(NamedTuple):
    """One Gaussian: its height, the coefficients of its exponent, and its centre."""

    height: float
    xx: float
    xy: float
    yy: float
    x: float
    y: float


def loss(x: Any, y: Any, t: Term) -> Any:
    """``height exp(xx u^2 + xy u v + yy v^2)``, u and v the distances from the centre."""
    q = _exponent(x, y, t)
    r = maximum(q - TOP, 0.0)
    return t.height * exp(minimum(q, TOP)) * (1 + r + r**2 / 2)


def gradient(x: Any, y: Any, t: Term) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    q = _exponent(x, y, t)
    rise = t.height * exp(minimum(q, TOP)) * (1 + maximum(q - TOP, 0.0))
    u, v = x - t.x, y - t.y
    return rise * (2 * t.xx * u + t.xy * v), rise * (t.xy * u + 2 * t.yy * v)


def hessian(x: Any, y: Any, t: Term) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    q = _exponent(x, y, t)
    bend = t.height * exp(minimum(q, TOP))
    rise = bend * (1 + maximum(q - TOP, 0.0))
    u, v = x - t.x, y - t.y
    along_x, along_y = 2 * t.xx * u + t.xy * v, t.xy * u + 2 * t.yy * v
    xx, yy = bend * along_x**2 + 2 * rise * t.xx, bend * along_y**2 + 2 * rise * t.yy
    return xx, bend * along_x * along_y + rise * t.xy, yy


def _exponent(x: Any, y: Any, t: Term) -> Any:
    """What the Gaussian's exponential is taken of."""
    u, v = x - t.x, y - t.y
    return t.xx * u**2 + t.xy * u * v + t.yy * v**2


def terms(s: Settings) -> list[Term]:
    """The four Gaussians."""
    return [
        Term(-200 * s.factor, -1.0, 0.0, -10.0, 1.0, 0.0),
        Term(-100 * s.factor, -1.0, 0.0, -10.0, 0.0, 0.5),
        Term(-170 * s.factor, -6.5, 11.0, -6.5, -0.5, 1.5),
        Term(15 * s.factor, 0.7, 0.6, 0.7, -1.0, 1.0),
    ]


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The three minima and two saddles, from the places in print."""
    rows = terms(s)
    places = [(-0.558, 1.442), (-0.822, 0.624), (-0.050, 0.467), (0.212, 0.293), (0.623, 0.028)]
    return refined(_summed(gradient), _summed(hessian), rows, places)


def _summed(formula: Any) -> Any:
    """A formula's sum over rows."""
    return lambda x, y, rows: tuple(sum(parts) for parts in zip(*(formula(x, y, row) for row in rows), strict=True))


RECORD = Surface(
    formula="factor sum over k of A_k exp(a_k (x - x_k)^2 + b_k (x - x_k) (y - y_k) + c_k (y - y_k)^2), "
    "A = -200, -100, -170, 15; a = -1, -1, -6.5, 0.7; b = 0, 0, 11, 0.6; c = -10, -10, -6.5, 0.7; "
    "x_k = 1, 0, -0.5, -1; y_k = 0, 0.5, 1.5, 1",
    reference="Mueller, Brown 1979, Location of saddle points and minimum energy paths, "
    "Theoretica Chimica Acta 53, 75-93",
    settings=Settings,
    row=Term,
    terms=terms,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-1.5, 1.2), (-0.3, 2.0)),
    critical_points=critical_points,
)
