"""Signals during runs: the first one stops the run and keeps what was recorded, the second one quits immediately."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

from errsurf.errors import RunError
from errsurf.system.text import printable

if TYPE_CHECKING:
    from errsurf.results.output_folder import OutputFolder

STOPPING = "stopping and keeping what was recorded; press Ctrl-C again to quit immediately"
LEFT = "stopped; nothing of this run was kept"


class Interrupt:
    """Whether the user wants to stop, and the folder to close if the process quits immediately.

    ``recording`` is True as soon as there is something to keep, ``code`` the exit code after a signal, and ``left``
    what is said where there is no folder to close.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.place: OutputFolder | None = None
        self.recording = False
        self.code = 0
        self.left = LEFT
        self._held: list[int] | None = None
        self.before_leaving: Callable[[], None] = lambda: None

    def handle(self, number: int, _frame: FrameType | None) -> Any:
        """Ask the run to stop, or quit without waiting, because compilers cannot be interrupted."""
        if self._held is not None:
            self._held.append(number)
            return
        self.code = 128 + number
        if self.recording and not self.stop.is_set():
            self.stop.set()
            _say(STOPPING)
            return
        if self.place is not None and self.place.state == "closing":
            return  # it is being renamed or removed: a moment, and then the stopped run ends
        self.before_leaving()
        _say(self._leave())
        os._exit(self.code)

    def take(self, take: "Callable[[], OutputFolder]") -> "OutputFolder":
        """Take the folder of a run; a signal meanwhile waits until it is known what to close."""
        held: list[int] = []
        self._held = held
        try:
            self.place = take()
        finally:
            self._held = None
            for number in held:
                self.handle(number, None)
        return self.place

    def _leave(self) -> str:
        """Close the folder, and print what was kept."""
        if self.place is None:
            return self.left
        try:
            self.place.close()
        except RunError as error:
            return str(error)
        return (
            f"stopped; {self.place.folder} is kept"
            if self.place.state == "kept"
            else f"stopped; {self.place.what_is_left}"
        )


@contextmanager
def interrupt() -> Iterator[Interrupt]:
    """Handle Ctrl-C, SIGTERM and SIGHUP in this way inside the block."""
    mine = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield mine
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_handled())}
    for number in before:
        signal.signal(number, mine.handle)
    try:
        yield mine
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Terminated(BaseException):
    """Raised for SIGTERM or SIGHUP, so that handlers clean up."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


@contextmanager
def termination() -> Iterator[None]:
    """Raise Terminated for SIGTERM and SIGHUP inside the block, so that temporary files are removed."""

    def terminate(number: int, _frame: FrameType | None) -> None:
        raise Terminated(number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [number for number in _handled() if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, terminate)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _handled() -> list[signal.Signals]:
    """SIGTERM and, where the system has it and nohup does not ignore it, SIGHUP."""
    known = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]


def _say(text: str) -> None:
    # A handler may interrupt a print, and buffered streams do not allow a second one inside it.
    with suppress(OSError):
        os.write(2, f"\nerrsurf: {printable(text)}\n".encode())
