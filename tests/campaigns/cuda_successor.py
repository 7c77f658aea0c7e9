"""What numba-cuda-mlir, the successor of numba-cuda, compiles of what CUDA kernels use: a report.

``python tests/campaigns/cuda_successor.py`` needs no errsurf and no GPU, but numba-cuda-mlir, nvidia-cuda-nvrtc,
nvidia-nvvm and nvidia-nvjitlink in an environment without numba-cuda.  It prints a line for each thing that the kernels
use; when all of them compile, errsurf can move.
"""

import math
import sys
from collections import namedtuple
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np

cuda: Any = import_module("numba_cuda_mlir.cuda")
types: Any = import_module("numba_cuda_mlir.numba_cuda.types")
CAPABILITY = (9, 0)
# It asks the driver for a device even where a capability is given.
import_module("numba_cuda_mlir.tools").get_gpu_compute_capability = lambda kind=str: (
    CAPABILITY if kind is tuple else "sm_{}{}".format(*CAPABILITY)
)

Pair = namedtuple("Pair", "u v")
ROW = types.float32[::1]


@cuda.jit(device=True, inline="always")
def as_pair(x: Any) -> Any:
    """A named tuple, as examples, settings and memories are."""
    return Pair(x, x + np.float32(1))


@cuda.jit(device=True, inline="always")
def as_tuple(x: Any) -> Any:
    """A tuple, as gradients are."""
    return x, x + np.float32(1)


def named_tuples(out: Any) -> None:
    """Built in a function, and read by names."""
    pair = as_pair(out[0])
    out[0] = pair.u * pair.v


def tuples(out: Any) -> None:
    """Built in a function, and taken apart."""
    u, v = as_tuple(out[0])
    out[0] = u * v


def tuple_arguments(out: Any, numbers: Any) -> None:
    """As the tables of terms and settings come."""
    out[0] = numbers[0] + numbers[2]


def shared_memory(out: Any) -> None:
    """As examples that all threads of a block read."""
    kept, thread = cuda.shared.array(32, types.float32), cuda.threadIdx.x
    kept[thread] = out[thread]
    cuda.syncthreads()
    out[thread] = kept[31 - thread]


def local_memory(out: Any) -> None:
    """As the rows of a particle."""
    rows = cuda.local.array((4,), types.float32)
    for k in range(4):
        rows[k] = out[k]
    for k in range(4):
        out[k] = rows[3 - k]


def shuffles(out: Any) -> None:
    """As the sums of wide batches."""
    thread = cuda.threadIdx.x
    out[thread] += cuda.shfl_sync(0xFFFFFFFF, out[thread], 0)


def random_words(out: Any) -> None:
    """The product of 32-bit words of Philox."""
    product = np.uint64(np.uint32(out[0])) * np.uint64(0xD2511F53)
    out[1] = np.float32(np.uint32(product >> np.uint64(32)))


def elementary_functions(out: Any) -> None:
    """As formulas call them."""
    for k in range(out.size):
        out[k] = math.exp(out[k]) + math.sin(out[k])


def main() -> int:
    """Print what compiles; how many things do not."""
    three = types.UniTuple(types.float32, 3)
    parts: tuple[Callable[..., None], ...] = (
        named_tuples,
        tuples,
        shared_memory,
        local_memory,
        shuffles,
        random_words,
        elementary_functions,
    )
    failed = 0
    sys.stdout.write(f"numba-cuda-mlir {version('numba-cuda-mlir')}\n")
    for part, given in [*((part, (ROW,)) for part in parts), (tuple_arguments, (ROW, three))]:
        try:
            text, _ = cuda.compile_ptx(part, given, cc=CAPABILITY)
            said = f"{len(text):,} bytes of PTX"
        except Exception as error:  # whatever its compiler raises is the report
            failed += 1
            said = f"{type(error).__name__}: {next(iter(str(error).split(chr(10))), '')}"
        sys.stdout.write(f"{part.__name__}: {said}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
