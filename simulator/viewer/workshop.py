"""Work that is done in another process while the window goes on, and its answers."""

import subprocess
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

from errsurf.records import listing
from errsurf.system.child_process import python_command
from errsurf.viewer.studio import put, taken

Heard = Callable[[Any], None]


class Workshop:
    """One process, started with its first job, that does one job after the other; nothing here waits for it."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Any] = SimpleQueue()
        self._answers: SimpleQueue[tuple[int, str, Any]] = SimpleQueue()
        self._heard: dict[int, dict[str, Heard]] = {}
        self._count = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def busy(self) -> bool:
        """Whether a job is not done yet."""
        return bool(self._heard)

    def ask(
        self, work: Callable[..., Any], *arguments: Any, done: Heard, failed: Heard, share: Heard | None = None
    ) -> None:
        """Have ``work(*arguments, report)`` done there; ``heard`` calls one of the functions with what comes back."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        self._count += 1
        self._heard[self._count] = {"done": done, "failed": failed, "share": share or (lambda _share: None)}
        self._jobs.put((self._count, work, arguments))

    def heard(self) -> bool:
        """Give what has come back to those who asked for it; whether there was anything."""
        came = False
        while True:
            try:
                number, word, value = self._answers.get_nowait()
            except Empty:
                return came
            came = True
            asked = self._heard.get(number)
            if word != "share":
                self._heard.pop(number, None)
            if asked is not None:
                asked[word](value)

    def close(self) -> None:
        """End the process, whatever it does."""
        self._heard.clear()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _start(self) -> None:
        self._process = process = subprocess.Popen(
            python_command("errsurf.viewer.studio"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        self._jobs = SimpleQueue()
        self._jobs.put(listing.added())
        Thread(target=_send, args=(self._jobs, process.stdin), daemon=True).start()
        Thread(target=self._listen, args=(process.stdout,), daemon=True).start()

    def _listen(self, stream: IO[bytes]) -> None:
        with stream:
            try:
                while True:
                    self._answers.put(taken(stream))
            except (EOFError, OSError, ValueError):
                for number in list(self._heard):
                    self._answers.put((number, "failed", "the process that draws has ended"))


def _send(jobs: "SimpleQueue[Any]", stream: IO[bytes]) -> None:
    try:
        with stream:
            while True:
                put(stream, jobs.get())
    except (OSError, ValueError):
        return
