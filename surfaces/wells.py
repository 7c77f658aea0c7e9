"""Gaussian wells on a weak bowl: any number of minima of chosen place, depth and width."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt, Len
from numpy import exp

from errsurf.surfaces.shared.record import Surface


class Well(NamedTuple):
    """One well."""

    at: Annotated[tuple[float, float], "place of its centre"]
    depth: Annotated[float, Gt(0), "loss at the rim minus loss at the centre"] = 1.0
    width: Annotated[float, Gt(0), "standard deviation of the Gaussian; sharpness is depth / width^2"] = 0.5


class Settings(NamedTuple):
    """The wells and the bowl that keeps particles among them."""

    wells: Annotated[tuple[Well, ...], Len(1, 64), "the wells, as a list of tables"] = (
        Well((-0.9, 0.0), 1.0, 0.2),
        Well((0.7, 0.0), 1.0, 0.6),
    )
    bowl: Annotated[float, Ge(0), "curvature of the bowl around the origin"] = 0.1


class Term(NamedTuple):
    """One well's place and depth, ``1 / (2 width^2)``, and its share of the bowl's curvature."""

    x: float
    y: float
    depth: float
    rate: float
    bowl: float


def loss(x: Any, y: Any, w: Term) -> Any:
    """``-depth exp(-rate r^2) + bowl |theta|^2 / 2``."""
    u, v = x - w.x, y - w.y
    return w.bowl * (x**2 + y**2) / 2 - w.depth * exp(-w.rate * (u**2 + v**2))


def gradient(x: Any, y: Any, w: Term) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    u, v = x - w.x, y - w.y
    pull = 2 * w.rate * w.depth * exp(-w.rate * (u**2 + v**2))
    return pull * u + w.bowl * x, pull * v + w.bowl * y


def hessian(x: Any, y: Any, w: Term) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    u, v = x - w.x, y - w.y
    pull = 2 * w.rate * w.depth * exp(-w.rate * (u**2 + v**2))
    bend = -2 * w.rate * pull
    return pull + bend * u**2 + w.bowl, bend * u * v, pull + bend * v**2 + w.bowl


def terms(s: Settings) -> list[Term]:
    """One row a well."""
    share = s.bowl / len(s.wells)
    return [Term(*w.at, w.depth, 1 / (2 * w.width**2), share) for w in s.wells]


RECORD = Surface(
    formula="bowl (x^2 + y^2) / 2 - sum over wells of depth exp(-((x - at_x)^2 + (y - at_y)^2) / (2 width^2))",
    reference="Keskar et al. 2017, On large-batch training, arXiv:1609.04836, figure 1 (flat and sharp minima)",
    settings=Settings,
    row=Term,
    terms=terms,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.0, 2.0), (-1.5, 1.5)),
)
