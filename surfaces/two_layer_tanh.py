"""A network with one hidden unit, y = w2 tanh(w1 input): two mirrored minima, a saddle and long plateaus.

Turning both signs changes nothing, so every minimum has a twin beyond the saddle at the origin.  Far out the unit
saturates, and w1 hardly matters any more.
"""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge
from numpy import tanh

from errsurf.surfaces.shared.points import OTHERS, InputTarget, Standardize, named, points
from errsurf.surfaces.shared.record import Array, CriticalPoint, Draw, Surface
from errsurf.surfaces.shared.table import Csv


class Settings(NamedTuple):
    """The network from which points are drawn, or the file that holds them."""

    steepness: Annotated[float, "w1 of the network behind the points"] = 2.0
    height: Annotated[float, "w2 of the network behind the points"] = 1.0
    noise: Annotated[float, Ge(0), "standard deviation of the targets around its outputs"] = 0.2
    data: Annotated[Csv | None, "CSV file with columns `input` and `target`, instead of drawn points"] = None
    columns: Annotated[InputTarget, OTHERS] = InputTarget()
    standardize: Standardize = False


class Example(NamedTuple):
    """One point: its input and its target."""

    input: float
    target: float


def predict(w1: Any, w2: Any, input: Any) -> Any:  # noqa: A002
    """``w2 tanh(w1 input)``."""
    return w2 * tanh(w1 * input)


def loss(w1: Any, w2: Any, e: Example) -> Any:
    """``(w2 tanh(w1 input) - target)^2 / 2``."""
    return (w2 * tanh(w1 * e.input) - e.target) ** 2 / 2


def gradient(w1: Any, w2: Any, e: Example) -> tuple[Any, Any]:
    """First derivatives along w1 and w2."""
    unit = tanh(w1 * e.input)
    residual = w2 * unit - e.target
    return residual * w2 * e.input * (1 - unit**2), residual * unit


def hessian(w1: Any, w2: Any, e: Example) -> tuple[Any, Any, Any]:
    """Second derivatives along w1 twice, both, and w2 twice."""
    unit = tanh(w1 * e.input)
    slope = e.input * (1 - unit**2)
    residual = w2 * unit - e.target
    bend = -2 * unit * e.input * slope
    return (w2 * slope) ** 2 + residual * w2 * bend, slope * (w2 * unit + residual), unit**2


def examples(s: Settings, count: int, draw: Draw) -> Array:
    """Rows of input and target, shape (count, 2): from the file, or drawn around the network's outputs."""
    if s.data is not None:
        return points(s.data, s.columns)
    inputs = draw.normal(count)
    outputs = s.height * np.tanh(s.steepness * inputs)
    return np.stack([inputs, outputs + s.noise * draw.normal(count)], axis=1)


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The saddle at the origin, which lies there whatever the examples."""
    return [CriticalPoint(0.0, 0.0, "saddle")]


def made(s: Settings) -> Surface:
    """The record with the names of these columns."""
    return named(RECORD, s, Example._fields)


RECORD = Surface(
    formula="(w2 tanh(w1 input) - target)^2 / 2",
    reference="Bishop 2006, Pattern Recognition and Machine Learning, section 5.1.1 (the symmetry of signs)",
    settings=Settings,
    row=Example,
    examples=examples,
    made=made,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-5.0, 5.0), (-2.5, 2.5)),
    critical_points=critical_points,
    predict=predict,
)
