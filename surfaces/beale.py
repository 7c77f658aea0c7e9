"""Beale's function: one minimum at the end of a narrow bent valley, between plateaus and steep corners."""

from typing import Annotated, Any, NamedTuple

from errsurf.surfaces.shared.critical import refined
from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """Where the minimum lies."""

    at_x: Annotated[float, "x of the minimum"] = 3.0
    at_y: Annotated[float, "y of the minimum"] = 0.5


class Targets(NamedTuple):
    """What ``x (1 - y)``, ``x (1 - y^2)`` and ``x (1 - y^3)`` should be."""

    first: float
    second: float
    third: float


def loss(x: Any, y: Any, t: Targets) -> Any:
    """``(first - x (1 - y))^2 + (second - x (1 - y^2))^2 + (third - x (1 - y^3))^2``."""
    u, v, w = _residuals(x, y, t)
    return u**2 + v**2 + w**2


def gradient(x: Any, y: Any, t: Targets) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    u, v, w = _residuals(x, y, t)
    along_x = u * (y - 1) + v * (y**2 - 1) + w * (y**3 - 1)
    return 2 * along_x, 2 * x * (u + 2 * v * y + 3 * w * y**2)


def hessian(x: Any, y: Any, t: Targets) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    u, v, w = _residuals(x, y, t)
    xx = (y - 1) ** 2 + (y**2 - 1) ** 2 + (y**3 - 1) ** 2
    xy = u + 2 * v * y + 3 * w * y**2 + x * (y - 1 + 2 * y * (y**2 - 1) + 3 * y**2 * (y**3 - 1))
    yy = x**2 * (1 + 4 * y**2 + 9 * y**4) + x * (2 * v + 6 * w * y)
    return 2 * xx, 2 * xy, 2 * yy


def _residuals(x: Any, y: Any, t: Targets) -> tuple[Any, Any, Any]:
    """What is squared and summed."""
    return t.first - x * (1 - y), t.second - x * (1 - y**2), t.third - x * (1 - y**3)


def terms(s: Settings) -> list[Targets]:
    """The one row: targets that the minimum meets."""
    x, y = s
    return [Targets(x * (1 - y), x * (1 - y**2), x * (1 - y**3))]


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The minimum, the saddle where the plateaus meet, and another one down the steep side."""
    return refined(gradient, hessian, terms(s)[0], [(s.at_x, s.at_y), (0.0, 1.0), (0.1, -2.64)])


RECORD = Surface(
    formula="(1.5 - x (1 - y))^2 + (2.25 - x (1 - y^2))^2 + (2.625 - x (1 - y^3))^2 with the minimum at (3, 0.5)",
    reference="More, Garbow, Hillstrom 1981, ACM Transactions on Mathematical Software 7(1), 17-41, problem 5",
    settings=Settings,
    row=Targets,
    terms=terms,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-4.5, 4.5), (-4.5, 4.5)),
    critical_points=critical_points,
)
