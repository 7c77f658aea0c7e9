"""Elementary functions that LLVM vectorizes: no branch, no call, no table.

A kernel of precision float32 links ``exp_float32`` where a formula says ``exp``, one of float64
``exp_float64``; a name without the suffix serves both.  NaN goes in and comes out.
"""

# mypy: ignore-errors

import math

import numpy as np
from numba.core import types
from numba.extending import intrinsic

int32, int64, float32, float64 = np.int32, np.int64, np.float32, np.float64
# Adding 1.5 times 2^23 or 2^52 rounds to a whole number, which then stands in the sum's last bits.
ROUND_32, ROUND_64 = np.float32(12582912.0), np.float64(6755399441055744.0)
SAME_WIDTH = {
    types.float32: types.int32,
    types.int32: types.float32,
    types.float64: types.int64,
    types.int64: types.float64,
}


def reinterpreted(_typing_context, value):
    """The bits of a float as an integer of the same width, and back."""
    result = SAME_WIDTH[value]

    def generate(context, builder, _signature, arguments):
        return builder.bitcast(arguments[0], context.get_value_type(result))

    return result(value), generate


bits = intrinsic(reinterpreted)


def scaled_float32(p, t):
    """``p 2^n`` where n is the nearest whole number in ``t - ROUND_32``: it stands in t's last bits."""
    return bits(int32(bits(p) + (bits(t) << int32(23))))


def scaled_float64(p, t):
    """``p 2^n`` where n is the nearest whole number in ``t - ROUND_64``."""
    return bits(int64(bits(p) + (bits(t) << int64(52))))


def inside_float32(condition, x):
    """A number where a condition is at least 0, NaN elsewhere.

    Its bits are set: where arithmetic is told that nothing is NaN, as for CUDA, a NaN that is written may be left out.
    """
    return bits(int32(bits(x) | (int32(0) if condition >= float32(0) else int32(0x7FC00000))))


def inside_float64(condition, x):
    """A number where a condition is at least 0, NaN elsewhere."""
    return bits(int64(bits(x) | (int64(0) if condition >= 0.0 else int64(0x7FF8000000000000))))


def growth_float32(x):
    """``exp(r) - 1`` for the r that ``n ln 2`` leaves of x, and t, which says n as ``scaled_float32`` reads it."""
    t = x * float32(1.4426950408889634) + ROUND_32
    n = t - ROUND_32
    r = x - n * float32(0.693359375) + n * float32(2.1219444005469057e-4)
    p = float32(0.49999231) + r * (float32(0.16667115) + r * (float32(0.04189016) + r * float32(0.00831252)))
    return r + r * r * p, t


def growth_float64(x):
    """``exp(r) - 1`` for the r that ``n ln 2`` leaves of x, and t, which says n as ``scaled_float64`` reads it."""
    t = x * 1.4426950408889634 + ROUND_64
    n = t - ROUND_64
    r = x - n * 0.693147180369123816490 - n * 1.90821492927058770002e-10
    p = r / 6227020800.0 + 1 / 479001600.0
    p = ((p * r + 1 / 39916800.0) * r + 1 / 3628800.0) * r + 1 / 362880.0
    p = ((p * r + 1 / 40320.0) * r + 1 / 5040.0) * r + 1 / 720.0
    p = ((p * r + 1 / 120.0) * r + 1 / 24.0) * r + 1 / 6.0
    return ((p * r + 0.5) * r + 1.0) * r, t


def exp_float32(x):
    """Exponential within 3e-7 relative; 0 below -87.3, infinity above 88.7."""
    q, t = growth_float32(x)
    y = scaled_float32(float32(1) + q, t)
    return float32(0) if x < float32(-87.3) else (float32(np.inf) if x > float32(88.7) else y)


def exp_float64(x):
    """Exponential within 3e-16 relative; 0 below -708.3, infinity above 709.7."""
    q, t = growth_float64(x)
    y = scaled_float64(q + 1.0, t)
    return 0.0 if x < -708.3 else (np.inf if x > 709.7 else y)


def tanh_float32(x):
    """Hyperbolic tangent within 7e-7 relative."""
    size = float32(10) if abs(x) > float32(10) else abs(x)
    q, t = growth_float32(size + size)
    e = scaled_float32(q, t) + (scaled_float32(float32(1), t) - float32(1))
    y = e / (e + float32(2))
    return -y if x < float32(0) else y


def tanh_float64(x):
    """Hyperbolic tangent within 5e-16 relative."""
    size = 20.0 if abs(x) > 20.0 else abs(x)
    q, t = growth_float64(size + size)
    e = scaled_float64(q, t) + (scaled_float64(1.0, t) - 1.0)
    y = e / (e + 2.0)
    return -y if x < 0.0 else y


def log_float32(x):
    """Natural logarithm of a normal positive number within 3e-7, relative or absolute, whichever is larger."""
    i = int32(bits(x) - int32(0x3F3504F3))
    e = float32(i >> int32(23))
    f = bits(int32((i & int32(0x7FFFFF)) + int32(0x3F3504F3))) - float32(1)
    s = f / (float32(2) + f)
    z = s * s
    p = s * (float32(2) + z * (float32(0.666667768) + z * (float32(0.399774809) + z * float32(0.298735013))))
    y = e * float32(0.6931471805599453) + p
    y = y if x < float32(np.inf) else x
    return inside_float32(x, y if x > float32(0) else float32(-np.inf))


