"""The lane loops of all kernels are packed code: seen in LLVM's text and in the assembly, not on a clock."""

import math
import platform
import re
from typing import Any

import numba
import numpy as np
import pytest
from engine_code import ENTRIES, KERNELS, Loop, assembly_loops, code, function, kept_code, lane_loops, vectorized

pytestmark = pytest.mark.usefixtures("compiled")

X86 = platform.machine().lower() in {"x86_64", "amd64"}
# Loops over lanes that compute: gradients, weights and rule; shared batches take several examples or one at a time;
# wide ones gather or not.
LOOPS = {"own_batches": 3, "shared_batches": 4, "wide_batches": 3}


def is_sum_in_order(loop: Loop) -> bool:
    """A loop that does nothing but add up numbers one after the other, as the sum over the parts of a wide batch."""
    return all(" fadd " in line for line in loop.scalar) and not loop.packed and not loop.calls


@pytest.mark.parametrize(("kind", "rule", "precision", "entry"), KERNELS)
def test_lane_loops_are_vectorized(kind: str, rule: str, precision: str, entry: str) -> None:
    """Each loop that computes is packed throughout, or what the vectorizer keeps for lanes that fill no register."""
    ir = kept_code((kind, rule, precision), entry).ir
    loops = lane_loops(ir, entry)
    if entry == "wide_batches":
        loops = [loop for loop in loops if not is_sum_in_order(loop)]
    assert all(vectorized(loop, ir) for loop in loops), [loop.latches for loop in loops if not vectorized(loop, ir)]
    packed = [loop for loop in loops if loop.packed]
    assert not any(loop.scalar or loop.calls for loop in packed)
    main = [loop for loop in packed if not any("vec.epilog" in latch for latch in loop.latches)]
    assert len(main) >= LOOPS[entry]


@pytest.mark.skipif(not X86, reason="packed instructions are recognized by their x86 names")
@pytest.mark.parametrize(("kind", "rule", "precision", "entry"), KERNELS)
def test_lane_loops_are_packed_instructions(kind: str, rule: str, precision: str, entry: str) -> None:
    code = kept_code((kind, rule, precision), entry)
    loops = [loop for loop in assembly_loops(code.assembly) if loop[0]]
    assert len(loops) >= LOOPS[entry]
    assert all(scalar == 0 and not calls for _, scalar, calls in loops)
    vector_loops = [loop for loop in lane_loops(code.ir, entry) if loop.packed]
    assert len(loops) >= len(vector_loops)


@pytest.mark.parametrize(("kind", "rule", "precision", "entry"), [k for k in KERNELS if k[2] == "float32"])
def test_float32_kernels_hold_no_float64(kind: str, rule: str, precision: str, entry: str) -> None:
    code = kept_code((kind, rule, precision), entry)
    assert not [line for line in function(code.ir, entry) if re.search(r"\bdouble\b", line)]
    assert not any(re.search(r"\bdouble\b", line) for loop in lane_loops(code.ir, entry) for line in loop.lines)


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
    """A test that could not fail would be worth nothing: exp by libm, and a loop that cannot be packed."""
    found = {}
    for kernel in (packed, with_a_call, with_a_chain):
        x = np.linspace(0, 1, 100)
        kernel(x, np.zeros(100))
        text = code(kernel)
        loops = lane_loops(text.ir, kernel.py_func.__name__)
        assert loops
        found[kernel] = all(vectorized(loop, text.ir) for loop in loops)
        if X86:
            assert found[kernel] == any(loop[0] and not loop[1] for loop in assembly_loops(text.assembly))
    assert list(found.values()) == [True, False, False]


def test_all_kernels_are_read() -> None:
    assert {kernel[3] for kernel in KERNELS} == set(ENTRIES)
