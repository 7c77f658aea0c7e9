"""Compiles CUDA kernels without a GPU: to PTX by numba-cuda, to machine code by nvJitLink, which tells registers.

Lowering a kernel takes numba-cuda 1 to 2 s and NVVM a fraction of that, so both capabilities share one lowering.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from errsurf.engine import group_plan
from errsurf.engine.random_lanes import Order
from errsurf.sampling.batches import BatchPlan
from errsurf.settings.gradient_options import ClipNorm, ClipValue, Isotropic, Matched, Stable
from helpers.engine_cases import SEED, example_problem, optimizer_settings

Capability = tuple[int, int]
CAPABILITIES: tuple[Capability, ...] = ((9, 0), (7, 5))
H200 = 132
# What may stand around a rule; particles, batch, examples and order with which a run takes a loop.
OPTIONS: dict[str, dict[str, Any]] = {
    "norm": {"clip": ClipNorm("norm", 0.3)},
    "value": {"clip": ClipValue("value", 0.3)},
    "isotropic": {"noise": Isotropic("isotropic", 0.1)},
    "stable": {"noise": Stable("stable", 0.1, 1.5)},
    "matched": {"noise": Matched("matched", 2)},
    "recorded": {"watched": np.array([0, 1])},
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
    from errsurf.gpu.layout import Launch, Machine

    job = _work(kernel)
    group = uploaded(job, Machine("H200", H200, 1e11), lambda array: array)
    numbers, none = np.zeros((3 + len(job.rows.memory), 1), kernel.precision), np.empty(0, np.int64)
    frames = np.zeros((1, 1, 2), kernel.precision)
    room = Buffer(frames, frames, frames, frames, launched=None, copied=None)
    launch = Launch(0, 1, 0, 0, slice(0, 0), none)
    given = arguments(group, numbers, np.zeros(1, np.int64), 0, launch, np.zeros(1, np.int32), room)

    class Machinery:
        compute_capability = CAPABILITIES[-1]

    options = {name: group.kernel.targetoptions[name] for name in ("fastmath", "launch_bounds")}
    types, least = tuple(map(numba.typeof, given)), CAPABILITIES[-1]
    with patch.object(dispatcher, "get_current_device", lambda: Machinery):
        library, _ = compiler._compile_pyfunc_with_fixup(
            group.kernel.py_func, types, device=False, cc=least, abi="numba", **options
        )
        return {capability: library.get_asm_str(cc=capability) for capability in CAPABILITIES}


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


def cover(*groups: Sequence[str]) -> list[tuple[str, ...]]:
    """Each of several names with some of the others, each at least once."""
    return [tuple(group[k % len(group)] for group in groups) for k in range(max(map(len, groups)))]


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
