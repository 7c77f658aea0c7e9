"""What a worker on this machine does first: Ctrl-C in a terminal reaches it too, and only the sweep itself heeds it."""

import signal


def dask_setup(_worker: object) -> None:
    """Ignore Ctrl-C; dask.distributed calls this in the worker's process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
