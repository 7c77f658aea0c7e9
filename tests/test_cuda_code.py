"""CUDA kernels compile for the newest and the oldest GPUs that are served, without a GPU, and stay in registers.

A kernel takes seconds to compile.  Every surface and every rule is linked here, some are compiled, with every loop and
all that loops depend on; ``tests/campaigns/cuda_kernels.py --each`` compiles every one, and without the option all
combinations.
"""

import re

import pytest

from errsurf.optimizers import optimizer_names
from errsurf.surfaces import surface_names
from helpers import cuda_machine_code
from helpers.cuda_machine_code import (
    LOOPS,
    OPTIONS,
    Kernel,
    bare_numbers,
    each_kernel,
    ptx,
    report,
    representatives,
    traits,
)
from helpers.expression_cases import COLUMNS, drawn

pytest.importorskip("numba_cuda")
EACH = each_kernel()
SOME = representatives(EACH)
WITH_OPTIONS = [
    Kernel("quadratic_bowl", "sgd", "shuffled", "float32", ("norm", "isotropic", "recorded")),
    Kernel("saddle", "adam", "in turn", "float32", ("value", "matched")),
    Kernel("grid", "sgd", "in turn", "float32", ("matched",)),
    Kernel("saddle", "sgd", "in turn", "float32", ("stable",)),
    Kernel("saddle", "adam", "shuffled", "float32", ("regions",)),
    Kernel("wells", "sgd", "replaced, wide", "float32", ("regions", "recorded")),
    Kernel("grid", "sgd", "in turn, far", "float32", ("regions",)),
]
# Momentum is a number, and the kernel of sgd the same with and without it.
LEAN = [Kernel("wells", rule, loop) for rule in ("sgd", "adam") for loop in ("in turn", "shuffled", "networked")]


def named(kernel: Kernel) -> str:
    return "-".join(map(str, kernel))


def test_all_is_covered() -> None:
    assert {kernel.surface for kernel in EACH} == set(surface_names())
    assert {kernel.optimizer for kernel in EACH} == set(optimizer_names())
    assert {kernel.loop for kernel in SOME} == set(LOOPS)
    assert set().union(*map(traits, SOME)) == set().union(*map(traits, EACH))
    assert len(SOME) >= len(LOOPS)
    assert {name for kernel in WITH_OPTIONS for name in kernel.options} == set(OPTIONS)


@pytest.mark.parametrize("kernel", EACH + WITH_OPTIONS, ids=named)
def test_numbers_of_float32_kernels_have_their_precision(kernel: Kernel) -> None:
    assert bare_numbers(kernel) == []


@pytest.mark.parametrize("kernel", SOME + WITH_OPTIONS, ids=named)
def test_float32_kernels_hold_no_float64(kernel: Kernel) -> None:
    """A single bare 0.5 would make one: on most GPUs they take up to 64 times as long."""
    for (major, minor), text in ptx(kernel).items():
        assert f".target sm_{major}{minor}" in text
        assert re.search(r"\.f64\b", text) is None
        assert "fma.rn.ftz.f32" in text


def test_functions_of_formulas_hold_no_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    formula = "erf(a*x) + arctan(b*y)*sinh(x) + cosh(y)*sign(c - x) + where(x < y, x^2, b*y)"
    formula += " + 0.1*cos(3*x) + max(0, exp(-a*y)) + abs(tan(x)*tanh(y))^1.3 / sqrt(1 + x^2) + log(2 + x^2)"
    problem = drawn({"loss": formula, "columns": COLUMNS})
    monkeypatch.setattr(cuda_machine_code, "example_problem", lambda *_: problem)
    for text in ptx(Kernel("expression", "sgd", "shuffled", "float32")).values():
        assert re.search(r"\.f64\b", text) is None
        assert "fma.rn.ftz.f32" in text


@pytest.mark.parametrize("kernel", SOME[::4], ids=named)
def test_float64(kernel: Kernel) -> None:
    for capability, text in ptx(kernel._replace(precision="float64")).items():
        assert "fma.rn.f64" in text
        assert report(text, capability).registers <= 128


@pytest.mark.parametrize("kernel", LEAN, ids=named)
def test_wells_stay_in_registers(kernel: Kernel) -> None:
    """64 registers a thread let a multiprocessor hold 1,024 threads; the oldest GPUs spill a little of Adam's."""
    newest, oldest = (report(text, capability) for capability, text in ptx(kernel).items())
    assert max(newest.registers, oldest.registers) <= 64
    assert (newest.stack, newest.spilled) == (0, 0)
    assert oldest.spilled <= 32
