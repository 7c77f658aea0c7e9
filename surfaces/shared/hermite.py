"""Bicubic polynomials between evenly spaced nodes, from values and slopes at the nodes: tables (2 H, 2 W).

Rows 2 j and columns 2 k are the loss at node (j, k), rows 2 j + 1 its slope along y and columns 2 k + 1 that along x,
both in units of a cell; where both are odd it is the mixed second derivative.  So a cell is a patch of 4 x 4.
Uneven axes, which measured.py refuses, need other weights in each cell.
"""

import numpy as np

from errsurf.surfaces.shared.record import Array


def spline_tables(values: Array) -> Array:
    """Tables of the bicubic splines through values (examples, H, W), shape (examples, 2 H, 2 W).

    The ends are "not a knot" as in scipy.interpolate.RectBivariateSpline: the third derivative has no jump at the
    second and the last but one node (de Boor 1978, A practical guide to splines, chapter IV).
    """
    along_y = _with_slopes(values.transpose(1, 0, 2))
    return np.ascontiguousarray(_with_slopes(along_y.transpose(2, 1, 0)).transpose(1, 2, 0))


def _with_slopes(values: Array) -> Array:
    """Values along the first axis and, behind each, the slope of the spline through them."""
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
    splines: Array = solve_banded((4, 4), bands, right.reshape(n + 2, -1), overwrite_b=True).reshape(right.shape)
    both = np.empty((2 * n, *values.shape[1:]))
    both[::2], both[1::2] = values, (splines[2:] - splines[:-2]) / 2
    return both


def bounded_table(value: Array) -> Array:
    """The table (2 H, 2 W) of values (H, W) with slopes so small that each cell stays within the range of its nodes.

    Slopes are central differences, 0 where a value is no lower or no higher than both neighbours and at the most twice
    the smaller step (van Leer 1977, Journal of Computational Physics 23, 276-299, equation 67).  A bicubic polynomial
    lies within the range of its 16 coefficients in the basis of Bernstein (Farin 2002, Curves and Surfaces for CAGD,
    section 14.6).  With value f, slopes a and b and mixed derivative c at a node, those next to it are f, f +- a/3,
    f +- b/3 and f +- a/3 +- b/3 +- c/9: a and b are multiplied by the largest number up to 1 for which there is a c.
    """
    across, up = _limited(value.T).T / 3, _limited(value) / 3
    least, most = _ranges(value)
    share, low, high = _shares(least, most, across, up)
    table = np.empty((2 * value.shape[0], 2 * value.shape[1]))
    table[::2, ::2], table[::2, 1::2], table[1::2, ::2] = value, 3 * share * across, 3 * share * up
    table[1::2, 1::2] = 9 * np.clip(np.gradient(across, axis=0) / 3, low, high)
    return table


def _limited(values: Array) -> Array:
    """Slopes along the first axis."""
    steps = np.diff(values, axis=0)
    before, behind = np.concatenate([steps[:1], steps]), np.concatenate([steps, steps[-1:]])
    smaller = np.where(np.abs(before) < np.abs(behind), before, behind)
    most = np.where(before * behind > 0, 2 * smaller, 0.0)
    return np.clip(np.gradient(values, axis=0, edge_order=2), np.minimum(most, 0), np.maximum(most, 0))


def _ranges(value: Array) -> tuple[Array, Array]:
    """How far the cells around each node reach below and above its value, shape (2, 2, H, W).

    The cells are those of lower and of higher y, and of lower and of higher x.  Beyond the edge all is allowed.
    """
    h, w = value.shape
    corners = np.array([value[b : h - 1 + b, a : w - 1 + a] for b in (0, 1) for a in (0, 1)])
    least, most = (
        np.array([[padded[b : b + h, a : a + w] - value for a in (0, 1)] for b in (0, 1)])
        for padded in (
            np.pad(corners.min(axis=0), 1, constant_values=-np.inf),
            np.pad(corners.max(axis=0), 1, constant_values=np.inf),
        )
    )
    return least, most


def _shares(least: Array, most: Array, across: Array, up: Array) -> tuple[Array, Array, Array]:
    """The largest share of the slopes that leaves a mixed derivative in all four ranges, and its least and its most.

    In each cell ``low <= mixed + share * change <= high``; so of any two cells ``share`` times the difference of their
    changes is at the most ``high`` of one less ``low`` of the other.
    """
    sign = np.array([-1.0, 1.0])[:, None, None]
    turn = sign[:, None] * sign
    change = (turn * (sign * across + sign[:, None] * up)).reshape(4, *up.shape)
    low, high = (
        part.reshape(change.shape) for part in (np.where(turn > 0, least, -most), np.where(turn > 0, most, -least))
    )
    room, needed = high - low[:, None], change - change[:, None]
    share = np.divide(room, needed, out=np.ones_like(room), where=needed > room).min(axis=(0, 1))
    return share, (low - share * change).max(axis=0), (high - share * change).min(axis=0)