def log_float64(x):
    """Natural logarithm of a normal positive number within 5e-16, relative or absolute, whichever is larger."""
    i = int64(bits(x) - int64(0x3FE6A09E667F3BCD))
    e = bits(int64((i >> int64(52)) + int64(0x4338000000000000))) - ROUND_64
    f = bits(int64((i & int64(0xFFFFFFFFFFFFF)) + int64(0x3FE6A09E667F3BCD))) - 1.0
    s = f / (2.0 + f)
    z = s * s
    p = (z * 2 / 23.0 + 2 / 21.0) * z + 2 / 19.0
    p = ((p * z + 2 / 17.0) * z + 2 / 15.0) * z + 2 / 13.0
    p = ((p * z + 2 / 11.0) * z + 2 / 9.0) * z + 2 / 7.0
    p = ((p * z + 2 / 5.0) * z + 2 / 3.0) * z
    y = e * 0.6931471805599453 + (2.0 * s + s * p)
    y = y if x < np.inf else x
    return inside_float64(x, y if x > 0.0 else -np.inf)


def log1p_float32(x):
    """Logarithm of 1 + x within 3e-7 relative: that of the rounded sum, and a correction for what rounding took."""
    u = float32(1) + x
    y = log_float32(u)
    lost = (x - (u - float32(1))) / u
    lost = lost if u < float32(np.inf) else float32(0)
    return y + (lost if u > float32(0) else float32(0))


def log1p_float64(x):
    """Logarithm of 1 + x within 6e-16 relative: that of the rounded sum, and a correction for what rounding took."""
    u = 1.0 + x
    y = log_float64(u)
    lost = (x - (u - 1.0)) / u
    lost = lost if u < np.inf else 0.0
    return y + (lost if u > 0.0 else 0.0)


def sine_float32(x, quarter):
    """Sine of ``x + quarter pi / 2``, within 2e-7 for |x| below 10,000; NaN for |x| above 100,000.

    There the next number of float32 is 0.008 away.
    """
    t = x * float32(0.6366197723675814) + ROUND_32
    n = t - ROUND_32
    r = x - n * float32(1.5707397460937500) - n * float32(5.6579709053039550e-5) - n * float32(9.9209362947050e-10)
    q, z = int32(bits(t) + int32(quarter)), r * r
    s = r + r * z * (float32(-0.166666549) + z * (float32(0.00833217584) + z * float32(-0.000195169769)))
    c = float32(1) - float32(0.5) * z
    c = c + z * z * (float32(0.0416666468) + z * (float32(-0.00138873645) + z * float32(2.44380899e-5)))
    y = c if (q & int32(1)) != int32(0) else s
    y = inside_float32(float32(1e5) - abs(x), y)
    return bits(int32(bits(y) ^ ((q & int32(2)) << int32(30))))


def sine_float64(x, quarter):
    """Sine of ``x + quarter pi / 2``, within 3e-16 for |x| below 100,000; NaN for |x| above 1e8."""
    t = x * 0.6366197723675814 + ROUND_64
    n = t - ROUND_64
    r = x - n * 1.57079632673412561417 - n * 6.07710050630396597660e-11 - n * 2.02226624879595063154e-21
    q, z = int64(bits(t) + int64(quarter)), r * r
    p = (z / 355687428096000.0 - 1 / 1307674368000.0) * z + 1 / 6227020800.0
    p = ((p * z - 1 / 39916800.0) * z + 1 / 362880.0) * z - 1 / 5040.0
    s = r + r * z * ((p * z + 1 / 120.0) * z - 1 / 6.0)
    p = (1 / 20922789888000.0 - z / 6402373705728000.0) * z - 1 / 87178291200.0
    p = ((p * z + 1 / 479001600.0) * z - 1 / 3628800.0) * z + 1 / 40320.0
    c = 1.0 - 0.5 * z + z * z * ((p * z - 1 / 720.0) * z + 1 / 24.0)
    y = c if (q & int64(1)) != int64(0) else s
    y = inside_float64(1e8 - abs(x), y)
    return bits(int64(bits(y) ^ ((q & int64(2)) << int64(62))))


def sin_float32(x):
    """Sine."""
    return sine_float32(x, 0)


def sin_float64(x):
    """Sine."""
    return sine_float64(x, 0)


def cos_float32(x):
    """Cosine."""
    return sine_float32(x, 1)


def cos_float64(x):
    """Cosine."""
    return sine_float64(x, 1)


def sqrt(x):
    """Square root, rounded exactly."""
    return math.sqrt(x)


def floor_float32(x):
    """The largest whole number that is not above x."""
    n = (abs(x) + float32(8388608.0)) - float32(8388608.0)
    n = -n if x < float32(0) else n
    n = n - float32(1) if n > x else n
    return n if abs(x) < float32(8388608.0) else x


def floor_float64(x):
    """The largest whole number that is not above x."""
    n = (abs(x) + 4503599627370496.0) - 4503599627370496.0
    n = -n if x < 0.0 else n
    n = n - 1.0 if n > x else n
    return n if abs(x) < 4503599627370496.0 else x


def minimum(x, y):
    """The smaller of two numbers; NaN if one is."""
    m = x if x < y else y
    return m if x == x else x


def maximum(x, y):
    """The larger of two numbers; NaN if one is."""
    m = x if x > y else y
    return m if x == x else x


def where(condition, x, y):
    """One number or the other."""
    return x if condition else y


def rate_float32(x, y):
    """A quotient that is 0 where x is 0 and y is a number."""
    return x / y if x != float32(0) else float32(0) * y


def rate_float64(x, y):
    """A quotient that is 0 where x is 0 and y is a number."""
    return x / y if x != 0.0 else 0.0 * y
