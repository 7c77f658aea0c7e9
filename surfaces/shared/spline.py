"""Cubic splines through evenly spaced values, as sums of B-splines.

A place needs 16 of the (H + 2) x (W + 2) coefficients; a polynomial for each cell would take 16 times the memory.
Uneven axes, which measured.py refuses, need other weights in each cell.
"""

import numpy as np

from errsurf.surfaces.shared.record import Array


def spline_coefficients(values: Array) -> Array:
    """B-spline coefficients of the bicubic splines through values (examples, H, W), shape (examples, H + 2, W + 2).

    Between nodes k and k + 1 of an axis the coefficients k to k + 3 count.  The ends are "not a knot" as in
    scipy.interpolate.RectBivariateSpline: the third derivative has no jump at the second and the last but one node
    (de Boor 1978, A practical guide to splines, chapter IV).
    """
    along_y = _solved(values.transpose(1, 0, 2))
    return np.ascontiguousarray(_solved(along_y.transpose(2, 1, 0)).transpose(1, 2, 0))


def _solved(values: Array) -> Array:
    """Coefficients along the first axis, of n values n + 2."""
    from scipy.linalg import solve_banded

    n = len(values)
    bands = np.zeros((9, n + 2))
    for offset, weight in ((-1, 1 / 6), (0, 4 / 6), (1, 1 / 6)):
        bands[4 - offset, 1 + offset : n + 1 + offset] = weight
    for row, first in ((0, 0), (n + 1, n - 3)):
        for k, weight in enumerate((1, -4, 6, -4, 1)):
            bands[4 + row - first - k, first + k] = weight
    right = np.zeros((n + 2, *values.shape[1:]))
    right[1:-1] = values
    solved: Array = solve_banded((4, 4), bands, right.reshape(n + 2, -1), overwrite_b=True).reshape(right.shape)
    return solved
