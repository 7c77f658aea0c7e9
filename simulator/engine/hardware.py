"""What kernels ask of the processor: whole vector registers, small tables held in them, and no denormal numbers.

For Intel's processors LLVM takes half of a 512-bit register unless it is told otherwise.  With whole ones full batches
of ``wells`` go 1.5 times as fast on a Xeon of 2023.

A momentum that only decays ends in denormal numbers, below 1.2e-38 in float32, with which an operation takes some
hundred cycles: on ``saddle`` updates took 40 times as long from the 2,000th on.  As 0 they cost nothing.
"""

# mypy: disallow-untyped-calls=False

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from errsurf.engine.code_target import code_target
from errsurf.engine.held_tables import PERMUTATIONS, REGISTERS, Permutation


@intrinsic
def use_whole_registers(_context: Any) -> Any:
    """Have LLVM use the widest registers there are in the function that calls this first.

    What they do not hold then lies on the stack at multiples of their size.  LLVM finds out too late that it needs such
    places: at others full batches of ``wells`` take 1.2 times as long, since each access touches two cache lines.
    """

    def generate(context: Any, builder: ir.IRBuilder, _signature: Any, _arguments: Any) -> Any:
        # llvmlite's own way to add knows no attributes with values.
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        set.add(builder.function.attributes, '"stackrealign"')
        return context.get_dummy_value()

    return types.none(), generate


@intrinsic
def flush_denormals(_context: Any) -> Any:
    """Have this thread take denormal numbers for 0; returns how it computed before."""

    def generate(_context: Any, builder: ir.IRBuilder, _signature: Any, _arguments: Any) -> Any:
        machine = code_target().level
        if machine.startswith("x86"):
            before = builder.load(_stored_control(builder))
            _set_control(builder, builder.or_(before, before.type(0x8040)))
            return builder.zext(before, ir.IntType(64))
        if machine.startswith(("aarch64", "arm64")):
            kind = ir.FunctionType(ir.IntType(64), [])
            before = builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.aarch64.get.fpcr"), [])
            _set_control(builder, builder.or_(before, before.type(1 << 24)))
            return before
        return ir.IntType(64)(0)

    return types.int64(), generate


@intrinsic
def restore_denormals(_context: Any, before: Any) -> Any:
    """Have this thread compute as it did before."""

    def generate(context: Any, builder: ir.IRBuilder, _signature: Any, arguments: Any) -> Any:
        machine = code_target().level
        if machine.startswith("x86"):
            _set_control(builder, builder.trunc(arguments[0], ir.IntType(32)))
        elif machine.startswith(("aarch64", "arm64")):
            _set_control(builder, arguments[0])
        return context.get_dummy_value()

    return types.none(before), generate


def _stored_control(builder: ir.IRBuilder) -> ir.Value:
    """A place in memory that holds the control register of an x86 processor."""
    place = cgutils.alloca_once(builder, ir.IntType(32))
    kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer()])
    store = cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.sse.stmxcsr")
    builder.call(store, [builder.bitcast(place, ir.IntType(8).as_pointer())])
    return place


def _set_control(builder: ir.IRBuilder, value: ir.Value) -> None:
    """Write the control register: 64 bits on ARM, 32 on x86."""
    if value.type.width == 64:
        kind = ir.FunctionType(ir.VoidType(), [value.type])
        builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.aarch64.set.fpcr"), [value])
        return
    place = cgutils.alloca_once_value(builder, value)
    kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer()])
    load = cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.sse.ldmxcsr")
    builder.call(load, [builder.bitcast(place, ir.IntType(8).as_pointer())])


def picked_columns(precision: str, rows: int, held: Sequence[int], to: Sequence[int]) -> Callable[..., Any]:
    """The function ``(s, width, index, slot)`` by which ``width`` lanes read the examples of a slot.

    Columns of ``rows`` numbers stand in s at ``held``, and are read into s at ``to``; ``index`` (slots, lanes) says
    which row each lane reads.  The width is a multiple of a register's lanes.
    """
    how = PERMUTATIONS[code_target().level, precision]
    together = max(1, REGISTERS // (rows // how.lanes))
    columns = list(zip(held, to, strict=True))

    def typed(_context: Any, s: Any, width: Any, index: Any, slot: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
            table = context.make_array(signature.args[2])(context, builder, arguments[2])
            index = cgutils.get_item_pointer(
                context, builder, signature.args[2], table, [arguments[3], ir.Constant(arguments[3].type, 0)]
            )
            for first in range(0, len(columns), together):
                _pick(builder, how, rows, columns[first : first + together], data, arguments[1], index)
            return context.get_dummy_value()

        return types.none(s, width, index, slot), generate

    return intrinsic(typed)


def _pick(
    builder: ir.IRBuilder,
    how: Permutation,
    rows: int,
    columns: Sequence[tuple[int, int]],
    data: ir.Value,
    width: ir.Value,
    index: ir.Value,
) -> None:
    """A loop over the lanes, a register at a time, which picks from some columns."""
    intp = width.type
    number = ir.VectorType(data.type.pointee, how.lanes)
    whole = ir.VectorType(ir.IntType(32 if data.type.pointee == ir.FloatType() else 64), how.lanes)

    def place(pointer: ir.Value, at: ir.Value, vector: ir.VectorType) -> ir.Value:
        return builder.bitcast(builder.gep(pointer, [at]), vector.as_pointer())

    def load(pointer: ir.Value, at: ir.Value, vector: ir.VectorType) -> ir.Value:
        size = {ir.FloatType(): 4, ir.DoubleType(): 8}.get(vector.element) or vector.element.width // 8
        return builder.load(place(pointer, at, vector), align=size)

    tables = [[load(data, intp(held + k), number) for k in range(0, rows, how.lanes)] for held, _ in columns]
    with cgutils.for_range_slice(builder, intp(0), width, intp(how.lanes)) as (lane, _):
        chosen = builder.zext(load(index, lane, ir.VectorType(index.type.pointee, how.lanes)), whole)
        for registers, (_, to) in zip(tables, columns, strict=True):
            where = place(data, builder.add(lane, intp(to)), number)
            builder.store(_picked(builder, how, registers, chosen), where, align=4)


def _picked(builder: ir.IRBuilder, how: Permutation, registers: Sequence[ir.Value], chosen: ir.Value) -> ir.Value:
    """The chosen numbers of a table: of each few registers by the instruction, of these by the index's higher bits."""
    whole = chosen.type
    found = [
        _permuted(builder, how, registers[k : k + how.inputs], chosen) for k in range(0, len(registers), how.inputs)
    ]
    bit = (how.lanes * how.inputs).bit_length() - 1
    while len(found) > 1:
        # The sign says which: a blend of AVX2 looks at nothing else.
        shift = ir.Constant(whole, [whole.element.width - 1 - bit] * how.lanes)
        upper = builder.icmp_signed("<", builder.shl(chosen, shift), ir.Constant(whole, None))
        found = [builder.select(upper, high, low) for low, high in zip(found[::2], found[1::2], strict=True)]
        bit += 1
    return found[0]


def _permuted(builder: ir.IRBuilder, how: Permutation, registers: Sequence[ir.Value], chosen: ir.Value) -> ir.Value:
    """One instruction; its inputs stand around the index if there are two."""
    arguments = [registers[0], chosen, *registers[1:]]
    types_of = [argument.type for argument in arguments]
    function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(registers[0].type, types_of), how.name)
    return builder.call(function, arguments)
