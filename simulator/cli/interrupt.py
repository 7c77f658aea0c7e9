"""Ctrl-C while runs go on: the first one stops cleanly, the second one leaves at once."""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

STOPPED = 130
STOPPING = "stopping, and keeping what was recorded; Ctrl-C again leaves at once"
LEFT = "stopped; nothing of this run was kept"


class Interrupt:
    """Whether the user wants to stop, and what has to be cleared away if the process leaves at once.

    ``part`` is the folder that is being written; ``recording`` is True as soon as there is something to keep.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.part: Path | None = None
        self.recording = False
        self.before_leaving: Callable[[], None] = lambda: None

    def handle(self, _signal: int, _frame: FrameType | None) -> Any:
        """Ask the run to stop, or leave: compilers cannot be interrupted, so nothing is waited for."""
        if self.recording and not self.stop.is_set():
            self.stop.set()
            _say(STOPPING)
            return
        self.before_leaving()
        if self.part is not None:
            shutil.rmtree(self.part, ignore_errors=True)
        _say(LEFT)
        os._exit(STOPPED)


@contextmanager
def interrupt() -> Iterator[Interrupt]:
    """Handle Ctrl-C this way inside the block, and as before after it."""
    mine = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield mine
        return
    before = signal.signal(signal.SIGINT, mine.handle)
    try:
        yield mine
    finally:
        signal.signal(signal.SIGINT, before)


def _say(text: str) -> None:
    # A handler may interrupt a print, and buffered streams do not allow a second one inside it.
    with suppress(OSError):
        os.write(2, f"\nerrsurf: {text}\n".encode())
