"""Elementary functions of float64 arrays, made of operations that IEEE 754 rounds in one way only.

NumPy's own depend on the processor and the system.  The formulas are those of ``engine/lane_math.py``, and
``web/elementary.js`` computes the same bits.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Adding 1.5 times 2^52 rounds to a whole number, which then stands in the sum's last bits.
ROUND = 6755399441055744.0
ROOT_HALF, FRACTION, OFFSET = 0x3FE6A09E667F3BCD, 0xFFFFFFFFFFFFF, 0x4338000000000000


def _of_arrays(function: Callable[..., Array]) -> Callable[..., Any]:
    """Takes numbers and arrays as float64, without warnings; one number comes out of one number."""

    @wraps(function)
    def over(*values: Any) -> Any:
        with np.errstate(all="ignore"):
            arrays = np.broadcast_arrays(*(np.asarray(value, np.float64) for value in values))
            found = function(*(np.atleast_1d(array) for array in arrays))
        return found if arrays[0].ndim else found[0]

    return over


def _bits(values: Array) -> NDArray[np.int64]:
    return np.ascontiguousarray(values).view(np.int64)


def _scaled(p: Array, t: Array) -> Array:
    """``p 2^n`` where n is the nearest whole number in ``t - ROUND``."""
    return (_bits(p) + (_bits(t) << 52)).view(np.float64)


def _growth(x: Array) -> tuple[Array, Array]:
    """``exp(r) - 1`` for the r that ``n ln 2`` leaves of x, and t, which says n as ``_scaled`` reads it."""
    t = x * 1.4426950408889634 + ROUND
    n = t - ROUND
    r = x - n * 0.693147180369123816490 - n * 1.90821492927058770002e-10
    p = r / 6227020800.0 + 1 / 479001600.0
    p = ((p * r + 1 / 39916800.0) * r + 1 / 3628800.0) * r + 1 / 362880.0
    p = ((p * r + 1 / 40320.0) * r + 1 / 5040.0) * r + 1 / 720.0
    p = ((p * r + 1 / 120.0) * r + 1 / 24.0) * r + 1 / 6.0
    return ((p * r + 0.5) * r + 1.0) * r, t


@_of_arrays
def exp(x: Array) -> Array:
    """Exponential within 3e-16 relative; 0 below -708.3, infinity above 709.7."""
    q, t = _growth(x)
    y = _scaled(q + 1.0, t)
    return np.where(x < -708.3, 0.0, np.where(x > 709.7, np.inf, y))


@_of_arrays
def tanh(x: Array) -> Array:
    """Hyperbolic tangent within 5e-16 relative."""
    size = np.where(np.abs(x) > 20.0, 20.0, np.abs(x))
    q, t = _growth(size + size)
    e = _scaled(q, t) + (_scaled(np.ones_like(x), t) - 1.0)
    y = e / (e + 2.0)
    return np.where(x < 0.0, -y, y)


@_of_arrays
def hypot(x: Array, y: Array) -> Array:
    """``sqrt(x^2 + y^2)`` within 4e-16 relative."""
    x, y = np.abs(x), np.abs(y)
    size = np.maximum(x, y)
    unit = np.where((size > 0.0) & (size < np.inf), size, 1.0)
    x, y = x / unit, y / unit
    return np.asarray(np.sqrt(x * x + y * y) * unit)


@_of_arrays
def log(x: Array) -> Array:
    """Natural logarithm of normal positive numbers within 5e-16, relative or absolute, whichever is larger."""
    i = _bits(x) - ROOT_HALF
    e = ((i >> 52) + OFFSET).view(np.float64) - ROUND
    f = ((i & FRACTION) + ROOT_HALF).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    p = (z * 2 / 23.0 + 2 / 21.0) * z + 2 / 19.0
    p = ((p * z + 2 / 17.0) * z + 2 / 15.0) * z + 2 / 13.0
    p = ((p * z + 2 / 11.0) * z + 2 / 9.0) * z + 2 / 7.0
    p = ((p * z + 2 / 5.0) * z + 2 / 3.0) * z
    y = e * 0.6931471805599453 + (2.0 * s + s * p)
    y = np.where(x < np.inf, y, x)
    return np.where(x > 0.0, y, np.where(x == 0.0, -np.inf, np.nan))


@_of_arrays
def log1p(x: Array) -> Array:
    """Logarithm of 1 + x within 6e-16 relative."""
    u = 1.0 + x
    lost = np.where(u < np.inf, (x - (u - 1.0)) / u, 0.0)
    return np.asarray(log(u) + np.where(u > 0.0, lost, 0.0))


def _sine(x: Array, quarter: int) -> Array:
    """Sine of ``x + quarter pi / 2``, within 3e-16 for |x| below 100,000; NaN for |x| above 1e8."""
    t = x * 0.6366197723675814 + ROUND
    n = t - ROUND
    r = x - n * 1.57079632673412561417 - n * 6.07710050630396597660e-11 - n * 2.02226624879595063154e-21
    q, z = _bits(t) + quarter, r * r
    p = (z / 355687428096000.0 - 1 / 1307674368000.0) * z + 1 / 6227020800.0
    p = ((p * z - 1 / 39916800.0) * z + 1 / 362880.0) * z - 1 / 5040.0
    s = r + r * z * ((p * z + 1 / 120.0) * z - 1 / 6.0)
    p = (1 / 20922789888000.0 - z / 6402373705728000.0) * z - 1 / 87178291200.0
    p = ((p * z + 1 / 479001600.0) * z - 1 / 3628800.0) * z + 1 / 40320.0
    c = 1.0 - 0.5 * z + z * z * ((p * z - 1 / 720.0) * z + 1 / 24.0)
    y = np.where(np.abs(x) > 1e8, np.nan, np.where((q & 1) != 0, c, s))
    return np.where((q & 2) != 0, -y, y)


@_of_arrays
def sin(x: Array) -> Array:
    """Sine."""
    return _sine(x, 0)


@_of_arrays
def cos(x: Array) -> Array:
    """Cosine."""
    return _sine(x, 1)


def power(x: Any, y: Any) -> Any:
    """``x^y``: products for whole y, the root for y = 0.5, and ``exp(y log(x))`` otherwise; two integers give one."""
    return x**y if type(x) is int and type(y) is int and y >= 0 else _power(x, y)


@_of_arrays
def _power(x: Array, y: Array) -> Array:
    whole = (y == np.floor(y)) & (np.abs(y) < 2.0**53)
    other = np.where(y == 0.5, np.sqrt(x), exp(y * log(x)))
    return np.where(whole, _products(x, np.where(whole, y, 0.0)), other)


def _products(x: Array, y: Array) -> Array:
    """``x^y`` for whole y, squaring again and again."""
    left, found = np.abs(y).astype(np.int64), np.ones_like(x)
    while left.any():
        found = np.where(left & 1, found * x, found)
        x, left = x * x, left >> 1
    return np.where(y < 0, 1 / found, found)


def interp(x: Any, places: Any, heights: Any) -> Array:
    """``numpy.interp``: the straight line between the points around x; beyond them, the nearest one."""
    x, places, heights = (np.asarray(each, np.float64) for each in (x, places, heights))
    with np.errstate(all="ignore"):
        left = np.clip(np.searchsorted(places, x, side="right") - 1, 0, max(len(places) - 2, 0))
        right = np.minimum(left + 1, len(places) - 1)
        slope = (heights[right] - heights[left]) / (places[right] - places[left])
        found = slope * (x - places[left]) + heights[left]
        return np.asarray(np.where(x < places[0], heights[0], np.where(x >= places[-1], heights[-1], found)))
