"""Compiles CUDA kernels without a GPU: to PTX by numba-cuda, to machine code by nvJitLink, which tells registers.

Lowering a kernel takes numba-cuda 1 to 2 s and NVVM a fraction of that, so both capabilities share one lowering.
"""

import ast
import linecache
import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from errsurf.engine import group_plan
from errsurf.engine.random_lanes import Order
from errsurf.optimizers import optimizer, optimizer_names
from errsurf.sampling.batches import BatchPlan
from errsurf.settings.gradient_options import ClipNorm, ClipValue, Isotropic, Matched, Stable
from errsurf.settings.regions import Region, disc, level
from errsurf.surfaces import surface_names
from helpers.engine_cases import SEED, example_problem, optimizer_settings

Capability = tuple[int, int]
CAPABILITIES: tuple[Capability, ...] = ((9, 0), (7, 5))
H200 = 132
# What gives a number in the source of a kernel its precision.
GIVEN = ("real", "float32")
# What may stand around a rule; particles, batch, examples and order with which a run takes a loop.
OPTIONS: dict[str, dict[str, Any]] = {
    "norm": {"clip": ClipNorm("norm", 0.3)},
    "value": {"clip": ClipValue("value", 0.3)},
    "isotropic": {"noise": Isotropic("isotropic", 0.1)},
    "stable": {"noise": Stable("stable", 0.1, 1.5)},
    "matched": {"noise": Matched("matched", 2)},
    "recorded": {"watched": np.array([0, 1])},
    "regions": {"regions": (disc((0, 0), 0.5)._replace(stop="leave"), Region("", box=((0, 1), (0, 1))), level(0.1))},
}
LOOPS: dict[str, tuple[int, int, int, str]] = {
    "in turn": (65536, 20, 20, "reshuffle"),
    "shuffled": (65536, 3, 20, "reshuffle"),
    "networked": (65536, 32, 1024, "reshuffle"),
    "replaced": (65536, 32, 1024, "replacement"),
    "in turn, wide": (1, 1024, 1024, "reshuffle"),
    "shuffled, wide": (1, 100, 128, "once"),
    "networked, wide": (1, 1024, 5000, "reshuffle"),
    "replaced, wide": (1, 1024, 5000, "replacement"),
    "in turn, far": (65536, 5000, 5000, "reshuffle"),
}


class Kernel(NamedTuple):
    """A surface, an optimizer, a loop, a precision, and names of options."""

    surface: str
    optimizer: str
    loop: str = "in turn"
    precision: str = "float32"
    options: tuple[str, ...] = ()
    settings: int = 0


class Report(NamedTuple):
    """What nvJitLink says of a kernel: registers a thread, bytes of its stack, bytes spilled."""

    registers: int
    stack: int
    spilled: int


def ptx(kernel: Kernel) -> dict[Capability, str]:
    """The text of a kernel as a run on an H200 would have it, for each of CAPABILITIES.

    What numba makes of it is the same for both, and takes longest.
    """
    import numba
    from numba.cuda import compiler, dispatcher

    from errsurf.gpu.buffers import Buffer
    from errsurf.gpu.driver import arguments, uploaded
    from errsurf.gpu.kernel_sources import state_rows
    from errsurf.gpu.layout import Launch, Machine

    job = _work(kernel)
    group = uploaded(job, Machine("H200", H200, 1e11), lambda array: array)
    numbers, none = np.zeros((state_rows(job.rule), 1), kernel.precision), np.empty(0, np.int64)
    frames = np.zeros((1, 1, 2), kernel.precision)
    room = Buffer(frames, frames, frames, frames, launched=None, copied=None)
    launch = Launch(0, 1, 0, 0, slice(0, 0), none)
    marks = np.zeros(1 + 2 * len(job.rule.regions), np.int64)
    given = arguments(group, numbers, marks, 0, launch, np.zeros(1, np.int32), room)

    class Machinery:
        compute_capability = CAPABILITIES[-1]

    options = {name: group.kernel.targetoptions[name] for name in ("fastmath", "launch_bounds")}
    types, least = tuple(map(numba.typeof, given)), CAPABILITIES[-1]
    with patch.object(dispatcher, "get_current_device", lambda: Machinery):
        library, _ = compiler._compile_pyfunc_with_fixup(
            group.kernel.py_func, types, device=False, cc=least, abi="numba", **options
        )
        return {capability: library.get_asm_str(cc=capability) for capability in CAPABILITIES}


