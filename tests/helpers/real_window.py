"""``errsurf watch`` on a screen of its own, with real input: Xvfb and xdotool."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import numpy as np
from PIL import ImageGrab, features

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Pixels

MISSING = [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]
MISSING += [] if features.check("xcb") else ["Pillow with XCB"]


class RealWindow:
    """A window of the running command; places are pixels of the window."""

    def __init__(self, display: str, process: "subprocess.Popen[bytes]") -> None:
        self.display, self.process = display, process
        end = monotonic() + 60
        while self.number == "0":
            assert monotonic() < end, "no window came up"
            assert process.poll() is None, "the command has ended"
            sleep(0.2)

    @property
    def number(self) -> str:
        """The window's number, which may change while it is made."""
        found = self.do("search", "--onlyvisible", ".*").split()
        return next((each for each in found if self.do("getwindowname", each) == "errsurf"), "0")

    @property
    def box(self) -> Box:
        """The window's pixels on the screen; none while SDL makes it anew."""
        words = dict(line.split("=") for line in self.do("getwindowgeometry", "--shell", self.number).split())
        left, top, width, height = (int(words.get(name, 0)) for name in ("X", "Y", "WIDTH", "HEIGHT"))
        return Box(left, top, left + width, top + height)

    def do(self, *words: object) -> str:
        """Have xdotool do something."""
        environment = os.environ | {"DISPLAY": self.display}
        done = subprocess.run(["xdotool", *map(str, words)], env=environment, capture_output=True, encoding="utf-8")
        return done.stdout.strip()

    def key(self, *names: str) -> None:
        """Press keys, by their X names."""
        self.do("windowfocus", self.number)
        self.do("key", *names)

    def click(self, place: tuple[int, int]) -> None:
        """Click at a pixel."""
        self.do("mousemove", *self._on_screen(place), "click", 1)

    def drag(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Press at a pixel, go to another one on the way through the middle, let go."""
        half = ((first[0] + last[0]) // 2, (first[1] + last[1]) // 2)
        first, half, last = map(self._on_screen, (first, half, last))
        self.do("mousemove", *first, "mousedown", 1, "mousemove", *half, "sleep", 0.05, "mousemove", *last)
        self.do("sleep", 0.05, "mouseup", 1)

    def wheel(self, place: tuple[int, int], by: int) -> None:
        """Turn the wheel at a pixel."""
        turns = ("click", "--repeat", abs(by), "--delay", 20, 4 if by > 0 else 5)
        self.do("mousemove", *self._on_screen(place), *turns)

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size."""
        self.do("windowsize", self.number, *size)

    def screenshot(self) -> Pixels:
        """The window, (height, width, 3)."""
        box = self.box
        return np.asarray(ImageGrab.grab(xdisplay=self.display).convert("RGB"))[
            box.top : box.bottom, box.left : box.right
        ]

    def _on_screen(self, place: tuple[int, int]) -> tuple[int, int]:
        box = self.box
        return place[0] + box.left, place[1] + box.top


@contextmanager
def real_window(source: str, folder: Path, size: tuple[int, int]) -> Iterator[RealWindow]:
    """Watch a scenario in a folder, on a screen of 1600 x 1000."""
    reading, writing = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    process = None
    try:
        with os.fdopen(reading) as stream:
            display = f":{stream.readline().strip()}"
        environment = {k: v for k, v in os.environ.items() if k not in ("SDL_VIDEODRIVER", "WAYLAND_DISPLAY")}
        program = "import sys; from errsurf.cli import main; sys.exit(main(sys.argv[1:]))"
        process = subprocess.Popen(
            [sys.executable, "-c", program, "watch", source, "--size", f"{size[0]}x{size[1]}"],
            env=environment | {"DISPLAY": display, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            cwd=folder,
        )
        yield RealWindow(display, process)
    finally:
        for each in (process, screen):
            if each is not None:
                each.kill()
                each.wait()
