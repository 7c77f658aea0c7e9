"""Drives the window with a real pointer and keyboard for a minute; run by hand, its screenshots are to be looked at.

``python tests/campaigns/drive_viewer.py FOLDER [seconds] [scenario]`` needs Xvfb and xdotool.  It presses every key of
the table, drags every slider, presses every button, clicks, pulls and zooms the map, resizes the window, picks other
scenarios; after each it looks whether the window is still drawn, and keeps what it saw in FOLDER.
"""

import os
import sys
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic, sleep

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from PIL import Image

from errsurf.drawing.colours import Pixels
from errsurf.scenario import read_scenario
from errsurf.viewer.actions import ACTIONS
from helpers.real_window import MISSING, RealWindow, real_window
from helpers.window_driver import middle, watched

SIZE, OTHER = (1280, 720), (960, 540)
X_NAMES = {
    ".": "period", ",": "comma", "+": "plus", "=": "equal", "-": "minus", "?": "question", "up": "Up", "down": "Down",
    "left": "Left", "right": "Right", "home": "Home", "end": "End", "tab": "Tab", "delete": "Delete",
    "pageup": "Prior", "pagedown": "Next", "f1": "F1", "f2": "F2", "f11": "F11", "escape": "Escape",
}  # fmt: skip


def main(folder: Path, seconds: float = 60.0, source: str = "flat_or_sharp") -> None:
    """Drive it."""
    assert not MISSING, f"needs {', '.join(MISSING)}"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    with watched(folder, read_scenario(source), SIZE) as same:
        elements, area = {each.name: each for each in same.screen.elements}, same.screen.map
    numbers, random, end = count(), Random(1), monotonic() + seconds
    with real_window(source, folder, SIZE) as real:

        def look(what: str) -> None:
            sleep(0.4)
            assert real.process.poll() is None, f"it ended after {what}"
            shot = real.screenshot()
            assert drawn(shot), f"nothing is drawn after {what}"
            Image.fromarray(shot).save(folder / f"{next(numbers):03d} {what.replace('/', '-')}.png")

        while not drawn(real.screenshot()):
            sleep(0.5)
        look("start")
        while monotonic() < end:
            _keys(real, look)
            _map(real, area, random, look)
            _elements(real, elements, look)
            _scenarios(real, look)
        real.key("ctrl+q")
        sys.stdout.write(f"{next(numbers)} screenshots in {folder}; it left with {real.process.wait(20)}\n")


def drawn(shot: Pixels) -> bool:
    """Whether a screenshot shows more than an empty window."""
    return len(np.unique(shot[::7, ::7].reshape(-1, 3), axis=0)) > 8


def _keys(real: RealWindow, look) -> None:  # type: ignore[no-untyped-def]
    for each in ACTIONS:
        for name in each.keys if each.name != "quit" else ():
            real.key(X_NAMES.get(name, name))
            look(f"key {name}")
            if each.name in ("help", "open", "add", "schedule", "full", "relief", "large"):
                real.key("Escape" if each.name not in ("relief", "large") else X_NAMES.get(name, name))


def _map(real: RealWindow, area, random: Random, look) -> None:  # type: ignore[no-untyped-def]
    place = middle(area)
    for by in (4, -3):
        real.wheel((place[0] + random.randrange(-90, 90), place[1] + random.randrange(-60, 60)), by)
        look(f"wheel {by}")
    real.drag(place, (place[0] + 120, place[1] + 40))
    look("pull")
    real.click((area.left + 60, area.top + 60))
    look("drop")
    real.resize(OTHER)
    look("smaller")
    real.resize(SIZE)
    look("larger")


def _elements(real: RealWindow, elements, look) -> None:  # type: ignore[no-untyped-def]
    for name, each in elements.items():
        if hasattr(each, "bar"):
            real.drag((each.bar.left + 4, middle(each.bar)[1]), (each.bar.right - 8, middle(each.bar)[1]))
            look(f"slider {name}")
        elif name == "scrub":
            real.drag((each.box.right - 9, middle(each.box)[1]), middle(each.box))
            look("scrub")
        elif name != "title":
            real.click(middle(each.box))
            look(f"button {name}")
            real.key("Escape")


def _scenarios(real: RealWindow, look) -> None:  # type: ignore[no-untyped-def]
    for down in (1, 3):
        real.key("o")
        look("scenarios")
        real.key(*["Down"] * down)
        real.key("Return")
        sleep(1.5)
        look("another scenario")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(float, sys.argv[2:3]), *sys.argv[3:4])
