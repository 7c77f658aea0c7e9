"""A window under SDL's dummy driver, with a pointer and a keyboard; other processes' work is done at once, here."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np

from errsurf.drawing.boxes import Box
from errsurf.drawing.colours import Pixels
from errsurf.scenario import Scenario, scenario_from
from errsurf.viewer.runs import new_state
from errsurf.viewer.view_state import ViewState

TABLES: dict[str, Any] = {
    "title": "two groups",
    "about": "Nothing is claimed.",
    "seed": 3,
    "surface": {"kind": "saddle", "examples": 8, "tilt": 0.3},
    "swarm": {"start": "points", "points": [[0.5, 0.5], [-0.5, 0.25], [0.1, -0.6]], "particles": 3},
    "run": {"updates": 60, "frames": 61},
    "optimizer": [
        {"kind": "sgd", "label": "all", "batch": "full", "lr": 0.05, "momentum": 0.5},
        {"kind": "sgd", "label": "one", "batch": 1, "lr": 0.02},
    ],
    "picture": {"window": {"x": [-2.0, 2.0], "y": [-1.5, 1.5]}, "clock": "updates"},
}


def scenario(**tables: Any) -> Scenario:
    """The scenario above, with other tables."""
    return scenario_from(TABLES | tables)


class Here:
    """A worker whose work is done at once."""

    busy = False

    def ask(self, work: Callable[..., Any], *arguments: Any, done: Any, failed: Any, share: Any = None) -> None:
        """Do it."""
        try:
            made = work(*arguments, share or (lambda _share: None))
        except Exception as error:
            failed(str(error))
        else:
            done(made)

    def poll(self) -> bool:
        """Nothing comes later."""
        return False

    def close(self) -> None:
        """Nothing is open."""


OPEN: "list[Watched]" = []
"""Windows that are open; the last one closes the display."""


class Watched:
    """What the window shows, and hands to use it."""

    def __init__(self, chosen: Scenario, size: tuple[int, int], folder: Path) -> None:
        os.environ["SDL_VIDEODRIVER"] = "dummy"
        from errsurf.viewer.display import opened
        from errsurf.viewer.screen import Screen

        self.window = opened("errsurf", size)
        OPEN.append(self)
        self.state: ViewState = new_state(chosen, size)
        self.state.folder = folder
        self.state.maps = self.state.files = self.state.searches = Here()  # type: ignore[assignment]
        self.state.playing = False
        self.screen = Screen()
        self.frames(2)

    def frames(self, count: int = 1, seconds: float = 1 / 60) -> None:
        """So many frames, each after so many seconds."""
        from errsurf.viewer.loop import frame

        for _ in range(count):
            self.state.wake()
            frame(self.window, self.state, self.screen, seconds)

    def until(self, true: Callable[[], object], seconds: float = 60.0) -> None:
        """Frames until something is so."""
        end = monotonic() + seconds
        while not true():
            assert monotonic() < end, "it did not come about"
            sleep(0.002)
            self.frames()

    def key(self, name: str) -> None:
        """Press a key, by its name in the table."""
        import pygame

        words = {"pageup": "page up", "pagedown": "page down", "+": "=", "?": "/"}
        code = pygame.key.key_code(words.get(name, name.removeprefix("ctrl ")))
        text = name if len(name) == 1 else " " if name == "space" else ""
        mod = pygame.KMOD_CTRL if name.startswith("ctrl") else 0
        self.post(pygame.KEYDOWN, key=code, unicode=text, mod=mod)
        self.frames()

    def type(self, text: str) -> None:
        """Press one key after the other."""
        for letter in text:
            self.key(letter)

    def move(self, place: tuple[int, int]) -> None:
        """Move the pointer."""
        import pygame

        self.post(pygame.MOUSEMOTION, pos=place, rel=(0, 0), buttons=(0, 0, 0))
        self.frames()

    def press(self, place: tuple[int, int]) -> None:
        """Press the first button."""
        import pygame

        self.post(pygame.MOUSEBUTTONDOWN, pos=place, button=1)
        self.frames()

    def release(self, place: tuple[int, int]) -> None:
        """Let it go."""
        import pygame

        self.post(pygame.MOUSEBUTTONUP, pos=place, button=1)
        self.frames()

    def click(self, place: tuple[int, int]) -> None:
        """Press and let go."""
        self.press(place)
        self.release(place)

    def drag(self, *places: tuple[int, int]) -> None:
        """Press at the first place, let go at the last."""
        self.press(places[0])
        for place in places[1:]:
            self.move(place)
        self.release(places[-1])

    def wheel(self, place: tuple[int, int], by: int) -> None:
        """Turn the wheel at a place."""
        import pygame

        self.move(place)
        self.post(pygame.MOUSEWHEEL, x=0, y=by, precise_y=float(by), flipped=False)
        self.frames()

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size."""
        self.window.size = size
        self.frames(3)

    def post(self, kind: int, **values: Any) -> None:
        """Post an event."""
        import pygame

        pygame.event.post(pygame.event.Event(kind, **values))

    def element(self, name: str) -> Any:
        """The element of this name."""
        return next(each for each in self.screen.elements if each.name == name)

    def middle(self, name: str) -> tuple[int, int]:
        """The middle of an element."""
        return middle(self.element(name).box)

    def pixels(self) -> Pixels:
        """What is on the window, (height, width, 3)."""
        import pygame

        return np.ascontiguousarray(pygame.surfarray.array3d(self.window.get_surface()).transpose(1, 0, 2))

    def close(self) -> None:
        """End the run, and close the window."""
        from errsurf.viewer.display import closed

        self.state.live.close()
        OPEN.remove(self)
        if OPEN:
            self.window.destroy()
        else:
            closed(self.window)


def middle(box: Box) -> tuple[int, int]:
    """The pixel in the middle of a box."""
    return (box.left + box.right) // 2, (box.top + box.bottom) // 2


@contextmanager
def watched(folder: Path, chosen: Scenario | None = None, size: tuple[int, int] = (960, 540)) -> Iterator[Watched]:
    """A window on a run, paused at its start."""
    made = Watched(chosen or scenario(), size, folder)
    try:
        yield made
    finally:
        made.close()
