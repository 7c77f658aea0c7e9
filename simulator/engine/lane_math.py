"""Elementary functions that LLVM vectorizes: no branch, no call, no table.

A kernel of precision float32 links ``exp_float32`` where a formula says ``exp``, one of float64
``exp_float64``; a name without the suffix serves both.  NaN goes in and comes out.
"""

# mypy: ignore-errors

import math

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

int32, int64, float32, float64 = np.int32, np.int64, np.float32, np.float64
SAME_WIDTH = {
    types.float32: types.int32,
    types.int32: types.float32,
    types.float64: types.int64,
    types.int64: types.float64,
}


@intrinsic
def bits(_typing_context, value):
    """The bits of a float as an integer of the same width, and back."""
    result = SAME_WIDTH[value]

    def generate(context, builder, _signature, arguments):
        return builder.bitcast(arguments[0], context.get_value_type(result))

    return result(value), generate


@intrinsic
def nearest_even(_typing_context, value):
    """The nearest whole number, as a float of the same width; one packed instruction."""

    def generate(context, builder, signature, arguments):
        kind = context.get_value_type(signature.return_type)
        function = builder.module.declare_intrinsic("llvm.nearbyint", (kind,), ir.FunctionType(kind, (kind,)))
        return builder.call(function, arguments)

    return value(value), generate


def exp_float32(x):
    """Exponential within 3e-7 relative; 0 below -87.3, infinity above 88.7."""
    n = nearest_even(x * float32(1.4426950408889634))
    r = x - n * float32(0.693359375) + n * float32(2.1219444005469057e-4)
    p = float32(0.49999231) + r * (float32(0.16667115) + r * (float32(0.04189016) + r * float32(0.00831252)))
    p = float32(1) + (r + r * r * p)
    scaled = bits(int32(bits(p) + (int32(n) << int32(23))))
    return float32(0) if x < float32(-87.3) else (float32(np.inf) if x > float32(88.7) else scaled)


def exp_float64(x):
    """Exponential within 3e-16 relative; 0 below -708.3, infinity above 709.7."""
    n = nearest_even(x * 1.4426950408889634)
    r = x - n * 0.693147180369123816490 - n * 1.90821492927058770002e-10
    p = r / 6227020800.0 + 1 / 479001600.0
    p = ((p * r + 1 / 39916800.0) * r + 1 / 3628800.0) * r + 1 / 362880.0
    p = ((p * r + 1 / 40320.0) * r + 1 / 5040.0) * r + 1 / 720.0
    p = ((p * r + 1 / 120.0) * r + 1 / 24.0) * r + 1 / 6.0
    p = ((p * r + 0.5) * r + 1.0) * r + 1.0
    scaled = bits(int64(bits(p) + (int64(n) << int64(52))))
    return 0.0 if x < -708.3 else (np.inf if x > 709.7 else scaled)


def sqrt(x):
    """Square root, rounded exactly."""
    return math.sqrt(x)
