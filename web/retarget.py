"""numba's code for this machine as one WebAssembly module, by LLVM's own target for it.

An export takes its arguments from a block of memory, eight bytes each, or, the ``direct`` ones, as they are called
with.  Arrays are C-contiguous: the address of the first element, then the length of each axis; of a direct array the
address alone, whose lengths are never asked for.  ``width``, the lanes in use, is a multiple of VECTOR: so LLVM leaves
out what would be done for a remainder, which is half of the code.
"""

# mypy: disallow-untyped-calls=False

import re
from functools import cache
from typing import Any

import llvmlite.binding as llvm
from numba.core import types

from errsurf.engine.group_plan import VECTOR
from errsurf.errors import RecordError
from errsurf.web import wasm
from errsurf.web.capture import captured
from errsurf.web.sources import Export, Make, argument_slots

TRIPLE = "wasm32-unknown-unknown"
FEATURES = "+simd128,+bulk-memory,+nontrapping-fptoint,+sign-ext,+mutable-globals"
PROVIDED = {"__linear_memory", "__stack_pointer"}
DATA = 4  # the place of its data among numba's parts of an array
UNKNOWN_LENGTH = 1 << 30


def module_code(make: Make) -> bytes:
    """The module of these exports.

    Raises RecordError if its code needs anything but memory and the imports.
    """
    compiled = _machine().emit_object(_optimized(make))
    code = wasm.linked(compiled, [each.name for each in make.exports])
    needed = {each.name for each in wasm.imports(code) if each.kind != 1} - PROVIDED - set(make.imports)
    if needed:
        raise RecordError(f"a kernel for the browser calls {', '.join(sorted(needed))}")
    return code


def assembly(make: Make) -> str:
    """The text of a module's code, for people and tests."""
    return str(_machine().emit_assembly(_optimized(make)))


@cache
def _machine() -> Any:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    return llvm.Target.from_triple(TRIPLE).create_target_machine(cpu="generic", features=FEATURES, opt=3)


def _optimized(make: Make) -> Any:
    """One LLVM module with all exports."""
    joined = llvm.parse_assembly(_head())
    for each in make.exports:
        code = captured(each.kernel, tuple(kind for _, kind in each.arguments))
        text = _apart(each, _clean(code.text), code.name) + _entry(each, code.name)
        joined.link_in(llvm.parse_assembly(_head() + text))
    names = {each.name for each in make.exports}
    for function in (function for function in joined.functions if not function.is_declaration):
        if make.small:
            function.add_function_attribute("optsize")
        if function.name not in names:
            function.linkage = "internal"
            if any(f"{len(name)}{name}B" in function.name for name in make.outlined):
                function.add_function_attribute("noinline")
    for variable in joined.global_variables:
        if not variable.is_declaration:
            variable.linkage = "internal"
    joined.verify()
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization, tuning.slp_vectorization, tuning.loop_unrolling = True, False, False
    builder = llvm.create_pass_builder(_machine(), tuning)
    builder.getModulePassManager().run(joined, builder)
    return joined


def _head() -> str:
    return f'target datalayout = "{_machine().target_data}"\ntarget triple = "{TRIPLE}"\n'


def _clean(text: str) -> str:
    """Code without its target, and without counts of references: memory belongs to the caller."""
    text = re.sub(r"^target (triple|datalayout).*$", "", text, flags=re.M)
    return re.sub(r"^\s*(tail )?call void @NRT_(in|de)cref\(.*$", "", text, flags=re.M)


def _apart(each: Export, text: str, name: str) -> str:
    """Code in which LLVM knows that arrays do not overlap; other modules write into the rows of a block, ``s``."""
    begin = re.search(rf'^define [^\n]*@"?{re.escape(name)}"?\([^\n]*$', text, re.M)
    assert begin
    head = begin[0]
    for argument, kind in each.arguments:
        if isinstance(kind, types.Array) and argument != "s":
            head = head.replace(f"ptr %arg.{argument}.{DATA},", f"ptr noalias %arg.{argument}.{DATA},")
    return text[: begin.start()] + head + text[begin.end() :]


def _entry(each: Export, name: str) -> str:
    """The text of an export, which calls numba's function; what that returns is 0, or an error's number."""
    parameters = [f"i32 %direct.{argument}" for argument in each.direct] + ["ptr %block"] * bool(each.slots)
    lines = [f"define i32 @{each.name}({', '.join(parameters)}) {{", "%result = alloca i64", "%error = alloca ptr"]
    for slot, label in enumerate(each.slots):
        lines += [f"%at.{label} = getelementptr i8, ptr %block, i32 {8 * slot}"]
        lines += [f"%given.{label} = load i64, ptr %at.{label}, align 8"]
    lines += [f"%given.{label} = zext i32 %direct.{label} to i64" for label in each.direct]
    for label in (*each.slots, *each.direct):
        lines += [f"%of.{label} = and i64 %given.{label}, {-VECTOR if label in each.whole else -1}"]
    given = ["ptr %result", "ptr %error"]
    for argument, kind in each.arguments:
        if isinstance(kind, types.Array):
            given += _array(lines, argument, kind, argument in each.direct)
        else:
            given += [f"i64 %of.{label}" for label in argument_slots(argument, kind)]
    lines += [f'%status = call i32 @"{name}"({", ".join(given)})', "ret i32 %status", "}"]
    return "\n".join(lines) + "\n"


def _array(lines: list[str], name: str, kind: Any, direct: bool) -> list[str]:
    """numba's parts of an array: two that say who owns it, its size, its data, the lengths and strides of its axes."""
    size = kind.dtype.bitwidth // 8
    lengths = [str(UNKNOWN_LENGTH) if direct else f"%of.{name}.{axis}" for axis in range(kind.ndim)]
    strides, count = [str(size)], lengths[-1]
    for axis in range(kind.ndim - 1, 0, -1):
        lines += [f"%stride.{name}.{axis} = mul i64 {strides[0]}, {lengths[axis]}"]
        lines += [f"%count.{name}.{axis} = mul i64 {count}, {lengths[axis - 1]}"]
        strides.insert(0, f"%stride.{name}.{axis}")
        count = f"%count.{name}.{axis}"
    lines += [f"%data.{name} = inttoptr i64 %of.{name} to ptr"]
    numbers = [f"i64 {each}" for each in (count, size)]
    return ["ptr null", "ptr null", *numbers, f"ptr %data.{name}", *(f"i64 {each}" for each in (*lengths, *strides))]
