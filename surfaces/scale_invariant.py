"""A loss of the direction of the weights only, as before a batch normalization: minima are a ray from the origin.

The gradient is at right angles to the weights and falls with their norm.  So every update of plain descent makes the
norm larger and the effective rate, lr divided by the square of the norm, smaller.  The origin has no direction: `eps`
rounds the peak there, and gradients of up to ``1 / sqrt(eps)`` throw a particle near it far out.
"""

from math import radians
from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge, Gt
from numpy import sqrt

from errsurf.surfaces.shared.record import Array, Draw, Surface


class Settings(NamedTuple):
    """The best direction, and how examples differ about it."""

    angle: Annotated[float, "degrees from the x axis to the direction that the examples prefer"] = 40.0
    spread: Annotated[float, Ge(0), "standard deviation of the examples' own directions, in degrees"] = 20.0
    eps: Annotated[float, Gt(0), "added to the square of the norm, as in batch normalization"] = 1e-5


class Example(NamedTuple):
    """The direction that an example prefers, as the cosine and sine of its angle, and eps."""

    cosine: float
    sine: float
    eps: float


def loss(x: Any, y: Any, e: Example) -> Any:
    """``1 - (cosine x + sine y) / sqrt(x^2 + y^2 + eps)``."""
    return 1 - (e.cosine * x + e.sine * y) / sqrt(x**2 + y**2 + e.eps)


def gradient(x: Any, y: Any, e: Example) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    r = sqrt(x**2 + y**2 + e.eps)
    across = (e.cosine * (y / r) - e.sine * (x / r)) / r
    return -across * (y / r) - e.cosine * e.eps / r**3, across * (x / r) - e.sine * e.eps / r**3


def hessian(x: Any, y: Any, e: Example) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    r = sqrt(x**2 + y**2 + e.eps)
    u, v = x / r, y / r
    along = e.cosine * u + e.sine * v
    xx = (2 * e.cosine * u + along * (1 - 3 * u**2)) / r**2
    yy = (2 * e.sine * v + along * (1 - 3 * v**2)) / r**2
    return xx, (e.cosine * v + e.sine * u - 3 * along * u * v) / r**2, yy


def examples(s: Settings, count: int, draw: Draw) -> Array:
    """Rows of cosine, sine and eps, shape (count, 3): directions drawn about the best one."""
    angles = radians(s.angle) + radians(s.spread) * draw.normal(count)
    return np.stack([np.cos(angles), np.sin(angles), np.full(count, s.eps)], axis=1)


RECORD = Surface(
    formula="1 - (cos(angle_i) x + sin(angle_i) y) / sqrt(x^2 + y^2 + eps)",
    reference="van Laarhoven 2017, L2 regularization versus batch and weight normalization, arXiv:1706.05350",
    settings=Settings,
    row=Example,
    examples=examples,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.4, 2.4), (-1.8, 1.8)),
)
