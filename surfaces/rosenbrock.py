"""Rosenbrock's banana: a curved valley with a nearly flat floor."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Gt

from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """Where the valley's floor is lowest, and how steep its walls are."""

    a: Annotated[float, "the minimum lies at (a, a^2)"] = 1.0
    b: Annotated[float, Gt(0), "steepness of the walls"] = 100.0


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``(a - x)^2 + b (y - x^2)^2``."""
    return (s.a - x) ** 2 + s.b * (y - x**2) ** 2


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    wall = 2 * s.b * (y - x**2)
    return 2 * (x - s.a) - 2 * x * wall, wall


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    return 2 + 4 * s.b * (3 * x**2 - y), -4 * s.b * x, 2 * s.b


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The one minimum."""
    return [CriticalPoint(s.a, s.a**2, "minimum")]


RECORD = Surface(
    formula="(a - x)^2 + b (y - x^2)^2",
    reference="Rosenbrock 1960, The Computer Journal 3(3), 175-184",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.0, 2.0), (-1.0, 3.0)),
    critical_points=critical_points,
)
