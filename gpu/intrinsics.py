"""What kernels use of CUDA itself, and what stands for it when NUMBA_ENABLE_CUDASIM makes Python run them."""

# mypy: ignore-errors
# ruff: noqa: ARG001

import threading

import numpy as np
from numba import cuda
from numba.core import config

from errsurf.engine.lane_math import reinterpreted

SIMULATED = bool(config.ENABLE_CUDASIM)
WARP = 32
EVERY_LANE = 0xFFFFFFFF

if SIMULATED:
    _given = {}

    def kernel(threads, blocks):
        """Python runs a kernel thread by thread."""
        return cuda.jit

    def inlined(function):
        """Python calls a function as it is."""
        return function

    def bits(value):
        """The bits of a float as an integer of the same width, and back."""
        value = np.float64(value) if isinstance(value, float) else value
        return value.view(np.dtype(f"{'i' if value.dtype.kind == 'f' else 'f'}{value.itemsize}"))

    def fast_exp(x):
        """Exponential."""
        with np.errstate(all="ignore"):
            return np.exp(np.float32(x))

    def least(a, b):
        """The smaller of two whole numbers."""
        return min(a, b)

    def from_lane(value, distance):
        """The value that the thread has whose number differs in one bit."""
        thread = threading.current_thread()
        thread.turn = 1 - getattr(thread, "turn", 0)
        _given[thread.turn, thread.thread_id] = value
        thread.syncthreads()
        return _given[thread.turn, thread.thread_id ^ distance]

else:
    from numba.cuda import libdevice
    from numba.cuda.extending import intrinsic

    from errsurf.engine.kernel_cache import with_cache
    from errsurf.gpu.kernel_cache import CudaCache

    def kernel(threads, blocks):
        """A kernel of so many threads a block, of which so many blocks must fit a multiprocessor at once."""
        compiled = cuda.jit(fastmath=True, launch_bounds=(threads, blocks))
        return lambda function: with_cache(compiled(function), CudaCache)

    inlined = cuda.jit(device=True, forceinline=True)
    bits = intrinsic(reinterpreted)

    @inlined
    def fast_exp(x):
        """Exponential by the device's power of two."""
        return libdevice.fast_expf(x)

    @inlined
    def least(a, b):
        """The smaller of two whole numbers, by one instruction."""
        return libdevice.umin(a, b)

    @inlined
    def from_lane(value, distance):
        """The value that the thread of this warp has whose number differs in one bit."""
        return cuda.shfl_xor_sync(EVERY_LANE, value, distance)
