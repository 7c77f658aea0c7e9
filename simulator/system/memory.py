"""How much memory there is, and numbers of bytes in words."""

import os
from contextlib import suppress
from pathlib import Path


def available_memory() -> int | None:
    """Bytes of memory that a process may take without swapping; None where the system does not say."""
    known = [size for size in (_system_memory(), _container_memory(), _process_memory()) if size is not None]
    return min(known, default=None)


def _system_memory() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        pass
    try:
        return int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return None


def _container_memory() -> int | None:
    """The limit of the control group in which containers run, version 2 or 1; None where there is none."""
    for file in ("memory.max", "memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):
            return int(Path("/sys/fs/cgroup", file).read_text(encoding="ascii"))
    return None


def _process_memory() -> int | None:
    """What ``ulimit -v`` leaves to this process; None where there is no limit."""
    try:
        from resource import RLIM_INFINITY, RLIMIT_AS, getpagesize, getrlimit

        most = getrlimit(RLIMIT_AS)[0]
        taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * getpagesize()
    except (ImportError, OSError, ValueError):
        return None
    return None if most == RLIM_INFINITY else max(most - taken, 0)


def in_words(size: int) -> str:
    """A number of bytes as people read it."""
    value, units = float(size), ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    while value >= 1000 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{value:.3g} {units[0]}"
