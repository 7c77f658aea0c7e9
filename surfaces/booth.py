"""Booth's function: a tilted bowl, the squared errors of two linear equations; the easiest of the test functions."""

from typing import Annotated, Any, NamedTuple

from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """The right sides of the two equations."""

    a: Annotated[float, "what x + 2 y should be"] = 7.0
    b: Annotated[float, "what 2 x + y should be"] = 5.0


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``(x + 2 y - a)^2 + (2 x + y - b)^2``."""
    return (x + 2 * y - s.a) ** 2 + (2 * x + y - s.b) ** 2


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    u, v = x + 2 * y - s.a, 2 * x + y - s.b
    return 2 * u + 4 * v, 4 * u + 2 * v


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    return 10.0, 8.0, 10.0


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The minimum, which solves both equations."""
    return [CriticalPoint((2 * s.b - s.a) / 3, (2 * s.a - s.b) / 3, "minimum")]


RECORD = Surface(
    formula="(x + 2 y - a)^2 + (2 x + y - b)^2",
    reference="Jamil and Yang 2013, A literature survey of benchmark functions, arXiv:1308.4008",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-4.0, 6.0), (-1.0, 7.0)),
    critical_points=critical_points,
)
