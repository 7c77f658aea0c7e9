"""Symmetric 2 x 2 matrices, many at once, and the landscape that has them as second derivatives."""

from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis.arguments import vectors

Array = NDArray[np.float64]
Which = Literal["train", "test"]
Window = tuple[tuple[float, float], tuple[float, float]]


class Landscape(Protocol):
    """A training and a test surface with two derivatives; points have shape (..., 2)."""

    def loss(self, points: Array, which: Which, /) -> Array:
        """Mean loss, shape (...)."""

    def gradient(self, points: Array, which: Which, /) -> Array:
        """First derivatives, shape (..., 2)."""

    def hessian(self, points: Array, which: Which, /) -> Array:
        """Second derivatives xx, xy, yy, shape (..., 3)."""


def eigenvalues(hessian: Array) -> Array:
    """Eigenvalues, ascending, shape (..., 2), of matrices xx, xy, yy (..., 3); not finite where these are not."""
    xx, xy, yy = np.moveaxis(vectors(hessian, 3, "matrices"), -1, 0)
    with np.errstate(over="ignore", invalid="ignore"):
        middle, radius = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
        return np.stack([middle - radius, middle + radius], axis=-1)


def eigenvectors(hessian: Array) -> Array:
    """Unit eigenvectors as rows in the order of ``eigenvalues``, shape (..., 2, 2)."""
    xx, xy, yy = np.moveaxis(hessian, -1, 0)
    angle = np.arctan2(2 * xy, xx - yy) / 2
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([np.stack([-s, c], axis=-1), np.stack([c, s], axis=-1)], axis=-2)


def components(axes: Array, vectors: Array) -> Array:
    """Vectors (..., 2) along the rows of axes (..., 2, 2)."""
    along: Array = np.einsum("...ij,...j->...i", axes, vectors)
    return along


def combined(axes: Array, along: Array) -> Array:
    """The vectors with these components along the rows of axes; undoes ``components``."""
    vectors: Array = np.einsum("...ij,...i->...j", axes, along)
    return vectors
