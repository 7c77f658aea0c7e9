"""On which device a run is made."""

from simulator.errors import Mistake

NAMES = ("auto", "cpu", "cuda")


class DeviceError(Mistake):
    """The device that was asked for cannot be used; the message says why."""


def chosen_device(name: str) -> str:
    """The device to run on: "cpu", or "cuda" where it was asked for and can be used."""
    if name == "cuda":
        from gpu.device import device

        raise DeviceError(f"--device cuda cannot be used: {device().why}; run with --device cpu")
    return "cpu"
