"""A landscape of plain functions, without the engine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Formulas:
    """A landscape without examples: loss, gradient and Hessian as functions of x and y."""

    f: Callable[[Array, Array], Any]
    df: Callable[[Array, Array], Any]
    ddf: Callable[[Array, Array], Any]

    def loss(self, points: Array, _: str, /) -> Array:
        return np.asarray(self.f(points[..., 0], points[..., 1]) + (_ == "test"), dtype=np.float64)

    def gradient(self, points: Array, _: str, /) -> Array:
        x, y = points[..., 0], points[..., 1]
        return np.stack(np.broadcast_arrays(*self.df(x, y), x)[:2], axis=-1)

    def hessian(self, points: Array, _: str, /) -> Array:
        x, y = points[..., 0], points[..., 1]
        return np.stack(np.broadcast_arrays(*self.ddf(x, y), x)[:3], axis=-1)
