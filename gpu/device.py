"""Whether this machine can run errsurf on a GPU, and if not, why and what mends it."""

import ctypes
import sys
from importlib.util import find_spec
from typing import NamedTuple


class Device(NamedTuple):
    """``gpus`` CUDA devices that the driver sees; ``why`` says in a sentence what can be used and what not."""

    gpus: int
    why: str


def device() -> Device:
    """Ask the driver itself, so that nothing heavy is imported."""
    count = _driver_count()
    if count is None:
        return Device(0, "no NVIDIA driver was found; install one from nvidia.com to use a GPU")
    if count == 0:
        return Device(0, "there is an NVIDIA driver, and it sees no GPU")
    if find_spec("numba_cuda") is None:
        return Device(count, 'numba-cuda is missing; it comes with: pip install "errsurf[gpu]"')
    return Device(count, f"{count} GPU and numba-cuda are there; this version of errsurf has no CUDA kernels yet")


def _driver_count() -> int | None:
    """Devices that the CUDA driver reports; None without a driver."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None
    count = ctypes.c_int(0)
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return 0
    return count.value
