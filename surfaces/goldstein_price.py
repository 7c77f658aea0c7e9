"""Goldstein and Price's function: losses from 3 to a million, so that no rate suits two places.

It is a product of two quartics, one of ``x + y`` and one of ``2 x - 3 y``.
"""

from typing import Annotated, Any, NamedTuple

from annotated_types import Gt

from errsurf.surfaces.shared.critical import kind
from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """The height of the surface."""

    height: Annotated[float, Gt(0), "factor of the loss; the first paper's is 1"] = 1.0


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``height p(x + y) q(2 x - 3 y)``."""
    return s.height * _p(x + y) * _q(2 * x - 3 * y)


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    u, v = x + y, 2 * x - 3 * y
    along_u, along_v = s.height * _p_slope(u) * _q(v), s.height * _p(u) * _q_slope(v)
    return along_u + 2 * along_v, along_u - 3 * along_v


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    u, v = x + y, 2 * x - 3 * y
    uu = s.height * 12 * (3 * u**2 - 4 * u - 1) * _q(v)
    vv = s.height * 12 * (3 * v**2 - 8 * v + 3) * _p(u)
    uv = s.height * _p_slope(u) * _q_slope(v)
    return uu + 4 * uv + 4 * vv, uu - uv - 6 * vv, uu - 6 * uv + 9 * vv


def _p(u: Any) -> Any:
    """The first quartic."""
    return 1 + (u + 1) ** 2 * (19 - 14 * u + 3 * u**2)


def _p_slope(u: Any) -> Any:
    """Its derivative."""
    return 12 * (u + 1) * (u - 1) * (u - 2)


def _q(v: Any) -> Any:
    """The second quartic."""
    return 30 + v**2 * (18 - 16 * v + 3 * v**2)


def _q_slope(v: Any) -> Any:
    """Its derivative."""
    return 12 * v * (v - 1) * (v - 3)


def critical_points(s: Settings) -> list[CriticalPoint]:
    """All nine: both quartics are positive, so both their derivatives are zero there."""
    places = [((3 * u + v) / 5, (2 * u - v) / 5) for u in (-1, 1, 2) for v in (0, 1, 3)]
    return [CriticalPoint(x, y, kind(*hessian(x, y, s))) for x, y in places]


RECORD = Surface(
    formula="height (1 + (u + 1)^2 (19 - 14 u + 3 u^2)) (30 + v^2 (18 - 16 v + 3 v^2)), u = x + y, v = 2 x - 3 y",
    reference="Goldstein and Price 1971, Mathematics of Computation 25(115), 569-574",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.0, 2.0), (-2.0, 2.0)),
    critical_points=critical_points,
)
