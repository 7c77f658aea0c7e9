"""Whether this machine can run errsurf on a GPU, and if not, why and how to fix it."""

import ctypes
import os
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

DRIVERS = "https://www.nvidia.com/drivers (Ubuntu: sudo ubuntu-drivers install)"
INSTALL = 'pip install --upgrade "errsurf[gpu]"'
PACKAGES = ("numba-cuda", "nvidia-nvvm", "nvidia-nvjitlink", "nvidia-cuda-nvrtc", "nvidia-cuda-runtime")
# Whoever has CUDA from elsewhere needs but the first of them.
ELSEWHERE = {"CUDA_HOME", "CUDA_PATH", "CONDA_PREFIX"}
# Tested with; older ones have neither launch bounds nor compile without a device.
NUMBA_CUDA = (0, 30)
CAPABILITY = (7, 5)
NO_DEVICE = 100
MAJOR, MINOR = 75, 76


class Device(NamedTuple):
    """``name`` of the usable GPU, empty if none; ``why`` explains why there is none, and how to fix it."""

    name: str
    why: str


class Driver(NamedTuple):
    """What the driver says: its error on starting, the newest CUDA it knows, and the first of its ``gpus``."""

    error: int
    cuda: tuple[int, int] = (0, 0)
    gpus: int = 0
    name: str = ""
    capability: tuple[int, int] = (0, 0)


def device() -> Device:
    """Ask the driver itself, and which packages there are, so that nothing heavy is imported."""
    said = driver_says()
    fault = _driver_fault(said) or _package_fault() or _version_fault(said)
    if fault or said is None:
        return Device("", fault)
    more = f", the first of {said.gpus} GPUs" if said.gpus > 1 else ""
    return Device(said.name, f"{said.name}{more}, compute capability {_dotted(said.capability)}")


def driver_says() -> Driver | None:
    """What the NVIDIA driver answers; None if there is none."""
    try:
        library = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None
    if error := library.cuInit(0):
        return Driver(error)
    cuda, count = _number(library.cuDriverGetVersion), _number(library.cuDeviceGetCount)
    found = Driver(0, (cuda // 1000, cuda % 1000 // 10), count)
    if count == 0:
        return found
    name = ctypes.create_string_buffer(256)
    library.cuDeviceGetName(name, len(name), 0)
    major, minor = (_number(library.cuDeviceGetAttribute, which, 0) for which in (MAJOR, MINOR))
    return found._replace(name=name.value.decode(errors="replace"), capability=(major, minor))


def installed(package: str) -> tuple[int, ...] | None:
    """First numbers of a package's version; None if it is not installed."""
    try:
        found = version(package)
    except PackageNotFoundError:
        return None
    return tuple(int(part) for part in found.split(".")[:2] if part.isdigit())


def _driver_fault(said: Driver | None) -> str:
    if said is None and sys.platform == "darwin":
        return "macOS has no NVIDIA driver, so there is no GPU that errsurf can use"
    if said is None:
        return f"no NVIDIA driver was found; to use a GPU, install one from {DRIVERS}"
    if said.error not in (0, NO_DEVICE):
        return f"the NVIDIA driver does not start (CUDA error {said.error}); if it was updated, restart the machine"
    if said.gpus == 0:
        return "an NVIDIA driver is installed but sees no GPU; nvidia-smi lists the GPUs it sees"
    if said.capability < CAPABILITY:
        least = _dotted(CAPABILITY)
        return f"{said.name} has compute capability {_dotted(said.capability)}, and CUDA kernels need {least} or more"
    return ""


def _package_fault() -> str:
    needed = PACKAGES[:1] if ELSEWHERE & set(os.environ) else PACKAGES
    missing = [package for package in needed if installed(package) is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        return f"there is a GPU, but {', '.join(missing)} {verb} not installed; fix it with:  {INSTALL}"
    found = installed(PACKAGES[0])
    if found is not None and found < NUMBA_CUDA:
        return f"numba-cuda {_dotted(found)} is too old, {_dotted(NUMBA_CUDA)} is needed; fix it with:  {INSTALL}"
    return ""


def _version_fault(said: Driver | None) -> str:
    compiler = installed("nvidia-nvvm")
    if said is None or compiler is None or said.cuda[0] >= compiler[0]:
        return ""
    return (
        f"the NVIDIA driver knows CUDA {_dotted(said.cuda)}, but the installed compiler makes code for CUDA "
        f"{compiler[0]}; install a newer driver from {DRIVERS}"
    )


def _number(asked: Callable[..., int], *arguments: int) -> int:
    """The whole number that a function of the driver writes; 0 if it fails."""
    value = ctypes.c_int(0)
    return value.value if asked(ctypes.byref(value), *arguments) == 0 else 0


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))
