"""What the bits of a run may depend on beside its scenario: versions, processor, device and rounding."""

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from errsurf.engine.code_target import code_target
from errsurf.scenario import Scenario
from errsurf.system.processors import processor_name

PACKAGES = ("numpy", "numba", "llvmlite")


@cache
def machine() -> Mapping[str, str]:
    """Versions, and the processor that kernels are compiled for here."""
    target = code_target()
    return {
        "errsurf": version("errsurf"),
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
        "system": f"{platform.system()} on {platform.machine()}",
        "processor": processor_name(),
        "compiled_for": target.processor,
        "level": target.level,
    }


def made_with(scenario: Scenario, device: str) -> dict[str, str]:
    """What a run's bits may depend on beside its scenario."""
    return {**machine(), "device": device, "rounding": scenario.run.rounding}
