"""Compiles every CUDA kernel there is, for the newest and the oldest GPUs, and says what each needs: hours of work.

``python tests/campaigns/cuda_kernels.py [--part 1/8]`` prints a line a kernel, and ends with code 1 if one fails: does
not compile, holds float64 in float32, or spills for wells with sgd or Adam.  ``--each`` takes every surface, optimizer
and loop once, in both precisions: minutes.
"""

import argparse
import re
import sys
import warnings
from collections.abc import Iterator
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from errsurf.optimizers import optimizer_names
from errsurf.surfaces import surface_names
from helpers.cuda_machine_code import LOOPS, OPTIONS, Kernel, each_kernel, ptx, report

OPTION_SETS = ((), ("recorded",), ("norm", "isotropic"), ("value", "matched", "recorded"))


def some_kernels() -> Iterator[Kernel]:
    """Each surface, optimizer and loop with some of the others."""
    for kernel in each_kernel():
        yield from (kernel, kernel._replace(precision="float64"))


def kernels() -> Iterator[Kernel]:
    """Surfaces, optimizers, loops, precisions and options in all combinations; matched noise needs full batches."""
    assert {name for names in OPTION_SETS for name in names} == set(OPTIONS)
    every = product(surface_names(), optimizer_names(), LOOPS, ("float32", "float64"), OPTION_SETS)
    yield from (Kernel(*each) for each in every if "matched" not in each[-1] or each[2].startswith("in turn"))


def fault(kernel: Kernel) -> str:
    """What is wrong with a kernel, or nothing; what it needs is printed."""
    try:
        for capability, text in ptx(kernel).items():
            found = report(text, capability)
            sys.stdout.write(f"{'-'.join(map(str, kernel))} {capability} {found}\n")
            if kernel.precision == "float32" and re.search(r"\.f64\b", text):
                return "float64 in float32"
            lean = kernel.surface == "wells" and kernel.optimizer in ("sgd", "adam") and kernel.precision == "float32"
            if lean and not kernel.options and capability == (9, 0) and (found.spilled or found.registers > 64):
                return f"needs {found}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def main() -> int:
    """The part that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="1/1")
    parser.add_argument("--each", action="store_true")
    chosen = parser.parse_args()
    part, parts = map(int, chosen.part.split("/"))
    every = some_kernels() if chosen.each else kernels()
    warnings.simplefilter("ignore")
    faults = {kernel: why for kernel in list(every)[part - 1 :: parts] if (why := fault(kernel))}
    for kernel, why in faults.items():
        sys.stdout.write(f"FAULT {'-'.join(map(str, kernel))}: {why}\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
