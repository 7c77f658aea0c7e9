"""Opening the window, or explaining why there is none."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from errsurf.errors import RunError, UserError

REINSTALL = "python -m pip uninstall --yes pygame; python -m pip install --force-reinstall pygame-ce"
SMALLEST = (640, 400)
_LARGEST = 7680
_LIGHT, _DARK = (255, 255, 255), (34, 38, 46)
_HIDDEN = ("offscreen", "dummy")


def opened(title: str, size: tuple[int, int] | None = None) -> Any:
    """Open a window of this size in pixels, or of one that suits the screen; starts only display and events.

    Raises RunError without a screen, or if another package has overwritten pygame-ce.
    """
    pygame = library()
    os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")
    asked = os.environ.get("SDL_VIDEODRIVER")
    try:
        with _quiet():
            pygame.display.init()
        driver = pygame.display.get_driver()
    except pygame.error as error:
        raise RunError(_refused(str(error))) from None
    if driver in _HIDDEN and driver != asked:
        pygame.display.quit()
        raise RunError(_refused("SDL found none"))
    window: Any = pygame.Window(title, size or _suiting(pygame), resizable=True, allow_high_dpi=True)
    window.minimum_size = SMALLEST
    pygame.key.set_repeat(350, 60)
    return window


def waiting(window: Any, text: str, *, dark: bool = False) -> None:
    """Say in an otherwise empty window what is being waited for."""
    import pygame.font

    pygame.font.init()
    surface = window.get_surface()
    width, height = surface.get_size()
    paper, ink = (_DARK, _LIGHT) if dark else (_LIGHT, _DARK)
    surface.fill(paper)
    size = max(16, min(height // 22, 2 * width // len(text)))
    line = pygame.font.Font(None, size).render(text, True, ink)
    surface.blit(line, line.get_rect(center=(width // 2, height // 2)))
    window.flip()
    pygame.event.pump()


def asked_size(text: str | None) -> tuple[int, int] | None:
    """The size given by a text such as ``1280x720``; raises UserError for an invalid or too small one."""
    if text is None:
        return None
    width, _, height = text.partition("x")
    size = (int(width), int(height)) if width.isdecimal() and height.isdecimal() else (0, 0)
    if any(side < low or side > _LARGEST for side, low in zip(size, SMALLEST, strict=True)):
        least, most = f"{SMALLEST[0]}x{SMALLEST[1]}", f"{_LARGEST}x{_LARGEST}"
        raise UserError(f"--size {text}: not a window size; allowed: {least} to {most}, such as 1280x720")
    return size


def closed(window: Any) -> None:
    """Close the window and the display."""
    import pygame

    window.destroy()
    pygame.display.quit()


def library() -> Any:
    """pygame-ce; raises RunError if another package has overwritten it, or if it is missing."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        import pygame

        whole = bool(getattr(pygame, "IS_CE", False)) and hasattr(pygame, "Window")
    except ImportError:
        whole = False
    if not whole:
        raise RunError(f"the window needs pygame-ce 2.5, but another package overwrote it; fix it with: {REINSTALL}")
    return pygame


@contextmanager
def _quiet() -> Iterator[None]:
    """Suppress what libraries below SDL write to stderr while it looks for a screen."""
    sys.stderr.flush()
    try:
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:
        yield
        return
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _refused(why: str) -> str:
    return f"no display to open a window on ({why}); `errsurf export` writes pictures without one"


def _suiting(pygame: Any) -> tuple[int, int]:
    """1280 x 720 on a screen of usual density, more on one of 4,000 pixels, never more than nine tenths of it."""
    width, height = pygame.display.get_desktop_sizes()[0]
    factor = max(1.0, height / 1080)
    return min(round(1280 * factor), round(0.9 * width)), min(round(720 * factor), round(0.85 * height))
