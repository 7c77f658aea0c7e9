"""matplotlib's own defaults while errsurf draws, whatever a matplotlibrc file or the program around it has set."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

from matplotlib import rc_context, rcParamsDefault

_lock, _blocks, _restored = Lock(), 0, ExitStack()


@contextmanager
def matplotlib_defaults() -> Iterator[None]:
    """Defaults inside the block; blocks may overlap, as threads do, and the last to end restores what was before."""
    global _blocks
    with _lock:
        if not _blocks:
            # To set a backend would close the figures of the program around.
            _restored.enter_context(
                rc_context({key: rcParamsDefault[key] for key in rcParamsDefault if key != "backend"})
            )
        _blocks += 1
    try:
        yield
    finally:
        with _lock:
            _blocks -= 1
            if not _blocks:
                _restored.close()
