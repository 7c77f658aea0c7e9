"""The machine: its name, the processors in use, the memory of this process, and what is packed in machine code."""

import os
import platform
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from errsurf.batch_times.devices import processor
from errsurf.system.processors import threads

STATUS, REFERENCES = Path("/proc/self/status"), Path("/proc/self/clear_refs")
REGISTER = {"x": 128, "y": 256, "z": 512}
ARITHMETIC = re.compile(r"\bv?(?:fn?m(?:add|sub)\d+|mul|add|sub|div)([ps])[sd]\s[^\n]*%([xyz])mm")


def device() -> dict[str, Any]:
    """The processor, how many there are, and the versions that make the code."""
    versions = {name: version(name) for name in ("numba", "llvmlite", "numpy")}
    python = platform.python_version()
    return {"processor": processor(), "threads": threads(), "system": platform.system(), "python": python, **versions}


def device_name() -> str:
    """The device as part of a file's name."""
    words = re.findall(r"[a-z0-9]+", processor().lower())
    return "-".join([*words[:4], f"{threads()}-threads"])


@contextmanager
def processors(count: int) -> Iterator[ThreadPoolExecutor]:
    """A pool of so many threads in a process that may use so many processors.

    Raises ValueError if there are not so many, or if the system cannot hold a process to some of them.
    """
    if count == threads():
        with ThreadPoolExecutor(count) as pool:
            yield pool
        return
    if count > threads() or not hasattr(os, "sched_setaffinity"):
        raise ValueError(f"{count} threads cannot be had here; {threads()} can")
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        with ThreadPoolExecutor(count) as pool:
            yield pool
    finally:
        os.sched_setaffinity(0, before)


def memory(key: str) -> int | None:
    """Bytes held now (``VmRSS``) or at most since the last ``forget_peak`` (``VmHWM``); None where not known."""
    if not STATUS.exists():
        return None
    found = re.search(rf"^{key}:\s+(\d+) kB", STATUS.read_text(encoding="utf-8"), re.MULTILINE)
    return int(found[1]) * 1024 if found else None


def forget_peak() -> None:
    """From now on the peak is that of what follows."""
    if REFERENCES.exists():
        REFERENCES.write_text("5", encoding="utf-8")


def packed_bits(assembly: str) -> int | None:
    """Width of the registers that hold most of the floating-point arithmetic of x86 code.

    0 if most is scalar, None if there is none or the code is not that of x86.
    """
    widths = Counter(REGISTER[register] if kind == "p" else 0 for kind, register in ARITHMETIC.findall(assembly))
    return widths.most_common(1)[0][0] if widths else None
