"""The cache of CUDA kernels' machine code."""

# mypy: ignore-errors

from typing import Any

import numba_cuda
from numba.cuda import serialize, utils
from numba.cuda.dispatcher import _Kernel

from errsurf.engine.kernel_cache import KernelCache


class CudaCache(KernelCache):
    """Where a dispatcher of numba-cuda looks for the machine code of a kernel, and leaves it."""

    package, dumps = numba_cuda, staticmethod(serialize.dumps)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The kernel of a signature; None if it is not saved."""
        with utils.numba_target_override():
            return super().load_overload(sig, target_context)

    def prepare(self, target_context: Any) -> None:
        """Load all implementations: what of them a kernel needs was never seen on a device."""
        target_context.refresh()

    def can_save(self, compiled: Any) -> bool:
        """Whether the code is the same for all grids: keys hold none."""
        return not compiled.launch_config_sensitive

    def reduce(self, compiled: Any) -> Any:
        """What is pickled of a kernel."""
        return compiled._reduce_states()

    def rebuild(self, _target_context: Any, reduced: Any) -> Any:
        """The kernel of what was pickled."""
        return _Kernel._rebuild(**reduced)
