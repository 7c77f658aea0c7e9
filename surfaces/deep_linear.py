"""A network of two linear layers, y = w1 w2 input: a saddle at the origin between two valleys.

Only the product of the weights counts, so the minima are two whole curves: flat where the weights are alike,
sharp where one is much larger than the other.
"""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge

from errsurf.surfaces.shared.record import Array, CriticalPoint, Draw, Surface
from errsurf.surfaces.shared.table import Csv, csv_columns


class Settings(NamedTuple):
    """The line from which points are drawn, or the file that holds them."""

    slope: Annotated[float, "slope of the line behind the points"] = 1.0
    noise: Annotated[float, Ge(0), "standard deviation of the targets around the line"] = 0.3
    data: Annotated[Csv | None, "CSV file with columns `input` and `target`, instead of drawn points"] = None


class Example(NamedTuple):
    """One point: its input and its target."""

    input: float
    target: float


def loss(w1: Any, w2: Any, e: Example) -> Any:
    """``(w1 w2 input - target)^2 / 2``."""
    return (w1 * w2 * e.input - e.target) ** 2 / 2


def gradient(w1: Any, w2: Any, e: Example) -> tuple[Any, Any]:
    """First derivatives along w1 and w2."""
    pull = (w1 * w2 * e.input - e.target) * e.input
    return pull * w2, pull * w1


def hessian(w1: Any, w2: Any, e: Example) -> tuple[Any, Any, Any]:
    """Second derivatives along w1 twice, both, and w2 twice."""
    square = e.input**2
    return square * w2**2, 2 * square * w1 * w2 - e.input * e.target, square * w1**2


def examples(s: Settings, count: int, draw: Draw) -> Array:
    """Rows of input and target, shape (count, 2): from the file, or drawn around the line."""
    if s.data is not None:
        return csv_columns(s.data, Example._fields)
    inputs = draw.normal(count)
    return np.stack([inputs, s.slope * inputs + s.noise * draw.normal(count)], axis=1)


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The saddle at the origin, which lies there whatever the examples."""
    return [CriticalPoint(0.0, 0.0, "saddle")]


RECORD = Surface(
    formula="(w1 w2 input - target)^2 / 2",
    reference="Saxe, McClelland, Ganguli 2014, Exact solutions to deep linear networks, arXiv:1312.6120",
    settings=Settings,
    row=Example,
    examples=examples,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.4, 2.4), (-1.8, 1.8)),
    critical_points=critical_points,
)
