"""The three-hump camel: a deep minimum at the origin between two shallow ones, behind low saddles."""

from math import sqrt
from typing import Annotated, Any, NamedTuple

from errsurf.surfaces.shared.critical import kind
from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """How x and y act on each other."""

    coupling: Annotated[float, "factor of x y"] = 1.0


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``2 x^2 - 1.05 x^4 + x^6 / 6 + coupling x y + y^2``."""
    return (2 - 1.05 * x**2 + x**4 / 6) * x**2 + s.coupling * x * y + y**2


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    return (4 - 4.2 * x**2 + x**4) * x + s.coupling * y, s.coupling * x + 2 * y


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    return 4 - 12.6 * x**2 + 5 * x**4, s.coupling, 2.0


def critical_points(s: Settings) -> list[CriticalPoint]:
    """All: y is ``-coupling x / 2``, and x is 0 or a root of ``x^4 - 4.2 x^2 + 4 - coupling^2 / 2``."""
    half = sqrt(0.41 + s.coupling**2 / 2)
    sides = [sqrt(square) for square in (2.1 - half, 2.1 + half) if square > 0]
    places = [0.0, *sides, *(-side for side in sides)]
    return [CriticalPoint(x, -s.coupling * x / 2, kind(*hessian(x, 0.0, s))) for x in places]


RECORD = Surface(
    formula="2 x^2 - 1.05 x^4 + x^6 / 6 + coupling x y + y^2",
    reference="Branin 1972, IBM Journal of Research and Development 16(5), 504-522",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.4, 2.4), (-1.8, 1.8)),
    critical_points=critical_points,
)
