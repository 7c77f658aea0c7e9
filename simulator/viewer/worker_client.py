"""Jobs for another process, and its answers, without waiting."""

import subprocess
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

from errsurf.records import listing
from errsurf.system.child_process import python_command
from errsurf.viewer.worker import receive, send

Callback = Callable[[Any], None]


class WorkerClient:
    """One process, started with the first job, that runs one job after the other; no method waits for it."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Any] = SimpleQueue()
        self._answers: SimpleQueue[tuple[int, str, Any]] = SimpleQueue()
        self._callbacks: dict[int, dict[str, Callback]] = {}
        self._count = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def busy(self) -> bool:
        """Whether a job is in progress."""
        return bool(self._callbacks)

    def ask(
        self, work: Callable[..., Any], *arguments: Any, done: Callback, failed: Callback, share: Callback | None = None
    ) -> None:
        """Run ``work(*arguments, report)`` in the process; ``poll`` calls one of the functions with its answer."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        self._count += 1
        self._callbacks[self._count] = {"done": done, "failed": failed, "share": share or (lambda _share: None)}
        self._jobs.put((self._count, work, arguments))

    def poll(self) -> bool:
        """Call the functions for the answers that have arrived; returns whether there were any."""
        came = False
        while True:
            try:
                number, word, value = self._answers.get_nowait()
            except Empty:
                return came
            came = True
            asked = self._callbacks.get(number)
            if word != "share":
                self._callbacks.pop(number, None)
            if asked is not None:
                asked[word](value)

    def close(self) -> None:
        """Kill the process."""
        self._callbacks.clear()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _start(self) -> None:
        self._process = process = subprocess.Popen(
            python_command("errsurf.viewer.worker"),
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
                    self._answers.put(receive(stream))
            except (EOFError, OSError, ValueError):
                for number in list(self._callbacks):
                    self._answers.put((number, "failed", "the process that draws has ended"))


def _send(jobs: "SimpleQueue[Any]", stream: IO[bytes]) -> None:
    try:
        with stream:
            while True:
                send(stream, jobs.get())
    except (OSError, ValueError):
        return
