"""A network of two linear layers, y = w1 w2 input: a saddle at the origin between two valleys.

Only the product of the weights counts, so the minima are two whole curves: flat where the weights are alike,
sharp where one is much larger than the other.

With `layers` the network is deeper, ``y = w1^a w2^b input``: layers share weights.  On the way to a minimum the
sharpness then grows, and more so the deeper the network is (progressive sharpening); with a rate above 2 / sharpness
updates settle where the sharpness is near 2 / lr, the edge of stability.  ``noise = 0`` makes all examples agree.  A
network of one input and one output that factorizes a number, ``(x y - a)^2 / 2``, is this surface too.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge, Le

from errsurf.surfaces.shared.points import OTHERS, InputTarget, Standardize, named, points
from errsurf.surfaces.shared.record import Array, CriticalPoint, Draw, Surface
from errsurf.surfaces.shared.table import Csv

Layers = Annotated[int, Ge(1), Le(8)]


class Settings(NamedTuple):
    """The line from which points are drawn, or the file that holds them, and the depth of the network."""

    slope: Annotated[float, "slope of the line behind the points"] = 1.0
    noise: Annotated[float, Ge(0), "standard deviation of the targets around the line"] = 0.3
    data: Annotated[Csv | None, "CSV file with columns `input` and `target`, instead of drawn points"] = None
    layers: Annotated[tuple[Layers, Layers], "layers that share the weight w1, and layers that share w2"] = (1, 1)
    columns: Annotated[InputTarget, OTHERS] = InputTarget()
    standardize: Standardize = False


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
        return points(s.data, s.columns)
    inputs = draw.normal(count)
    return np.stack([inputs, s.slope * inputs + s.noise * draw.normal(count)], axis=1)


def critical_points(s: Settings) -> list[CriticalPoint]:
    """The saddle at the origin, which lies there whatever the examples."""
    return [CriticalPoint(0.0, 0.0, "saddle")]


def made(s: Settings) -> Surface:
    """The record for these layers and columns."""
    return named(RECORD if s.layers == (1, 1) else _made(*s.layers), s, Example._fields)


@lru_cache(64)
def _made(first: int, second: int) -> Surface:
    """The record of a deeper network, with derivatives that sympy finds."""
    from errsurf.surfaces.formulas.derivatives import derived
    from errsurf.surfaces.formulas.reading import formula_tree
    from errsurf.surfaces.formulas.source import functions

    text = f"(x^{first} * y^{second} * input - target)^2 / 2"
    found = functions(derived(formula_tree(text, ("x", "y", *Example._fields), {})))
    return replace(
        RECORD,
        formula=f"(w1^{first} w2^{second} input - target)^2 / 2",
        made=None,
        axes=("w1", "w2"),
        loss=found["loss"],
        gradient=found["gradient"],
        hessian=found["hessian"],
        critical_points=None,
    )


RECORD = Surface(
    formula="(w1 w2 input - target)^2 / 2",
    reference="Saxe, McClelland, Ganguli 2014, Exact solutions to deep linear networks, arXiv:1312.6120; with layers: "
    "Zhu, Wang, Wang, Zhou, Ge 2023, Understanding edge-of-stability training dynamics with a minimalist example, "
    "arXiv:2210.03294",
    settings=Settings,
    row=Example,
    examples=examples,
    made=made,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.4, 2.4), (-1.8, 1.8)),
    critical_points=critical_points,
)
