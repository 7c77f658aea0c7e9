"""Two wells with a barrier of known height between them, for rates of escape.

The minima are at ``x = -distance`` and ``x = distance``, and the saddle between them is ``barrier`` above the left one.
Noise of temperature T leaves the left well at Kramers' rate, ``sqrt(k |c|) / (2 pi) exp(-barrier / T)`` for T far below
the barrier, where k and c are the curvatures along x at the left minimum and at the saddle.
"""

from typing import Annotated, Any, NamedTuple

from annotated_types import Gt, Lt

from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """The barrier and the two wells."""

    barrier: Annotated[float, Gt(0), "loss at the saddle minus loss at the left minimum"] = 1.0
    distance: Annotated[float, Gt(0), "distance of each minimum from the y axis"] = 1.0
    saddle: Annotated[float, Gt(-1), Lt(1), "x of the saddle, in distances; above 0 the left well is deeper"] = 0.0
    across: Annotated[float, Gt(0), "curvature along y"] = 1.0


class Term(NamedTuple):
    """Height of the barrier if it stood in the middle, place of minima and saddle, and curvature along y."""

    height: float
    distance: float
    saddle: float
    across: float


def loss(x: Any, y: Any, t: Term) -> Any:
    """``height (u + 1)^2 (u^2 - (2 + 4 saddle / 3) u + 1 + 8 saddle / 3) + across y^2 / 2``, ``u = x / distance``."""
    u = x / t.distance
    right = u**2 - (2 + 4 * t.saddle / 3) * u + 1 + 8 * t.saddle / 3
    return t.height * (u + 1) ** 2 * right + t.across * y**2 / 2


def gradient(x: Any, y: Any, t: Term) -> tuple[Any, Any]:
    """First derivatives along x and y; the first is ``4 height (u + 1) (u - 1) (u - saddle) / distance``."""
    u = x / t.distance
    return 4 * t.height / t.distance * (u + 1) * (u - 1) * (u - t.saddle), t.across * y


def hessian(x: Any, y: Any, t: Term) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    u = x / t.distance
    return 4 * t.height / t.distance**2 * (3 * u**2 - 2 * t.saddle * u - 1), 0.0, t.across


def terms(s: Settings) -> list[Term]:
    """The one row."""
    height = s.barrier / ((1 + s.saddle) ** 3 * (1 - s.saddle / 3))
    return [Term(height, s.distance, s.saddle, s.across)]


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The minima and the saddle between them."""
    return [
        CriticalPoint(-s.distance, 0.0, "minimum"),
        CriticalPoint(s.saddle * s.distance, 0.0, "saddle"),
        CriticalPoint(s.distance, 0.0, "minimum"),
    ]


RECORD = Surface(
    formula="height (u + 1)^2 (u^2 - (2 + 4 saddle / 3) u + 1 + 8 saddle / 3) + across y^2 / 2, u = x / distance, "
    "height = barrier / ((1 + saddle)^3 (1 - saddle / 3))",
    reference="Kramers 1940, Brownian motion in a field of force, Physica 7(4), 284-304",
    settings=Settings,
    row=Term,
    terms=terms,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.0, 2.0), (-1.5, 1.5)),
    critical_points=critical_points,
)
