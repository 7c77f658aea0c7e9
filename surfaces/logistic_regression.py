"""Two classes told apart by one number, by maximum likelihood: theta is the weight w and the bias b.

Convex, with a minimum only if the classes overlap; otherwise the loss falls for ever along a plain that gets
flatter and flatter.
"""

from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge

from errsurf.surfaces.shared.functions import logistic, softplus
from errsurf.surfaces.shared.points import OTHERS, InputLabel, Standardize, check_labels, line_in_units, named, points
from errsurf.surfaces.shared.record import Array, Draw, Surface
from errsurf.surfaces.shared.table import Csv


class Settings(NamedTuple):
    """The classes from which examples are drawn, or the file that holds them."""

    separation: Annotated[float, "distance between the means of the two classes"] = 2.0
    spread: Annotated[float, Ge(0), "standard deviation of the inputs of a class"] = 1.0
    center: Annotated[float, "middle between the two means"] = 0.0
    data: Annotated[Csv | None, "CSV file with columns `input` and `label` (0 or 1), instead of drawn examples"] = None
    columns: Annotated[InputLabel, OTHERS] = InputLabel()
    standardize: Standardize = False


class Example(NamedTuple):
    """One example: its input and its class, 0 or 1."""

    input: float
    label: float


def predict(w: Any, b: Any, input: Any) -> Any:  # noqa: A002
    """The probability of label 1."""
    return logistic(w * input + b)


def loss(w: Any, b: Any, e: Example) -> Any:
    """``log(1 + exp(-m))``, where m is ``w input + b`` for label 1 and minus that for label 0."""
    return softplus((1 - 2 * e.label) * (w * e.input + b))


def gradient(w: Any, b: Any, e: Example) -> tuple[Any, Any]:
    """First derivatives along w and b."""
    turn = 1 - 2 * e.label
    pull = turn * logistic(turn * (w * e.input + b))
    return pull * e.input, pull


def hessian(w: Any, b: Any, e: Example) -> tuple[Any, Any, Any]:
    """Second derivatives ww, wb, bb."""
    z = w * e.input + b
    bend = logistic(z) * logistic(-z)
    return bend * e.input**2, bend * e.input, bend


def examples(s: Settings, count: int, draw: Draw) -> Array:
    """Rows of input and label, shape (count, 2): from the file, or drawn, both classes equally likely."""
    if s.data is not None:
        table = points(s.data, s.columns)
        check_labels(table, s.data, s.columns.label)
        return table
    labels = np.where(draw.uniform(count) < 0.5, 0.0, 1.0)
    return np.stack([s.center + s.separation * (labels - 0.5) + s.spread * draw.normal(count), labels], axis=1)


def made(s: Settings) -> Surface:
    """The record with the names of these columns."""
    return named(RECORD, s, ("input",))


RECORD = Surface(
    formula="log(1 + exp(-m)), m = (2 label - 1) (w input + b)",
    reference="Bishop 2006, Pattern Recognition and Machine Learning, equation (4.90)",
    settings=Settings,
    row=Example,
    examples=examples,
    made=made,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-3.0, 7.0), (-5.0, 5.0)),
    predict=predict,
    in_units=line_in_units,
)
