"""Styblinski and Tang's function: four minima in a square, unequally deep because the surface leans."""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Gt

from errsurf.surfaces.shared.critical import pairs, refined
from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """How high the hills between the minima are, and how far the surface leans."""

    barrier: Annotated[float, Gt(0), "factor of -x^2 - y^2"] = 16.0
    lean: Annotated[float, "factor of x + y; 0 makes all four minima alike"] = 5.0


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``(x^4 - barrier x^2 + lean x + y^4 - barrier y^2 + lean y) / 2``."""
    return (x**4 + y**4 - s.barrier * (x**2 + y**2) + s.lean * (x + y)) / 2


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    return (2 * x**2 - s.barrier) * x + s.lean / 2, (2 * y**2 - s.barrier) * y + s.lean / 2


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    return 6 * x**2 - s.barrier, 0.0, 6 * y**2 - s.barrier


def critical_points(s: Settings) -> list[CriticalPoint]:
    """All: both coordinates are roots of one cubic."""
    roots = np.roots([2, 0, -s.barrier, s.lean / 2])
    places = roots.real[np.abs(roots.imag) < 1e-9]
    return refined(gradient, hessian, s, pairs(places, places))


RECORD = Surface(
    formula="(x^4 - barrier x^2 + lean x + y^4 - barrier y^2 + lean y) / 2",
    reference="Styblinski and Tang 1990, Neural Networks 3(4), 467-483",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-4.5, 4.5), (-4.0, 4.0)),
    critical_points=critical_points,
)
