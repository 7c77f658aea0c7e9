"""A headless Chromium, driven over its DevTools protocol through two pipes."""

import json
import os
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# The browser reads orders from file descriptor 3 and writes answers to 4.
LAUNCH = """
import fcntl, os, sys
high = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 20) for end in sys.argv[1:3]]
for number, end in zip((3, 4), high):
    os.dup2(end, number)
os.execv(sys.argv[3], sys.argv[3:])
"""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def browser() -> str | None:
    """The program, if this machine has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """One page; ``said`` are errors and the console's words since it was opened, ``asked`` what it wanted to load."""

    def __init__(self, to: int, answers: int) -> None:
        self.to, self.answers, self.rest = to, answers, b""
        self.count, self.session = 0, ""
        self.said: list[str] = []
        self.asked: list[str] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the browser answers to one command."""
        self.count += 1
        order = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            order["sessionId"] = self.session
        os.write(self.to, json.dumps(order).encode() + b"\0")
        while True:
            message = self._message()
            if message.get("id") == self.count:
                assert "error" not in message, (method, message["error"])
                return dict(message["result"])
            self._notice(message)

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression, waited for if it is a promise."""
        found = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def picture(self, path: Path) -> None:
        """A screenshot as PNG."""
        path.write_bytes(b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def press(self, key: str, **more: Any) -> None:
        """One key, pressed and released."""
        text = {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text, **more)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, **more)

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """One event of the mouse; ``kind`` as in Input.dispatchMouseEvent."""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def resize(self, width: int, height: int, *, phone: bool = False) -> None:
        """Give the page another size."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)

    def scheme(self, name: str) -> None:
        """What the user prefers, light or dark."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def drawn(self) -> None:
        """Wait until the next two pictures of the page are drawn."""
        self.ask("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self.rest:
            read = os.read(self.answers, 1 << 20)
            assert read, "the browser has gone"
            self.rest += read
        first, _, self.rest = self.rest.partition(b"\0")
        return dict(json.loads(first))

    def _notice(self, message: dict[str, Any]) -> None:
        method, parameters = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.said.append(str(parameters["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled":
            self.said.append(str(parameters["args"]))
        elif method == "Log.entryAdded":
            self.said.append(str(parameters["entry"]))
        elif method == "Network.requestWillBeSent":
            self.asked.append(str(parameters["request"]["url"])[:200])


@contextmanager
def opened(program: str, file: Path, folder: Path, size: tuple[int, int] = (1280, 720)) -> Iterator[Page]:
    """The page of a file, ready; the browser keeps its things in ``folder`` and ends with the block."""
    (read_orders, to), (answers, write_answers) = os.pipe(), os.pipe()
    command = [
        program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
        "--disable-dev-shm-usage", "--disable-background-networking", f"--user-data-dir={folder}", "about:blank",
    ]  # fmt: skip
    ends = [str(read_orders), str(write_answers)]
    process = subprocess.Popen(
        [sys.executable, "-c", LAUNCH, *ends, *command],
        pass_fds=(read_orders, write_answers),
        stderr=subprocess.DEVNULL,
    )
    os.close(read_orders)
    os.close(write_answers)
    try:
        yield _page(Page(to, answers), file, size)
    finally:
        process.terminate()
        process.wait(20)
        os.close(to)
        os.close(answers)


def _page(page: Page, file: Path, size: tuple[int, int]) -> Page:
    target = page.call("Target.createTarget", url="about:blank")["targetId"]
    page.session = page.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for part in ("Page", "Runtime", "Log", "Network"):
        page.call(f"{part}.enable")
    page.resize(*size)
    page.call("Page.navigate", url=file.as_uri())
    page.ask("new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done))")
    page.ask("window.errsurf ? errsurf.ready.then(() => 1) : 0")
    page.drawn()
    return page