def bare_numbers(kernel: Kernel) -> list[str]:
    """Numbers with a point in the source of a kernel that are given no precision, and would be float64."""
    from errsurf.gpu.driver import uploaded
    from errsurf.gpu.layout import Machine

    made = uploaded(_work(kernel), Machine("H200", H200, 1e11), lambda array: array).kernel.py_func
    tree = ast.parse("".join(linecache.getlines(made.__code__.co_filename, made.__globals__)))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) in GIVEN]
    typed = {id(part) for call in calls for part in (*call.args, *(getattr(each, "operand", 0) for each in call.args))}
    numbers = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    assert made.__name__ in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return [ast.unparse(node) for node in numbers if id(node) not in typed]


def report(text: str, capability: Capability) -> Report:
    """What becomes of PTX on a GPU of a compute capability."""
    from cuda.bindings import nvjitlink

    code = text.encode()
    handle = nvjitlink.create(3, [f"-arch=sm_{capability[0]}{capability[1]}", "-verbose", "-O3"])
    try:
        nvjitlink.add_data(handle, nvjitlink.InputType.PTX, code, len(code), "kernel")
        nvjitlink.complete(handle)
        log = bytearray(nvjitlink.get_info_log_size(handle))
        nvjitlink.get_info_log(handle, log)
    finally:
        nvjitlink.destroy(handle)
    said = log.decode()
    registers, stack, stores, loads = (
        int(re.findall(pattern, said)[0])
        for pattern in (r"Used (\d+) registers", r"(\d+) bytes stack", r"(\d+) bytes spill st", r"(\d+) bytes spill l")
    )
    return Report(registers, stack, stores + loads)


def each_kernel() -> list[Kernel]:
    """Every surface, every optimizer and every loop with some of the others."""
    rules = optimizer_names()
    groups = (surface_names(), rules[5:] + rules[:5], tuple(LOOPS))
    return [Kernel(*(group[k % len(group)] for group in groups)) for k in range(max(map(len, groups)))]


def traits(kernel: Kernel) -> set[str]:
    """What the loops around formulas and rules depend on, each a reason for a kernel of its own."""
    record, rule = example_problem(kernel.surface, LOOPS[kernel.loop][2]).surface, optimizer(kernel.optimizer)
    found = {"data": record.examples, "lookup": record.lookup, "terms": record.terms, "pair": rule.pair}
    found |= {"probe": rule.probe, "shown": rule.shown, "start": rule.start}
    found |= {name: rule.takes(name) for name in ("curvature", "normal")}
    return {kernel.loop, *(name for name, value in found.items() if value)}


def representatives(kernels: Iterable[Kernel]) -> list[Kernel]:
    """Some of the kernels, with all traits that any of them has: always the next with most that are new."""
    left, chosen = {kernel: traits(kernel) for kernel in kernels}, list[Kernel]()
    while any(left.values()):
        chosen.append(max(left, key=lambda kernel: len(left[kernel])))
        known = left.pop(chosen[-1])
        left = {kernel: new - known for kernel, new in left.items()}
    return chosen


def _work(kernel: Kernel) -> group_plan.GroupPlan:
    particles, size, examples, sampling = LOOPS[kernel.loop]
    settings = optimizer_settings(kernel.optimizer)[kernel.settings]
    options = {key: value for name in kernel.options for key, value in OPTIONS[name].items()}
    return group_plan.group_plan(
        example_problem(kernel.surface, examples),
        kernel.optimizer,
        settings,
        np.full(4, 0.01),
        BatchPlan(examples, size),
        Order(sampling, examples, SEED),
        particles,
        precision=kernel.precision,
        **options,
    )
