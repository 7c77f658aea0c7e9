"""The six-hump camel: two deep minima, two middling and two shallow ones, close together."""

from typing import Annotated, Any, NamedTuple

from errsurf.surfaces.shared.critical import pairs, refined
from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """How x and y act on each other."""

    coupling: Annotated[float, "factor of x y; 0 leaves a sum of two functions of one parameter each"] = 1.0


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``(4 - 2.1 x^2 + x^4 / 3) x^2 + coupling x y + 4 (y^2 - 1) y^2``."""
    return (4 - 2.1 * x**2 + x**4 / 3) * x**2 + s.coupling * x * y + 4 * (y**2 - 1) * y**2


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    return (8 - 8.4 * x**2 + 2 * x**4) * x + s.coupling * y, s.coupling * x + (16 * y**2 - 8) * y


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    return 8 - 25.2 * x**2 + 10 * x**4, s.coupling, 48 * y**2 - 8


def critical_points(s: Settings) -> list[CriticalPoint]:
    """Six minima, seven saddles and two maxima, sought from where they are without coupling."""
    return refined(gradient, hessian, s, pairs((-1.655, -1.208, 0, 1.208, 1.655), (-0.707, 0, 0.707)))


RECORD = Surface(
    formula="(4 - 2.1 x^2 + x^4 / 3) x^2 + coupling x y + 4 (y^2 - 1) y^2",
    reference="Dixon and Szego 1978, Towards Global Optimisation 2, North-Holland, 1-15",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.1, 2.1), (-1.2, 1.2)),
    critical_points=critical_points,
)
