"""Calls from one module into another: functions that a rule's module imports.

``sum_batch(s, first, last, block)`` is one of a surface's batches, ``noise`` and ``clip`` (s, width, options, normal)
are what is done to a gradient before the rule sees it.
"""

# mypy: ignore-errors

from functools import partial

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

IMPORTS = ("sum_batch", "noise", "clip")
WORD = ir.IntType(32)


def _call(name, context, builder, signature, arguments):
    """Call an imported function with 32-bit numbers: addresses of arrays, and numbers as they are."""
    words = []
    for kind, value in zip(signature.args, arguments, strict=True):
        if isinstance(kind, types.Array):
            words.append(builder.ptrtoint(context.make_array(kind)(context, builder, value).data, WORD))
        else:
            words.append(builder.trunc(value, WORD))
    kind = ir.FunctionType(WORD, [WORD] * len(words))
    function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
    builder.call(function, words)
    return context.get_dummy_value()


@intrinsic
def sum_batch(_typing_context, s, _first, _last, _block):
    """Sum the gradients of a batch of all lanes of s; ``block`` is the address of the sum's other arguments."""
    return types.none(s, types.int64, types.int64, types.int64), partial(_call, "sum_batch")


@intrinsic
def noise(_typing_context, s, _width, options, normal):
    """Add noise to the mean gradient of all lanes."""
    return types.none(s, types.int64, options, normal), partial(_call, "noise")


@intrinsic
def clip(_typing_context, s, _width, options, normal):
    """Clip the mean gradient of all lanes."""
    return types.none(s, types.int64, options, normal), partial(_call, "clip")
