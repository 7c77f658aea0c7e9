"""Explanations of GPU errors for the user."""

from errsurf.gpu.device import DRIVERS, INSTALL

# Parts of what the driver and the compiler say, and what they mean.
MEANINGS = (
    (
        ("OUT_OF_MEMORY", "MemoryError", "out of memory"),
        "the GPU has too little free memory; close other programs that use it",
    ),
    (
        ("UNSUPPORTED_PTX_VERSION", "NO_BINARY_FOR_GPU", "INVALID_PTX", "INSUFFICIENT_DRIVER", "Unsupported .version"),
        f"the driver is too old for the installed compiler; install a newer driver from {DRIVERS}",
    ),
    (
        ("Nvvm", "nvrtc", "nvJitLink", "cannot be found", "No module named"),
        f"a part of CUDA is missing; fix it with:  {INSTALL}",
    ),
    (("LAUNCH_TIMEOUT",), "the system stopped a launch that took too long; use a GPU without a display"),
    (("ILLEGAL_ADDRESS", "LAUNCH_FAILED", "HARDWARE_STACK"), "a kernel launch failed, and the GPU's memory was lost"),
)


def explained(error: BaseException) -> str:
    """An explanation of an error, if known, and the error's message."""
    said = f"{type(error).__name__}: {error}".strip().splitlines()
    text = "\n".join(said)
    meaning = next((means for marks, means in MEANINGS if any(mark in text for mark in marks)), "a launch failed")
    return f"{meaning} ({said[-1][:200] if len(said) > 1 else said[0][:200]})"
