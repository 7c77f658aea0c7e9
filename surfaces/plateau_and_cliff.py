"""A long gentle slope that ends at a steep wall; the minimum lies at the wall's foot.

On the way down a rate that divides by gradients of the past grows, because they are small.  Then the wall throws
the particle back, or the valley's sides, which had been level for long, throw it out.  Slope and wall are
straight, so gradients along x stay between ``-slope`` and ``wall``.
"""

from math import log, log1p
from typing import Annotated, Any, NamedTuple

from annotated_types import Gt

from errsurf.surfaces.shared.functions import logistic, softplus
from errsurf.surfaces.shared.record import CriticalPoint, Surface


class Settings(NamedTuple):
    """The two slopes, how they meet, and the valley that they lie in."""

    slope: Annotated[float, Gt(0), "how fast the loss falls along x before the wall"] = 0.2
    wall: Annotated[float, Gt(0), "how fast it rises beyond"] = 5.0
    at: Annotated[float, "x at which the wall stands"] = 1.0
    softness: Annotated[float, Gt(0), "length of the bend between slope and wall"] = 0.1
    across: Annotated[float, Gt(0), "curvature along y"] = 1.0


class Term(NamedTuple):
    """Slope, slope plus wall, place and softness of the bend, curvature along y, and what makes the lowest loss 0."""

    slope: float
    rise: float
    at: float
    softness: float
    across: float
    floor: float


def loss(x: Any, y: Any, t: Term) -> Any:
    """``softness (rise softplus(u) - slope u) + across y^2 / 2 - floor``, ``u = (x - at) / softness``."""
    u = (x - t.at) / t.softness
    return t.softness * (t.rise * softplus(u) - t.slope * u) + t.across * y**2 / 2 - t.floor


def gradient(x: Any, y: Any, t: Term) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    return t.rise * logistic((x - t.at) / t.softness) - t.slope, t.across * y


def hessian(x: Any, y: Any, t: Term) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    u = (x - t.at) / t.softness
    return t.rise / t.softness * logistic(u) * logistic(-u), 0.0, t.across


def terms(s: Settings) -> list[Term]:
    """The one row."""
    floor = s.softness * ((s.slope + s.wall) * log1p(s.slope / s.wall) - s.slope * log(s.slope / s.wall))
    return [Term(s.slope, s.slope + s.wall, s.at, s.softness, s.across, floor)]


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The minimum, where slope and wall balance."""
    return [CriticalPoint(s.at + s.softness * log(s.slope / s.wall), 0.0, "minimum")]


RECORD = Surface(
    formula="softness ((slope + wall) log(1 + exp(u)) - slope u) + across y^2 / 2, u = (x - at) / softness; "
    "minus a constant that makes the lowest loss 0",
    reference="Pascanu, Mikolov, Bengio 2013, On the difficulty of training RNNs, arXiv:1211.5063, figure 6 (the wall)",
    settings=Settings,
    row=Term,
    terms=terms,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-4.0, 2.0), (-1.5, 1.5)),
    critical_points=critical_points,
)
