"""A sine fitted to points, y = sin(w input + b): many minima, and only near the right one does the slope help."""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge, Gt
from numpy import cos, sin

from errsurf.surfaces.shared.points import OTHERS, InputTarget, Standardize, named, points
from errsurf.surfaces.shared.record import Array, Draw, Surface
from errsurf.surfaces.shared.table import Csv


class Settings(NamedTuple):
    """The sine from which points are drawn, or the file that holds them."""

    frequency: Annotated[float, "w of the sine behind the points"] = 2.0
    phase: Annotated[float, "b of the sine behind the points"] = 0.5
    noise: Annotated[float, Ge(0), "standard deviation of the targets around the sine"] = 0.2
    span: Annotated[float, Gt(0), "inputs lie between -span / 2 and span / 2; more span, more minima"] = 6.0
    data: Annotated[Csv | None, "CSV file with columns `input` and `target`, instead of drawn points"] = None
    columns: Annotated[InputTarget, OTHERS] = InputTarget()
    standardize: Standardize = False


class Example(NamedTuple):
    """One point: its input and its target."""

    input: float
    target: float


def predict(w: Any, b: Any, input: Any) -> Any:  # noqa: A002
    """``sin(w input + b)``."""
    return sin(w * input + b)


def loss(w: Any, b: Any, e: Example) -> Any:
    """``(sin(w input + b) - target)^2 / 2``."""
    return (sin(w * e.input + b) - e.target) ** 2 / 2


def gradient(w: Any, b: Any, e: Example) -> tuple[Any, Any]:
    """First derivatives along w and b."""
    z = w * e.input + b
    pull = (sin(z) - e.target) * cos(z)
    return pull * e.input, pull


def hessian(w: Any, b: Any, e: Example) -> tuple[Any, Any, Any]:
    """Second derivatives ww, wb, bb."""
    z = w * e.input + b
    bend = cos(z) ** 2 - (sin(z) - e.target) * sin(z)
    return bend * e.input**2, bend * e.input, bend


def examples(s: Settings, count: int, draw: Draw) -> Array:
    """Rows of input and target, shape (count, 2): from the file, or drawn around the sine."""
    if s.data is not None:
        return points(s.data, s.columns)
    inputs = s.span * (draw.uniform(count) - 0.5)
    return np.stack([inputs, np.sin(s.frequency * inputs + s.phase) + s.noise * draw.normal(count)], axis=1)


def made(s: Settings) -> Surface:
    """The record with the names of these columns."""
    return named(RECORD, s, Example._fields)


RECORD = Surface(
    formula="(sin(w input + b) - target)^2 / 2",
    reference="Rife and Boorstyn 1974, IEEE Transactions on Information Theory 20(5), 591-598",
    settings=Settings,
    row=Example,
    examples=examples,
    made=made,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-4.0, 4.0), (-3.3, 3.3)),
    predict=predict,
)
