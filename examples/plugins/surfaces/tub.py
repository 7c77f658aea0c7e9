"""A tub: flat along x, steep along y."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Gt

from errsurf.surfaces import CriticalPoint, Surface


class Settings(NamedTuple):
    """How steep it is."""

    steepness: Annotated[float, Gt(0), "second derivative along y"] = 1.0


class Row(NamedTuple):
    """What the formula needs of an example."""

    steepness: float


def loss(x: Any, y: Any, row: Row) -> Any:
    """``x^4 / 4 + steepness y^2 / 2``."""
    return x**4 / 4 + row.steepness * y**2 / 2


def gradient(x: Any, y: Any, row: Row) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    return x**3, row.steepness * y


def hessian(x: Any, y: Any, row: Row) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    return 3 * x**2, 0.0, row.steepness


def terms(settings: Settings) -> list[Row]:
    """The one row of the formula."""
    return [Row(settings.steepness)]


def critical_points(settings: Settings) -> list[CriticalPoint]:
    """The minimum at the origin."""
    return [CriticalPoint(0.0, 0.0, "minimum")]


RECORD = Surface(
    formula="x^4 / 4 + steepness y^2 / 2",
    reference="made for this example",
    settings=Settings,
    row=Row,
    terms=terms,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.0, 2.0), (-2.0, 2.0)),
    critical_points=critical_points,
)
