"""What went wrong on a GPU, in words for the person who reads them."""

from errsurf.gpu.device import DRIVERS, INSTALL

# Parts of what the driver and the compiler say, and what they mean.
MEANINGS = (
    (("OUT_OF_MEMORY", "MemoryError", "out of memory"), "the GPU has too little free memory; close what else uses it"),
    (
        ("UNSUPPORTED_PTX_VERSION", "NO_BINARY_FOR_GPU", "INVALID_PTX", "INSUFFICIENT_DRIVER", "Unsupported .version"),
        f"the driver is too old for the compiler that is installed; install a newer driver from {DRIVERS}",
    ),
    (
        ("Nvvm", "nvrtc", "nvJitLink", "cannot be found", "No module named"),
        f"a part of CUDA is missing; mend with: {INSTALL}",
    ),
    (("LAUNCH_TIMEOUT",), "the system stopped a launch that took too long; use a GPU that shows no picture"),
    (("ILLEGAL_ADDRESS", "LAUNCH_FAILED", "HARDWARE_STACK"), "a launch failed, and with it the GPU's memory was lost"),
)


def explained(error: BaseException) -> str:
    """A sentence on a failure: what it means, if that is known, and what was said."""
    said = f"{type(error).__name__}: {error}".strip().splitlines()
    text = "\n".join(said)
    meaning = next((means for marks, means in MEANINGS if any(mark in text for mark in marks)), "a launch failed")
    return f"{meaning} ({said[-1][:200] if len(said) > 1 else said[0][:200]})"
