"""numba's code is captured before it is optimized, and becomes a module that needs nothing but its memory."""

import re

import numba
import numpy as np
import pytest
import wasmtime
from numba.core import types
from numba.core.codegen import CPUCodeLibrary
from numba.core.cpu import CPUContext

from errsurf.engine.rule import Rule
from errsurf.errors import RecordError
from errsurf.optimizers import optimizer
from errsurf.surfaces import surface
from errsurf.web import wasm
from errsurf.web.capture import captured
from errsurf.web.retarget import assembly, module_code
from errsurf.web.rule_modules import rule_kernels, rule_make
from errsurf.web.sources import Export, Make
from errsurf.web.surface_modules import batch_kernels, batch_make

ROW = types.Array(types.float32, 1, "C")
INNER = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _doubled() -> Export:
    @numba.njit(forceinline=True, **INNER)
    def twice(x):  # type: ignore[no-untyped-def]
        return x + x

    @numba.njit(**INNER)
    def doubled(row, out):  # type: ignore[no-untyped-def]
        for k in range(row.size):
            out[k] = twice(row[k])

    return Export("doubled", doubled, (("row", ROW), ("out", ROW)))


def test_numba_has_what_is_hooked() -> None:
    where = "numba's inside has changed; errsurf.web.capture.unoptimized must follow it"
    for name in ("_optimize_functions", "_optimize_final_module", "_finalize_final_module", "_ensure_finalized"):
        assert callable(getattr(CPUCodeLibrary, name, None)), where
    assert callable(getattr(CPUContext, "get_executable", None)), where


def test_captured_code_is_complete_and_not_optimized() -> None:
    export = _doubled()
    code = captured(export.kernel, (ROW, ROW))
    assert f"@{code.name}(" in code.text or f'@"{code.name}"(' in code.text
    # A function that is called is defined in the text, and not yet inlined; nothing is packed yet.
    assert re.search(r"^define .*twice", code.text, re.M)
    assert re.search(r"call .*twice", code.text)
    assert " x float>" not in code.text


def test_numba_works_as_before_afterwards() -> None:
    captured(_doubled().kernel, (ROW, ROW))

    @numba.njit
    def tripled(x):  # type: ignore[no-untyped-def]
        return 3 * x

    assert tripled(2.0) == 6.0


def test_a_module_computes() -> None:
    store = wasmtime.Store()
    memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(2, None)))
    stack = wasmtime.Global(store, wasmtime.GlobalType(wasmtime.ValType.i32(), mutable=True), wasmtime.Val.i32(1 << 16))
    code = module_code(Make((_doubled(),)))
    module = wasmtime.Module(store.engine, code)
    known = {"__linear_memory": memory, "__stack_pointer": stack}
    exports = wasmtime.Instance(store, module, [known[each.name or ""] for each in module.imports]).exports(store)
    numbers = np.arange(7, dtype=np.float32)
    memory.write(store, numbers.tobytes(), 1 << 16)
    memory.write(store, np.array([1 << 16, 7, (1 << 16) + 64, 7], np.int64).tobytes(), 256)
    assert exports["doubled"](store, 256) == 0  # type: ignore[operator]
    assert (np.frombuffer(memory.read(store, (1 << 16) + 64, (1 << 16) + 92), np.float32) == 2 * numbers).all()


def test_a_kernel_with_data_of_its_own_is_refused() -> None:
    table = np.arange(9.0, dtype=np.float32)

    @numba.njit(**INNER)
    def looked_up(row, at):  # type: ignore[no-untyped-def]
        row[0] = table[at]

    with pytest.raises(RecordError, match=r"refers to an address|data of its own"):
        module_code(Make((Export("looked_up", looked_up, (("row", ROW), ("at", types.int64))),)))


def test_a_kernel_that_allocates_is_refused() -> None:
    @numba.njit(**INNER)
    def copied(row):  # type: ignore[no-untyped-def]
        row[:] = np.sort(row)

    with pytest.raises(RecordError, match=r"a kernel for the browser (calls|refers|holds)"):
        module_code(Make((Export("copied", copied, (("row", ROW),)),)))


def test_loops_over_lanes_are_packed() -> None:
    wells = surface("wells")
    kernels = batch_kernels("wells", wells, "float32", 2, "gradient", 48)
    text = assembly(batch_make(kernels, "float32", wells))
    # Two exponentials of five products each, and no product of single numbers but what is the same in all lanes.
    assert text.count("f32x4.mul") > 50
    assert text.count("f32.mul") < 10
    for rule in ("sgd",):
        kernels = rule_kernels("rule", Rule(optimizer(rule)), "float32", 48)
        text = assembly(rule_make(kernels, "float32"))
        assert text.count("f32x4.mul") > text.count("f32.mul"), rule


def test_numbers_of_the_format() -> None:
    for value in (0, 1, 127, 128, 300, 1 << 20, (1 << 32) - 1):
        assert wasm.Reader(wasm.number(value)).number() == value
    code = module_code(Make((_doubled(),)))
    assert {each.name for each in wasm.imports(code)} <= {"__linear_memory", "__stack_pointer"}
    assert [kind for kind, _ in wasm.sections(code)] == [1, 2, 3, 7, 10]
