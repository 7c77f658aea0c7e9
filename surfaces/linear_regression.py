"""A straight line fitted to points by least squares: theta is its slope w and intercept b."""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge

from errsurf.surfaces.shared.points import OTHERS, InputTarget, Standardize, line_in_units, named, points
from errsurf.surfaces.shared.record import Array, Draw, Surface
from errsurf.surfaces.shared.table import Csv


class Settings(NamedTuple):
    """The line from which points are drawn, or the file that holds them."""

    slope: Annotated[float, "slope of the line behind the points"] = 1.0
    intercept: Annotated[float, "intercept of the line behind the points"] = 0.5
    noise: Annotated[float, Ge(0), "standard deviation of the targets around the line"] = 0.5
    center: Annotated[float, "mean of the inputs"] = 0.0
    data: Annotated[Csv | None, "CSV file with columns `input` and `target`, instead of drawn points"] = None
    columns: Annotated[InputTarget, OTHERS] = InputTarget()
    standardize: Standardize = False


class Example(NamedTuple):
    """One point: its input and its target."""

    input: float
    target: float


def predict(w: Any, b: Any, input: Any) -> Any:  # noqa: A002
    """``w input + b``."""
    return w * input + b


def loss(w: Any, b: Any, e: Example) -> Any:
    """``(w input + b - target)^2 / 2``."""
    return (w * e.input + b - e.target) ** 2 / 2


def gradient(w: Any, b: Any, e: Example) -> tuple[Any, Any]:
    """First derivatives along w and b."""
    residual = w * e.input + b - e.target
    return residual * e.input, residual


def hessian(w: Any, b: Any, e: Example) -> tuple[Any, Any, Any]:
    """Second derivatives ww, wb, bb."""
    return e.input**2, e.input, 1.0


def examples(s: Settings, count: int, draw: Draw) -> Array:
    """Rows of input and target, shape (count, 2): from the file, or drawn around the line."""
    if s.data is not None:
        return points(s.data, s.columns)
    inputs = s.center + draw.normal(count)
    return np.stack([inputs, s.intercept + s.slope * inputs + s.noise * draw.normal(count)], axis=1)


def made(s: Settings) -> Surface:
    """The record with the names of these columns."""
    return named(RECORD, s, Example._fields)


RECORD = Surface(
    formula="(w input + b - target)^2 / 2",
    reference="Bishop 2006, Pattern Recognition and Machine Learning, equation (3.12)",
    settings=Settings,
    row=Example,
    examples=examples,
    made=made,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-1.0, 3.0), (-1.5, 2.5)),
    predict=predict,
    in_units=line_in_units,
)
