"""What a GPU can do at most: fused multiplications and additions, and exponentials, all threads in registers."""

from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from numba import cuda

from benchmarks.cases import REPEATS
from errsurf.gpu.driver import machine
from errsurf.gpu.intrinsics import fast_exp

CHAINS, LENGTH, BLOCK, BLOCKS_A_PROCESSOR = 8, 16, 256, 8


@cuda.jit(fastmath=True)
def _fused(out: Any, times: int) -> None:
    """Independent chains, so that none waits for itself."""
    thread = cuda.grid(1)
    factor, addend = np.float32(0.999), np.float32(0.001)
    a, b, c, d = out[thread], out[thread + 1], out[thread + 2], out[thread + 3]
    e, f, g, h = out[thread + 4], out[thread + 5], out[thread + 6], out[thread + 7]
    for _time in range(times):
        for _link in range(LENGTH):
            a, b, c, d = a * factor + addend, b * factor + addend, c * factor + addend, d * factor + addend
            e, f, g, h = e * factor + addend, f * factor + addend, g * factor + addend, h * factor + addend
    out[thread] = a + b + c + d + e + f + g + h


@cuda.jit(fastmath=True)
def _exponentials(out: Any, times: int) -> None:
    """The engine's own exponential."""
    thread = cuda.grid(1)
    a, b, c, d = out[thread], out[thread + 1], out[thread + 2], out[thread + 3]
    for _time in range(times):
        for _link in range(LENGTH):
            a, b, c, d = fast_exp(-a), fast_exp(-b), fast_exp(-c), fast_exp(-d)
    out[thread] = a + b + c + d


def measured(seconds: float) -> dict[str, float]:
    """Both a second, of all threads together."""
    threads = machine().processors * BLOCKS_A_PROCESSOR * BLOCK
    return {
        "fma": threads * CHAINS * LENGTH * _times_a_second(_fused, threads, seconds),
        "exp": threads * 4 * LENGTH * _times_a_second(_exponentials, threads, seconds),
    }


def _times_a_second(kernel: Any, threads: int, seconds: float) -> float:
    numbers = cuda.to_device(np.linspace(0.1, 0.9, threads + CHAINS, dtype=np.float32))
    _seconds(kernel, numbers, threads, 1)
    times = 64
    while (took := _seconds(kernel, numbers, threads, times)) < seconds / 4:
        times *= 2
    times = max(1, round(times * seconds / took))
    return times / median(_seconds(kernel, numbers, threads, times) for _ in range(REPEATS))


def _seconds(kernel: Any, numbers: Any, threads: int, times: int) -> float:
    cuda.synchronize()
    began = perf_counter()
    kernel[threads // BLOCK, BLOCK](numbers, times)
    cuda.synchronize()
    return perf_counter() - began
