"""Kernels for processors that this machine is not: numba's code, optimized and compiled by LLVM for another target.

As a program, ``other_processors.py TARGET FOLDER`` writes the text and the assembly of KERNELS into a folder: a process
of its own, because numba keeps the code of what it compiled for this machine.
"""

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import llvmlite.binding as llvm
import numba

from errsurf.engine import hardware, held_tables
from errsurf.engine.blocks import compile_kernel
from errsurf.engine.code_target import CodeTarget
from errsurf.engine.group_plan import group_plan
from errsurf.engine.random_lanes import Order
from errsurf.sampling.batches import BatchPlan
from errsurf.web.capture import captured
from helpers.engine_cases import example_problem, optimizer_settings, warm_rates


class Processor(NamedTuple):
    """What LLVM compiles for, what we call its level, and packed sums of products in its assembly."""

    triple: str
    name: str
    features: str
    level: str
    product: str


V3 = "+avx2,+avx,+fma,+bmi,+bmi2,+f16c,+lzcnt,+movbe,+popcnt,+sse4.2,+ssse3,+cx16"
X86, ARM = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"
PROCESSORS = {
    "x86-64-v3": Processor(X86, "haswell", V3, "x86-64-v3", r"\bvfn?m(?:add|sub)\d+ps\b.*%ymm"),
    "aarch64": Processor(ARM, "neoverse-n1", "+neon", "aarch64", r"\bfml[as]\s+v\d+\.4s"),
}
PICK = r"\bvperm(?:d|ps)\b.*%ymm"
"""An instruction of AVX2 that picks numbers from a register."""
KERNELS = (
    ("wells", "sgd", "own_updates"),
    ("wells", "adam", "shared_updates"),
    ("linear_regression", "sgd", "own_updates"),
    ("linear_regression", "sgd", "shared_updates"),
)


class Heard:
    """Stands for a module of kernels, and keeps the arguments that its loop is called with."""

    def __init__(self) -> None:
        self.given: tuple[Any, ...] = ()

    def __getattr__(self, _loop: str) -> Any:
        return lambda *given: setattr(self, "given", given)


def optimized(kind: str, rule: str, entry: str, machine: Any, triple: str) -> Any:
    """LLVM's module of a kernel of float32, for a machine of that triple."""
    problem, settings = example_problem(kind, 20), optimizer_settings(rule)[0]
    size = 3 if entry == "own_updates" else 20
    order = Order("reshuffle", 20, 1, 20)
    rates, batches = warm_rates(settings.lr, 10), BatchPlan(20, size)
    plan = group_plan(problem, rule, settings, rates, batches, order, 32, precision="float32")
    heard = Heard()
    compile_kernel(replace(plan, kernels=heard))
    kernel = getattr(plan.kernels, entry)
    given, named = tuple(map(numba.typeof, heard.given)), kernel.py_func.__code__.co_argcount
    signature = (*given[:named], numba.types.StarArgTuple(given[named:]))
    options = {name: value for name, value in kernel.targetoptions.items() if name != "nopython"}
    code = captured(numba.njit(**options)(kernel.py_func), signature)
    counted = re.compile(r"\s*(tail )?call void @NRT_(in|de)cref\(")
    lines = [line for line in code.text.splitlines() if not line.startswith("target ") and not counted.match(line)]
    head = f'target datalayout = "{machine.target_data}"\ntarget triple = "{triple}"\n'
    module = llvm.parse_assembly(head + "\n".join(lines))
    for function in (function for function in module.functions if not function.is_declaration):
        if function.name != code.name:
            function.linkage = "internal"
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization, tuning.slp_vectorization = True, False
    builder = llvm.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(module, builder)
    return module


def main(target: str, folder: Path) -> None:
    """Write KERNELS for a target."""
    chosen = PROCESSORS[target]
    for place in (hardware, held_tables):
        place.code_target = lambda: CodeTarget(chosen.name, chosen.level)
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    found = llvm.Target.from_triple(chosen.triple)
    machine = found.create_target_machine(cpu=chosen.name, features=chosen.features, opt=3)
    for kind, rule, entry in KERNELS:
        module = optimized(kind, rule, entry, machine, chosen.triple)
        name = f"{kind}-{rule}-{entry}"
        (folder / f"{name}.ll").write_text(str(module))
        (folder / f"{name}.s").write_text(machine.emit_assembly(module))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
