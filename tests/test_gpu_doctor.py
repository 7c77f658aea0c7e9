"""The reasons why a GPU cannot be used, and their fixes, with simulated drivers."""

import ctypes
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from typing import Any

import pytest

from errsurf import scenario_from
from errsurf.gpu import device as module
from errsurf.gpu.failures import explained
from errsurf.run.device import chosen_device, gains, run_gradients
from helpers.command_line import CommandLine

H200 = {"version": 13000, "count": 1, "name": b"NVIDIA H200", "capability": (9, 0)}
INSTALLED = {"numba-cuda": "0.30.4"} | dict.fromkeys(module.PACKAGES[1:], "13.5.37")


class Library:
    """A driver as ctypes would load it."""

    def __init__(self, version: int, count: int, name: bytes, capability: tuple[int, int], error: int = 0) -> None:
        self.version, self.count, self.name, self.capability, self.error = version, count, name, capability, error

    def cuInit(self, _flags: int) -> int:  # noqa: N802
        return self.error

    def cuDriverGetVersion(self, to: Any) -> int:  # noqa: N802
        return self._written(to, self.version)

    def cuDeviceGetCount(self, to: Any) -> int:  # noqa: N802
        return self._written(to, self.count)

    def cuDeviceGetName(self, to: Any, _size: int, _number: int) -> int:  # noqa: N802
        to.value = self.name
        return 0

    def cuDeviceGetAttribute(self, to: Any, which: int, _number: int) -> int:  # noqa: N802
        return self._written(to, self.capability[which - module.MAJOR])

    def _written(self, to: Any, value: int) -> int:
        to._obj.value = value
        return 0


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes a machine with a driver, or without, and with some packages."""

    def made(driver: dict[str, Any] | None, packages: dict[str, str]) -> None:
        def load(_name: str) -> Library:
            if driver is None:
                raise OSError("no such file")
            return Library(**driver)

        def version(package: str) -> str:
            if package not in packages:
                raise PackageNotFoundError(package)
            return packages[package]

        monkeypatch.setattr(ctypes, "CDLL", load)
        monkeypatch.setattr(module, "version", version)
        monkeypatch.setattr(sys, "platform", "linux")
        for name in module.ELSEWHERE:
            monkeypatch.delenv(name, raising=False)

    return made


def without(package: str) -> dict[str, str]:
    return {name: version for name, version in INSTALLED.items() if name != package}


@pytest.mark.parametrize(
    ("driver", "packages", "expected"),
    [
        (None, INSTALLED, ("no NVIDIA driver was found", "nvidia.com/drivers")),
        (H200 | {"error": 803}, INSTALLED, ("does not start (CUDA error 803)", "restart the machine")),
        (H200 | {"error": 100}, INSTALLED, ("sees no GPU", "nvidia-smi")),
        (H200 | {"count": 0}, INSTALLED, ("sees no GPU", "nvidia-smi")),
        (H200 | {"capability": (6, 1)}, INSTALLED, ("compute capability 6.1", "need 7.5 or more")),
        (H200, without("numba-cuda"), ("numba-cuda is not installed", 'pip install --upgrade "errsurf[gpu]"')),
        (
            H200,
            {},
            ("numba-cuda, nvidia-nvvm, ", "nvidia-cuda-runtime are not", 'pip install --upgrade "errsurf[gpu]"'),
        ),
        (H200, INSTALLED | {"numba-cuda": "0.4.0"}, ("numba-cuda 0.4 is too old, 0.30 is needed", "pip install")),
        (H200 | {"version": 12080}, INSTALLED, ("knows CUDA 12.8", "code for CUDA 13", "install a newer driver")),
    ],
)
def test_what_is_missing_and_how_to_fix_it(
    machine: Callable[..., None],
    errsurf: CommandLine,
    driver: dict[str, Any] | None,
    packages: dict[str, str],
    expected: tuple[str, ...],
) -> None:
    machine(driver, packages)
    assert errsurf("doctor") == 0
    (line,) = [line for line in errsurf.out.splitlines() if line.startswith("device")]
    assert line.split(maxsplit=1)[1].startswith("cpu; ")
    assert errsurf("run", "saddle_escape", "--device", "cuda") == 2
    for words in expected:
        assert words in line
        assert words in errsurf.err


def test_a_gpu_that_can_be_used_is_named(machine: Callable[..., None], errsurf: CommandLine) -> None:
    machine(H200 | {"count": 2}, INSTALLED)
    assert module.device() == module.Device("NVIDIA H200", "NVIDIA H200, the first of 2 GPUs, compute capability 9.0")
    assert errsurf("doctor") == 0
    assert "cuda, for large runs; NVIDIA H200" in errsurf.out


def test_a_compiler_from_elsewhere_needs_no_packages(
    machine: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(H200, {"numba-cuda": "0.30.4"})
    assert not module.device().name
    monkeypatch.setenv("CUDA_HOME", "/usr/local/cuda")
    assert module.device().name == "NVIDIA H200"


def test_no_driver_on_macos_is_no_fault(machine: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    machine(None, INSTALLED)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "macOS has no NVIDIA driver" in module.device().why


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("[2] Call to cuMemAlloc results in CUDA_ERROR_OUT_OF_MEMORY", "too little free memory"),
        ("[222] Call to cuLinkAddData results in CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "driver is too old"),
        ("[700] Call to cuStreamSynchronize results in CUDA_ERROR_ILLEGAL_ADDRESS", "a kernel launch failed"),
        ("[702] CUDA_ERROR_LAUNCH_TIMEOUT", "took too long"),
        ("libnvvm.so cannot be found", "a part of CUDA is missing"),
        ("something new", "a launch failed (RuntimeError: something new)"),
    ],
)
def test_failures_are_explained(said: str, meaning: str) -> None:
    assert meaning in explained(RuntimeError(said))


def run_of(updates: int, particles: int, batch: int | str = 1) -> Any:
    return scenario_from(
        {
            "surface": {"kind": "wells", "examples": 20},
            "swarm": {"particles": particles},
            "run": {"updates": updates},
            "optimizer": [{"kind": "sgd", "batch": batch}, {"kind": "sam", "label": "sam", "batch": batch}],
        }
    )


def test_large_runs_of_many_particles_gain() -> None:
    assert run_gradients(run_of(100, 10, 2)) == 10 * (200 + 2 * 200)
    assert run_gradients(run_of(100, 10, "full")) == 10 * (2000 + 2 * 2000)
    assert gains(run_of(10_000_000, 100_000))
    assert not gains(run_of(100, 100_000))
    assert not gains(run_of(1_000_000_000, 10))


def test_auto_stays_on_the_cpu_without_a_gpu(machine: Callable[..., None]) -> None:
    machine(None, INSTALLED)
    said: list[str] = []
    assert chosen_device("auto", run_of(10_000_000, 100_000), said.append).name == "cpu"
    assert said == []
