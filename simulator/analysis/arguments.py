"""Checks of array arguments."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LARGEST = 1e300
"""Bound of a window's coordinates, so that its width is finite."""


def vectors(values: Any, parts: int, name: str) -> Array:
    """Real numbers of shape (..., parts) as float64, NaN among them; raises TypeError and ValueError."""
    array = np.asarray(values)
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name} of type {array.dtype}; real numbers are needed")
    if array.shape[-1:] != (parts,):
        raise ValueError(f"{name} of shape {array.shape}; (..., {parts}) is needed")
    return array.astype(np.float64, copy=False)


def indices(values: Any, count: int, name: str) -> NDArray[np.int64]:
    """Whole numbers from 0 to count - 1, shape (n,), at least one; raises TypeError, ValueError and IndexError."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} of shape {array.shape}; (n,) is needed")
    if not array.size:
        raise ValueError(f"{name} needs at least one example")
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} of type {array.dtype}; whole numbers are needed")
    if array.min() < 0 or array.max() >= count:
        raise IndexError(f"{name} of {array.min()} to {array.max()}; allowed: 0 to {count - 1}")
    return array.astype(np.int64, copy=False)


def rectangle(window: Any) -> tuple[Array, Array]:
    """Lowest and highest x and y of a window ``((x0, x1), (y0, y1))``, each (2,); raises TypeError and ValueError."""
    low, high = vectors(window, 2, "window").T
    if low.shape != (2,) or not ((low > -LARGEST) & (low < high) & (high < LARGEST)).all():
        raise ValueError(f"window = {window!r}; ((x0, x1), (y0, y1)) with x0 < x1 and y0 < y1 is needed")
    return low, high
