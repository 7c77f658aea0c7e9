"""The lane loops of all kernels are packed code: seen in LLVM's text and in the assembly, not on a clock."""

import math
import platform
import re
from typing import Any

import numba
import numpy as np
import pytest

from errsurf.surfaces import surface
from helpers.machine_code import (
    ENTRIES,
    KERNELS,
    Loop,
    assembly_function,
    assembly_loops,
    code,
    function,
    kept_code,
    lane_loops,
    vectorized,
)

pytestmark = pytest.mark.usefixtures("compiled")

X86 = platform.machine().lower() in {"x86_64", "amd64"}
# Loops over lanes that compute: gradients, weights and rule; shared batches take several examples or one at a time;
# wide ones gather or not.
LOOPS = {"own_updates": 3, "shared_updates": 4, "wide_updates": 3}


def is_sum_in_order(loop: Loop) -> bool:
    """A loop that does nothing but add up numbers one after the other: the parts of a wide batch, a batch's patches."""
    return all(" fadd " in line for line in loop.scalar) and not loop.packed and not loop.calls


def faults(ir: str, loops: list[Loop]) -> list[str]:
    """Loops that compute number by number; the vectorizer keeps one such loop for lanes that fill no register."""
    found = [f"{loop.latches}: not vectorized" for loop in loops if not vectorized(loop, ir)]
    packed = [loop for loop in loops if loop.packed]
    return found + [f"{loop.latches}: {line}" for loop in packed for line in loop.scalar + loop.calls]


@pytest.mark.parametrize(("kind", "rule", "precision", "entry"), KERNELS)
def test_lane_loops_are_vectorized(kind: str, rule: str, precision: str, entry: str) -> None:
    ir = kept_code((kind, rule, precision), entry).ir
    loops = lane_loops(ir, entry)
    if entry == "wide_updates" or surface(kind).lookup:
        loops = [loop for loop in loops if not is_sum_in_order(loop)]
    assert faults(ir, loops) == []
    main = [loop for loop in loops if loop.packed and not any("vec.epilog" in latch for latch in loop.latches)]
    assert len(main) >= LOOPS[entry]


@pytest.mark.skipif(not X86, reason="packed instructions are recognized by their x86 names")
@pytest.mark.parametrize(("kind", "rule", "precision", "entry"), KERNELS)
def test_lane_loops_are_packed_instructions(kind: str, rule: str, precision: str, entry: str) -> None:
    kept = kept_code((kind, rule, precision), entry)
    loops = assembly_loops(assembly_function(kept.assembly, entry))
    packed = [loop for loop in loops if loop[0]]
    assert not any(scalar for _, scalar, _ in packed)
    assert not any(calls for _, _, calls in loops)
    assert len(packed) >= len([loop for loop in lane_loops(kept.ir, entry) if loop.packed]) >= LOOPS[entry]


@pytest.mark.skipif(not X86, reason="registers are recognized by their x86 names")
@pytest.mark.parametrize(("kind", "rule", "precision", "entry"), KERNELS)
def test_registers_on_the_stack_do_not_cross_cache_lines(kind: str, rule: str, precision: str, entry: str) -> None:
    assembly = assembly_function(kept_code((kind, rule, precision), entry).assembly, entry)
    kept = set(re.findall(r"vmov\w+\s+%([yz])mm\d+, -?\d*\(%rsp\)", assembly))
    aligned = re.findall(r"andq\s+\$-(\d+), %rsp", assembly)
    assert not kept or int(aligned[0]) >= (64 if "z" in kept else 32)


@pytest.mark.parametrize(("kind", "rule", "precision", "entry"), [k for k in KERNELS if k[2] == "float32"])
def test_float32_kernels_hold_no_float64(kind: str, rule: str, precision: str, entry: str) -> None:
    ir = kept_code((kind, rule, precision), entry).ir
    assert [line for line in function(ir, entry) if re.search(r"\bdouble\b", line)] == []


@numba.njit(fastmath={"contract", "nsz"}, error_model="numpy")
def packed(x: Any, out: Any) -> None:
    for k in range(x.size):
        out[k] = math.sqrt(x[k]) * 0.5 + x[k] * x[k]


@numba.njit(fastmath={"contract", "nsz"}, error_model="numpy")
def with_a_call(x: Any, out: Any) -> None:
    for k in range(x.size):
        out[k] = math.exp(x[k]) * 0.5 + x[k] * x[k]


@numba.njit(fastmath={"contract", "nsz"}, error_model="numpy")
def with_a_chain(x: Any, out: Any) -> None:
    for k in range(1, x.size):
        out[k] = out[k - 1] * 0.5 + x[k]


def test_the_reading_of_code_tells_packed_loops_from_others() -> None:
    """Beside a packed loop, one that calls libm's exp and one in which each number needs the last."""
    for kernel, good in ((packed, True), (with_a_call, False), (with_a_chain, False)):
        kernel(np.linspace(0, 1, 100), np.zeros(100))
        text = code(kernel)
        loops = lane_loops(text.ir, kernel.py_func.__name__)
        assert loops
        assert (faults(text.ir, loops) == []) == good
        if X86:
            read = assembly_loops(assembly_function(text.assembly, kernel.py_func.__name__))
            assert good == (any(some for some, _, _ in read) and not any(calls for _, _, calls in read))


def test_all_kernels_are_read() -> None:
    assert {kernel[3] for kernel in KERNELS} == set(ENTRIES)
